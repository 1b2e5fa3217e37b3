"""How large may evidence of a kind be? As the settings say, else by what it usually is."""

from typing import Final

from app.media import ACCEPTED
from app.policy.explanation import TEXTS
from app.policy.facts import Material
from app.schemas.uploads import EvidenceLimit
from app.settings import Settings

_MEGABYTE: Final = 1024 * 1024
_PAPER: Final = 50 * _MEGABYTE
"""Of scans and documents, photographed by a telephone."""
_MORE: Final = {
    Material.TRAINING_VIDEO: 500 * _MEGABYTE,
    Material.COURSEWARE: 500 * _MEGABYTE,
    Material.LEARNING_EXPORT: 500 * _MEGABYTE,
    Material.PAPER_ORIGINAL: 200 * _MEGABYTE,
    Material.ATTENDANCE_SHEET: 200 * _MEGABYTE,
    Material.OTHER: 500 * _MEGABYTE,
}
_WORDS: Final = TEXTS["words"]["missing"] | {
    "platform_screenshot": "线上平台截图",
    "roster": "花名册",
    "learning_export": "平台学习记录",
    "courseware": "培训课件",
    "paper_original": "纸质材料原件",
    "insurance_record": "参保记录",
    "other": "其他",
}


def name_of(kind: Material) -> str:
    """Return what officers and enterprises call this kind of evidence."""
    return str(_WORDS.get(kind, kind))


def limit_of(settings: Settings, kind: Material) -> int:
    """Return how many bytes a file of this kind may have."""
    asked = settings.evidence_limits.get(kind, _MORE.get(kind, _PAPER))
    return min(asked, settings.evidence_max_bytes)


def every(settings: Settings) -> list[EvidenceLimit]:
    """Return the limits of all kinds."""
    return [
        EvidenceLimit(
            kind=kind, name=name_of(kind), max_bytes=limit_of(settings, kind), media_types=ACCEPTED
        )
        for kind in Material
    ]
