"""A receipt says which line and how its hash begins; a slip of the finger is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.register import receipts
from portal.domain.register.receipts import ALPHABET, Receipt
from tests.factories.register import verifier

HASH = "09f29242ea36237ef1f95856c5428914bc0ec2fcac8153180daed0fc0ca4621f"
numbers = st.integers(1, (1 << 30) - 1)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(numbers, hashes)
def test_what_is_written_is_read(seq: int, hashed: str) -> None:
    typed = receipts.code(seq, hashed)
    assert len(typed.split("-")) == 6
    assert receipts.read(typed) == Receipt(seq, hashed[:20])
    assert verifier().receipt(typed) == (seq, hashed[:20])


def test_it_proves_at_least_eighty_bits_of_the_hash() -> None:
    assert receipts.HASH_BITS >= 80


@pytest.mark.parametrize("change", [str.lower, lambda s: s.replace("-", " "), lambda s: s.replace("-", "")])
def test_a_hand_writes_it_as_it_likes(change) -> None:
    typed = receipts.code(12, HASH)
    assert receipts.read(change(typed)) == receipts.read(typed)


def test_letters_that_look_alike_are_the_same() -> None:
    typed = next(code for n in range(1, 400) if {"0", "1"} <= set(code := receipts.code(n, HASH)))
    assert receipts.read(typed.replace("0", "O").replace("1", "l")) == receipts.read(typed)


def test_one_wrong_sign_is_seen_almost_always() -> None:
    typed = receipts.code(12, HASH)
    places = [at for at, sign in enumerate(typed) if sign != "-"]
    wrong = [typed[:at] + sign + typed[at + 1 :] for at in places for sign in ALPHABET if sign != typed[at]]
    assert len(wrong) == 24 * (len(ALPHABET) - 1)
    missed = [one for one in wrong if receipts.read(one) is not None]
    assert len(missed) <= len(wrong) // 200
    # What is not seen by the check is another line or another hash: it is never the same receipt.
    assert all(receipts.read(one) != receipts.read(typed) for one in wrong)


@pytest.mark.parametrize("typed", ["", "ABCD", "é" * 24, "0" * 24, "A" * 23, "A" * 25, "?" * 24])
def test_what_is_no_receipt_is_none(typed: str) -> None:
    assert receipts.read(typed) is None
    with pytest.raises(verifier().Unusable):
        verifier().receipt(typed)


def test_a_wrong_sign_and_a_missing_one_are_told_apart() -> None:
    typed = receipts.code(12, HASH)
    wrong = typed[:-1] + ("2" if typed[-1] == "3" else "3")
    assert receipts.read(wrong) is None
    assert receipts.complete(wrong)
    assert not receipts.complete(typed[:-1])
    with pytest.raises(verifier().Unusable, match="au moins un n’est pas le bon"):
        verifier().receipt(wrong)
    with pytest.raises(verifier().Unusable, match="a 24 lettres et chiffres"):
        verifier().receipt(typed[:-1])


@pytest.mark.parametrize("seq", [0, -1, 1 << 30])
def test_there_is_no_receipt_beyond_its_bits(seq: int) -> None:
    with pytest.raises(ValueError, match="no receipt"):
        receipts.code(seq, HASH)
