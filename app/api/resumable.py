"""How do the bytes of one connection become part of an upload? Counted while they flow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from starlette.requests import ClientDisconnect

from app.access import open_desk
from app.actors import Member
from app.api.auth import member, office_of, origin
from app.api.idempotency import remember_here, take_key
from app.api.tus import Body, Checksum
from app.errors import ChecksumMismatch, FileRefused
from app.office import Desk
from app.schemas.uploads import UploadCreate, UploadRead
from app.services import turns, uploads
from app.services.turns import Turn
from app.storage import Intake, Piece, Sink


class UploadCounter:
    """The caller at his desks: each step of an upload has one of its own."""

    def __init__(self, request: Request, who: Annotated[Member, Depends(member)]) -> None:
        self.office, self._who, self._origin = office_of(request), who, origin(request)
        self._request = request

    def desk(self) -> AbstractAsyncContextManager[Desk[Member]]:
        """Open one transaction."""
        return open_desk(self.office, self._who, *self._origin)

    async def begin(
        self, new: UploadCreate, length: int, body: Body, checksum: Checksum | None
    ) -> UploadRead:
        """Begin an upload; a body that came along is its first bytes.

        Raises:
            Refusal: as ``uploads.begin``, ``turns.take`` and ``receive``.
        """
        async with self.desk() as desk:
            upload = await uploads.begin(desk, new, length, body.key)
        if not body.comes:
            return upload
        return await self.go_on(upload.id, 0, body, checksum)

    async def go_on(
        self, upload_id: UUID, offset: int, body: Body, checksum: Checksum | None
    ) -> UploadRead:
        """Take the next bytes of an upload, if it is the caller's and they follow the last.

        Raises:
            Refusal: as ``turns.take`` and ``receive``.
        """
        async with self.desk() as desk:
            turn = await turns.take(desk, upload_id, offset, body.announced)
        return await self.receive(turn, body.chunks, checksum)

    async def receive(
        self, turn: Turn, chunks: AsyncIterator[bytes], checksum: Checksum | None
    ) -> UploadRead:
        """Take the bytes of a connection; whatever ends it, those that count are kept.

        Raises:
            OffsetConflict: another connection took over.
            BodyTooLarge: more bytes than were left.
            ChecksumMismatch: nothing of this chunk is kept.
            FileRefused: what came is no evidence; nothing of the upload is kept.
        """
        if not turn.left:
            async with self.desk() as desk:
                return await uploads.read(desk, turn.upload.id)
        store = self.office.store
        sink = store.sink(turn.name, turn.first)
        digest = store.recall(turn.upload.id, turn.first)
        arrival = _Arrival(self, turn, sink, Intake(turn.left, digest, first=turn.first))
        try:
            return await arrival.take(chunks, checksum)
        except FileRefused:
            await arrival.abandon()
            async with self.desk() as desk:
                names = await turns.reject(desk, turn)
            await store.remove(names)
            raise
        except BaseException:
            await asyncio.shield(arrival.abandon())
            raise

    async def terminate(self, upload_id: UUID) -> Response:
        """End an upload and remove what came of it."""
        ended = Response(status_code=204)
        async with self.desk() as desk:
            await take_key(self._request, desk)
            names = await uploads.terminate(desk, upload_id)
            await remember_here(self._request, ended)
        await self.office.store.remove(names)
        return ended


class _Arrival:
    """What one connection sends, and how much of it the database was told of already."""

    def __init__(self, counter: UploadCounter, turn: Turn, sink: Sink, intake: Intake) -> None:
        self._counter, self._turn, self._sink, self._intake = counter, turn, sink, intake
        self._counted = turn.first
        self._counting: asyncio.Task[UploadRead] | None = None

    async def take(self, chunks: AsyncIterator[bytes], checksum: Checksum | None) -> UploadRead:
        whole = True
        try:
            async for chunk in chunks:
                self._intake.take(chunk)
                await self._sink.write(chunk)
                if checksum is None:
                    self._count_aside()
                else:
                    checksum.digest.update(chunk)
        except ClientDisconnect:
            whole = False
        await self._settle()
        await self._sink.finish()
        if checksum is not None and not (whole and checksum.matches):
            raise ChecksumMismatch
        if self._end == self._turn.upload.length:
            return await self._finish()
        return await self._keep()

    async def abandon(self) -> None:
        """Take no more; what the database was told of stays."""
        if self._counting is not None:
            await asyncio.wait([self._counting])
            self._counting.exception()
        if self._counted > self._turn.first:
            await self._sink.leave()
        else:
            await self._sink.discard()

    @property
    def _end(self) -> int:
        return self._turn.first + self._intake.size

    def _count_aside(self) -> None:
        """Count what has arrived on the disk, now and then, while more comes."""
        if self._counting is not None and self._counting.done():
            self._counting.result()
            self._counting = None
        pieces = self._sink.pieces()
        if self._counting is None and pieces:
            end = pieces[-1].first + pieces[-1].size
            if self._counted < end < self._turn.upload.length:
                self._counting = asyncio.create_task(self._count(pieces))

    async def _count(self, pieces: list[Piece]) -> UploadRead:
        async with self._counter.desk() as desk:
            upload = await turns.advance(desk, self._turn, self._counted, pieces)
        self._counted = pieces[-1].first + pieces[-1].size
        return upload

    async def _settle(self) -> None:
        if self._counting is not None:
            await self._counting
            self._counting = None

    async def _keep(self) -> UploadRead:
        if self._intake.size == 0:
            await self._sink.discard()
        if self._end == self._counted:
            async with self._counter.desk() as desk:
                return await uploads.read(desk, self._turn.upload.id)
        upload = await self._count(self._sink.pieces())
        if self._intake.digest is not None:
            store = self._counter.office.store
            store.remember(self._turn.upload.id, self._end, self._intake.digest)
        return upload

    async def _finish(self) -> UploadRead:
        store, own = self._counter.office.store, self._sink.pieces()
        async with self._counter.desk() as desk:
            before = await turns.pieces(desk, self._turn)
        stored = await store.settle([*before, *own], self._intake.digest)
        async with self._counter.desk() as desk:
            upload, names = await turns.finish(desk, self._turn, stored)
        await store.remove({*names, *(piece.name for piece in own)})
        return upload


AtCounter = Annotated[UploadCounter, Depends(UploadCounter)]
