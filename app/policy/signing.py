"""How many officers decide on a claim? Two, and above an amount a third (LN-3.3-a)."""

from decimal import Decimal

from app.policy.parameters import Parameters


def is_third_needed(amount: Decimal, law: Parameters) -> bool:
    """Tell whether a claim of so many yuan is to be countersigned before it is published.

    *law* is that of the day on which it is decided.
    """
    return amount > law.third_signature_above
