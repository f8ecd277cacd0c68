"""What is said of every file that is not taken, and the name under which a file is handed over."""

from __future__ import annotations

import pytest

from portal.domain.documents import rules
from portal.domain.documents.models import Subject
from portal.domain.documents.rules import MEGABYTE
from portal.kernel.files.kinds import MEDIA, FileKind, Left, Refusal, Told

NBSP = "\u00a0"
ACTIVE = ("html", "svg", "xml", "javascript")


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_says_what_to_do(refusal: Refusal) -> None:
    (sentence,) = rules.refused(refusal, 20 * MEGABYTE).errors[rules.FILE]
    assert sentence.count(".") >= 2


def test_too_heavy_says_how_heavy() -> None:
    assert f"20{NBSP}Mo" in rules.too_heavy(20 * MEGABYTE)
    assert f"1{NBSP}Mo" in rules.too_heavy(10)


def test_all_that_stays_and_all_that_was_changed_is_said() -> None:
    assert set(rules.LEFT) == set(Left)
    assert set(rules.TOLD) == set(Told)


def test_whatever_has_documents_says_who_writes_it() -> None:
    assert set(rules.WRITING) == set(Subject)


@pytest.mark.parametrize("kind", list(FileKind))
def test_no_kind_is_handed_over_as_something_that_acts(kind: FileKind) -> None:
    assert not any(word in MEDIA[kind].replace("openxmlformats", "") for word in ACTIVE)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Plan des travaux", "plan-des-travaux-v2.pdf"),
        ("Œuvres d’été, à l’étage", "oeuvres-d-ete-a-l-etage-v2.pdf"),
        ("../../etc/passwd\r\nX-Evil: 1", "etc-passwd-x-evil-1-v2.pdf"),
        ('a".html', "a-html-v2.pdf"),
        ("会议", "document-v2.pdf"),
        ("a" * 160, f"{'a' * 60}-v2.pdf"),
    ],
)
def test_a_file_is_named_by_its_title_in_plain_letters(title: str, name: str) -> None:
    assert rules.own_name(title, 2, FileKind.PDF) == name


@pytest.mark.parametrize(
    ("title", "words", "left"),
    [
        (
            "Compte rendu du CVS",
            "Compte rendu du CVS\n\nPrésents : dix personnes.",
            "Présents : dix personnes.",
        ),
        ("Compte rendu du CVS", "COMPTE RENDU  du CVS.", ""),
        ("Compte rendu du CVS", "Compte rendu du CVS de mars", "de mars"),
        ("Compte rendu", "Comptes rendus", "Comptes rendus"),
        ("Plan", "Planning", "Planning"),
        ("Plan", "Le plan", "Le plan"),
        ("?", "? rien", "? rien"),
        ("Plan", "", ""),
    ],
)
def test_the_words_of_a_file_do_not_say_its_title_again(title: str, words: str, left: str) -> None:
    assert rules.beyond_title(title, words) == left
