"""What does schemathesis ask of a service on a role's behalf, and what does it find?"""

import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.schemas import BaseSchema

CONTRACT: Final = Path(__file__).parents[2] / "openapi" / "v1.json"
SETTINGS: Final = Path(__file__).parent / "schemathesis.toml"
PHASES: Final = ("examples", "coverage", "fuzzing", "stateful")
_KNOWN_IDS: Final = 0.8
"""So often an id is one that there is; else it is made up."""
_NUMBERS: Final = {"number", "round_number"}
_SHOWN: Final = 600


@schemathesis.serializer("application/offset+octet-stream")
def offset_octets(_: Any, value: Any) -> Any:  # noqa: ANN401  schemathesis's own interface
    """Send a segment of a resumable upload as the bytes it is."""
    return value if isinstance(value, bytes) else str(value).encode()


@dataclass
class Found:
    """What came of asking."""

    cases: int = 0
    operations: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    checks: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        """How many requests were answered with what they asked for."""
        return sum(n for status, n in self.statuses.items() if 200 <= status < 300)

    def note(self, recorder: ScenarioRecorder) -> None:
        """Count what one operation was asked and how it answered."""
        self.cases += len(recorder.cases)
        self.operations |= {each.value.operation.label for each in recorder.cases.values()}
        for each in recorder.interactions.values():
            if each.response is not None:
                self.statuses[each.response.status_code] += 1
        for case_id, checks in recorder.checks.items():
            for check in checks:
                self.checks.add(check.name)
                if check.failure_info is not None:
                    told = _told(recorder, case_id, check.failure_info.failure)
                    self.failures.setdefault(f"{recorder.label} {check.name}", told)


def contract(
    port: int,
    ids: dict[str, list[str]],
    examples: int,
    **more: Any,  # noqa: ANN401
) -> BaseSchema:
    """Return the contract of the service at *port*, with the ids that there are.

    Of each operation as many *examples* are made by chance; *more* settings go before the file's.
    """
    given = tomllib.loads(SETTINGS.read_text("utf-8"))
    values = {
        name: [int(each) for each in known] if name in _NUMBERS else known
        for name, known in ids.items()
    }
    given["dictionaries"] = {name: {"values": known} for name, known in values.items()}
    given["parameters"] = {
        f"path.{name}": {"dictionary": name, "probability": _KNOWN_IDS} for name in values
    }
    given["generation"]["max-examples"] = examples
    config = SchemathesisConfig.from_dict({**given, **more})
    schema = schemathesis.openapi.from_path(CONTRACT, config=config)
    schema.config.base_url = f"http://127.0.0.1:{port}"
    return schema


def ask(schema: BaseSchema, token: str | None, phases: tuple[str, ...]) -> Found:
    """Ask everything that the contract offers, with *token*."""
    config = schema.config
    config.headers = {"Authorization": f"Bearer {token}"} if token else {}
    for phase in PHASES:
        getattr(config.phases, phase).enabled = phase in phases
    found = Found()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            found.note(event.recorder)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.failures[f"error {len(found.failures)}"] = str(event)
    return found


def _told(recorder: ScenarioRecorder, case_id: str, failure: Exception) -> str:
    answer = recorder.interactions[case_id].response
    body = answer.content[:_SHOWN].decode(errors="replace") if answer and answer.content else ""
    status = answer.status_code if answer else "no answer"
    asked = recorder.cases[case_id].value.as_curl_command()
    return f"{failure}\n{status} {body}\n{asked}"
