"""The sample case goes through the API to its 8640.00 yuan, whichever way its files arrive."""

import pytest

from tests.world import World


async def test_the_sample_case_is_paid_to_the_fen(world: World) -> None:
    await world.paid()
    assert (world.claim["state"], world.claim["amount"]) == ("paid", "8640.00")


@pytest.mark.parametrize(
    ("sheet", "export"),
    [
        ("plan.json", "learning_px_class.xlsx"),
        ("plan_own_site.json", "learning_own_site_gbk.csv"),
        ("plan.json", "learning_dirty.xlsx"),
    ],
)
async def test_every_export_brings_the_same_money(world: World, sheet: str, export: str) -> None:
    await world.learned(export, sheet)
    claim = await world.post("enterprise", "/claims", await world.claim_body())
    assessment = await world.get("enterprise", f"/claims/{claim['id']}/assessment")
    assert claim["amount"] == "8640.00"
    assert [(line["minutes"], line["hours"], line["payable"]) for line in assessment["lines"]] == [
        (1620, 36, "360.00")
    ] * 24
    findings = [
        *assessment["findings"],
        *(f for line in assessment["lines"] for f in line["findings"]),
    ]
    # A row of a course or a day that was not filed counts nothing and is told to the reviewer.
    deviations = {"courses_as_planned", "dates_as_planned"} if "dirty" in export else set()
    assert {each["rule"] for each in findings if each["outcome"] != "passed"} == deviations
    assert all(finding["clauses"] for finding in findings)
