"""What is left to say of a case that was played? Kept, so that a later start need not ask again.

A later start makes no request that would leave a trace, not even a sign-in: it reads this file, and
the public notice proves that the database still holds the case.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided and paid, as the API returned it.

    ``amount`` is what the claim came to; ``parts`` tell how it was paid, if not at once: in advance
    and the rest, or in advance and something back.
    """

    sample: str
    notice_id: str
    claim: str
    receipts: tuple[str, ...]
    persons: int
    amount: str
    clauses: tuple[str, ...]
    posted_on: str
    last_day: str
    paid_on: str
    payee: str
    parts: tuple[str, ...] = ()

    def keep(self, file: Path) -> None:
        """Write to *file*, whole or not at all."""
        draft = file.with_suffix(".new")
        draft.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")
        draft.rename(file)


def kept(file: Path) -> Outcome | None:
    """Return what *file* holds; None if there is no such file, or another program wrote it."""
    try:
        told = json.loads(file.read_text("utf-8"))
        lists = {name: tuple(each) for name, each in told.items() if isinstance(each, list)}
        return Outcome(**{**told, **lists})
    except (OSError, ValueError, AttributeError, TypeError):
        return None


def in_place(outcome: Outcome, http: httpx.Client) -> bool:
    """Tell whether this service published that claim, its notice closed since."""
    answer = http.get(f"/api/v1/notices/{outcome.notice_id}")
    if not answer.is_success:
        return False
    notice = answer.json()
    published = (notice["claim_receipt"], notice["amount"], notice["closed"])
    return bool(published == (outcome.claim, outcome.amount, True))
