"""When are two projects the same one? Same enterprise and same bare name (DL-2.3-g, A-06)."""

from app.policy.writing import folded


def project_key(enterprise: str, title: str) -> str:
    """Return by what a project is known again, however its name is spaced or punctuated."""
    plain = folded(title).casefold()
    return f"{enterprise}:{''.join(mark for mark in plain if mark.isalnum())}"
