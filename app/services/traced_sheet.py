"""How is a whole claim traced in one sheet? A row per session, for the auditor's own program."""

import asyncio
import csv
import io
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final
from uuid import UUID

from app import clock
from app.actors import Member
from app.office import Desk
from app.schemas.tracing import FileBehind, SessionSource
from app.services import behind_claims, rows_behind, tracing
from app.sheets.written import no_formula

_TITLES: Final = (
    "序号", "姓名", "身份证号", "课时", "应补贴（元）", "课程", "日期", "开始", "结束",
    "记录时长（秒）", "计入（秒）", "少计或不计的原因", "学习记录编号", "原文件", "原文件行号",
    "平台记录编号", "导入批次", "原文件SHA-256", "材料编号", "导入人员", "导入时间", "不一致",
)  # fmt: skip
_MARK: Final = "\ufeff"
"""Tells spreadsheet programs that the text is UTF-8."""


async def of_claim(desk: Desk[Member], claim_id: UUID) -> tuple[str, str]:
    """Return the receipt of the claim and its sheet, as CSV; as many queries for one as for all.

    Raises:
        NotFound: there is no such claim, or it is another's.
    """
    basis = await tracing.basis_of(desk, claim_id)
    lines = await tracing.lines(desk, basis.stored.id)
    rows = await rows_behind.rows(desk, basis.claim.plan_id, None)
    pushed = chain.from_iterable(rows.values())
    keys = await behind_claims.keys(desk, basis.files.values(), pushed)
    told = await behind_claims.files(desk, basis.claim.plan_id, basis.files.values())
    files = {file.batch_id: file for file in told}

    def written() -> str:
        traced = (
            tracing.traced(basis, line, rows.get(line.trainee_id, []), keys) for line in lines
        )
        sheet = io.StringIO()
        sheet.write(_MARK)
        writer = csv.writer(sheet)
        writer.writerow(_TITLES)
        for each in traced:
            writer.writerows(_rows(each, files))
        return sheet.getvalue()

    return basis.claim.receipt, await asyncio.to_thread(written)


def _rows(traced: tracing.Traced, files: Mapping[UUID, FileBehind]) -> Iterator[tuple[object, ...]]:
    line = traced.line
    who = (line.number, no_formula(line.name), line.id_masked, line.hours, line.payable)
    if not traced.sessions:
        yield (*who, *[""] * (len(_TITLES) - len(who) - 1), "；".join(traced.differences))
    for session in traced.sessions:
        file = files[session.batch_id] if session.batch_id else None
        yield (*who, *_of_session(session), *_of_file(file), session.difference or "")


def _of_session(told: SessionSource) -> tuple[object, ...]:
    why = [reason.title for reason in told.reasons]
    why += ["超出该课程备案课时"] if told.beyond_filed else []
    return (
        no_formula(told.course), told.day, f"{told.started_at:%H:%M:%S}",
        f"{told.ended_at:%Y-%m-%d %H:%M:%S}", told.stated_seconds, told.counted_seconds,
        "；".join(why), told.record_id or "", no_formula(told.filename or ""), told.row or "",
        no_formula(told.key or ""),
    )  # fmt: skip


def _of_file(file: FileBehind | None) -> tuple[object, ...]:
    if file is None:
        return ("",) * 5
    at = f"{file.imported_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"
    return file.batch_id, file.sha256, file.evidence_id or "", no_formula(file.imported_by), at
