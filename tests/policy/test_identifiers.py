"""Promises: real numbers are accepted, wrong ones refused with a reason, none is ever repeated."""

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from app.policy import identifiers
from app.policy.identifiers import InvalidIdentifier

FEW = settings(max_examples=30, deadline=None)

ON = date(2020, 3, 2)
VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "vectors" / "identifiers.json").read_text("utf-8"),
)
DIGITS = "0123456789"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REFUSALS = {
    "length",
    "fifteen_digits",
    "characters",
    "scientific_notation",
    "check_character",
    "birth_date",
    "region",
    "empty",
}
# How the vectors word a warning, and its code here.
WARNINGS = {
    "type=FPR": "type=FPR",
    "inner organisation-code check failed: warn": "inner_check",
}


def resident(body: str) -> str:
    """Return the resident ID with the 17 characters *body*, its check by an independent library."""
    return body + str(ric.calc_check_digit(body + "0"))


def credit(body: str) -> str:
    """Return the credit code whose check character makes it valid, found by trying."""
    for check in CREDIT_ALPHABET:
        try:
            return identifiers.uscc(body + check)
        except InvalidIdentifier:
            continue
    raise AssertionError(body)


def refusal(kind: str, text: str) -> str:
    """Return the code with which *text* is refused."""
    with pytest.raises(InvalidIdentifier) as refused:
        judge(kind, text)
    return refused.value.code


def judge(kind: str, text: str) -> str:
    if kind == "resident_id":
        return identifiers.resident_id(text, ON)
    judges = {
        "uscc": identifiers.uscc,
        "organization_code": identifiers.organization_code,
        "bank_account": identifiers.bank_account,
    }
    return judges[kind](text)


@pytest.mark.parametrize(
    ("kind", "vector"),
    [(kind, vector) for kind in VECTORS if kind != "note" for vector in VECTORS[kind]],
)
def test_vectors(kind: str, vector: dict[str, Any]) -> None:
    """Every published vector is accepted, normalised, refused or warned about as it says."""
    if not vector["valid"]:
        assert refusal(kind, vector["input"]) in REFUSALS
        return
    number = judge(kind, vector["input"])
    assert number == vector["normalized"]
    if vector.get("warn"):
        warned = {
            "resident_id": identifiers.warnings_of_resident_id,
            "uscc": identifiers.warnings_of_uscc,
        }[kind]
        assert warned(number) == (WARNINGS[vector["warn"]],)


def test_no_warning_without_cause() -> None:
    """An ordinary ID and a code with a right organisation code inside carry no warning."""
    assert identifiers.warnings_of_resident_id("210202199003070009") == ()
    assert identifiers.warnings_of_uscc("91210202MA0TE5T08F") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \t'", "empty"),
        ("2.10202E+17", "scientific_notation"),
        ("2.10202e+17", "scientific_notation"),
        ("210202199003070000.0", "scientific_notation"),
        ("210202900307001", "fifteen_digits"),
        ("21020219900307000", "length"),
        ("2102021990030700090", "length"),
        ("21020219900307O009", "characters"),
        ("2102021990030X0009", "characters"),
        ("٢١٠٢٠٢١٩٩٠٠٣٠٧٠٠٠٩", "characters"),
        ("210202199003070008", "check_character"),
        (resident("21020219901307000"), "birth_date"),
        (resident("21020219900230000"), "birth_date"),
        (resident("21020200000101000"), "birth_date"),
        (resident("21020220200303000"), "birth_date"),
        (resident("21020219000301000"), "birth_date"),
        (resident("99020219900307000"), "region"),
        (resident("00000019900307000"), "region"),
        (resident("84000019900307000"), "region"),
    ],
)
def test_resident_id_is_refused_with_its_reason(text: str, code: str) -> None:
    """Each way to be wrong has its own stable code."""
    assert refusal("resident_id", text) == code


@pytest.mark.parametrize("born", ["20200302", "19000302", "19000303", "20000229"])
def test_birth_dates_up_to_the_edges(born: str) -> None:
    """Born today and 120 years old today are both possible."""
    number = resident(f"210202{born}000")
    assert identifiers.resident_id(number, ON) == number
    assert identifiers.birth_date(number).isoformat().replace("-", "") == born


@pytest.mark.parametrize("region", ["810000", "820000", "830000", "921840", "210299", "441900"])
def test_regions_no_county_list_knows(region: str) -> None:
    """Residence permits, foreigners' cards and unknown counties are accepted."""
    number = resident(f"{region}19900307000")
    assert identifiers.resident_id(number, ON) == number


@pytest.mark.parametrize(
    "text",
    [
        "２１０２０２１９９００３０７０００９",
        " 210202 19900307 0009\n",
        "210202-19900307-0009",
        "210202\u201319900307\u20130009",
        "\u2018210202199003070009",
        "\ufeff210202199003070009\u200b",
        "\t210202199003070009\u3000",
    ],
)
def test_what_sheets_add_is_taken_away(text: str) -> None:
    """Full-width digits, blanks, tabs, apostrophes, hyphens and invisible marks do no harm."""
    assert identifiers.resident_id(text, ON) == "210202199003070009"


