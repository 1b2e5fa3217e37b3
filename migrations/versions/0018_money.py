"""What may be spent, what came back, and who is barred: budgets, recoveries, violations.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
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
from migrations.money_functions import (
    ASKED_BY_BUREAUS,
    ASKED_BY_THE_AUDITOR,
    INTERNAL,
    OF_THE_CALLER,
    functions,
    settling_the_advance,
    settling_what_was_not_written_off,
)

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_MONEY = sa.Numeric(precision=12, scale=2)
_NOW = sa.text("now()")
_FUND = "失业保险基金支持技能提升行动资金"
_WHOSE = ["enterprise_id", "bureau_code"]
_CONFIRMED = "confirmed_by, confirmed_by_name, confirmed_on"
_SIGNED = "countersigned_by, countersigned_by_name, countersigned_on"
_DECIDED = "conclusion, document, decided_by, decided_by_name, decided_on"
_LIFTED = "lifted_on, lifted_reason, lifted_document, lifted_by, lifted_by_name"
_READ_BY_THE_LEDGER = (
    "signatures", "recoveries", "recovery_lines", "recovery_payments", "payments",
    "payment_offsets", "budgets",
)  # fmt: skip


def upgrade() -> None:
    _ledger()
    _budgets()
    _violations()
    _recoveries()
    _payments()
    _functions()


def _columns(*names: str, kind: type[sa.types.TypeEngine[object]] = sa.Text) -> list[sa.Column]:
    """Return columns of one kind; those whose name ends in a question mark may be empty."""
    return [sa.Column(name.rstrip("?"), kind(), nullable=name.endswith("?")) for name in names]


def _keys(*names: str) -> list[sa.Column]:
    return _columns(*names, kind=sa.Uuid)


def _days(*names: str) -> list[sa.Column]:
    return _columns(*names, kind=sa.Date)


def _amount(name: str = "amount") -> sa.Column:
    return sa.Column(name, _MONEY, nullable=False)


def _written() -> sa.Column:
    return sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False)


def _of(table: str, target: str, *columns: str) -> sa.ForeignKeyConstraint:
    """Return the foreign key by which a row is its parent's, and whose it is."""
    key = list(columns) or [f"{target.removesuffix('s')}_id", *_WHOSE]
    theirs = [f"{target}.{name}" for name in ("id", *key[1:])]
    return sa.ForeignKeyConstraint(key, theirs, name=op.f(f"fk_{table}_{'_'.join(key)}"))


def _by(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], ["accounts.id"], name=op.f(f"fk_{table}_{name}"))
        for name in columns
    ]


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _ledger() -> None:
    op.add_column("ledger_entries", sa.Column("recovery_id", sa.Uuid(), nullable=True))
    op.drop_index("uq_ledger_entries_once", "ledger_entries")
    op.create_index(
        "uq_ledger_entries_once",
        "ledger_entries",
        ["claim_id", "person_id", "kind"],
        unique=True,
        postgresql_where="kind <> 'reverse'",
    )
    op.create_index(
        "uq_ledger_entries_recovery_id_person_id",
        "ledger_entries",
        ["recovery_id", "person_id"],
        unique=True,
    )


