"""What must hold after every step? Asked of the tables themselves, and of none of our own sums.

Each question returns the rows that must not be; an empty answer is a good one.
"""

from typing import Final

from app.policy.procedure import CLAIM_MOVES
from tests.database.callers import Connection

_MOVES: Final = {(source, move.target) for move in CLAIM_MOVES for source in move.sources}
_BEGINNING: Final = "filed"

QUESTIONS: Final = {
    "nobody is above the cap of a year": """
        SELECT person_id, year, sum(used) FROM ledger_entries
        GROUP BY person_id, measure, year HAVING sum(used) NOT BETWEEN 0 AND 1000
    """,
    "nobody is above the three times": """
        SELECT person_id, period, sum(counted) FROM ledger_entries
        GROUP BY person_id, period HAVING sum(counted) NOT BETWEEN 0 AND 3
    """,
    "every balance of a year is the sum of its entries": """
        SELECT * FROM (SELECT person_id, measure, year, sum(used) AS used FROM ledger_entries
                       GROUP BY person_id, measure, year) AS entered
        FULL JOIN year_balances AS kept USING (person_id, measure, year)
        WHERE coalesce(entered.used, 0) <> coalesce(kept.used, 0)
    """,
    "every count is the sum of its entries": """
        SELECT * FROM (SELECT person_id, period, sum(counted) AS counted FROM ledger_entries
                       GROUP BY person_id, period) AS entered
        FULL JOIN period_balances AS kept USING (person_id, period)
        WHERE coalesce(entered.counted, 0) <> coalesce(kept.counted, 0)
    """,
    "no project is subsidised twice for one person": """
        SELECT s.person_id, p.project_key FROM ledger_entries AS s
        JOIN claims AS c ON c.id = s.claim_id JOIN plans AS p ON p.id = c.plan_id
        GROUP BY s.person_id, p.project_key
        HAVING count(DISTINCT c.plan_id) FILTER (WHERE s.kind = 'reserve' AND NOT EXISTS (
            SELECT FROM ledger_entries AS back WHERE back.claim_id = s.claim_id
            AND back.person_id = s.person_id AND back.kind IN ('release', 'reverse'))) > 1
    """,
    "nobody is in two classes at once": """
        SELECT a.person_id FROM enrolments AS a JOIN enrolments AS b USING (person_id)
        WHERE a.plan_id < b.plan_id AND a.active AND b.active AND a.period && b.period
    """,
    "every slice of a budget is the sum of its entries": """
        SELECT s.* FROM budget_slices AS s LEFT JOIN (
            SELECT bureau_code, year, fund, slice, sum(amount) AS amount FROM budget_entries
            GROUP BY bureau_code, year, fund, slice
        ) AS e USING (bureau_code, year, fund, slice)
        WHERE s.used <> coalesce(e.amount, 0) OR s.used < 0
    """,
    "no budget is overspent": """
        SELECT b.* FROM (
            SELECT DISTINCT ON (bureau_code, year, fund) bureau_code, year, fund, amount
            FROM budgets WHERE confirmed_on IS NOT NULL
            ORDER BY bureau_code, year, fund, id DESC
        ) AS b JOIN budget_entries AS e USING (bureau_code, year, fund)
        GROUP BY b.bureau_code, b.year, b.fund, b.amount HAVING sum(e.amount) > b.amount
    """,
    "nothing is paid before its notice closed": """
        SELECT p.* FROM payments AS p JOIN payment_batches AS b ON b.id = p.batch_id
        WHERE NOT EXISTS (
            SELECT FROM notice_claims AS c JOIN notices AS n ON n.id = c.notice_id
            WHERE c.claim_id = p.claim_id AND n.last_day < b.made_on)
    """,
    "no claim is paid more than it has to pay": """
        SELECT c.id FROM claims AS c JOIN payments AS p ON p.claim_id = c.id
        WHERE p.state <> 'failed' GROUP BY c.id, c.to_pay
        HAVING sum(p.amount + p.offset_amount) > c.to_pay
            OR count(*) FILTER (WHERE p.state = 'sent') > 1
    """,
    "nobody signed twice": """
        SELECT coalesce(claim_id, plan_id), round, officer_id FROM signatures
        GROUP BY 1, round, officer_id HAVING count(*) > 1
    """,
    "no demand brings back more than was demanded": """
        SELECT r.id FROM recoveries AS r WHERE r.amount
            < (SELECT coalesce(sum(amount), 0) FROM recovery_payments WHERE recovery_id = r.id)
    """,
    "the service's own check of its books agrees": "SELECT * FROM ledger_differences()",
}


async def faults(owner: Connection) -> dict[str, list[object]]:
    """Return what must not be, under the promise that it breaks."""
    found = {promise: await owner.fetch(question) for promise, question in QUESTIONS.items()}
    return {promise: rows for promise, rows in found.items() if rows}


async def states(owner: Connection) -> dict[str, str]:
    """Return the state of every claim."""
    return {str(row["id"]): row["state"] for row in await owner.fetch("SELECT * FROM claims")}


def unpublished(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str]]:
    """Return the changes between two readings that no published move makes."""
    changes = [(before.get(claim, ""), state) for claim, state in after.items()]
    return [
        (was, now)
        for was, now in changes
        if was != now and (was, now) not in _MOVES and (was, now) != ("", _BEGINNING)
    ]
