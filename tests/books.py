"""What must never stand in the books? Asked of the tables themselves, and of none of our own sums.

Each question returns the rows that must not be; an empty answer is a good one.
"""

from typing import Final

from tests.databases import Connection

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
        SELECT e.person_id, p.project_key FROM ledger_entries AS e
        JOIN claims AS c ON c.id = e.claim_id JOIN plans AS p ON p.id = c.plan_id
        WHERE e.kind = 'reserve' AND NOT EXISTS (
            SELECT FROM ledger_entries AS back WHERE back.claim_id = e.claim_id
                AND back.person_id = e.person_id AND back.kind IN ('release', 'reverse'))
        GROUP BY e.person_id, p.project_key HAVING count(*) > 1
    """,
    "nobody is in two classes at once": """
        SELECT a.person_id FROM enrolments AS a JOIN enrolments AS b USING (person_id)
        WHERE a.plan_id < b.plan_id AND a.active AND b.active AND a.period && b.period
    """,
    "every slice of a budget is the sum of its entries": """
        SELECT * FROM (SELECT bureau_code, year, fund, slice, sum(amount) AS entered
                       FROM budget_entries GROUP BY bureau_code, year, fund, slice) AS entries
        FULL JOIN budget_slices AS kept USING (bureau_code, year, fund, slice)
        WHERE coalesce(entered, 0) <> coalesce(used, 0) OR used < 0
    """,
    "no budget is overspent": """
        SELECT b.* FROM (SELECT DISTINCT ON (bureau_code, year, fund) * FROM budgets
                         WHERE confirmed_on IS NOT NULL
                         ORDER BY bureau_code, year, fund, id DESC) AS b
        WHERE b.amount < (SELECT sum(e.amount) FROM budget_entries AS e
                          WHERE (e.bureau_code, e.year, e.fund) = (b.bureau_code, b.year, b.fund))
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
        SELECT case_id, round, officer_id FROM signatures
        GROUP BY case_id, round, officer_id HAVING count(*) > 1
    """,
    "a claim is approved wholly or not at all": """
        SELECT c.id, c.state, f.* FROM claims AS c CROSS JOIN LATERAL (SELECT
            (SELECT count(*) FROM signatures AS s
             WHERE s.case_id = c.id AND s.round = c.round AND s.step = 'approve') AS signed,
            (SELECT count(*) FROM audit_events AS e
             WHERE e.case_id = c.id AND e.act = 'approve' AND e.outcome = 'done') AS told,
            (SELECT count(*) FROM ledger_entries AS e
             WHERE e.claim_id = c.id AND e.kind = 'reserve') AS booked,
            (SELECT coalesce(sum(e.amount), 0) FROM ledger_entries AS e
             WHERE e.claim_id = c.id AND e.kind = 'reserve') AS reserved,
            (SELECT count(*) FROM project_subsidies AS s WHERE s.claim_id = c.id) AS projects,
            (SELECT coalesce(sum(e.amount), 0) FROM budget_entries AS e
             WHERE e.claim_id = c.id) AS held,
            (SELECT count(*) FROM assessment_lines AS l WHERE l.payable > 0 AND l.assessment_id = (
                SELECT a.id FROM assessments AS a WHERE a.claim_id = c.id
                ORDER BY a.number DESC LIMIT 1)) AS lines) AS f
        WHERE c.state = 'approved' AND NOT (signed = 1 AND told = 1 AND booked = lines
                AND projects = lines AND reserved = c.amount AND held = c.to_pay)
           OR c.state IN ('filed', 'reviewed', 'returned')
                AND signed + told + booked + reserved + projects + held <> 0
    """,
    "no demand brings back more than was demanded": """
        SELECT r.id FROM recoveries AS r WHERE r.amount
            < (SELECT coalesce(sum(amount), 0) FROM recovery_payments WHERE recovery_id = r.id)
    """,
    "an objection awaits an officer once, while it is open or obliges, and not longer": """
        SELECT * FROM (
            SELECT o.id, CASE o.state WHEN 'open' THEN 'decide_objection' ELSE 'redetermine' END
                AS step
            FROM objections AS o WHERE o.state = 'open' OR o.state = 'upheld' AND EXISTS (
                SELECT FROM notice_claims AS n JOIN claims AS c ON c.id = n.claim_id
                WHERE n.notice_id = o.notice_id AND c.id = coalesce(o.claim_id, c.id)
                  AND c.kind = 'claim' AND c.state IN ('published', 'paying', 'paid')
                  AND NOT EXISTS (SELECT FROM claims AS anew WHERE anew.supersedes = c.id
                                  AND anew.state NOT IN ('rejected', 'withdrawn')))) AS awaiting
        FULL JOIN (SELECT case_id AS id, step FROM worklist WHERE kind = 'objection') AS listed
            USING (id, step)
        WHERE awaiting.id IS NULL OR listed.id IS NULL
    """,
    "the service's own check of its books agrees": "SELECT * FROM ledger_differences()",
}


async def faults(owner: Connection) -> dict[str, list[object]]:
    """Return what must not be, under the promise that it breaks."""
    found = {promise: await owner.fetch(question) for promise, question in QUESTIONS.items()}
    return {promise: rows for promise, rows in found.items() if rows}
