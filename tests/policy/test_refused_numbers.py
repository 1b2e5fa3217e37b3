"""Every refused number is told by kind, by code and in Chinese, word for word."""

from datetime import date

import pytest

from app.policy import identifiers


@pytest.mark.parametrize(
    ("kind", "number", "code", "detail"),
    [
        ("organization_code", "", "empty", "没有填写组织机构代码"),
        ("organization_code", "000000000", "empty", "没有填写组织机构代码"),
        ("organization_code", "X", "length", "组织机构代码应为9位数字或大写字母"),
        ("organization_code", "X00000000X", "length", "组织机构代码应为9位数字或大写字母"),
        ("organization_code", "123456780", "check_character", "组织机构代码第9位与前8位不符"),
        ("bank_account", "12345678", "length", "银行账号应为9至30位数字"),
        ("bank_account", "", "empty", "银行账号应为9至30位数字"),
        ("uscc", "X", "length", "统一社会信用代码应为18位数字或大写字母"),
        ("uscc", "", "empty", "没有填写统一社会信用代码"),
        ("uscc", "0" * 18, "empty", "没有填写统一社会信用代码"),
        ("uscc", "91210231MA0", "length", "统一社会信用代码应为18位数字或大写字母"),
        ("uscc", "91210231MA0ABCD1XX", "check_character", "统一社会信用代码第18位与前17位不符"),
    ],
)
def test_a_refused_number_is_told_by_kind_and_code(
    kind: str, number: str, code: str, detail: str
) -> None:
    with pytest.raises(identifiers.InvalidIdentifier) as refused:
        getattr(identifiers, kind)(number)
    assert (refused.value.code, refused.value.detail) == (code, detail)
    assert str(refused.value) == f"{detail}（{code}）"
    assert refused.value.args == (code, detail)


def _id_of(region: str, born: str) -> str:
    """A number with the right check character, whatever else is wrong."""
    digits = f"{region}{born}123"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


@pytest.mark.parametrize(
    ("number", "code", "detail"),
    [
        ("", "empty", "居民身份证号码应为18位"),
        ("210202X", "length", "居民身份证号码应为18位"),
        ("21020219900101", "length", "居民身份证号码应为18位"),
        ("210202900101123", "fifteen_digits", "居民身份证号码应为18位"),
        ("2.10202E+17", "scientific_notation", "居民身份证号码应为18位"),
        ("21020219900101123Y", "characters", "居民身份证号码应为18位"),
        ("000000199001011234", "check_character", "居民身份证号码第18位与前17位不符"),
        (_id_of("990000", "19900101"), "region", "居民身份证号码的地区代码不存在"),
        (_id_of("210202", "19900230"), "birth_date", "居民身份证号码的出生日期不成立"),
    ],
)
def test_a_refused_resident_id_is_told_by_code(number: str, code: str, detail: str) -> None:
    with pytest.raises(identifiers.InvalidIdentifier) as refused:
        identifiers.resident_id(number, date(2020, 3, 9))
    assert (refused.value.code, refused.value.detail) == (code, detail)
