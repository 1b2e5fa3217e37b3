// Uploads a file with tus-js-client, as a browser or telephone does, and prints what the server said.
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { Upload } from 'tus-js-client'

const told = JSON.parse(readFileSync(0, 'utf8'))
const upload = new Upload(createReadStream(told.file), {
  endpoint: told.endpoint,
  uploadSize: statSync(told.file).size,
  chunkSize: told.chunkSize ?? Infinity,
  uploadDataDuringCreation: told.duringCreation ?? false,
  headers: { Authorization: `Bearer ${told.token}` },
  metadata: told.metadata,
  retryDelays: Array(1000).fill(100),
  onAfterResponse: (_, response) => {
    const evidence = response.getHeader('Upload-Evidence')
    if (evidence) console.log(evidence)
  },
  onSuccess: () => process.exit(0),
  onError: (error) => {
    console.error(String(error))
    process.exit(1)
  },
})
upload.start()
