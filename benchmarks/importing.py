"""How fast are 100,000 learning records imported, compared with a bare parse and COPY?

Both read the same xlsx and leave the same rows in the same table with all its constraints. The
service takes the file over HTTP, guards it, checks every cell, finds the persons, applies the rules
for rows, and keeps the file sealed; the other side parses with the same parser and copies.
"""

import argparse
import asyncio
import io
import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import UUID

import asyncpg
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from app.models import new_id
from app.policy.masking import mask_resident_id
from app.sealing import Sealer
from app.services.rosters import ID
from benchmarks.client import answer, request
from benchmarks.database import Installation, furnished, numbered
from benchmarks.servers import serving

RESULTS: Final = Path(__file__).parent / "results" / "importing.json"
BAR: Final = 0.6
ROUNDS: Final = 5
PEOPLE: Final = 4_000
SESSIONS: Final = 25
COURSES: Final = ("数控机床安全操作规程", "机械制图与公差配合", "班组质量管理")
_TITLES: Final = (
    "姓名", "身份证号", "课程名称", "开始学习时间", "结束学习时间",
    "有效学习时长(分钟)", "终端", "IP地址",
)  # fmt: skip
_FIRST: Final = datetime(2020, 3, 9, 8)  # noqa: DTZ001  the wall clock of the sheet
_STAGED: Final = (
    "resident_id text, name text, course text, started_at timestamp, ended_at timestamp,"
    " minutes float, device text, address text, row integer"
)
_STORE: Final = """
    INSERT INTO learning_records (batch_id, plan_id, enterprise_id, bureau_code, row, trainee_id,
        name, id_masked, course_number, course, started_at, ended_at, stated_seconds, device,
        address)
    SELECT $1, t.plan_id, t.enterprise_id, t.bureau_code, s.row, t.id, s.name, t.id_masked,
        c.number, s.course, s.started_at AT TIME ZONE 'Asia/Shanghai',
        s.ended_at AT TIME ZONE 'Asia/Shanghai', s.minutes * 60, s.device, s.address
    FROM staged AS s
    JOIN known ON known.resident_id = s.resident_id
    JOIN trainees AS t ON t.plan_id = $2 AND t.person_id = known.person_id
    JOIN plan_courses AS c ON c.plan_id = $2 AND c.name = s.course
"""
_BATCH: Final = """
    INSERT INTO learning_batches (id, plan_id, enterprise_id, bureau_code, filename, sha256, rows,
        rows_with_findings, imported_by)
    SELECT $1::uuid, id, enterprise_id, bureau_code, '记录.xlsx', sha256($1::uuid::text::bytea),
        0, 0, $3
    FROM plans WHERE id = $2
"""


class DifferentRowsError(RuntimeError):
    """The two sides did not store the same rows."""


