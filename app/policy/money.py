"""How is an amount of yuan made? By one constructor, exact to the fen."""

from decimal import ROUND_DOWN, Decimal
from typing import Final

FEN: Final = Decimal("0.01")
NOTHING: Final = Decimal("0.00")


def yuan(value: Decimal | int | str) -> Decimal:
    """Return *value* as yuan with two places.

    Raises:
        ValueError: the value is finer than a fen, or no finite number.
    """
    exact = Decimal(value)
    if not exact.is_finite():
        raise ValueError("an amount of yuan is a finite number")
    amount = exact.quantize(FEN, rounding=ROUND_DOWN)
    if amount != exact:
        raise ValueError("an amount of yuan has at most two places")
    return amount


def rounded_down(value: Decimal) -> Decimal:
    """Return *value* cut to the fen: of a share nobody is paid more than his part."""
    return value.quantize(FEN, rounding=ROUND_DOWN)
