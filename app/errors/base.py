"""What is a refusal? A kind no: stable code, what is wrong, and how to mend it.

A refusal carries a stable ``code``, an HTTP-like ``status`` (a number only: nothing below
``app.api`` knows HTTP), a Chinese title and remedy, and a ``detail`` for the case at hand. Extra
keyword arguments become members of the problem document.
"""

from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818  a refusal is the office's word; errors are bugs
    """The request was understood and is refused."""

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]
    remedy: ClassVar[str]

    def __init__(self, detail: str = "", **members: Any) -> None:  # noqa: ANN401
        super().__init__(detail or self.title)
        self.detail = detail
        self.members = members

    def document(self) -> dict[str, Any]:
        """Return the problem document: the same words wherever the refusal is told."""
        told = {"detail": self.detail} if self.detail else {}
        return {
            "type": f"urn:subsidy:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "remedy": self.remedy,
            **told,
            **self.members,
        }
