"""Is this password good enough? Long enough, not the name, not one that everybody tries."""

from itertools import pairwise
from pathlib import Path
from typing import Final

from app.errors import PasswordRefused
from app.reference import seeds

_COMMON: Final = frozenset(
    Path(seeds.__file__).with_name("common_passwords.txt").read_text("utf-8").split()
)
_FEWEST_KINDS: Final = 4
_SHORTEST_NAME: Final = 4


def refuse_weak(password: str, least: int, *names: str) -> None:
    """Refuse a password that is guessed easily; *names* are those of the account.

    No kinds of characters are asked for: they make passwords worse to remember, not to guess
    (NIST SP 800-63B, 5.1.1).

    Raises:
        PasswordRefused: with what is wrong with it.
    """
    plain = password.casefold()
    if len(password) < least:
        raise PasswordRefused(f"密码至少 {least} 位。")
    if plain in _COMMON or len(set(plain)) < _FEWEST_KINDS or _is_a_run(plain):
        raise PasswordRefused("密码过于常见。")
    told = [name.casefold() for name in names]
    if plain in told or any(len(name) >= _SHORTEST_NAME and name in plain for name in told):
        raise PasswordRefused("密码不能包含用户名或姓名。")


def _is_a_run(plain: str) -> bool:
    """Tell whether each character follows the one before: abcdefghijkl, 987654321."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return steps in ({1}, {-1}, {0})
