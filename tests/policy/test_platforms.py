"""A channel is known by its name and by its hosts, and vouched for by both where both tell."""

from dataclasses import replace
from datetime import date

import pytest

from app.policy.facts import Platform, PlatformKind
from app.policy.platforms import Entry, held_against, hosts_in, is_host, plain_name, suffixes

DAY = date(2020, 3, 3)
LISTED, OWN, OTHER = PlatformKind.LISTED, PlatformKind.OWN, PlatformKind.OTHER
FILED = Platform(OTHER, "某平台", "https://learn.a.example/x")
MET = Entry(OTHER, ("a.example",), named=True, conditions_met=True)
LIST = Entry(LISTED, ("px.class.com.cn",), named=False)


def told(filed: Platform, *entries: Entry) -> tuple[PlatformKind, bool | None, bool]:
    found = held_against(filed, entries, DAY)
    return found.kind, found.conditions_met, found.blocked


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("px.class.com.cn", ("px.class.com.cn",)),
        ("http://www.a.example:8080/x//y?z=b.example#c.example", ("a.example",)),
        ("PC端：http://A.example，移动端：ｍ．b.example/m", ("a.example", "m.b.example")),
        ("https://px.class.com.cn@evil.example/", ("evil.example",)),
        ("https:\\\\evil.example\\x", ("evil.example",)),
        ("http://a。example/", ("a.example",)),
        ("http://%65vil.example./", ("evil.example",)),
        ("http://10.0.0.1/x 或 10.0.0.2:80", ("10.0.0.1", "10.0.0.2")),
        ("http://培训.中国/x", ("xn--2js261j.xn--fiqs8s",)),
        (f"http://{'a' * 70}.example/", ()),
        ("咨询邮箱 user@a.example，第1.2节", ()),
        ("见截图", ()),
        ("", ()),
    ],
)
def test_hosts_are_read_as_a_browser_would(address: str, hosts: tuple[str, ...]) -> None:
    assert hosts_in(address) == hosts


def test_a_host_is_looked_for_under_every_domain_above_it_but_the_topmost() -> None:
    assert suffixes(("a.b.example", "b.example")) == ("a.b.example", "b.example")


@pytest.mark.parametrize("host", ["com.cn", "gov.cn", "cn", "", "-a.cn", "a..cn", "a_b.cn"])
def test_half_of_the_country_is_no_host(host: str) -> None:
    assert not is_host(host)


@pytest.mark.parametrize("host", ["a.com.cn", "com.example.cn", "a.cn", "10.0.0.1"])
def test_a_host_of_somebodys_own_is_one(host: str) -> None:
    assert is_host(host)


def test_names_are_compared_without_width_blanks_marks_and_case() -> None:
    assert plain_name("“学习强国”技能 频道") == plain_name("学习强国技能频道")
    assert plain_name("ＡＢＣ—在线") == plain_name("abc-在线")
    assert plain_name("——") == "——"


def test_what_was_found_once_of_another_platform_counts_for_every_plan() -> None:
    assert told(FILED) == (OTHER, None, False)
    assert told(FILED, MET) == (OTHER, True, False)
    assert told(FILED, replace(MET, conditions_met=False)) == (OTHER, False, False)
    assert told(FILED, MET, replace(MET, conditions_met=False)) == (OTHER, False, False)
    assert told(replace(FILED, conditions_met=False), MET) == (OTHER, False, False)


@pytest.mark.parametrize(("change", "met"), [
    ({"valid_from": DAY}, True), ({"valid_to": DAY}, True),
    ({"valid_from": date(2020, 3, 4)}, None), ({"valid_to": date(2020, 3, 2)}, None),
    ({"hosts": ("b.example",)}, None), ({"hosts": ()}, True),
    ({"named": False}, True), ({"named": False, "hosts": ()}, None),
])  # fmt: skip
def test_an_examination_counts_on_its_days_and_for_its_own_hosts(
    change: dict[str, object], met: bool | None
) -> None:
    assert told(FILED, replace(MET, **change))[1] is met  # type: ignore[arg-type]


def test_all_hosts_of_a_channel_must_be_vouched_for() -> None:
    two = replace(FILED, address="http://a.example http://b.example")
    assert told(two, MET)[1] is None
    assert told(replace(FILED, address="见截图"), MET)[1] is True


def test_one_is_listed_by_its_name_or_its_host_and_not_by_its_word() -> None:
    stated = Platform(LISTED, "某平台", "http://px.class.com.cn/x")
    assert told(stated, LIST)[0] is LISTED
    assert told(replace(stated, kind=OTHER), LIST)[0] is LISTED
    assert told(replace(stated, kind=OWN), LIST)[0] is LISTED
    assert told(stated)[0] is OTHER
    renamed = replace(stated, address="http://new.example")
    assert told(renamed, replace(LIST, named=True))[0] is LISTED
    assert told(replace(renamed, kind=OTHER), replace(LIST, named=True))[0] is OTHER
    assert told(replace(stated, address="http://xpx.class.com.cn"), LIST)[0] is OTHER


def test_a_site_is_ones_own_unless_it_is_known_as_anothers() -> None:
    site = Platform(OWN, "企业网校", "http://a.example")
    theirs = Entry(OWN, ("a.example",), named=True)
    assert told(site)[0] is OWN
    assert told(site, theirs)[0] is OTHER
    assert told(site, replace(theirs, own=True))[0] is OWN
    assert told(site, replace(theirs, hosts=("b.example",)))[0] is OWN
    assert told(site, MET) == (OTHER, True, False)


def test_one_is_blocked_by_its_name_or_by_any_of_its_hosts_and_says_since_when() -> None:
    bad = replace(MET, blocked_since=date(2020, 3, 1), blocked_reason="造假")
    early = replace(bad, blocked_since=date(2020, 2, 25), blocked_reason="早")
    for entry in (bad, replace(bad, named=False), replace(bad, hosts=())):
        found = held_against(FILED, [entry], DAY)
        assert (found.blocked, found.blocked_since) == (True, date(2020, 3, 1))
        assert found.blocked_reason == "造假"
    assert held_against(FILED, [bad, early], DAY).blocked_reason == "早"
    assert not held_against(FILED, [MET], DAY).blocked
    several = replace(FILED, address="http://good.example http://x.a.example")
    assert held_against(several, [replace(bad, named=False)], DAY).blocked


def test_the_name_of_anothers_own_site_blocks_nobody_else() -> None:
    site = Platform(OWN, "企业网校", "http://b.example")
    theirs = Entry(OWN, ("a.example",), named=True, blocked_since=DAY, blocked_reason="造假")
    assert not held_against(site, [theirs], DAY).blocked
    assert held_against(site, [replace(theirs, own=True)], DAY).blocked
