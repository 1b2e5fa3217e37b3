"""Over a real server a download is the file, in whole and in part, and HEAD sends nothing."""

import hashlib
import os

import httpx

from tests.world import World

PDF = b"%PDF-1.7\n"


async def test_a_file_goes_up_and_down_over_the_network(world: World, base: str) -> None:
    content = PDF + os.urandom(20_000_000)
    await world.drafted()
    async with httpx.AsyncClient(base_url=base) as http:
        there = World(http, world.tokens, world.examples)
        path = f"/plans/{world.plan['id']}/evidence"
        file = await there.send("enterprise", path, content, kind="training_video")
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        path = f"/evidence/{file['id']}/content"
        whole = await there.call("officer1", "GET", path)
        assert whole.content == content
        part = await there.call("officer1", "GET", path, headers={"Range": "bytes=9-"})
        assert (part.status_code, part.content) == (206, content[9:])
        head = await there.call("officer1", "HEAD", path)
        assert head.headers["content-length"] == str(len(content))
        same = {"If-None-Match": whole.headers["etag"]}
        known = await there.call("officer1", "GET", path, headers=same)
        assert (known.status_code, known.content) == (304, b"")
