"""Where do full account numbers stand? In the two files of a batch, which are kept sealed."""

import asyncio
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from app.actors import Officer
from app.errors import BatchWithoutFile, DutyMissing
from app.office import Desk
from app.policy.money import NOTHING
from app.policy.procedure import Duty
from app.services import acts, contents, enterprises, sheets
from app.sheets.bank import Head, Remittance, bank_file, workbook

SEAL: Final = "payment_batches.file"


@dataclass(frozen=True, slots=True)
class Line:
    """A payment that is to be transferred: the claim's row, and its enterprise's."""

    payment_id: UUID
    claim: Row[Any]
    payee: Row[Any]
    amount: Decimal


async def make(desk: Desk[Officer], receipt: str, fund: str, lines: list[Line]) -> dict[str, bytes]:
    """Write both files of a batch and keep them sealed; return their columns of the batch.

    What is kept back whole is not transferred, and stands in neither.
    """
    head = Head(receipt, desk.actor.bureau, fund, desk.today.isoformat())
    told = [_remittance(desk, line) for line in lines if line.amount > NOTHING]
    files = {
        "xlsx": await asyncio.to_thread(workbook, head, told),
        "csv": await asyncio.to_thread(bank_file, told),
    }
    columns = {}
    for kind, content in files.items():
        sealed, key = desk.office.sealer.seal_file(content, SEAL)
        kept = await desk.office.store.keep(sealed)
        await sheets.keep_key(desk, kept, key, desk.actor.bureau, None)
        columns[f"{kind}_sha256"] = hashlib.sha256(content).digest()
        columns[f"{kind}_kept"] = kept
    return columns


async def opened(desk: Desk[Officer], batch: Row[Any], kind: str) -> tuple[str, bytes]:
    """Return a file of a batch and its name; each time it is opened is an audit event.

    Raises:
        DutyMissing: the officer is not charged with payments.
        BatchWithoutFile: the batch was made before there were files.
        RuntimeError: what is kept is not what was written.
    """
    if Duty.PAY not in desk.actor.duties:
        raise DutyMissing
    written, kept = batch._mapping[f"{kind}_sha256"], batch._mapping[f"{kind}_kept"]
    if kept is None:
        raise BatchWithoutFile
    sealed = b"".join([chunk async for chunk in desk.office.store.read(kept)])
    key = await contents.key_of(desk, kept)
    content = desk.office.sealer.open_file(sealed, key, SEAL)
    if hashlib.sha256(content).digest() != written:
        raise RuntimeError("the file of a batch is not the one that was written")
    await acts.record(
        desk, "open_file", "payment_batches", batch.id,
        acts.Case(batch.id, None, batch.bureau_code), kind=kind, sha256=written.hex(),
    )  # fmt: skip
    return f"{batch.receipt}.{kind}", content


def _remittance(desk: Desk[Officer], line: Line) -> Remittance:
    account = desk.office.sealer.open(line.payee.account_sealed, enterprises.SEAL)
    return Remittance(
        str(line.payment_id),
        line.claim.receipt,
        line.payee.account_name,
        line.payee.bank_name,
        account,
        line.amount,
        f"职业培训补贴 {line.claim.receipt}",
    )
