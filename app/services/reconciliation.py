"""Does what was approved agree with what was published, sent and paid, to the fen?"""

from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, text

from app.actors import Officer
from app.errors import NotFound
from app.office import Desk
from app.policy import workdays
from app.policy.money import NOTHING
from app.schemas.reconciliation import Difference, Reconciliation
from app.sheets.bank import table

# A claim belongs to the year whose budget it holds. Of its payments the last one tells where it is.
_CLAIMS: Final = text(
    """
    SELECT c.id, c.receipt, c.amount, c.to_pay, c.state, h.held,
           n.amount AS published, n.posted_on, n.last_day,
           p.state AS payment, p.gross, p.amount AS transferred, p.offset_amount, p.made_on,
           p.paid_on, coalesce(q.paid, 0) AS paid_times,
           (SELECT max(g.signed_on) FROM signatures AS g
            WHERE g.claim_id = c.id AND g.step = 'approve') AS approved_on
    FROM (SELECT claim_id, sum(amount) AS held FROM budget_entries
          WHERE bureau_code = :bureau AND year = :year
          GROUP BY claim_id HAVING sum(amount) > 0) AS h
    JOIN claims AS c ON c.id = h.claim_id
    LEFT JOIN LATERAL (SELECT * FROM notices AS n WHERE n.claim_id = c.id
                       ORDER BY n.id DESC LIMIT 1) AS n ON true
    LEFT JOIN LATERAL (SELECT p.*, b.made_on FROM payments AS p
                       JOIN payment_batches AS b ON b.id = p.batch_id
                       WHERE p.claim_id = c.id ORDER BY p.id DESC LIMIT 1) AS p ON true
    LEFT JOIN LATERAL (SELECT count(*) AS paid FROM payments AS p
                       WHERE p.claim_id = c.id AND p.state = 'paid') AS q ON true
    ORDER BY c.id
    """
)
_KINDS_ZH: Final[dict[str, str]] = {
    "not_published": "已审批、尚未公示",
    "notice_open": "公示期未满",
    "not_batched": "公示期满、尚未列入拨付批次",
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
    paid = [row for row in rows if row.payment == "paid"]
    return {
        "approved": _sum(row.held for row in rows),
        "published": _sum(row.held for row in rows if row.published is not None),
        "sent": _sum(row.gross for row in rows if row.payment is not None),
        "paid": _sum(row.gross for row in paid),
        "failed": _sum(row.gross for row in rows if row.payment == "failed"),
        "open": _sum(row.gross for row in rows if row.payment == "sent"),
        "transferred": _sum(row.transferred for row in paid),
        "kept_back": _sum(row.offset_amount for row in paid),
    }


def _sum(amounts: Any) -> Decimal:  # noqa: ANN401  an iterable of the driver's decimals
    total: Decimal = sum(amounts, NOTHING)
    return total


def _differences(desk: Desk[Officer], row: Row[Any]) -> list[Difference]:
    found: list[tuple[str, str, Decimal, Any]] = []
    if row.published is None:
        found.append(("published", "not_published", row.held, row.approved_on))
    elif row.payment is None:
        closed = workdays.is_closed(row.last_day, desk.today)
        kind = "not_batched" if closed else "notice_open"
        found.append(("sent", kind, row.held, row.last_day))
    elif row.payment != "paid":
        kind = "payment_failed" if row.payment == "failed" else "awaiting_result"
        found.append(("paid", kind, row.gross, row.made_on))
    if row.published not in {None, row.amount}:
        found.append(("published", "notice_differs", row.published - row.amount, row.posted_on))
    if row.held != row.to_pay or row.gross not in {None, row.held}:
        found.append(("sent", "payment_differs", (row.gross or row.held) - row.to_pay, row.made_on))
    if row.paid_times > 1:
        found.append(("paid", "paid_twice", row.gross * (row.paid_times - 1), row.paid_on))
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
