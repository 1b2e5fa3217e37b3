"""What does the office know of what a platform pushes: plans, people, keys, and earlier calls?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, select, text

from app.actors import PlatformSystem
from app.errors import PlatformBlocked
from app.hot import Hot
from app.hot import Row as HotRow
from app.models import LearningBatch, ListedPlatform
from app.office import Desk
from app.policy.facets import Suspension
from app.policy.facts import Course
from app.schemas.pushes import PlatformStatus, PushLimits, RecentPush
from app.services import circumstances, rosters

MOST_PLANS: Final = 500
"""So many plans may a call have records of: each is a batch of its own."""

_COURSES: Final = TypeAdapter(tuple[Course, ...])
_RECENT: Final = 20
# Calls of one platform take turns, so that a key is either known or new.
_TURN: Final = Hot(text("SELECT pg_advisory_xact_lock(hashtextextended('push ' || :platform, 0))"))
_PLANS: Final = Hot(
    text("SELECT * FROM plans_for_push(CAST(:receipts AS text[]), CAST(:ids AS uuid[]))")
)
_TRAINEES: Final = Hot(
    text("SELECT * FROM trainees_for_push(CAST(:plans AS uuid[]), CAST(:digests AS bytea[]))")
)
_KEYS: Final = Hot(
    text(
        """
    SELECT key, digest, batch_id FROM pushed_records
    WHERE platform_id = :platform AND standing AND key = ANY (CAST(:keys AS text[]))
    """
    )
)


@dataclass(frozen=True, slots=True)
class PushedPlan:
    """A plan filed with the platform, as far as the platform's records touch it."""

    id: UUID
    receipt: str
    enterprise_id: UUID
    bureau_code: str
    state: str
    open: bool
    starts_on: date
    ends_on: date
    approved_on: date | None
    courses: tuple[Course, ...]
    suspensions: tuple[Suspension, ...]


class Held(NamedTuple):
    """What stands under a key: the digest of its content, and in which batch it came."""

    digest: bytes
    batch: UUID


async def take_turn(desk: Desk[PlatformSystem]) -> str:
    """Wait until the platform's earlier calls are done; return its name.

    Raises:
        PlatformBlocked: an office has blocked it.
    """
    await _TURN.rows(desk.driver, platform=str(desk.actor.platform_id))
    platform = await _platform(desk)
    if platform.blocked_since is not None:
        raise PlatformBlocked(platform.blocked_reason)
    return str(platform.name)


async def plans(desk: Desk[PlatformSystem], asked: Iterable[str]) -> dict[str, PushedPlan]:
    """Return the plans filed with the platform, locked, under what they were asked by."""
    names = set(asked)
    ids = {name: found for name in names if (found := _uuid(name))}
    rows = await _PLANS.rows(desk.driver, receipts=list(names), ids=list(set(ids.values())))
    filed = [_plan(row) for row in rows]
    known: dict[UUID | str, PushedPlan] = {plan.id: plan for plan in filed}
    known |= {plan.receipt: plan for plan in filed}
    return {name: known[key] for name in names if (key := ids.get(name, name)) in known}


async def trainees(
    desk: Desk[PlatformSystem], asked: Mapping[UUID, set[str]]
) -> dict[UUID, dict[str, UUID | None]]:
    """Return by plan who of the asked IDs stands on the roster; nobody becomes known by it."""
    sealer = desk.office.sealer
    numbers = {number for several in asked.values() for number in several}
    digests = {number: sealer.digest(number, rosters.ID) for number in numbers}
    pairs = [(plan, digests[number]) for plan, several in asked.items() for number in several]
    rows = await _TRAINEES.rows(
        desk.driver, plans=[plan for plan, _ in pairs], digests=[digest for _, digest in pairs]
    )
    found = {(row.plan, row.digest): row.trainee for row in rows}
    return {
        plan: {number: found.get((plan, digests[number])) for number in several}
        for plan, several in asked.items()
    }


async def keys(desk: Desk[PlatformSystem], asked: Sequence[str]) -> dict[str, Held]:
    """Return what stands under the platform's keys."""
    rows = await _KEYS.rows(desk.driver, platform=desk.actor.platform_id, keys=asked)
    return {row.key: Held(row.digest, row.batch_id) for row in rows}


async def status(desk: Desk[PlatformSystem]) -> PlatformStatus:
    """Return how the platform stands, and its last batches."""
    platform = await _platform(desk)
    settings = desk.office.settings
    columns = [
        LearningBatch.__table__.c[name] for name in RecentPush.model_fields if name != "batch_id"
    ]
    recent = await desk.db.execute(
        select(LearningBatch.id.label("batch_id"), *columns)
        .where(LearningBatch.platform_id == desk.actor.platform_id)
        .order_by(LearningBatch.id.desc())
        .limit(_RECENT)
    )
    return PlatformStatus(
        platform_id=platform.id,
        platform=platform.name,
        account=desk.actor.name,
        blocked_since=platform.blocked_since,
        blocked_reason=platform.blocked_reason,
        business_day=desk.today,
        limits=PushLimits(
            records=settings.push_max_records, plans=MOST_PLANS, bytes=settings.push_max_bytes
        ),
        recent=[RecentPush.model_validate(row) for row in recent],
    )


async def _platform(desk: Desk[PlatformSystem]) -> Row[Any]:
    """Return the catalogue's entry of the caller; entries are never deleted."""
    entry = ListedPlatform.__table__.c
    columns = [entry[name] for name in ("id", "name", "blocked_since", "blocked_reason")]
    found = await desk.db.execute(select(*columns).where(entry.id == desk.actor.platform_id))
    return found.one()


def _plan(row: HotRow) -> PushedPlan:
    told = {name: row[name] for name in PushedPlan.__slots__}
    told["courses"] = _COURSES.validate_python(row.courses or ())
    told["suspensions"] = circumstances.suspensions(row.suspensions)
    return PushedPlan(**told)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
