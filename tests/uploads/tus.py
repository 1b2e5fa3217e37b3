"""How does a test speak tus? Header by header, so that it may also speak it wrongly."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

import httpx

from tests.world import World

PDF = b"%PDF-1.7\n"
CHUNK = {"Content-Type": "application/offset+octet-stream"}
SPOKEN = {"Tus-Resumable": "1.0.0"}


def metadata(**pairs: str) -> str:
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items()
    )


def checksum(content: bytes, algorithm: str = "sha256") -> dict[str, str]:
    digest = hashlib.new(algorithm, content).digest()
    return {"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"}


@dataclass
class Tus:
    """The uploads of one account to the sample plan."""

    world: World
    who: str = "enterprise"

    async def ask(
        self,
        method: str,
        path: str = "/uploads",
        content: bytes = b"",
        **headers: str,
    ) -> httpx.Response:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.world.call(
            self.who, method, path.removeprefix("/api/v1"), content=content,
            headers={**SPOKEN, **more},
        )  # fmt: skip

    async def create(self, length: int, content: bytes = b"", **more: str) -> httpx.Response:
        told = {"kind": "training_video", "filename": "培训.pdf"}
        headers = {name: more.pop(name) for name in list(more) if name.startswith(("Up", "Id"))}
        case = {} if "claim_id" in more else {"plan_id": self.world.plan["id"]}
        return await self.ask(
            "POST", "/uploads", content,
            Upload_Length=str(length), Upload_Metadata=metadata(**(told | case | more)),
            **(CHUNK if content else {}), **headers,
        )  # fmt: skip

    async def created(self, length: int, content: bytes = b"", **more: str) -> str:
        answer = await self.create(length, content, **more)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    async def patch(self, where: str, offset: int, content: bytes, **more: str) -> httpx.Response:
        headers: dict[str, str] = {**CHUNK, "Upload-Offset": str(offset), **more}
        return await self.ask("PATCH", where, content, **headers)

    async def offset(self, where: str) -> int:
        answer = await self.ask("HEAD", where)
        assert answer.status_code == 200, answer.text
        return int(answer.headers["upload-offset"])

    async def told(self, where: str) -> Any:  # noqa: ANN401  JSON
        return (await self.ask("GET", where)).json()

    async def evidence(self, where: str) -> Any:  # noqa: ANN401  JSON
        """Return the evidence that the upload became."""
        told = await self.told(where)
        assert told["state"] == "finished", told
        return await self.world.get(self.who, f"/evidence/{told['evidence_id']}")
