"""What « Accessibilité » says beside the operator's statement: what is tried at each change, and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app

from portal import accessibility
from portal.accessibility import State, Statement, Why
from portal.kernel import clock
from portal.languages import lazy_gettext as _l

MENTIONS = {
    State.NOT_ASSESSED: _l("Accessibilité : non conforme (non évaluée)"),
    State.NOT_MET: _l("Accessibilité : non conforme"),
    State.PARTLY_MET: _l("Accessibilité : partiellement conforme"),
    State.FULLY_MET: _l("Accessibilité : totalement conforme"),
}
REASONS = {
    Why.NOT_MET: _l("Ce qui n’est pas conforme"),
    Why.TOO_HEAVY: _l("Ce qui demanderait des moyens trop lourds"),
    Why.NOT_COVERED: _l("Ce que la loi ne demande pas"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a test tries at each change, and where that test stands."""

    sentence: Any
    file: str
    test: str


# A test of this list follows each line to its test: what is said here is tried, or the build is red.
FACTS = (
    Fact(
        _l(
            "Chaque page est passée à un outil qui cherche les défauts d’accessibilité connus, et il n’en trouve aucun."
        ),
        "tests/browser/matrix/test_matrix.py",
        "test_a_page_in_its_modes",
    ),
    Fact(
        _l("Tout se fait au clavier seul, et l’on voit toujours où l’on est."),
        "tests/browser/matrix/test_matrix.py",
        "test_a_page_in_its_modes",
    ),
    Fact(
        _l("Le portail s’utilise sans JavaScript, de la lecture jusqu’à la confirmation de l’envoi."),
        "tests/browser/test_without_javascript.py",
        "test_a_resident_sends_corrects_and_withdraws",
    ),
    Fact(
        _l("Chaque réglage de l’affichage change vraiment la page, et il est gardé."),
        "tests/browser/test_comfort.py",
        "test_each_choice_changes_what_is_drawn",
    ),
    Fact(
        _l("Les textes tiennent sur un écran étroit, même avec des lettres deux fois plus grandes."),
        "tests/browser/test_comfort.py",
        "test_large_letters_on_a_narrow_screen_do_not_scroll_sideways",
    ),
    Fact(
        _l("L’aide est au même endroit sur toutes les pages."),
        "tests/functional/comfort/test_help.py",
        "test_help_stands_once_at_the_same_place",
    ),
    Fact(
        _l("Chaque couleur de texte a un contraste suffisant sur son fond, en clair et en sombre."),
        "tests/unit/look/test_contrast.py",
        "test_every_pair_can_be_read_in_every_set",
    ),
    Fact(
        _l("Les documents PDF portent des balises, un titre et leur langue."),
        "tests/unit/documents/test_pdf.py",
        "test_it_says_that_it_is_tagged_its_title_and_its_language",
    ),
    Fact(
        _l("Les documents PDF se lisent dans l’ordre de la page."),
        "tests/unit/documents/test_pdf.py",
        "test_it_is_read_in_the_order_of_the_page",
    ),
    Fact(
        _l("Dans les documents PDF, chaque image a sa description."),
        "tests/unit/documents/test_pdf.py",
        "test_every_picture_has_its_words",
    ),
)
LIMITS = (
    _l("Un outil ne voit qu’une partie des défauts. Il ne remplace pas une personne qui essaie."),
    _l("Le portail n’a pas encore été essayé avec de vrais lecteurs d’écran."),
    _l(
        "Non prouvé : aucun outil de contrôle extérieur n’a examiné les documents PDF et .docx, et ils n’ont pas "
        "été essayés avec de vrais lecteurs d’écran."
    ),
    _l("Des personnes en situation de handicap n’ont pas encore relu les textes."),
    _l(
        "Les textes simples ne portent pas le logo du « facile à lire et à comprendre » : il demande cette relecture."
    ),
    _l(
        "« Écouter » n’apparaît que si l’appareil a une voix à lui. Aucun texte n’est envoyé ailleurs pour être lu."
    ),
)


def statement() -> Statement:
    """The operator's statement; when its file cannot be shown it says nothing, and so does this one."""
    return accessibility.of_instance(current_app.config["SETTINGS"].instance, clock.today())


def mention() -> Any:
    """The line that the law wants at the foot of pages."""
    return MENTIONS[statement().state]


def gaps(said: Statement) -> list[tuple[Any, list[str]]]:
    """What is not accessible, by reason."""
    by_reason = [(REASONS[why], [gap.what for gap in said.gaps if gap.why is why]) for why in Why]
    return [(reason, what) for reason, what in by_reason if what]
