"""Does what was approved agree with what was published, sent and paid, to the fen?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, text

from app.actors import Officer
from app.errors import NotFound
from app.office import Desk
from app.policy import workdays
from app.policy.money import NOTHING
from app.schemas.reconciliation import Difference, Reconciliation
from app.sheets.written import table

# A claim belongs to the year whose budget it holds. It may be paid in parts; a payment that failed
# is told only as long as nothing followed it. Of what was superseded there is nothing left to pay.
_CLAIMS: Final = text(
    """
    SELECT c.id, c.receipt, c.amount, c.to_pay, c.state, h.held,
           n.amount AS published, n.posted_on, n.last_day, p.paid, p.open, p.transferred,
           p.offset_amount, last.made_on, last.paid_on, objected.held AS objected,
           CASE WHEN last.state = 'failed' AND c.state <> 'superseded'
                THEN last.gross ELSE 0 END AS failed,
           (SELECT max(g.signed_on) FROM signatures AS g
            WHERE g.claim_id = c.id AND g.step = 'approve') AS approved_on
    FROM (SELECT claim_id, sum(amount) AS held FROM budget_entries
          WHERE bureau_code = :bureau AND year = :year
          GROUP BY claim_id HAVING sum(amount) > 0) AS h
    JOIN claims AS c ON c.id = h.claim_id
    LEFT JOIN LATERAL (SELECT e.amount, n.posted_on, n.last_day FROM notice_claims AS e
                       JOIN notices AS n ON n.id = e.notice_id
                       WHERE e.claim_id = c.id ORDER BY n.id DESC LIMIT 1) AS n ON true
    LEFT JOIN LATERAL (SELECT p.*, b.made_on FROM payments AS p
                       JOIN payment_batches AS b ON b.id = p.batch_id
                       WHERE p.claim_id = c.id ORDER BY p.id DESC LIMIT 1) AS last ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(p.gross) FILTER (WHERE p.state = 'paid'), 0) AS paid,
               coalesce(sum(p.gross) FILTER (WHERE p.state = 'sent'), 0) AS open,
               coalesce(sum(p.amount) FILTER (WHERE p.state = 'paid'), 0) AS transferred,
               coalesce(sum(p.offset_amount) FILTER (WHERE p.state = 'paid'), 0) AS offset_amount
        FROM payments AS p WHERE p.claim_id = c.id) AS p
    LEFT JOIN LATERAL (SELECT d.held FROM dues(c.id) AS d
                       WHERE c.state IN ('published', 'paying')) AS objected ON true
    ORDER BY c.id
    """
)
_Found = tuple[str, str, Decimal, Any]
_KINDS_ZH: Final[dict[str, str]] = {
    "not_published": "已审批、尚未公示",
    "notice_open": "公示期未满",
    "not_batched": "公示期满、尚未列入拨付批次",
    "objected": "有异议、暂不拨付",
    "payment_failed": "支付失败、尚未重新拨付",
    "awaiting_result": "已送财政、尚无拨付结果",
    "notice_differs": "公示金额与核定金额不符",
    "payment_differs": "拨付金额与应拨付金额不符",
    "paid_twice": "重复支付",
}
_WRONG: Final = frozenset({"notice_differs", "payment_differs", "paid_twice"})


async def of_year(desk: Desk[Officer], bureau: str | None, year: int | None) -> Reconciliation:
    """Return the sums of the officer's bureau for a budget year, and every difference.

    Raises:
        NotFound: the bureau is another's.
    """
    if bureau not in {None, desk.actor.bureau}:
        raise NotFound("只能核对本部门的账目。")
    of = {"bureau": desk.actor.bureau, "year": year or desk.today.year}
    rows = list(await desk.db.execute(_CLAIMS, of))
    differences = [each for row in rows for each in _differences(desk, row)]
    sums = _sums(rows)
    return Reconciliation(
        bureau_code=of["bureau"],
        year=of["year"],
        claims=len(rows),
        **sums,
        balanced=_balanced(sums, differences),
        differences=differences,
    )


async def csv_of_year(desk: Desk[Officer], bureau: str | None, year: int | None) -> bytes:
    """Return the same as a csv for a spreadsheet program: the sums, then the differences.

    Raises:
        NotFound: the bureau is another's.
    """
    told = await of_year(desk, bureau, year)
    names = {
        "approved": "已审批", "published": "已公示", "sent": "已送财政", "paid": "已支付",
        "failed": "支付失败", "open": "待结果", "transferred": "其中实际转账",
        "kept_back": "其中抵扣应退款",
    }  # fmt: skip
    head = [["经办部门", told.bureau_code], ["年度", str(told.year)]]
    sums = [[name, str(getattr(told, key))] for key, name in names.items()]
    result = [["是否相符", "相符" if told.balanced else "不相符"], []]
    titles = [["申请编号", "环节", "差异", "金额（元）", "日期"]]
    rows = [
        [each.receipt, each.step, each.kind_zh, str(each.amount), str(each.since or "")]
        for each in told.differences
    ]
    return table([*head, *sums, *result, *titles, *rows], "utf-8-sig")


def _sums(rows: list[Row[Any]]) -> dict[str, Decimal]:
    return {
        "approved": _sum(row.held for row in rows),
        "published": _sum(row.held for row in rows if row.published is not None),
        "sent": _sum(_sent(row) for row in rows),
        "paid": _sum(row.paid for row in rows),
        "failed": _sum(row.failed for row in rows),
        "open": _sum(row.open for row in rows),
        "transferred": _sum(row.transferred for row in rows),
        "kept_back": _sum(row.offset_amount for row in rows),
    }


def _sent(row: Row[Any]) -> Decimal:
    """Return what went to the finance side, with what failed there last."""
    total: Decimal = row.paid + row.open + row.failed
    return total


def _sum(amounts: Any) -> Decimal:  # noqa: ANN401  an iterable of the driver's decimals
    total: Decimal = sum(amounts, NOTHING)
    return total


def _differences(desk: Desk[Officer], row: Row[Any]) -> list[Difference]:
    found = [*_on_the_way(desk, row), *_wrong(row)]
    return [
        Difference(
            claim_id=row.id,
            receipt=row.receipt,
            step=step,
            kind=kind,
            kind_zh=_KINDS_ZH[kind],
            amount=amount,
            since=since,
        )
        for step, kind, amount, since in found
    ]


def _on_the_way(desk: Desk[Officer], row: Row[Any]) -> Iterator[_Found]:
    """Yield what of a claim has not come to the next step yet, and where it waits."""
    if row.published is None:
        yield "published", "not_published", row.held, row.approved_on
        return
    left = row.held - _sent(row)
    objected = min(row.objected or NOTHING, left)
    if objected > NOTHING:
        yield "sent", "objected", objected, row.last_day
    if left > objected:
        closed = workdays.is_closed(row.last_day, desk.today)
        yield "sent", "not_batched" if closed else "notice_open", left - objected, row.last_day
    if row.failed:
        yield "paid", "payment_failed", row.failed, row.made_on
    if row.open:
        yield "paid", "awaiting_result", row.open, row.made_on


def _wrong(row: Row[Any]) -> Iterator[_Found]:
    """Yield what must not be: figures that differ, or more paid than was due."""
    if row.published not in {None, row.amount}:
        yield "published", "notice_differs", row.published - row.amount, row.posted_on
    due = row.paid if row.state == "superseded" else row.to_pay
    if row.held != due or (row.state == "paid" and row.paid < due):
        yield "sent", "payment_differs", (row.paid or row.held) - due, row.made_on
    if _sent(row) > row.to_pay:
        yield "paid", "paid_twice", _sent(row) - row.to_pay, row.paid_on


def _balanced(sums: dict[str, Decimal], differences: list[Difference]) -> bool:
    """Tell whether the sums differ by exactly what is listed, and nothing is wrong in itself."""

    def by(step: str) -> Decimal:
        return _sum(each.amount for each in differences if each.step == step)

    return (
        not any(each.kind in _WRONG for each in differences)
        and sums["approved"] == sums["published"] + by("published")
        and sums["published"] == sums["sent"] + by("sent")
        and sums["sent"] == sums["paid"] + sums["failed"] + sums["open"]
        and sums["failed"] + sums["open"] == by("paid")
        and sums["paid"] == sums["transferred"] + sums["kept_back"]
    )