def _budgets() -> None:
    op.add_column("claims", sa.Column("fund", sa.Text(), nullable=False, server_default=_FUND))
    op.create_table(
        "budgets",
        *_keys("id"),
        *_columns("bureau_code", "fund", "document", "entered_by_name", "confirmed_by_name?"),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        _amount(),
        *_keys("entered_by", "confirmed_by?"),
        *_days("entered_on", "confirmed_on?"),
        _written(),
        _check("budgets", "amount", "amount >= 0"),
        _check("budgets", "founded", "length(document) > 0 AND length(fund) > 0"),
        _check("budgets", "confirmed", f"num_nulls({_CONFIRMED}) IN (0, 3)"),
        _check("budgets", "two_persons", "confirmed_by <> entered_by"),
        sa.ForeignKeyConstraint(
            ["bureau_code"], ["bureaus.code"], name=op.f("fk_budgets_bureau_code")
        ),
        *_by("budgets", "entered_by", "confirmed_by"),
        _key("budgets"),
    )
    op.create_index("ix_budgets_bureau_code", "budgets", ["bureau_code", "year", "fund", "id"])
    op.create_table(
        "budget_slices",
        *_columns("bureau_code", "fund"),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("slice", sa.SmallInteger(), nullable=False),
        sa.Column("ceiling", _MONEY, nullable=True),
        _amount("used"),
        _check("budget_slices", "not_negative", "used >= 0"),
        _check("budget_slices", "within", "used <= ceiling"),
        _key("budget_slices", "bureau_code", "year", "fund", "slice"),
    )
    op.create_table(
        "budget_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *_keys("claim_id", "enterprise_id"),
        *_columns("bureau_code", "fund", "kind"),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("slice", sa.SmallInteger(), nullable=False),
        _amount(),
        _written(),
        _check("budget_entries", "kind", "kind IN ('reserve', 'release')"),
        _check("budget_entries", "sign", "(kind = 'reserve') = (amount > 0) AND amount <> 0"),
        _of("budget_entries", "claims"),
        sa.ForeignKeyConstraint(
            ["bureau_code", "year", "fund", "slice"],
            [f"budget_slices.{name}" for name in ("bureau_code", "year", "fund", "slice")],
            name=op.f("fk_budget_entries_bureau_code_year_fund_slice"),
        ),
        _key("budget_entries"),
    )
    op.create_index("ix_budget_entries_claim_id", "budget_entries", ["claim_id"])
    op.create_index(
        "ix_budget_entries_bureau_code", "budget_entries", ["bureau_code", "year", "fund"]
    )
    for table in ("budgets", "budget_slices", "budget_entries"):
        lock_down(table)
    policy("budgets", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    entered = f"{OWN_BUREAU} AND entered_by = {OWN_ACCOUNT} AND confirmed_on IS NULL"
    policy("budgets", "by_own_hand", BUREAUS, entered, "INSERT")
    run(
        f"CREATE POLICY confirmed_by_own_hand ON budgets FOR UPDATE TO {BUREAUS}"
        f" USING ({OWN_BUREAU} AND confirmed_on IS NULL)"
        f" WITH CHECK ({OWN_BUREAU} AND confirmed_by = {OWN_ACCOUNT})",
        f"GRANT SELECT, INSERT, UPDATE ({_CONFIRMED}) ON budgets TO {BUREAUS}",
    )
    policy("budget_entries", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    run(f"GRANT SELECT ON budget_entries TO {BUREAUS}")
    for table in ("budget_slices", "budget_entries"):
        policy(table, "for_booking", "subsidy_ledger", "true")
    run(
        "GRANT SELECT, INSERT, UPDATE ON budget_slices TO subsidy_ledger",
        "GRANT SELECT, INSERT ON budget_entries TO subsidy_ledger",
    )
    append_only("budget_entries")
    never_deleted("budgets")
    never_deleted("budget_slices")


def _violations() -> None:
    op.create_table(
        "violations",
        *_keys("id", "enterprise_id"),
        *_columns("bureau_code", "receipt", "kind", "findings", "state"),
        _amount(),
        *_days("opened_on", "decided_on?"),
        *_keys("opened_by", "decided_by?"),
        *_columns("opened_by_name", "decided_by_name?", "conclusion?", "document?"),
        _written(),
        _check(
            "violations",
            "kind",
            "kind IN ('false_report', 'extraction', 'private_division', 'diversion')",
        ),
        _check("violations", "state", "state IN ('open', 'established', 'dismissed')"),
        _check("violations", "amount", "amount >= 0"),
        _check("violations", "in_writing", "length(findings) > 1"),
        _check(
            "violations",
            "decided",
            f"num_nulls({_DECIDED}) = CASE WHEN state = 'open' THEN 5 ELSE 0 END",
        ),
        _check("violations", "two_persons", "decided_by <> opened_by"),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_violations_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["bureau_code"], ["bureaus.code"], name=op.f("fk_violations_bureau_code")
        ),
        *_by("violations", "opened_by", "decided_by"),
        _unique("violations", "receipt"),
        _unique("violations", "id", *_WHOSE),
        _key("violations"),
    )
    op.create_table(
        "violation_claims",
        *_keys("violation_id", "claim_id", "enterprise_id"),
        *_columns("bureau_code"),
        sa.Column("persons", sa.ARRAY(sa.Integer()), nullable=False),
        _amount(),
        _check("violation_claims", "amount", "amount >= 0"),
        _of("violation_claims", "violations"),
        _of("violation_claims", "claims"),
        _key("violation_claims", "violation_id", "claim_id"),
    )
    op.create_table(
        "violation_transfers",
        *_keys("id", "violation_id", "enterprise_id"),
        *_columns("bureau_code", "authority", "document"),
        *_days("transferred_on"),
        *_keys("recorded_by"),
        _written(),
        _check("violation_transfers", "founded", "length(authority) > 0 AND length(document) > 0"),
        _of("violation_transfers", "violations"),
        *_by("violation_transfers", "recorded_by"),
        _key("violation_transfers"),
    )
    op.create_index("ix_violation_transfers_violation_id", "violation_transfers", ["violation_id"])
    _blacklistings()
    for table in ("violations", "violation_claims", "violation_transfers"):
        lock_down(table)
        policy(table, "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    # The enterprise is one that the bureau sees: it handles it.
    handled = "EXISTS (SELECT FROM enterprises AS e WHERE e.id = enterprise_id)"
    own = f"{OWN_BUREAU} AND opened_by = {OWN_ACCOUNT} AND state = 'open' AND {handled}"
    policy("violations", "by_own_hand", BUREAUS, own, "INSERT")
    policy("violation_claims", "by_the_bureau", BUREAUS, OWN_BUREAU, "INSERT")
    own = f"{OWN_BUREAU} AND recorded_by = {OWN_ACCOUNT}"
    policy("violation_transfers", "by_own_hand", BUREAUS, own, "INSERT")
    run(
        f"CREATE POLICY decided_by_own_hand ON violations FOR UPDATE TO {BUREAUS}"
        f" USING ({OWN_BUREAU} AND state = 'open')"
        f" WITH CHECK ({OWN_BUREAU} AND decided_by = {OWN_ACCOUNT})",
        f"GRANT SELECT, INSERT, UPDATE (state, {_DECIDED}) ON violations TO {BUREAUS}",
        f"GRANT SELECT, INSERT ON violation_claims, violation_transfers TO {BUREAUS}",
    )
    never_deleted("violations")
    append_only("violation_claims")
    append_only("violation_transfers")


def _blacklistings() -> None:
    op.create_table(
        "blacklistings",
        *_keys("id", "violation_id", "enterprise_id"),
        *_columns("bureau_code", "document"),
        *_days("from_day", "until_day?", "lifted_on?"),
        *_keys("listed_by", "lifted_by?"),
        *_columns("listed_by_name", "lifted_by_name?", "lifted_reason?", "lifted_document?"),
        _written(),
        _check("blacklistings", "days", "from_day <= until_day"),
        _check("blacklistings", "founded", "length(document) > 0"),
        _check("blacklistings", "lifted", f"num_nulls({_LIFTED}) IN (0, 5)"),
        _check("blacklistings", "lifted_later", "from_day <= lifted_on"),
        _of("blacklistings", "violations"),
        *_by("blacklistings", "listed_by", "lifted_by"),
        _unique("blacklistings", "violation_id"),
        _key("blacklistings"),
    )
    op.create_index(
        "ix_blacklistings_enterprise_id", "blacklistings", ["enterprise_id", "from_day"]
    )
    lock_down("blacklistings")
    policy("blacklistings", "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    # Who is barred every bureau knows, for an enterprise may move; why, its own bureau only.
    policy("blacklistings", "for_every_bureau", BUREAUS, "true", "SELECT")
    own = f"{OWN_BUREAU} AND listed_by = {OWN_ACCOUNT} AND lifted_on IS NULL"
    policy("blacklistings", "by_own_hand", BUREAUS, own, "INSERT")
    run(
        f"CREATE POLICY lifted_by_own_hand ON blacklistings FOR UPDATE TO {BUREAUS}"
        f" USING ({OWN_BUREAU} AND lifted_on IS NULL)"
        f" WITH CHECK ({OWN_BUREAU} AND lifted_by = {OWN_ACCOUNT})",
        f"GRANT SELECT ON blacklistings TO {MEMBERS}",
        f"GRANT INSERT, UPDATE ({_LIFTED}) ON blacklistings TO {BUREAUS}",
    )
    never_deleted("blacklistings")


def _recoveries() -> None:
    op.drop_constraint("fk_recoveries_amount", "recoveries", type_="foreignkey")
    op.drop_constraint("uq_recoveries_claim_id", "recoveries")
    op.drop_constraint("ck_recoveries_state", "recoveries")
    for name, default in (("ground", "advance"), ("reason", ""), ("document", "")):
        op.add_column(
            "recoveries", sa.Column(name, sa.Text(), nullable=False, server_default=default)
        )
        op.alter_column("recoveries", name, server_default=None)
    op.add_column("recoveries", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("recoveries", sa.Column("frees", sa.Boolean(), nullable=True))
    op.add_column("recoveries", sa.Column("violation_id", sa.Uuid(), nullable=True))
    surplus = sa.Computed("CASE WHEN ground = 'advance' THEN amount END", persisted=True)
    op.add_column("recoveries", sa.Column("surplus", _MONEY, surplus, nullable=True))
    op.create_foreign_key(
        "fk_recoveries_amount", "recoveries", "claims", ["claim_id", "surplus"],
        ["id", "to_recover"],
    )  # fmt: skip
    op.create_foreign_key(
        op.f("fk_recoveries_violation_id_enterprise_id_bureau_code"), "recoveries", "violations",
        ["violation_id", *_WHOSE], ["id", *_WHOSE],
    )  # fmt: skip
    op.create_unique_constraint(op.f("uq_recoveries_id_enterprise_id_bureau_code"), "recoveries",
                                ["id", *_WHOSE])  # fmt: skip
    op.create_index(
        "uq_recoveries_claim_id", "recoveries", ["claim_id", "ground"], unique=True,
        postgresql_where="ground IN ('advance', 'recall')",
    )  # fmt: skip
    op.create_index("ix_recoveries_claim_id", "recoveries", ["claim_id"])
    op.create_index(
        "ix_recoveries_enterprise_id", "recoveries", ["enterprise_id"],
        postgresql_where="state = 'demanded'",
    )  # fmt: skip
    for name, condition in (
        ("state", "state IN ('demanded', 'repaid', 'written_off')"),
        ("ground", "ground IN ('advance', 'recall', 'error', 'fraud')"),
        ("frees", "(ground IN ('error', 'fraud')) = (frees IS NOT NULL)"),
        ("violation", "(ground = 'fraud') = (violation_id IS NOT NULL)"),
    ):
        op.create_check_constraint(op.f(f"ck_recoveries_{name}"), "recoveries", condition)
    op.create_foreign_key(
        op.f("fk_ledger_entries_recovery_id"), "ledger_entries", "recoveries", ["recovery_id"],
        ["id"],
    )  # fmt: skip
    op.create_table(
        "recovery_lines",
        *_keys("recovery_id", "claim_id", "enterprise_id", "person_id"),
        *_columns("bureau_code"),
        sa.Column("number", sa.Integer(), nullable=False),
        _amount(),
        _check("recovery_lines", "amount", "amount > 0"),
        _of("recovery_lines", "recoveries", "recovery_id", *_WHOSE),
        _of("recovery_lines", "claims"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_recovery_lines_person_id")
        ),
        _key("recovery_lines", "recovery_id", "number"),
    )
    op.create_index("ix_recovery_lines_claim_id", "recovery_lines", ["claim_id"])
    op.create_table(
        "recovery_decisions",
        *_keys("id", "recovery_id", "enterprise_id"),
        *_columns("bureau_code", "kind", "reason", "document?"),
        *_keys("decided_by", "countersigned_by?"),
        *_columns("decided_by_name", "countersigned_by_name?"),
        *_days("decided_on", "countersigned_on?"),
        _written(),
        _check("recovery_decisions", "kind", "kind IN ('offset', 'write_off')"),
        _check("recovery_decisions", "in_writing", "length(reason) > 1"),
        _check("recovery_decisions", "countersigned", f"num_nulls({_SIGNED}) IN (0, 3)"),
        _check("recovery_decisions", "two_persons", "countersigned_by <> decided_by"),
        _of("recovery_decisions", "recoveries", "recovery_id", *_WHOSE),
        *_by("recovery_decisions", "decided_by", "countersigned_by"),
        _unique("recovery_decisions", "recovery_id", "kind"),
        _key("recovery_decisions"),
    )
    _of_recoveries()


def _of_recoveries() -> None:
    for table in ("recovery_lines", "recovery_decisions"):
        lock_down(table)
        policy(table, "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
        policy(table, "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
        run(f"GRANT SELECT ON {table} TO {MEMBERS}", f"GRANT INSERT ON {table} TO {BUREAUS}")
    policy("recovery_lines", "by_the_bureau", BUREAUS, OWN_BUREAU, "INSERT")
    own = f"{OWN_BUREAU} AND decided_by = {OWN_ACCOUNT} AND countersigned_on IS NULL"
    policy("recovery_decisions", "by_own_hand", BUREAUS, own, "INSERT")
    run(
        f"CREATE POLICY countersigned_by_own_hand ON recovery_decisions FOR UPDATE TO {BUREAUS}"
        f" USING ({OWN_BUREAU} AND countersigned_on IS NULL)"
        f" WITH CHECK ({OWN_BUREAU} AND countersigned_by = {OWN_ACCOUNT})",
        f"GRANT UPDATE ({_SIGNED}) ON recovery_decisions TO {BUREAUS}",
    )
    append_only("recovery_lines")
    never_deleted("recovery_decisions")


def _payments() -> None:
    for name in ("xlsx_sha256", "xlsx_kept", "csv_sha256", "csv_kept"):
        op.add_column("payment_batches", sa.Column(name, sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("ck_payment_batches_files"),
        "payment_batches",
        "num_nulls(xlsx_sha256, xlsx_kept, csv_sha256, csv_kept) IN (0, 4)",
    )
    # A batch of payments that are kept back whole moves no money.
    op.drop_constraint("ck_payment_batches_totals", "payment_batches")
    op.create_check_constraint(
        op.f("ck_payment_batches_totals"), "payment_batches", "payments > 0 AND total >= 0"
    )
    op.add_column(
        "payments", sa.Column("offset_amount", _MONEY, nullable=False, server_default="0")
    )
    gross = sa.Computed("amount + offset_amount", persisted=True)
    op.add_column("payments", sa.Column("gross", _MONEY, gross, nullable=False))
    op.drop_constraint("fk_payments_amount", "payments", type_="foreignkey")
    op.create_foreign_key(
        "fk_payments_amount", "payments", "claims", ["claim_id", "gross"], ["id", "to_pay"]
    )
    op.drop_constraint("ck_payments_amount", "payments")
    op.create_check_constraint(
        op.f("ck_payments_amount"),
        "payments",
        "amount >= 0 AND offset_amount >= 0 AND amount + offset_amount > 0",
    )
    op.create_unique_constraint(
        op.f("uq_payments_id_enterprise_id_bureau_code"), "payments", ["id", *_WHOSE]
    )
    op.create_table(
        "payment_offsets",
        *_keys("payment_id", "recovery_id", "enterprise_id"),
        *_columns("bureau_code"),
        _amount(),
        _check("payment_offsets", "amount", "amount > 0"),
        _of("payment_offsets", "payments"),
        _of("payment_offsets", "recoveries", "recovery_id", *_WHOSE),
        _key("payment_offsets", "payment_id", "recovery_id"),
    )
    op.create_index("ix_payment_offsets_recovery_id", "payment_offsets", ["recovery_id"])
    op.create_table(
        "recovery_payments",
        *_keys("id", "recovery_id", "enterprise_id"),
        *_columns("bureau_code", "kind", "bank_reference"),
        _amount(),
        *_days("paid_on"),
        *_keys("payment_id?", "recorded_by"),
        _written(),
        _check("recovery_payments", "kind", "kind IN ('transfer', 'offset')"),
        _check("recovery_payments", "amount", "amount > 0"),
        _check("recovery_payments", "offset", "(kind = 'offset') = (payment_id IS NOT NULL)"),
        _check("recovery_payments", "bank_reference", "length(bank_reference) > 0"),
        _of("recovery_payments", "recoveries", "recovery_id", *_WHOSE),
        sa.ForeignKeyConstraint(
            ["payment_id", "recovery_id"],
            ["payment_offsets.payment_id", "payment_offsets.recovery_id"],
            name=op.f("fk_recovery_payments_payment_id_recovery_id"),
        ),
        *_by("recovery_payments", "recorded_by"),
        _unique("recovery_payments", "payment_id", "recovery_id"),
        _key("recovery_payments"),
    )
    # What one batch keeps back of two payments bears one reference: the batch's.
    op.create_index(
        "uq_recovery_payments_recovery_id_bank_reference",
        "recovery_payments",
        ["recovery_id", "bank_reference"],
        unique=True,
        postgresql_where="kind = 'transfer'",
    )
    for table in ("payment_offsets", "recovery_payments"):
        lock_down(table)
        policy(table, "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
        policy(table, "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
        run(f"GRANT SELECT ON {table} TO {MEMBERS}", f"GRANT INSERT ON {table} TO {BUREAUS}")
        append_only(table)
    policy("payment_offsets", "by_the_bureau", BUREAUS, OWN_BUREAU, "INSERT")
    own = f"{OWN_BUREAU} AND recorded_by = {OWN_ACCOUNT}"
    policy("recovery_payments", "by_own_hand", BUREAUS, own, "INSERT")


_TRIGGERS = (
    ("claims", "hold_budget", "AFTER UPDATE OF state, amount, advanced", ""),
    ("budget_entries", "move_slices", "AFTER INSERT", ""),
    ("budgets", "confirmed_once", "BEFORE UPDATE", ""),
    ("budgets", "spread_budget", "AFTER UPDATE OF confirmed_on",
     "OLD.confirmed_on IS NULL AND NEW.confirmed_on IS NOT NULL"),
    ("payments", "payment_allowed", "BEFORE INSERT", ""),
    ("payments", "payment_final", "BEFORE UPDATE", ""),
    ("payments", "book_offsets", "AFTER UPDATE OF state",
     "NEW.state = 'paid' AND OLD.state <> 'paid' AND NEW.offset_amount > 0"),
    ("recovery_payments", "recovered_within_demand", "BEFORE INSERT", ""),
    ("recovery_payments", "recovery_met", "AFTER INSERT", ""),
    ("recoveries", "recovery_closed_rightly", "BEFORE UPDATE OF state", "OLD.state <> NEW.state"),
    ("recoveries", "demanded_of_paid", "BEFORE INSERT", ""),
    ("recoveries", "reverse_recovered", "AFTER UPDATE OF state",
     "NEW.state = 'repaid' AND OLD.state <> 'repaid' AND NEW.frees IS NOT NULL"),
    ("recovery_lines", "line_of_paid", "BEFORE INSERT", ""),
    ("payment_offsets", "offset_allowed", "BEFORE INSERT", ""),
    ("blacklistings", "blacklisted_for_cause", "BEFORE INSERT", ""),
)  # fmt: skip


def _functions() -> None:
    run(*functions(), settling_what_was_not_written_off())
    for signature in (*INTERNAL, *ASKED_BY_BUREAUS, *ASKED_BY_THE_AUDITOR):
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
        )
    for signature in ASKED_BY_BUREAUS:
        run(f"GRANT EXECUTE ON FUNCTION {signature} TO {BUREAUS}")
    for signature in ASKED_BY_THE_AUDITOR:
        run(f"GRANT EXECUTE ON FUNCTION {signature} TO subsidy_auditor")
    for table in _READ_BY_THE_LEDGER:
        policy(table, "for_the_ledger", "subsidy_ledger", "true", "SELECT")
        run(f"GRANT SELECT ON {table} TO subsidy_ledger")
    for table, function, event, condition in _TRIGGERS:
        run(
            f"CREATE TRIGGER {function} {event} ON {table} FOR EACH ROW"
            f"{f' WHEN ({condition})' if condition else ''} EXECUTE FUNCTION {function}()"
        )
    run(
        "CREATE TRIGGER moved_by_entries BEFORE UPDATE OF used ON budget_slices FOR EACH ROW"
        " WHEN (OLD.used <> NEW.used AND pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER begins_at_nothing BEFORE INSERT ON budget_slices FOR EACH ROW"
        " WHEN (NEW.used <> 0) EXECUTE FUNCTION refuse_change()",
    )


def downgrade() -> None:
    for table, function, _, _ in _TRIGGERS:
        run(f"DROP TRIGGER {function} ON {table}")
    run(settling_the_advance())
    for signature in (*ASKED_BY_THE_AUDITOR, *ASKED_BY_BUREAUS, *INTERNAL, *OF_THE_CALLER):
        run(f"DROP FUNCTION {signature} CASCADE")
    for table in _READ_BY_THE_LEDGER:
        run(f"DROP POLICY for_the_ledger ON {table}", f"REVOKE ALL ON {table} FROM subsidy_ledger")
    for table in ("recovery_payments", "payment_offsets"):
        op.drop_table(table)
    _payments_as_before()
    _recoveries_as_before()
    for table in ("blacklistings", "violation_transfers", "violation_claims", "violations"):
        op.drop_table(table)
    for table in ("budget_entries", "budget_slices", "budgets"):
        op.drop_table(table)
    op.drop_column("claims", "fund")
    op.drop_index("uq_ledger_entries_recovery_id_person_id", "ledger_entries")
    op.drop_index("uq_ledger_entries_once", "ledger_entries")
    op.create_index(
        "uq_ledger_entries_once", "ledger_entries", ["claim_id", "person_id", "kind"], unique=True
    )
    op.drop_column("ledger_entries", "recovery_id")


def _payments_as_before() -> None:
    op.drop_constraint("uq_payments_id_enterprise_id_bureau_code", "payments")
    op.drop_constraint("fk_payments_amount", "payments", type_="foreignkey")
    op.create_foreign_key(
        "fk_payments_amount", "payments", "claims", ["claim_id", "amount"], ["id", "to_pay"]
    )
    op.drop_constraint("ck_payments_amount", "payments")
    op.create_check_constraint(op.f("ck_payments_amount"), "payments", "amount > 0")
    op.drop_column("payments", "gross")
    op.drop_column("payments", "offset_amount")
    op.drop_constraint("ck_payment_batches_totals", "payment_batches")
    op.create_check_constraint(
        op.f("ck_payment_batches_totals"), "payment_batches", "payments > 0 AND total > 0"
    )
    for name in ("csv_kept", "csv_sha256", "xlsx_kept", "xlsx_sha256"):
        op.drop_column("payment_batches", name)


def _recoveries_as_before() -> None:
    op.drop_constraint("fk_ledger_entries_recovery_id", "ledger_entries", type_="foreignkey")
    for table in ("recovery_decisions", "recovery_lines"):
        op.drop_table(table)
    for name in ("ix_recoveries_enterprise_id", "ix_recoveries_claim_id", "uq_recoveries_claim_id"):
        op.drop_index(name, "recoveries")
    op.drop_constraint("fk_recoveries_amount", "recoveries", type_="foreignkey")
    op.drop_constraint("uq_recoveries_id_enterprise_id_bureau_code", "recoveries")
    for name in ("surplus", "violation_id", "frees", "due_on", "document", "reason", "ground"):
        op.drop_column("recoveries", name)
    op.drop_constraint("ck_recoveries_state", "recoveries")
    op.create_check_constraint(
        op.f("ck_recoveries_state"), "recoveries", "state IN ('demanded', 'repaid')"
    )
    op.create_unique_constraint(op.f("uq_recoveries_claim_id"), "recoveries", ["claim_id"])
    op.create_foreign_key(
        "fk_recoveries_amount", "recoveries", "claims", ["claim_id", "amount"],
        ["id", "to_recover"],
    )  # fmt: skip
