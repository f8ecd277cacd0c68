"""What is kept of what was typed, and what is refused."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.text import (
    MAX_CHARACTERS,
    TextEmpty,
    TextError,
    TextTooLong,
    clean_line,
    clean_source,
)
from portal.kernel.text import source as source_module
from portal.kernel.text.source import scrub

AWKWARD = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            " \n\r\t\u00a0\u200b\u200c\u200d\ufe0e\ufe0f\u202e\u0301\u0338\u0345a*-<é👩🏽♀ست्क1\u2adc"
        ),
        st.characters(),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Le dîner est trop tôt.", "Le dîner est trop tôt."),
        ("  bonjour  ", "bonjour"),
        ("un\r\ndeux\rtrois", "un\ndeux\ntrois"),
        ("un\x0bdeux\x0ctrois\u2028quatre\u2029cinq\x85six", "un\ndeux\ntrois\nquatre\ncinq\nsix"),
        ("un\tdeux", "un deux"),
        ("un\n\n\n\n\n\ndeux", "un\n\n\ndeux"),
        ("un\n \t \n\u00a0\n  \n \ndeux", "un\n\n\ndeux"),
        ("un\n\n\ndeux", "un\n\n\ndeux"),
        ("e\u0301te\u0301", "été"),
        ("e\u200b\u0301", "é"),
        ("nul\x00nul\x1b[31m\x7f\x9b", "nulnul[31m"),
        ("sens\u202einterdit\u202c", "sensinterdit"),
        ("\u2066a\u2067b\u2068c\u2069d\u202ae\u202bf\u202dg", "abcdefg"),
        ("cou\u00adpe\ufeff\u2060r", "couper"),
        ("à\u202f20\u2009%", "à\u00a020 %"),
        ("vide\u3164\u115f\uffa0.", "vide."),
        ("drapeau\U000e0067\U000e007f", "drapeau"),
        ("\ud800seul\udfff", "seul"),
        ("privé\uf0b7\U000f0000", "privé"),
        ("Je\u200dan Mar\u200ctin\ufe0f", "Jean Martin"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d👧 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3", "👩\u200d👧 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3"),
        ("👩\u200d a\u200d", "👩 a"),
        ("q" + "\u0323" * 30 + "r", "q" + "\u0323" * 4 + "r"),
        ("\u0301\u0301seul \u0338mot", "seul mot"),
        ("<b>gras</b>", "<b>gras</b>"),
    ],
)
def test_what_is_kept(raw: str, kept: str) -> None:
    assert clean_source(raw) == kept


@pytest.mark.parametrize(
    "raw", ["", "   ", "\n\r\n\t", "\u200b\u202e\ufeff", "\u3164\u2800", "\x00", "\u0301"]
)
def test_a_text_without_a_visible_character_is_empty(raw: str) -> None:
    with pytest.raises(TextEmpty):
        clean_source(raw)


def test_the_longest_text_is_accepted_and_one_more_character_refused() -> None:
    assert len(clean_source("a" * MAX_CHARACTERS)) == MAX_CHARACTERS
    with pytest.raises(TextTooLong) as refusal:
        clean_source("a" * (MAX_CHARACTERS + 1))
    assert (refusal.value.length, refusal.value.maximum) == (MAX_CHARACTERS + 1, MAX_CHARACTERS)


def test_a_line_end_counts_once_however_the_browser_posts_it() -> None:
    assert len(clean_source("a\r\n" * 2499 + "bc")) == MAX_CHARACTERS
    with pytest.raises(TextTooLong):
        clean_source("a\r\n" * 2499 + "bcd")


def test_a_text_that_grows_when_composed_is_measured_again() -> None:
    grows = "\ufb2c"
    assert len(unicodedata.normalize("NFC", grows)) > 1
    with pytest.raises(TextTooLong):
        clean_source(grows * MAX_CHARACTERS)


def test_length_is_checked_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: str) -> str:
        raise AssertionError("read before it was measured")

    monkeypatch.setattr(source_module, "scrub", never)
    with pytest.raises(TextTooLong):
        clean_source("a" * 10_000_000)
    with pytest.raises(AssertionError, match="read before"):
        clean_source("court")


def test_another_maximum_may_be_asked_for() -> None:
    assert clean_source("a" * 6000, maximum=6000) == "a" * 6000
    with pytest.raises(TextTooLong):
        clean_source("onze lettres", maximum=11)


def test_a_label_holds_on_one_line() -> None:
    assert clean_line(" Jeanne\r\n\tMartin\u2028 ", maximum=30) == "Jeanne Martin"


def test_both_refusals_are_value_errors() -> None:
    assert issubclass(TextEmpty, TextError)
    assert issubclass(TextTooLong, TextError)
    assert issubclass(TextError, ValueError)


# Arabic and Indic number signs are classed as formats, yet they are seen.
SEEN_FORMATS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
JOINERS = {0x200C, 0x200D}


def test_no_invisible_code_point_survives_between_two_letters() -> None:
    hidden = [
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Co") and code not in SEEN_FORMATS | {10}
    ]
    kept = scrub("".join(f"a{chr(code)}" for code in hidden) + "a")
    assert len(hidden) > 137_000
    assert set(kept) <= {"a", " ", "\n"}
    assert set(hidden) >= JOINERS


@given(AWKWARD)
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    once = scrub(raw)
    assert scrub(once) == once


@given(AWKWARD)
def test_a_cleaned_text_is_composed_trimmed_and_can_be_stored(raw: str) -> None:
    text = scrub(raw)
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert "\n\n\n\n" not in text
    text.encode()
