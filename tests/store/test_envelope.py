"""Sealed data open with their key at their place, and nowhere else; equal values are found without opening."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makewhole.store.envelope import (
    CannotOpen,
    Keyring,
    Lock,
    commitment,
    digest,
    linked_email,
    new_data_key,
    normal_account,
    normal_address,
    normal_email,
    normal_phone,
    open_sealed,
    seal,
)

OLD, NEW = b"o" * 32, b"n" * 32
ANNA, BERT = b"subject/anna", b"subject/bert"
KEY = bytes(range(32))
SECRET = b"s" * 32


@given(plain=st.binary(max_size=3000), place=st.binary(max_size=60))
def test_what_was_sealed_opens_at_its_place(plain, place):
    assert open_sealed(KEY, seal(KEY, plain, bound_to=place), bound_to=place) == plain


@given(plain=st.binary(max_size=60), at=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_any_bit_changed_keeps_it_from_opening(plain, at, bit):
    sealed = bytearray(seal(KEY, plain, bound_to=ANNA))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(CannotOpen):
        open_sealed(KEY, bytes(sealed), bound_to=ANNA)


@pytest.mark.parametrize("kept", [0, 1, 12, 13, 28, 29, 33])
def test_a_part_of_it_does_not_open(kept):
    sealed = seal(KEY, b"12345", bound_to=ANNA)
    assert len(sealed) == 1 + 12 + 5 + 16
    with pytest.raises(CannotOpen):
        open_sealed(KEY, sealed[:kept], bound_to=ANNA)


def test_an_item_moved_to_another_subject_does_not_open():
    sealed = seal(KEY, b"jane@example.com", bound_to=ANNA)
    with pytest.raises(CannotOpen):
        open_sealed(KEY, sealed, bound_to=BERT)


def test_the_same_item_never_looks_the_same_twice_nor_shows_its_content():
    first, second = seal(KEY, b"jane@example.com", bound_to=ANNA), seal(KEY, b"jane@example.com", bound_to=ANNA)
    assert first != second
    assert b"jane" not in first


def test_a_data_key_unwraps_for_its_subject_only():
    ring = Keyring([NEW])
    key = new_data_key()
    wrapped = ring.wrap(key, bound_to=ANNA)
    assert key not in wrapped
    assert ring.unwrap(wrapped, bound_to=ANNA) == key
    with pytest.raises(CannotOpen):
        ring.unwrap(wrapped, bound_to=BERT)


def test_data_keys_are_fresh():
    assert len({new_data_key() for _ in range(50)}) == 50


@given(at=st.integers(0, 68), bit=st.integers(0, 7))
def test_a_wrapped_key_changed_in_any_bit_does_not_unwrap(at, bit):
    ring = Keyring([NEW, OLD])
    wrapped = bytearray(ring.wrap(KEY, bound_to=ANNA))
    assert len(wrapped) == 69
    wrapped[at] ^= 1 << bit
    with pytest.raises(CannotOpen):
        ring.unwrap(bytes(wrapped), bound_to=ANNA)


def test_once_its_wrapped_key_is_destroyed_nothing_left_opens_an_item():
    ring = Keyring([NEW, OLD])
    key = new_data_key()
    sealed = seal(key, b"health data", bound_to=ANNA)
    replaced = ring.wrap(new_data_key(), bound_to=ANNA)
    for left in (NEW, OLD, ring.unwrap(replaced, bound_to=ANNA)):
        with pytest.raises(CannotOpen):
            open_sealed(left, sealed, bound_to=ANNA)
    for nothing in (b"", sealed):
        with pytest.raises(CannotOpen):
            ring.unwrap(nothing, bound_to=ANNA)


def test_master_keys_rotate_and_the_items_stay_as_they_are():
    wrapped_once = Keyring([OLD]).wrap(KEY, bound_to=ANNA)
    sealed = seal(KEY, b"item", bound_to=ANNA)

    both = Keyring([NEW, OLD])
    assert not both.is_current(wrapped_once)
    rewrapped = both.rewrap(wrapped_once, bound_to=ANNA)
    assert both.is_current(rewrapped)

    only_new = Keyring([NEW])
    assert open_sealed(only_new.unwrap(rewrapped, bound_to=ANNA), sealed, bound_to=ANNA) == b"item"
    with pytest.raises(CannotOpen):
        only_new.unwrap(wrapped_once, bound_to=ANNA)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ([], "a keyring needs at least one master key"),
        ([b"short"], "a master key has exactly 32 bytes"),
        ([NEW, NEW], "a master key is given twice"),
    ],
)
def test_a_wrong_keyring_is_one_sentence(keys, says):
    with pytest.raises(ValueError, match=f"^{says}$"):
        Keyring(keys)


def test_a_lock_and_its_errors_do_not_show_the_key():
    assert "data_key" not in repr(Lock(KEY))
    sealed = Lock(KEY).seal(b"item", bound_to=ANNA)
    assert Lock(KEY).open(sealed, bound_to=ANNA) == b"item"
    with pytest.raises(CannotOpen) as problem:
        Lock(NEW).open(sealed, bound_to=ANNA)
    assert "item" not in str(problem.value)


def test_a_digest_is_the_same_for_the_same_value_kind_and_secret_only():
    found = digest(SECRET, "email", "jane@example.com")
    assert found == hmac.new(SECRET, b"email\0jane@example.com", hashlib.sha256).digest()
    others = {
        digest(SECRET, "email", "john@example.com"),
        digest(SECRET, "account", "jane@example.com"),
        digest(b"t" * 32, "email", "jane@example.com"),
    }
    assert found not in others
    assert len(others) == 3


@pytest.mark.parametrize(
    ("secret", "kind", "value"), [(b"short", "email", "a@b"), (SECRET, "email", ""), (SECRET, "", "a")]
)
def test_a_digest_that_would_protect_or_tell_nothing_is_a_bug(secret, kind, value):
    with pytest.raises(AssertionError):
        digest(secret, kind, value)


def test_a_commitment_proves_its_content_with_its_salt_only():
    salt = bytes(16)
    assert commitment(salt, b"burn, left hand") == commitment(salt, b"burn, left hand")
    assert commitment(salt, b"burn, left hand") != commitment(salt, b"burn, right hand")
    assert commitment(b"\1" * 16, b"burn, left hand") != commitment(salt, b"burn, left hand")
    with pytest.raises(AssertionError):
        commitment(b"\1" * 15, b"burn")


@pytest.mark.parametrize(
    ("given_text", "identity", "link"),
    [
        (" Jane.Doe@GMail.com ", "jane.doe@gmail.com", "janedoe@gmail.com"),
        ("jane.doe+lamp@googlemail.com", "jane.doe+lamp@googlemail.com", "janedoe@gmail.com"),
        ("jane.doe+lamp@example.com", "jane.doe+lamp@example.com", "jane.doe@example.com"),
        ("+tag@example.com", "+tag@example.com", "+tag@example.com"),
        ("STRASSE@example.com", "strasse@example.com", "strasse@example.com"),
        ("", "", ""),
    ],
)
def test_an_email_identifies_as_written_and_links_by_its_mailbox(given_text, identity, link):
    assert normal_email(given_text) == identity
    assert linked_email(given_text) == link


@pytest.mark.parametrize(
    ("text", "country", "normal"),
    [
        ("+44 (0)20 7946 0958", "GB", "442079460958"),
        ("020 7946 0958", "GB", "442079460958"),
        ("0044 20 7946 0958", "US", "442079460958"),
        ("0044 20 7946 0958", "DE", "442079460958"),
        ("011 44 20 7946 0958", "US", "442079460958"),
        ("0011 44 20 7946 0958", "AU", "442079460958"),
        ("447700900123", "GB", "447700900123"),
        ("07700 900123", "GB", "447700900123"),
        ("(415) 555-0100", "US", "14155550100"),
        ("1-415-555-0100", "US", "14155550100"),
        ("415.555.0100 ext. 12", "US", "14155550100"),
        ("+1 415 555 0100 x12", "CA", "14155550100"),
        ("030 / 901820", "DE", "4930901820"),
        ("06 1234 5678", "IT", "390612345678"),
        ("612 345 678", "ES", "34612345678"),
        ("٠٣٠ ٩٠١٨٢٠", "DE", "4930901820"),
        ("＋49 30 901820", "US", "4930901820"),
        ("03-1234", "ZZ", "031234"),
        ("none", "US", ""),
    ],
)
def test_a_phone_number_is_its_digits_with_the_country(text, country, normal):
    assert normal_phone(text, country) == normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 Main St., Apt. 4", "12  MAIN ST\nAPT 4"),
        ("Königstraße 5", "KONIGSTRASSE 5"),
        ("O'Brien's Lane", "OBriens Lane"),
        ("O’Brien's Lane", "OBriens Lane"),
        ("Caf\u00e9 Row", "Cafe\u0301 Row"),
    ],
)
def test_one_address_written_in_two_ways_is_one(one, other):
    assert normal_address(one) == normal_address(other) != ""


def test_different_addresses_stay_different():
    assert normal_address("1 12th St") != normal_address("11 2th St")


@pytest.mark.parametrize(
    ("text", "normal"),
    [("gb29 nwbk 6016 1331 9268 19", "GB29NWBK60161331926819"), ("12-34.56/78", "12345678"), (" _ ", "")],
)
def test_an_account_is_its_letters_and_digits(text, normal):
    assert normal_account(text) == normal


@given(st.text(max_size=60))
def test_normalising_twice_is_normalising_once(text):
    for normal in (normal_email, linked_email, normal_address, normal_account):
        assert normal(normal(text)) == normal(text)
