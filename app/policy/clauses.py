"""What do the notices say, word for word? All 120 clauses, by the ids that the rules cite."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)|<([^>]*)>")
_ESCAPE: Final = re.compile(r"\\+(?=_)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: ``quote`` is the fragment it stands on, ``text`` the whole sentence around it.

    ``document`` is a key of `DOCUMENTS`. ``meaning_zh`` says in plain words what the clause means
    for the service, ``acts`` where in the software it takes effect, ``misprint`` what is odd in the
    printed text (empty where nothing is). ``used_by`` names places beside the rules and parameters
    that cite it, ``not_code`` says why it acts nowhere.
    """

    id: str
    document: str
    kind: str
    quote: str
    text: str
    meaning: str
    meaning_zh: str
    acts: str
    misprint: str = ""
    used_by: tuple[str, ...] = ()
    not_code: str = ""

    @property
    def printed(self) -> str:
        """The sentence as it reads on paper, without the link marks of the supplied copy."""
        return _ESCAPE.sub("", _LINK.sub(r"\1\2", self.text))


class UnknownClause(KeyError):  # noqa: N818  a refusal is the office's word; errors are bugs
    """No clause of the notices has this id."""

    def __init__(self, clause_id: str) -> None:
        super().__init__(clause_id)
        self.clause_id = clause_id

    def __str__(self) -> str:
        return f"no clause {self.clause_id!r} in app/policy/clauses.toml"


_DATA: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_CLAUSES: Final[Mapping[str, Clause]] = {
    entry["id"]: Clause(**{**entry, "used_by": tuple(entry.get("used_by", ()))})
    for entry in _DATA["clauses"]
}

# The number of each notice, by the first two letters of its clauses' ids.
DOCUMENTS: Final[Mapping[str, str]] = {
    key: document["number"] for key, document in _DATA["documents"].items()
}


def all_clauses() -> tuple[Clause, ...]:
    """Return every clause, the city's notice first, in the order of the notices."""
    return tuple(_CLAUSES.values())


def clause(clause_id: str) -> Clause:
    """Return the clause with the id *clause_id*, such as ``DL-2.3-e``.

    Raises:
        UnknownClause: there is none.
    """
    try:
        return _CLAUSES[clause_id]
    except KeyError:
        raise UnknownClause(clause_id) from None