def main() -> None:
    """Measure, print, and write the file."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = asked.parse_args().rounds
    with (
        furnished(2 * (rounds + 1)) as installed,
        serving("app", "serve", environment=installed.environment) as service,
    ):
        people = [_resident_id(number) for number in range(PEOPLE)]
        asyncio.run(_enrol(installed, people, 2 * (rounds + 1)))
        measured = [_round(installed, service, people, each) for each in range(rounds + 1)][1:]
    ratios = [bare / ours for ours, bare in measured]
    told = {
        "records": PEOPLE * SESSIONS,
        "service_seconds": [round(ours, 2) for ours, _ in measured],
        "bare_seconds": [round(bare, 2) for _, bare in measured],
        "ratio": round(median(ratios), 3),
        "ratios": [round(each, 3) for each in ratios],
        "bar": BAR,
    }
    print(json.dumps(told, indent=1))
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _round(
    installed: Installation, service: int, people: list[str], number: int
) -> tuple[float, float]:
    """Return the seconds of the service and of the bare import of one sheet."""
    content = _sheet(people, number)
    ours, theirs = numbered(3, 2 * number + 1), numbered(3, 2 * number + 2)
    path = f"/api/v1/plans/{ours}/learning-batches?filename=bench.xlsx"
    asked = request("POST", path, installed.enterprise_token(), content)
    began = time.perf_counter()
    answered = json.loads(answer(service, asked, status=201))
    between = time.perf_counter()
    asyncio.run(_bare(installed.admin_url, content, theirs))
    ended = time.perf_counter()
    if answered["stored"] != PEOPLE * SESSIONS or answered["rows_with_findings"]:
        raise DifferentRowsError(answered["stored"], answered["rows_with_findings"])
    _refuse_different(installed, ours, theirs)
    print(f"round {number}: {between - began:.2f} s, bare {ended - between:.2f} s", flush=True)
    return between - began, ended - between


async def _bare(url: str, content: bytes, plan: UUID) -> None:
    rows = CalamineWorkbook.from_object(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    staged = [
        (resident_id, name, *rest, number)
        for number, (name, resident_id, *rest) in enumerate(rows[1:], 2)
    ]
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            batch = new_id()
            await connection.execute(_BATCH, batch, plan, numbered(2, 1))
            await connection.execute(f"CREATE TEMPORARY TABLE staged ({_STAGED}) ON COMMIT DROP")
            await connection.copy_records_to_table("staged", records=staged)
            await connection.execute(_STORE, batch, plan)
    finally:
        await connection.close()


def _refuse_different(installed: Installation, *plans: UUID) -> None:
    (told,) = installed.rows(
        """
        SELECT count(*) FROM (
            SELECT row, name, id_masked, course_number, course, started_at, ended_at,
                   stated_seconds, device, address, finding, count(DISTINCT plan_id) AS plans
            FROM learning_records WHERE plan_id = ANY($1) AND batch_id <> ALL($2)
            GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
            HAVING count(DISTINCT plan_id) <> 2) AS different
        """,
        list(plans),
        [numbered(7, each.int & 0xFFFFFF) for each in plans],
    )
    if told["count"]:
        raise DifferentRowsError(told["count"])


async def _enrol(installed: Installation, people: list[str], plans: int) -> None:
    """Put the people on the rosters of the first *plans* plans, in place of those there."""
    key = installed.environment
    sealer = Sealer(key["SUBSIDY_SEALING_KEY"], key["SUBSIDY_DIGEST_KEY"])
    connection = await asyncpg.connect(installed.admin_url)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            await connection.copy_records_to_table(
                "persons",
                records=[
                    (numbered(8, number), sealer.digest(each, ID), sealer.seal(each, ID))
                    for number, each in enumerate(people)
                ],
                columns=["id", "id_digest", "id_sealed"],
            )
            await connection.execute("CREATE TABLE known (resident_id text, person_id uuid)")
            await connection.copy_records_to_table(
                "known",
                records=[(each, numbered(8, number)) for number, each in enumerate(people)],
            )
            for number in range(1, plans + 1):
                await _roster(connection, numbered(3, number), people)
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def _roster(connection: Any, plan: UUID, people: list[str]) -> None:  # noqa: ANN401  asyncpg has no types
    await connection.execute("DELETE FROM learning_records WHERE plan_id = $1", plan)
    await connection.execute("DELETE FROM trainees WHERE plan_id = $1", plan)
    await connection.execute(
        """
        INSERT INTO trainees (id, plan_id, enterprise_id, bureau_code, number, person_id, name,
            id_masked, post, employment, dispatch_company, dispatch_uscc, frontline, hired_on,
            phone)
        SELECT gen_random_uuid(), p.id, p.enterprise_id, p.bureau_code, 1 + n, person,
            '测速员' || n, masked, '数控车工', 'contract', '', '', true, '2015-01-01', ''
        FROM plans AS p, unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS k (person, masked, n)
        WHERE p.id = $1
        """,
        plan,
        [numbered(8, number) for number in range(len(people))],
        [mask_resident_id(each) for each in people],
    )


def _resident_id(number: int) -> str:
    body = f"210202{1960 + number % 40}{1 + number % 12:02}{1 + number % 28:02}{number % 1000:03}"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]  # GB 11643: weights 2^(17 - place) mod 11


def _sheet(people: list[str], number: int) -> bytes:
    """Return an export: each person learns twice a day, nobody quite when another does."""
    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, _TITLES)
    row = 0
    for person, resident_id in enumerate(people):
        for session in range(SESSIONS):
            row += 1
            start = _FIRST + timedelta(
                days=session // 2,
                hours=2 * (session % 2),
                seconds=(person * 37 + session * 61 + number) % 1800,
            )
            sheet.write_string(row, 0, "测速" + chr(0x4E00 + person))
            sheet.write_string(row, 1, resident_id)
            sheet.write_string(row, 2, COURSES[session * 3 // SESSIONS])
            sheet.write_datetime(row, 3, start, day)
            sheet.write_datetime(row, 4, start + timedelta(hours=1), day)
            sheet.write_number(row, 5, 60)
            sheet.write_string(row, 6, "电脑" if person % 3 else "手机")
            sheet.write_string(row, 7, f"10.{person % 250}.{session}.1")
    book.close()
    return made.getvalue()


if __name__ == "__main__":
    main()
