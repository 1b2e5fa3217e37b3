"""Which scope must a system's token have for which route? What has none is closed to systems.

The nouns of the URLs are the nouns of the scopes. A system has no duty, so that no decision is ever
its own, and it writes only what an applicant or a platform writes.
"""

from typing import Final

_PREFIX: Final = "/api/v1/"
_NOUNS: Final = {
    "enterprises": "enterprises",
    "plans": "plans",
    "claims": "claims",
    "evidence": "evidence",
    "evidence-limits": "evidence",
    "uploads": "evidence",
    "learning-batches": "learning",
    "learning-records": "learning",
    "notices": "notices",
    "objections": "objections",
    "payments": "payments",
    "payment-batches": "payments",
    "recoveries": "recoveries",
    "budgets": "budgets",
    "reconciliation": "budgets",
    "violations": "violations",
    "worklist": "worklist",
    "platforms": "platforms",
    "policy": "policy",
}
_PARTS: Final = {
    "evidence": "evidence",
    "learning-batches": "learning",
    "learning-records": "learning",
    "progress": "learning",
    "payments": "payments",
    "objections": "objections",
}
"""What is read under a plan or a claim and has a scope of its own."""
_WRITTEN: Final = frozenset({"enterprises", "plans", "claims", "evidence", "learning"})
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_ODD: Final = {
    "learning-records:batch": "learning:push",
    "learning-records/search": "learning:read",
    "me": "",
}
"""Routes that no rule tells; the empty scope is that of every system."""

SCOPES: Final = frozenset(
    {f"{noun}:read" for noun in _NOUNS.values()}
    | {f"{noun}:write" for noun in _WRITTEN}
    | {scope for scope in _ODD.values() if scope}
)


def needed(method: str, path: str) -> str | None:
    """Return the scope that a call needs; None: no system may make it."""
    route = path.removeprefix(_PREFIX)
    if route in _ODD:
        return _ODD[route]
    first, *rest = route.split("/")
    noun = _NOUNS.get(first)
    if noun in {"plans", "claims"} and len(rest) > 1:
        noun = _PARTS.get(rest[1], noun)
    if noun is None or (method not in _READING and noun not in _WRITTEN):
        return None
    return f"{noun}:{'read' if method in _READING else 'write'}"
