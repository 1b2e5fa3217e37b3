"""What would the books look like that break a promise? Changes that no guard lets in.

They are made with the guards out of force, on books in which two claims were paid, of one a part
but for a line that is objected to, and a part of the other was demanded back; the test takes each
back again.
"""

from dataclasses import replace
from typing import Any, Final

from tests import money
from tests.walks.town import Town, opened
from tests.world import World

_SOME: Final = "WHERE id = (SELECT min(id) FROM ledger_entries WHERE kind = 'reserve')"
FORGED: Final = {
    "nobody is above the cap of a year": f"UPDATE ledger_entries SET used = 1000.01 {_SOME}",
    "nobody is above the three times": f"UPDATE ledger_entries SET counted = 4 {_SOME}",
    "every balance of a year is the sum of its entries": "UPDATE year_balances SET used = used - 1",
    "every count is the sum of its entries": "DELETE FROM period_balances",
    "no project is subsidised twice for one person": "UPDATE plans SET project_key = 'one'",
    "nobody is in two classes at once": (
        "ALTER TABLE enrolments DROP CONSTRAINT ex_enrolments_no_overlap;"
        " UPDATE enrolments SET period = '[2020-03-09,2020-03-14)'"
    ),
    "every slice of a budget is the sum of its entries": (
        "DELETE FROM budget_entries WHERE id = (SELECT max(id) FROM budget_entries)"
    ),
    "no budget is overspent": "UPDATE budgets SET amount = 100",
    "nothing is paid before its notice closed": "UPDATE payment_batches SET made_on = '2020-04-08'",
    "no claim is paid more than it has to pay": "UPDATE payments SET amount = amount + 0.01",
    "nobody signed twice": (
        "ALTER TABLE signatures DROP CONSTRAINT uq_signatures_one_per_officer;"
        " UPDATE signatures SET officer_id = (SELECT id FROM accounts WHERE username = 'officer1')"
    ),
    "a claim is approved wholly or not at all": (
        "UPDATE claims SET state = 'approved'; DELETE FROM signatures WHERE step = 'approve'"
    ),
    "no demand brings back more than was demanded": "UPDATE recoveries SET amount = 0.01",
    "an objection awaits an officer once, while it is open or obliges, and not longer": (
        "UPDATE worklist SET step = 'redetermine' WHERE kind = 'objection'"
    ),
    "the service's own check of its books agrees": "DELETE FROM year_balances",
}


async def played(town: Town) -> None:
    """Have two claims of the same people paid, but for a held line, and some of it come back."""
    await opened(town, [0, 1])
    await money.budget(town.world, "5000.00")
    claims = [await _published(filing.its) for filing in town.filings[:2]]
    await _objected(claims[1])
    await town.world.day("2020-04-20")
    await money.results(town.world, await money.batch(town.world, *claims))
    await _came_back(claims[0])


async def _published(its: World) -> World:
    claimant: World = replace(its)
    claimant.claim = await claimant.post("enterprise", "/claims", await claimant.claim_body())
    await claimant.cleared()
    await claimant.step("officer1", "review")
    await claimant.step("officer2", "approve")
    await claimant.post("officer2", f"/claims/{claimant.claim['id']}/notice")
    return claimant


async def _objected(its: World) -> None:
    notice = await its.get("officer1", f"/claims/{its.claim['id']}/notice")
    about = {"claim_receipt": its.claim["receipt"], "lines": [2]}
    body = {**about, "grounds": "hours", "text": "学时不实"}
    await its.post(None, f"/notices/{notice['id']}/objections", body)


async def _came_back(its: World) -> dict[str, Any]:
    lines = [{"number": 1, "amount": "100.00"}]
    demanded = await money.demand(its, lines=lines)
    part = {"amount": "50.00", "paid_on": "2020-04-20", "bank_reference": "回单1"}
    told: dict[str, Any] = await its.post(
        "cashier", f"/recoveries/{demanded['id']}/instalments", part
    )
    return told
