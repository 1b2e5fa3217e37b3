"""The page for those who run a platform keeps its word: its commands work as printed."""

import json
import re
import shlex
from pathlib import Path
from typing import Any, Final

import httpx

from app.errors import pushing
from app.schemas.pushes import RecordCreate
from tests.pushes import approved
from tests.world import World

PAGE: Final = (Path(__file__).parents[1] / "docs" / "platform-push.md").read_text("utf-8")
BASE: Final = "http://test/api/v1"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


async def run(http: httpx.AsyncClient, command: str, known: dict[str, str]) -> httpx.Response:
    """Send what a curl command would send."""
    for name, value in known.items():
        command = command.replace(f"${name}", value)
    curl, silent, url, *options = shlex.split(command)
    assert (curl, silent) == ("curl", "-s")
    told: dict[str, Any] = {"headers": {}}
    for option, value in zip(options[::2], options[1::2], strict=True):
        match option:
            case "-u":
                told["auth"] = tuple(value.split(":"))
            case "-H":
                told["headers"].update([value.split(": ")])
            case "-d" if value.startswith("@"):
                told["content"] = blocks("json")[0]
            case "-d":
                told["data"] = dict([value.split("=")])
            case _:
                raise AssertionError(option)
    return await http.post(url, **told)


async def test_its_commands_are_answered_as_it_says(world: World, http: httpx.AsyncClient) -> None:
    await approved(world)
    sign_in, push = blocks("sh")
    inner = re.fullmatch(r"TOKEN=\$\((.*) \| jq -r \.access_token\)\n", sign_in)
    assert inner is not None
    known = {"BASE": BASE, "CLIENT_ID": "platform", "CLIENT_SECRET": "platform"}
    known["TOKEN"] = (await run(http, inner[1], known)).json()["access_token"]
    answer = await run(http, push, known)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert len(told.pop("batches")) == 1
    assert told == json.loads(blocks("json")[1])


def test_it_names_every_field_and_every_code_of_a_refused_record() -> None:
    assert [name for name in RecordCreate.model_fields if f"`{name}`" not in PAGE] == []
    of_records = (
        pushing.PlanUnknown, pushing.PlanNotOpen, pushing.RecordKeyTaken,
        pushing.KeyHoldsIdentity, pushing.StatedTwice, pushing.RecordsRefused,
    )  # fmt: skip
    assert [each.code for each in of_records if f"`{each.code}`" not in PAGE] == []
