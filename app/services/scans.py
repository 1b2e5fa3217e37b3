"""What does the scanner's word mean for a case: which files may support it, and be looked at?

Without a scanner nothing is said of a file, and it counts as it comes. With one, only a clean file
counts, one that came before the scanner included.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import Row

from app.actors import EnterpriseUser, Member
from app.errors import EvidenceInfected, EvidencePending
from app.office import Desk, Office
from app.policy.facts import Material, Scan

_WORST_LAST: Final = (Scan.CLEAN, Scan.NOT_SCANNED, Scan.PENDING, Scan.UNSCANNABLE, Scan.INFECTED)


class Held(NamedTuple):
    """The materials that count, and those that do not with what the scanner said of them."""

    materials: frozenset[Material]
    withheld: dict[Material, Scan]


def first(office: Office) -> Scan:
    """Return the state in which new evidence begins; the scanner is told that there is some."""
    if office.settings.scanner_url is None:
        return Scan.NOT_SCANNED
    office.evidence_came.set()
    return Scan.PENDING


def held(
    office: Office, files: Iterable[tuple[str, str]], sources: Iterable[tuple[str, str]]
) -> Held:
    """Return what counts of *files*, pairs of kind and scan.

    Of a kind one file that counts will do. *sources* are the sheets whose rows are in force: of
    these all must count.
    """
    counting = {Scan.CLEAN} if office.settings.scanner_url else {Scan.CLEAN, Scan.NOT_SCANNED}
    said = sorted(((Material(kind), Scan(scan)) for kind, scan in files), key=_badness)
    behind = {Material(kind): Scan(scan) for kind, scan in sources if Scan(scan) not in counting}
    counted = frozenset(kind for kind, scan in said if scan in counting)
    materials = counted.difference(behind)
    lacking = {kind: scan for kind, scan in said if kind not in materials}
    return Held(materials, lacking | behind)


def refuse_looking(desk: Desk[Member], row: Row[Any]) -> None:
    """Refuse a look at a file that could harm who looks.

    An infected one is shown to nobody; one that is yet to be scanned only to the enterprise, whose
    own it is.

    Raises:
        EvidenceInfected, EvidencePending: as named.
    """
    if row.scan == Scan.INFECTED:
        raise EvidenceInfected(scan_detail=row.scan_detail)
    if row.scan == Scan.PENDING and not isinstance(desk.actor, EnterpriseUser):
        raise EvidencePending(retry_after=10)


def _badness(said: tuple[Material, Scan]) -> int:
    return _WORST_LAST.index(said[1])
