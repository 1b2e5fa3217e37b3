"""Uploads a file with tuspy, as a platform's own program does, and prints what the server said."""

import json
import sys

from tusclient.client import TusClient


def main() -> None:
    told = json.load(sys.stdin)
    client = TusClient(told["endpoint"], headers={"Authorization": f"Bearer {told['token']}"})
    uploader = client.uploader(
        told["file"],
        chunk_size=told.get("chunkSize", 2**40),
        metadata=told["metadata"],
        retries=300,
        retry_delay=0.3,
        upload_checksum=told.get("checksum", False),
    )
    uploader.upload()
    print(uploader.request.response_headers["upload-evidence"])


if __name__ == "__main__":
    main()
