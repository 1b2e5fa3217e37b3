"""How does a platform's call come in? As raw JSON; each record is read, or refused, by itself."""

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError, WrapValidator

from app.actors import PlatformSystem
from app.api.auth import office_of, platform
from app.api.idempotency import note_content
from app.api.reasons import reason
from app.errors import BodyTooLarge
from app.schemas.pushes import PushItem, PushReason, RecordCreate
from app.services.keyed import Sent

_DIGITS: Final = re.compile(r"\d{15}")
_FAULTS_TOLD: Final = 12
_KEY_SHOWN: Final = 100
_FIELD_SHOWN: Final = 60
_REMEDY: Final = "请按接口文档的字段说明改正此条记录。"


@dataclass(frozen=True, slots=True)
class _NoRecord:
    """What came in the place of a record, and what is wrong with it."""

    came: Any
    wrong: ValidationError


def _by_itself(came: Any, read: Callable[[Any], RecordCreate]) -> RecordCreate:  # noqa: ANN401  JSON
    try:
        return read(came)
    except ValidationError as wrong:
        return cast("RecordCreate", _NoRecord(came, wrong))


class _Call(BaseModel, extra="forbid"):
    """The body of a call, in which one bad record spoils no other."""

    records: Annotated[
        list[Annotated[RecordCreate, WrapValidator(_by_itself)]], Field(min_length=1)
    ]


async def pushed_records(
    request: Request, _: Annotated[PlatformSystem, Depends(platform)]
) -> list[Sent]:
    """Return the records of a call, and of those that are none what is wrong with them.

    Raises:
        BodyTooLarge: more bytes than a call may have.
        RequestValidationError: the body is no list of records at all.
    """
    limit = office_of(request).settings.push_max_bytes
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise BodyTooLarge(limit=limit)
    note_content(request, hashlib.sha256(content).digest())
    # A large call is read beside the event loop, so that others are served.
    return await asyncio.to_thread(_records, bytes(content))


def _records(content: bytes) -> list[Sent]:
    try:
        call = _Call.model_validate_json(content)
    except ValidationError as wrong:
        found = wrong.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in found]
        ) from None
    came = cast("list[RecordCreate | _NoRecord]", call.records)
    return [
        _refused(index, each) if isinstance(each, _NoRecord) else each
        for index, each in enumerate(came)
    ]


def _refused(index: int, record: _NoRecord) -> PushItem:
    """Return what is wrong with a record; nothing of it is repeated but its key."""
    faults = record.wrong.errors(include_url=False, include_context=False, include_input=False)
    reasons = [
        PushReason(
            code="record_malformed",
            field=_plain(".".join(map(str, fault["loc"])))[:_FIELD_SHOWN],
            reason=reason(fault),
            remedy=_REMEDY,
        )
        for fault in faults[:_FAULTS_TOLD]
    ]
    return PushItem(index=index, key=_key(record.came), outcome="refused", reasons=reasons)


def _key(came: Any) -> str | None:  # noqa: ANN401  JSON
    """Return the key by which the platform finds the record again, if it may be repeated."""
    key = came.get("key") if isinstance(came, dict) else None
    if not isinstance(key, str) or len(key) > _KEY_SHOWN or not key.isprintable():
        return None
    return _plain(key) or None


def _plain(text: str) -> str:
    """Return the text, or nothing if a resident ID may stand in it."""
    return "" if _DIGITS.search(text) else text


PUSH_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["records"],
                    "additionalProperties": False,
                    "properties": {
                        "records": {
                            "type": "array",
                            "minItems": 1,
                            "items": RecordCreate.model_json_schema(),
                        }
                    },
                }
            }
        },
    }
}
"""What the contract says of a body that the framework does not parse."""

PushedRecords = Annotated[list[Sent], Depends(pushed_records)]
