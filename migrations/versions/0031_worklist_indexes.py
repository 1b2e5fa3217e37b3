"""What does a page of the work list read? Its indexes alone, until it knows which cases it shows.

Revision ID: 0031
Revises: 0030
"""

from collections.abc import Mapping
from typing import Final

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_TRAY: Final = ("bureau_code", "step", "taken", "flagged")
_KEYS: Final = {
    "ix_worklist_by_due_day": (*_TRAY, "due_on", "case_id"),
    "ix_worklist_by_age": (*_TRAY, "since", "case_id"),
    "ix_worklist_by_amount": ("bureau_code", "fen", "case_id"),
}
_BESIDE: Final = {
    "ix_worklist_by_due_day": ("since", "fen"),
    "ix_worklist_by_age": ("due_on", "fen"),
    "ix_worklist_by_amount": ("step", "taken", "flagged", "since", "due_on"),
}


def upgrade() -> None:
    _make_anew(_BESIDE)


def downgrade() -> None:
    _make_anew({})


def _make_anew(beside: Mapping[str, tuple[str, ...]]) -> None:
    for name, keys in _KEYS.items():
        op.drop_index(name, "worklist")
        op.create_index(name, "worklist", list(keys), postgresql_include=beside.get(name, ()))
