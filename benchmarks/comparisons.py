"""What is compared with what, by which requests, and how high is the bar?"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Any, Final

from app.policy import commitments
from app.policy.facts import Mode
from benchmarks.client import answer, request
from benchmarks.database import OFFICE, PERSONS, Installation, numbered
from benchmarks.servers import serving

BARE: Final = "Starlette + asyncpg"
DRF: Final = "Django REST framework"
PLANS_A_SPELL: Final = 80
PLANS_TO_WARM: Final = 40
CLAIMS: Final = "/api/v1/claims"


class DifferentWorkError(RuntimeError):
    """The two programs do not do the same work, so that a ratio would mean nothing."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The service (the first port) against another program, on the same requests.

    ``requests`` returns so many requests, or more if the spell is ``timed``.
    """

    name: str
    against: str
    bar: float
    ports: tuple[int, int]
    requests: Callable[[int], Iterator[bytes]]
    status: int = 200
    timed: bool = True


@contextmanager
def reading(installed: Installation, service: int) -> Iterator[Comparison]:
    """GET one claim, each time another, by an officer of its bureau."""
    token = installed.officer_token()
    asked = [
        request("GET", f"{CLAIMS}/{row['id']}", token)
        for row in installed.rows("SELECT id FROM claims WHERE bureau_code = $1", OFFICE)
    ]
    Random(2020).shuffle(asked)  # noqa: S311  an order, no secret
    with serving("benchmarks.bare", environment=installed.environment) as bare:
        _refuse_different(_json(service, asked[0]), _json(bare, asked[0]))
        yield Comparison("GET one claim", BARE, 0.35, (service, bare), lambda _: cycle(asked))


@contextmanager
def filing(installed: Installation, service: int, plans: int) -> Iterator[Comparison]:
    """File a claim of 50 persons with 27 sessions each; no plan is claimed for twice."""
    token, numbers = installed.enterprise_token(), iter(range(1, plans + 1))

    def requests(count: int) -> Iterator[bytes]:
        spell = [next(numbers) for _ in range(count)]
        return iter([request("POST", CLAIMS, token, claim_of(number)) for number in spell])

    ours = _json(service, next(requests(1)), 201)
    known = {"BENCH_FILED_CLAIM": ours["id"], "BENCH_ADMIN_URL": installed.admin_url}
    with serving("benchmarks.bare", environment={**installed.environment, **known}) as bare:
        theirs = _json(bare, next(requests(1)), 201)
        _refuse_different(ours, theirs, besides=("id", "plan_id", "receipt"))
        _refuse_different(_stored(installed, ours["id"]), _stored(installed, theirs["id"]))
        name = f"file a claim of {PERSONS} persons"
        yield Comparison(name, BARE, 0.30, (service, bare), requests, 201, timed=False)


@contextmanager
def listing(installed: Installation, service: int) -> Iterator[Comparison]:
    """GET the newest 20 claims, by an officer of their bureau."""
    asked = request("GET", f"{CLAIMS}?limit=20", installed.officer_token())
    known = {"BENCH_SOCKETS": installed.sockets}
    with serving("benchmarks.drf.serve", environment={**installed.environment, **known}) as drf:
        items, results = _json(service, asked)["items"], _json(drf, asked)["results"]
        for ours, theirs in zip(items, results, strict=True):
            _refuse_different(ours, theirs)
        yield Comparison("list 20 claims", DRF, 4.0, (service, drf), lambda _: cycle([asked]))


def claim_of(number: int) -> bytes:
    """Return the body that files the claim for a plan: all still work there, all is promised."""
    body = {
        "plan_id": str(numbered(3, number)),
        "still_employed": list(range(1, PERSONS + 1)),
        "commitments": {
            "version": commitments.VERSION,
            "accepted": sorted(commitments.asked_of(Mode.ONLINE)),
        },
    }
    return json.dumps(body).encode()


def _json(port: int, asked: bytes, status: int = 200) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(answer(port, asked, status=status))
    return told


def _stored(installed: Installation, claim_id: str) -> Mapping[str, Any]:
    """Return a digest of what was stored for a claim."""
    (row,) = installed.rows(
        "SELECT c.amount, (SELECT count(*) FROM audit_events WHERE case_id = c.id) AS events,"
        " count(*) AS lines, sum(l.payable) AS payable, md5(string_agg(l.findings::text"
        " || l.facts::text, '' ORDER BY l.number)) AS lines_digest,"
        " min(md5(a.findings::text || a.facts::text)) AS digest, (SELECT"
        " string_agg(e.period::text, '' ORDER BY t.number) FROM enrolments AS e JOIN trainees AS t"
        " USING (plan_id, person_id) WHERE e.plan_id = c.plan_id) AS calendar FROM claims AS c"
        " JOIN assessments AS a ON a.claim_id = c.id"
        " JOIN assessment_lines AS l ON l.assessment_id = a.id WHERE c.id = $1 GROUP BY c.id",
        claim_id,
    )
    if row["lines"] != PERSONS or not row["payable"] == row["amount"] > 0:
        raise DifferentWorkError(f"claim {claim_id} is not paid line by line: {dict(row)}")
    return dict(row)


def _refuse_different(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], besides: Iterable[str] = ()
) -> None:
    """Compare what both answered, in the members that both have.

    Raises:
        DifferentWorkError: a member differs, or they have hardly any in common.
    """
    common = (ours.keys() & theirs.keys()) - set(besides)
    different = sorted(name for name in common if ours[name] != theirs[name])
    if different or len(common) < 5:
        raise DifferentWorkError(f"the answers differ in {different}: {ours} and {theirs}")
