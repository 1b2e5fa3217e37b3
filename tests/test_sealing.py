"""What is sealed opens with its key and for its purpose only, and is found by a keyed digest."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from app.sealing import FILE_KEY, SM4GCM, Sealer, new_key

KEYS, DIGEST = [new_key(), new_key()], new_key()
SEALER = Sealer(new_key(), DIGEST)
SM4 = Sealer("9:sm4:MDEyMzQ1Njc4OWFiY2RlZg==", DIGEST)
SEVERAL = Sealer(f"2:{KEYS[0]},3:{KEYS[1]}", DIGEST)


@given(st.text())
def test_what_was_sealed_opens_again(text: str) -> None:
    assert SEALER.open(SEALER.seal(text, "id"), "id") == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert SEALER.seal("210202199003070009", "id") != SEALER.seal("210202199003070009", "id")


@pytest.mark.parametrize("sealer", [SEALER, SM4, SEVERAL], ids=["aes", "sm4", "several keys"])
def test_a_flipped_bit_never_opens(sealer: Sealer) -> None:
    """Any bit, that of the version too; nor does anything that is cut short."""
    sealed = sealer.seal("210202199003070009", "id")
    for place in range(len(sealed)):
        for bit in range(8):
            altered = bytearray(sealed)
            altered[place] ^= 1 << bit
            with pytest.raises(InvalidTag):
                sealer.open(bytes(altered), "id")
        with pytest.raises(InvalidTag):
            sealer.open(sealed[:place], "id")


@given(st.text())
def test_sm4_opens_what_it_sealed(text: str) -> None:
    assert SM4.open(SM4.seal(text, "id"), "id") == text


def test_the_first_key_seals_and_every_key_opens() -> None:
    old, new = Sealer(f"1:{KEYS[0]}", DIGEST), Sealer(f"2:{KEYS[1]}", DIGEST)
    both = Sealer(f"2:{KEYS[1]}, {KEYS[0]}", DIGEST)
    sealed = both.seal("x", "id")
    assert (sealed[0], both.versions) == (2, [2, 1])
    assert new.open(sealed, "id") == both.open(old.seal("x", "id"), "id") == "x"
    assert new.open(both.reseal(old.seal("x", "id"), "id"), "id") == "x"
    with pytest.raises(InvalidTag):
        new.open(old.seal("x", "id"), "id")


@given(st.binary())
def test_a_file_lies_under_a_key_of_its_own_that_rotates(content: bytes) -> None:
    old, new = Sealer(f"1:{KEYS[0]}", DIGEST), Sealer(f"2:{KEYS[1]}", DIGEST)
    sealed, key = old.seal_file(content, "sheet")
    renewed = Sealer(f"2:{KEYS[1]},1:{KEYS[0]}", DIGEST).reseal(key, FILE_KEY)
    assert new.open_file(sealed, renewed, "sheet") == content
    for wrong in (None, key, old.seal_file(content, "sheet")[1]):
        with pytest.raises(InvalidTag):
            new.open_file(sealed, wrong, "sheet")
    with pytest.raises(InvalidTag):
        new.open_file(sealed, renewed, "other")


def test_sm4_is_the_standards() -> None:
    """GM/T 0009 gives no vector for GCM; RFC 8998, appendix A.1, does."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    about = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = SM4GCM(key).encrypt(nonce, plain, about)
    assert sealed[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"
    assert sealed[:16].hex() == "17f399f08c67d5ee19d0dc9969c4bb7d"


def test_another_purpose_or_key_never_opens() -> None:
    sealed = SEALER.seal("210202199003070009", "id")
    with pytest.raises(InvalidTag):
        SEALER.open(sealed, "account")
    with pytest.raises(InvalidTag):
        Sealer(new_key(), new_key()).open(sealed, "id")


def test_a_digest_depends_on_text_purpose_and_key() -> None:
    digest = SEALER.digest("1", "id")
    others = [SEALER.digest("2", "id"), SEALER.digest("1", "account")]
    others.append(Sealer(new_key(), new_key()).digest("1", "id"))
    assert digest == SEALER.digest("1", "id")
    assert digest not in others


@pytest.mark.parametrize("key", ["", "short", "!!!", "AAAA"])
def test_a_key_of_the_wrong_form_is_named(key: str) -> None:
    with pytest.raises(ValueError, match="SUBSIDY_SEALING_KEY must be 32 bytes in base64"):
        Sealer(key, new_key())


@pytest.mark.parametrize("form", ["0:{0}", "256:{0}", "{0},1:{1}", "2:{0},2:{1}", "{0},"])
def test_each_key_has_a_version_of_its_own(form: str) -> None:
    with pytest.raises(ValueError, match="each key needs a version of its own, 1 to 255"):
        Sealer(form.format(*KEYS), DIGEST)


@pytest.mark.parametrize("form", ["1:2:x", "des:{0}", "{0},2:", "sm4:{0}", "2:aes:sm4:{0}"])
def test_a_setting_of_another_form_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match=r"SUBSIDY_SEALING_KEY must be (32|16) bytes in base64"):
        Sealer(form.format(*KEYS), DIGEST)
