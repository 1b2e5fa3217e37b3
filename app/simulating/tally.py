"""Who would have won and who lost? Sums over the claims, and the first that changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Final

from app.policy.money import NOTHING
from app.schemas.simulations import SimulatedClaim, SimulatedShare, SimulationResult
from app.stored_cases import Stored

LISTED: Final = 100


@dataclass(slots=True)
class _Share:
    """The sums of one bureau and measure."""

    claims: int = 0
    lines: int = 0
    before: Decimal = NOTHING
    after: Decimal = NOTHING
    claims_gaining: int = 0
    claims_losing: int = 0
    lines_gaining: int = 0
    lines_losing: int = 0

    def add(self, was: Sequence[Decimal], now: Sequence[Decimal]) -> None:
        before, after = sum(was, NOTHING), sum(now, NOTHING)
        self.claims += 1
        self.lines += len(was)
        self.before += before
        self.after += after
        self.claims_gaining += after > before
        self.claims_losing += after < before
        for one, other in zip(was, now, strict=True):
            self.lines_gaining += other > one
            self.lines_losing += other < one


class Tally:
    """What came out so far; as large as there are bureaus and measures, whatever is added."""

    def __init__(self) -> None:
        self._shares: dict[tuple[str, str], _Share] = {}
        self._all = _Share()
        self._changed: list[SimulatedClaim] = []

    @property
    def lines(self) -> int:
        """How many lines were added."""
        return self._all.lines

    def add(self, claim: Stored, receipt: str | None, paid: Sequence[Decimal]) -> None:
        """Add a claim; without a receipt number it is another bureau's, and not listed."""
        was = claim.payable
        self._shares.setdefault((claim.bureau_code, claim.measure), _Share()).add(was, paid)
        self._all.add(was, paid)
        if receipt is not None and len(self._changed) < LISTED and tuple(was) != tuple(paid):
            self._changed.append(
                SimulatedClaim(
                    id=claim.claim_id,
                    receipt=receipt,
                    before=sum(was, NOTHING),
                    after=sum(paid, NOTHING),
                )
            )

    def result(self, persons_gaining: int, persons_losing: int) -> SimulationResult:
        """Return the totals, by bureau and measure, and the first claims that changed."""
        total = self._all
        return SimulationResult(
            claims=total.claims,
            lines=total.lines,
            before=total.before,
            after=total.after,
            difference=total.after - total.before,
            claims_gaining=total.claims_gaining,
            claims_losing=total.claims_losing,
            persons_gaining=persons_gaining,
            persons_losing=persons_losing,
            shares=[
                SimulatedShare(
                    bureau_code=bureau,
                    measure=measure,
                    difference=share.after - share.before,
                    **asdict(share),
                )
                for (bureau, measure), share in sorted(self._shares.items())
            ],
            changed=self._changed,
        )
