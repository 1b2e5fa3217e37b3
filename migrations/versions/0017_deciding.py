"""What do officers decide on single lines, who signs above a limit, what is mended, made anew?

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.deciding_functions import OF_THE_LEDGER, TRIGGERS, functions, functions_before
from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
    EVERYONE,
    MEMBERS,
    OWN_ACCOUNT,
    OWN_BUREAU,
    OWN_ENTERPRISE,
    append_only,
    lock_down,
    never_deleted,
    policy,
    run,
)

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_CLAIM = ["claim_id", "enterprise_id", "bureau_code"]
_CLAIM_KEY = ["claims.id", "claims.enterprise_id", "claims.bureau_code"]
_MONEY = sa.Numeric(precision=12, scale=2)
_STATES = "'filed', 'reviewed', 'returned', 'approved', 'published', 'paying', 'paid', 'rejected',"
_STEPS = "'keyed_in', 'approve_plan', 'review', 'approve'"
_MOVES = (
    "'filed>reviewed', 'filed>returned', 'filed>rejected', 'filed>withdrawn', 'reviewed>filed',"
    " 'reviewed>approved', 'reviewed>returned', 'reviewed>rejected', 'reviewed>withdrawn',"
    " 'returned>filed', 'returned>withdrawn', 'approved>published', 'approved>rejected',"
    " 'approved>withdrawn', 'published>paying', 'published>paid', 'published>rejected',"
    " 'published>withdrawn', 'paying>paid', 'paying>published'"
)
_OPEN = "state NOT IN ('rejected', 'withdrawn')"
_OF_CLASS = "kind = 'claim' AND state IN ('approved', 'published', 'paying', 'paid'"
_ON_CLAIMS = {
    "third_signature": "UPDATE OF state ON claims FOR EACH ROW"
    " WHEN (NEW.state IN ('published', 'paying', 'paid') AND OLD.state <> NEW.state)",
    "decided_as_assessed": "UPDATE OF state ON claims FOR EACH ROW"
    " WHEN (NEW.state = 'approved' AND OLD.state <> 'approved')",
    "figures_stand": "UPDATE OF amount ON claims FOR EACH ROW WHEN (OLD.state = 'approved'"
    " AND NEW.state <> 'rejected' AND NEW.amount <> OLD.amount)",
    "superseded_by_a_decision": "UPDATE OF state ON claims FOR EACH ROW"
    " WHEN (NEW.state = 'superseded' AND OLD.state <> 'superseded')",
    "successor_stands": "UPDATE OF state ON claims FOR EACH ROW WHEN (NEW.supersedes IS NOT NULL"
    " AND NEW.state IN ('rejected', 'withdrawn') AND OLD.state <> NEW.state)",
    "points_answered": "UPDATE OF state ON claims FOR EACH ROW"
    " WHEN (OLD.state = 'returned' AND NEW.state = 'filed')",
}
"""The triggers before a change of a claim, by their functions."""


def upgrade() -> None:
    _limits()
    _line_decisions()
    _correction_points()
    _claim_rounds()
    _redeterminations()
    _ledger()
    _functions()


def _of_claim(table: str, *columns: sa.schema.SchemaItem, key: bool = True) -> None:
    """Make a table of rows that belong to a claim, with the hand that wrote them."""
    own = [sa.Column("id", sa.Uuid(), nullable=False)] if key else []
    primary = [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))] if key else []
    op.create_table(
        table,
        *own,
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            _CLAIM, _CLAIM_KEY, name=op.f(f"fk_{table}_claim_id_enterprise_id_bureau_code")
        ),
        *primary,
        *columns,
    )
    lock_down(table)
    policy(table, "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    policy(table, "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    run(f"GRANT SELECT ON {table} TO {MEMBERS}")


def _by_officer(table: str) -> list[sa.schema.SchemaItem]:
    """Return the columns that say whose hand wrote a row, and why."""
    return [
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["accounts.id"], name=op.f(f"fk_{table}_officer_id")
        ),
    ]


def _written_by_own_hand(table: str) -> None:
    own_hand = f"{OWN_BUREAU} AND officer_id = {OWN_ACCOUNT}"
    policy(table, "by_own_hand", BUREAUS, own_hand, "INSERT")
    run(f"GRANT INSERT ON {table} TO {BUREAUS}")


def _limits() -> None:
    op.create_table(
        "signature_limits",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("amount", _MONEY, nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_signature_limits_amount")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_signature_limits_days")),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_signature_limits")),
    )
    run(f"GRANT SELECT ON signature_limits TO {EVERYONE}, subsidy_sandbox")
    _steps(f"{_STEPS}, 'countersign', 'pay'")
    policy("accounts", "for_booking", "subsidy_ledger", "true", "SELECT")
    run("GRANT SELECT (id, duties) ON accounts TO subsidy_ledger")


def _steps(steps: str) -> None:
    op.drop_constraint(op.f("ck_signatures_step"), "signatures", type_="check")
    op.create_check_constraint(op.f("ck_signatures_step"), "signatures", f"step IN ({steps})")


def _line_decisions() -> None:
    _of_claim(
        "line_decisions",
        sa.Column("ordinal", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", _MONEY, nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("before", _MONEY, nullable=False),
        sa.Column("after", _MONEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("carried_from", sa.Uuid(), nullable=True),
        *_by_officer("line_decisions"),
        sa.CheckConstraint("number > 0", name=op.f("ck_line_decisions_number")),
        sa.CheckConstraint(
            "kind IN ('exclude', 'reduce', 'lift')", name=op.f("ck_line_decisions_kind")
        ),
        sa.CheckConstraint(
            "num_nonnulls(amount, hours) = CASE kind WHEN 'reduce' THEN 1 ELSE 0 END"
            " AND coalesce(amount, hours::numeric, 1) > 0",
            name=op.f("ck_line_decisions_allowed"),
        ),
        sa.CheckConstraint(
            "kind = 'lift' OR after <= before", name=op.f("ck_line_decisions_never_raises")
        ),
        sa.CheckConstraint(
            "length(reason) > 1 AND length(reference) > 0",
            name=op.f("ck_line_decisions_in_writing"),
        ),
        sa.ForeignKeyConstraint(
            ["carried_from"], ["line_decisions.id"], name=op.f("fk_line_decisions_carried_from")
        ),
    )
    op.create_index(
        "ix_line_decisions_claim_id", "line_decisions", ["claim_id", "number", "ordinal"]
    )
    _written_by_own_hand("line_decisions")
    append_only("line_decisions")


def _correction_points() -> None:
    answer = "answer, explanation, answered_on, answered_by"
    _of_claim(
        "correction_points",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        *_by_officer("correction_points"),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('document', 'line', 'field', 'learning')",
            name=op.f("ck_correction_points_kind"),
        ),
        sa.CheckConstraint(
            "answer IN ('mended', 'explained')", name=op.f("ck_correction_points_answer")
        ),
        sa.CheckConstraint(
            f"num_nulls({answer}) IN (0, 4)", name=op.f("ck_correction_points_answered")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["accounts.id"], name=op.f("fk_correction_points_answered_by")
        ),
        sa.UniqueConstraint(
            "claim_id",
            "round",
            "number",
            name=op.f("uq_correction_points_claim_id_round_number"),
        ),
    )
    _written_by_own_hand("correction_points")
    for name, roles, whose in (
        ("answered_by_the_enterprise", ENTERPRISE, OWN_ENTERPRISE),
        ("answered_by_the_bureau", BUREAUS, OWN_BUREAU),
    ):
        run(
            f"CREATE POLICY {name} ON correction_points FOR UPDATE TO {roles}"
            f" USING ({whose} AND answer IS NULL)"
            f" WITH CHECK ({whose} AND answered_by = {OWN_ACCOUNT})"
        )
    run(f"GRANT UPDATE ({answer}) ON correction_points TO {MEMBERS}")
    never_deleted("correction_points")


def _claim_rounds() -> None:
    _of_claim(
        "claim_rounds",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("amount", _MONEY, nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("form", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("commitments_version", sa.Text(), nullable=False),
        sa.Column("commitments_accepted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "round", name=op.f("pk_claim_rounds")),
        key=False,
    )
    policy("claim_rounds", "for_booking", "subsidy_ledger", "true", "INSERT")
    run("GRANT INSERT ON claim_rounds TO subsidy_ledger")
    append_only("claim_rounds")


def _redeterminations() -> None:
    op.add_column("claims", sa.Column("supersedes", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_claims_supersedes", "claims", "claims", ["supersedes", "plan_id"], ["id", "plan_id"]
    )
    op.create_index(
        "uq_claims_supersedes",
        "claims",
        ["supersedes"],
        unique=True,
        postgresql_where=f"supersedes IS NOT NULL AND {_OPEN}",
    )
    _states(f"{_STATES} 'withdrawn', 'superseded'")
    _indexes(
        f"supersedes IS NULL AND {_OPEN}", f"supersedes IS NULL AND {_OF_CLASS}, 'superseded')"
    )
    run(
        f"CREATE POLICY files_anew ON claims AS RESTRICTIVE FOR INSERT TO {ENTERPRISE}"
        " WITH CHECK (supersedes IS NULL)"
    )
    _of_claim(
        "redeterminations",
        sa.Column("supersedes", sa.Uuid(), nullable=False),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_by_officer("redeterminations"),
        sa.CheckConstraint(
            "length(reason) > 1 AND length(objection) > 0",
            name=op.f("ck_redeterminations_in_writing"),
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["claims.id"], name=op.f("fk_redeterminations_supersedes")
        ),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_redeterminations")),
        key=False,
    )
    op.create_index("ix_redeterminations_supersedes", "redeterminations", ["supersedes"])
    _written_by_own_hand("redeterminations")
    policy("redeterminations", "for_booking", "subsidy_ledger", "true", "SELECT")
    run("GRANT SELECT ON redeterminations TO subsidy_ledger")
    append_only("redeterminations")


def _states(states: str) -> None:
    op.drop_constraint(op.f("ck_claims_state"), "claims", type_="check")
    op.create_check_constraint(op.f("ck_claims_state"), "claims", f"state IN ({states})")


def _indexes(open_on_plan: str, one_per_class: str) -> None:
    """Say anew which claims bar another one on their plan, and on their class."""
    for name, columns, where in (
        ("uq_claims_open_on_plan", ["plan_id", "kind"], open_on_plan),
        ("uq_claims_one_per_class", ["measure", "class_reference"], one_per_class),
    ):
        op.drop_index(name, "claims")
        op.create_index(name, "claims", columns, unique=True, postgresql_where=where)


def _ledger() -> None:
    op.add_column("ledger_entries", sa.Column("ground", sa.Text(), nullable=True))
    _kinds("'reserve', 'post', 'release', 'reverse'")
    op.create_check_constraint(
        op.f("ck_ledger_entries_ground"),
        "ledger_entries",
        "(kind = 'reverse') = (ground IS NOT NULL) AND ground IN ('error', 'fraud', 'superseded')",
    )


def _kinds(kinds: str) -> None:
    op.drop_constraint(op.f("ck_ledger_entries_kind"), "ledger_entries", type_="check")
    op.create_check_constraint(
        op.f("ck_ledger_entries_kind"), "ledger_entries", f"kind IN ({kinds})"
    )


def _functions() -> None:
    run(*functions())
    for signature in OF_THE_LEDGER:
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
        )
    for name, when in _ON_CLAIMS.items():
        run(f"CREATE TRIGGER {name} BEFORE {when} EXECUTE FUNCTION {name}()")
    _follows(f"{_MOVES}, 'returned>rejected', 'published>superseded', 'paid>superseded'")
    run(
        "CREATE TRIGGER supersedes_a_decision BEFORE INSERT ON claims FOR EACH ROW"
        " WHEN (NEW.supersedes IS NOT NULL) EXECUTE FUNCTION supersedes_a_decision()",
        "CREATE TRIGGER supersedes_the_same BEFORE UPDATE OF supersedes ON claims FOR EACH ROW"
        " WHEN (NEW.supersedes IS DISTINCT FROM OLD.supersedes)"
        " EXECUTE FUNCTION supersedes_a_decision()",
        "CREATE TRIGGER supersede_the_old AFTER UPDATE OF state ON claims FOR EACH ROW"
        " WHEN (NEW.supersedes IS NOT NULL AND NEW.state = 'approved' AND OLD.state <> 'approved')"
        " EXECUTE FUNCTION supersede_the_old()",
        "CREATE TRIGGER keep_the_round AFTER UPDATE OF round ON claims FOR EACH ROW"
        " WHEN (NEW.round <> OLD.round) EXECUTE FUNCTION keep_the_round()",
        "CREATE TRIGGER signs_by_duty BEFORE INSERT ON signatures FOR EACH ROW"
        " WHEN (NEW.step <> 'keyed_in') EXECUTE FUNCTION signs_by_duty()",
        "CREATE TRIGGER answered_once BEFORE UPDATE ON correction_points FOR EACH ROW"
        " EXECUTE FUNCTION answered_once()",
        "CREATE TRIGGER decided_under_examination BEFORE INSERT ON line_decisions FOR EACH ROW"
        " EXECUTE FUNCTION decided_under_examination()",
    )


def _follows(moves: str) -> None:
    run(
        "DROP TRIGGER follow_procedure ON claims",
        "CREATE TRIGGER follow_procedure BEFORE UPDATE OF state ON claims FOR EACH ROW"
        f" WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION follow_procedure({moves})",
    )


def downgrade() -> None:
    on_claims = (
        *_ON_CLAIMS, "supersedes_a_decision", "supersedes_the_same", "supersede_the_old",
        "keep_the_round",
    )  # fmt: skip
    run(
        *(f"DROP TRIGGER {name} ON claims" for name in on_claims),
        "DROP TRIGGER signs_by_duty ON signatures",
        *functions_before(),
    )
    _follows(_MOVES)
    op.drop_constraint(op.f("ck_ledger_entries_ground"), "ledger_entries", type_="check")
    op.drop_column("ledger_entries", "ground")
    _kinds("'reserve', 'post', 'release'")
    for table in ("redeterminations", "claim_rounds", "correction_points", "line_decisions"):
        op.drop_table(table)
    run(*(f"DROP FUNCTION {signature}" for signature in (*TRIGGERS, *OF_THE_LEDGER)))
    run("DROP POLICY files_anew ON claims")
    _indexes(_OPEN, f"{_OF_CLASS})")
    _states(f"{_STATES} 'withdrawn'")
    op.drop_index("uq_claims_supersedes", "claims")
    op.drop_constraint("fk_claims_supersedes", "claims", type_="foreignkey")
    op.drop_column("claims", "supersedes")
    _steps(f"{_STEPS}, 'pay'")
    run(
        "REVOKE SELECT (id, duties) ON accounts FROM subsidy_ledger",
        "DROP POLICY for_booking ON accounts",
    )
    op.drop_table("signature_limits")
