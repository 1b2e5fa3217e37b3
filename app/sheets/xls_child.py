"""What is in this .xls? Asked in a process of its own, started by path with the file on stdin.

The old format gives no way to see how far a sheet reaches without parsing it, and the parser ends
its process when a sheet reaches too far. So it may: the answer (JSON, one line) is then missing.
"""

import io
import json
import resource
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

_MEMORY: Final = 1 << 30
_SECONDS: Final = 20
_CELLS: Final = 6_000_000
REACHES_TOO_FAR: Final = 3

_FROM_TEXT: Final[dict[str, Callable[[Any], Any]]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


def tagged(cell: object) -> Any:  # noqa: ANN401  JSON has no type of its own for dates
    """Return what JSON cannot say as a pair of the type's name and its text."""
    match cell:
        case datetime() | date() | time():
            return [type(cell).__name__, cell.isoformat()]
        case timedelta():
            return ["timedelta", cell.total_seconds()]
    raise TypeError(type(cell))


def untagged(cell: Any) -> Any:  # noqa: ANN401  the reverse of the above
    """Return the cell that `tagged` has turned into a pair."""
    if not isinstance(cell, list):
        return cell
    kind, text = cell
    return _FROM_TEXT[kind](text)


def main() -> None:
    """Read a workbook from stdin and write the cells of its visible sheets to stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    workbook = CalamineWorkbook.from_object(io.BytesIO(sys.stdin.buffer.read()))
    sheets = [
        workbook.get_sheet_by_name(sheet.name)
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    if any(sheet.total_height * sheet.total_width > _CELLS for sheet in sheets):
        sys.exit(REACHES_TOO_FAR)
    cells = [sheet.to_python(skip_empty_area=False) for sheet in sheets]
    json.dump(cells, sys.stdout, default=tagged)


if __name__ == "__main__":
    main()