def test_lower_case_check_character() -> None:
    """A small x, half or full width, is the X of the card."""
    number = next(n for n in (resident(f"21020219900307{i:03}") for i in range(99)) if n[-1] == "X")
    assert identifiers.resident_id(number.lower(), ON) == number
    assert identifiers.resident_id(number[:-1] + "ｘ", ON) == number


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("uscc", "", "empty"),
        ("uscc", "000000000000000000", "empty"),
        ("uscc", "91210202MA0TE5T08", "length"),
        ("uscc", "91210202MA0TE5TO8F", "characters"),
        ("uscc", "91210202MA0TE5T08G", "check_character"),
        ("uscc", "9.12102E+17", "scientific_notation"),
        ("organization_code", "000000000", "empty"),
        ("organization_code", "D2143569", "length"),
        ("organization_code", "D2143569XX", "length"),
        ("organization_code", "D2143569A", "characters"),
        ("organization_code", "D214356。X", "characters"),
        ("organization_code", "D21435690", "check_character"),
        ("bank_account", "", "empty"),
        ("bank_account", "12345678", "length"),
        ("bank_account", "1" * 31, "length"),
        ("bank_account", "12345678A", "characters"),
        ("bank_account", "6.22848E+18", "scientific_notation"),
    ],
)
def test_other_numbers_are_refused_with_their_reason(kind: str, text: str, code: str) -> None:
    """Zeros are no code, and each way to be wrong has its own stable code."""
    assert refusal(kind, text) == code


def test_bank_account_is_cleaned() -> None:
    """Blanks between groups go; 9 and 30 digits are the edges."""
    assert identifiers.bank_account("0000 1111 2222 3333 44") == "000011112222333344"
    assert identifiers.bank_account("1" * 9) == "1" * 9
    assert identifiers.bank_account("1" * 30) == "1" * 30


def test_a_credit_code_may_look_like_a_sheets_number() -> None:
    """Digits around an E are an (incomplete) credit code: only E+ is scientific notation."""
    assert refusal("uscc", "912102020000E0001") == "length"


@FEW
@given(st.dates(date(1900, 3, 2), ON), st.integers(0, 999), st.integers(0, 17), st.data())
def test_any_changed_digit_of_a_resident_id_is_refused(
    born: date,
    sequence: int,
    place: int,
    data: st.DataObject,
) -> None:
    """MOD 11-2 finds every single changed digit."""
    number = resident(f"210202{born:%Y%m%d}{sequence:03}")
    assert identifiers.resident_id(number, ON) == number
    others = [c for c in DIGITS + "X" * (place == 17) if c != number[place]]
    changed = data.draw(st.sampled_from(others))
    assert refusal("resident_id", number[:place] + changed + number[place + 1 :])


@FEW
@given(st.text(CREDIT_ALPHABET, min_size=9, max_size=9), st.integers(0, 17), st.data())
def test_any_changed_character_of_a_credit_code_is_refused(
    tail: str,
    place: int,
    data: st.DataObject,
) -> None:
    """MOD 31 finds every single changed character."""
    code = credit("91210202" + tail)
    changed = data.draw(st.sampled_from([c for c in CREDIT_ALPHABET if c != code[place]]))
    assert refusal("uscc", code[:place] + changed + code[place + 1 :]) == "check_character"


@FEW
@given(st.integers(0, 7), st.sampled_from(DIGITS))
def test_any_changed_digit_of_an_organization_code_is_refused(place: int, digit: str) -> None:
    """MOD 11 finds every single changed digit."""
    code = "721569357"
    valid = next(code[:8] + c for c in DIGITS + "X" if accepts(code[:8] + c))
    changed = valid[:place] + digit + valid[place + 1 :]
    assert accepts(changed) == (changed == valid)


def accepts(code: str) -> bool:
    try:
        return identifiers.organization_code(code) == code
    except InvalidIdentifier:
        return False


@FEW
@given(st.sampled_from(["resident_id", "uscc", "organization_code", "bank_account"]), st.text())
def test_any_text_is_answered_or_refused(kind: str, text: str) -> None:
    """No text breaks the check, and what is accepted is accepted again unchanged."""
    try:
        number = judge(kind, text)
    except InvalidIdentifier:
        assert refusal(kind, text) in REFUSALS
    else:
        assert judge(kind, number) == number


@pytest.mark.parametrize(
    "text",
    ["210202199003070008", resident("21020219901307000"), "21020219900307O009", "2102021990030700"],
)
def test_a_refusal_never_repeats_the_number(text: str) -> None:
    """Neither the exception nor what caused it holds a part of the number."""
    with pytest.raises(InvalidIdentifier) as refused:
        identifiers.resident_id(text, ON)
    assert refused.value.__context__ is None
    assert text[6:14] not in f"{refused.value} {refused.value!r} {refused.value.args}"


@pytest.mark.parametrize("code", sorted(REFUSALS | set(WARNINGS.values())))
def test_every_code_is_explained_in_chinese(code: str) -> None:
    """Each refusal and warning has a reason and a remedy."""
    reason, remedy = identifiers.explain(code)
    assert reason
    assert remedy.endswith("。")


def test_a_hundred_thousand_ids_take_about_a_second() -> None:
    """A roster of a whole city is read while one waits (generous bar: shared machines)."""
    number = resident("21020219900307000")
    started = time.process_time()
    for _ in range(20_000):
        identifiers.resident_id(number, ON)
    assert time.process_time() - started < 1
