"""How many whole months lie between two days?"""

from calendar import monthrange
from datetime import date, timedelta


def whole_months(first: date, last: date) -> int:
    """Return the whole months from *first* to the end of *last*; 1 March to 31 May are three."""
    until = last + timedelta(days=1)
    months = (until.year - first.year) * 12 + until.month - first.month
    # The month is whole on the same day number, or on the last day of a month that is too short.
    anniversary = min(first.day, monthrange(until.year, until.month)[1])
    return max(0, months - (until.day < anniversary))


def months_later(day: date, months: int) -> date:
    """Return the same day some months on, or the month's last where it has no such day (A-09)."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
