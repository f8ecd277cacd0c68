"""What a form answers when it is sent empty, too late or too long, and the pages of every trouble."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing

import pytest

from tests.browser.matrix import plan
from tests.browser.matrix.looking import HOLDERS, Matrix
from tests.browser.matrix.modes import ALL_MODES, ENGLISH
from tests.browser.matrix.reading import Answer
from tests.browser.server import DATABASE

pytestmark = pytest.mark.browser

AT_ONCE = 2
# Pages of trouble, and in how many parts the modes are dealt out to them.
TROUBLES = (
    "old form", "no such page", "too large", "moved on", "arrived", "wrong address", "sent twice", "too often",
    "no writing", "an error",
)  # fmt: skip
SHARES = 4
FORMS = plan.forms()
Fields = list[tuple[str, str]]
# A person, and the address of a page.
Place = tuple[str, str]
# What goes with a form without being written by the person.
CARRIED = {
    "csrf_token",
    "op_id",
    "version",
    "status",
    "step",
    "seen",
    "groupe",
    "decision",
    "aller",
    "suite",
    "sorte",
    "words",
}
WRITTEN = {
    "body", "reason", "sentence", "source", "introduction", "question", "broken_promise", "email", "password",
}  # fmt: skip


def emptied(fields: Fields) -> Fields:
    return [(name, value) for name, value in fields if name in CARRIED] + [
        (name, "") for name, _ in fields if name in WRITTEN
    ]


def outdated(fields: Fields) -> Fields:
    old = {"version": "0", "seen": "77", "status": "withdrawn"}
    typed = dict.fromkeys(WRITTEN, "Un mot de plus.")
    return [(name, old.get(name, value) or typed.get(name, "")) for name, value in fields]


def overlong(fields: Fields) -> Fields:
    return [(name, "Un mot de trop. " * 1500 if name in WRITTEN else value) for name, value in fields]


WAYS: dict[str, Callable[[Fields], Fields]] = {"empty": emptied, "too late": outdated, "too long": overlong}


@pytest.mark.parametrize("page", FORMS)
def test_what_a_form_answers(page: str, matrix: Matrix):
    """Somebody who has the form sends it in each of the three ways; nobody meets a page that is out of shape."""
    found, met, places = [], [], _places(matrix, page)
    for turn, (way, changed) in enumerate(WAYS.items()):
        offered = _offered(matrix, places)
        if offered is None:
            continue
        place, fields = offered
        # Who had the form is asked first the next time.
        places = [place, *places]
        persona, address = place
        answer = matrix.reader.send(persona, address.partition("?")[0], changed(fields))
        first = (FORMS.index(page) + turn) * AT_ONCE
        chosen = [ALL_MODES[(first + step) % len(ALL_MODES)] for step in range(AT_ONCE)]
        found += [f"{way}: {one}" for one in matrix.shown(persona, answer, chosen)]
        met.append(answer.status)
    assert met, "nobody has this form: say so in NO_FORM_OF_ITS_OWN"
    assert not {status for status in met if status >= 500 or status == 404}, met
    found += matrix.faults_of_pages()
    assert not found, "\n" + "\n".join(found)


def _places(matrix: Matrix, page: str) -> list[Place]:
    """Who might have this form, and where."""
    return [
        (persona, plan.address(matrix.stage, plan.Cell(page, persona, state, ())))
        for state in plan.states(page)
        for persona in (*HOLDERS, "visitor")
    ]


def _offered(matrix: Matrix, places: Iterable[Place]) -> tuple[Place, Fields] | None:
    """The first of these places where the form stands, and what it holds there."""
    for persona, address in places:
        fields = matrix.reader.form(persona, address)
        if fields is not None:
            return (persona, address), fields
    return None


def looked(matrix: Matrix, persona: str, answer: Answer, trouble: str) -> list[str]:
    return matrix.shown(persona, answer, modes_of(matrix, trouble)) + matrix.faults_of_pages()


def modes_of(matrix: Matrix, trouble: str) -> tuple[str, ...]:
    """A share of the modes for each page of trouble, each mode on several; all of them in the long form."""
    return ALL_MODES if matrix.exact else ALL_MODES[TROUBLES.index(trouble) % SHARES :: SHARES]


def test_every_mode_looks_at_pages_of_trouble(matrix: Matrix):
    shares = {one: modes_of(matrix, one) for one in TROUBLES}
    assert all(shares.values())
    assert (
        min(Counter(mode for share in shares.values() for mode in share).values()) >= len(TROUBLES) // SHARES
    )
    assert {mode for share in shares.values() for mode in share} == set(ALL_MODES)
    # What was sent is not asked for again in English: these pages can be.
    assert ENGLISH in shares["no such page"]
    assert ENGLISH in shares["wrong address"]


def test_a_page_that_does_not_exist(matrix: Matrix):
    answer = matrix.reader.get("visitor", "/nulle-part")
    assert answer.status == 404
    assert looked(matrix, "visitor", answer, "no such page") == []


def test_a_form_that_waited_too_long_gives_the_words_back(matrix: Matrix):
    address = plan.address(matrix.stage, plan.Cell(FIELD, "family", "many", ()))
    answer = matrix.reader.send("family", address, [("body", "Une soupe le mercredi. " * 30)])
    assert answer.status == 400
    assert looked(matrix, "family", answer, "old form") == []


def test_a_form_sent_to_the_wrong_address(matrix: Matrix):
    answer = matrix.reader.get("resident", "/deconnexion")
    assert answer.status == 405
    assert looked(matrix, "resident", answer, "wrong address") == []


def test_something_far_too_large(matrix: Matrix):
    address = plan.address(matrix.stage, plan.Cell(FIELD, "family", "many", ()))
    fields = matrix.reader.form("family", address)
    assert fields
    answer = matrix.reader.send("family", address, [*fields, ("reason", "x" * 400_000)])
    assert answer.status in (400, 413)
    assert looked(matrix, "family", answer, "too large") == []


def test_a_space_that_moved_on_meanwhile(matrix: Matrix):
    """The page of the conflict shows both states."""
    address = plan.address(matrix.stage, plan.Cell("/espaces/<id:space_id>/pause", "director", "many", ()))
    fields = matrix.reader.form("director", address)
    assert fields
    answer = matrix.reader.send("director", address, outdated(fields))
    assert answer.status == 409
    assert looked(matrix, "director", answer, "moved on") == []


def test_words_sent_twice(matrix: Matrix):
    """The same form with other words: the page asks whether to send these too."""
    address = plan.address(matrix.stage, plan.Cell(FIELD, "family", "many", ()))
    fields = [one for one in matrix.reader.form("family", address) or [] if one[0] not in ("body", "kind")]
    answers = [
        matrix.reader.send("family", address, [*fields, ("kind", "comment"), ("body", words)])
        for words in ("Une soupe le jeudi.", "Une salade le jeudi.")
    ]
    assert [one.status for one in answers] == [200, 409]
    assert looked(matrix, "family", answers[0], "arrived") == []
    assert looked(matrix, "family", answers[1], "sent twice") == []


def test_somebody_who_tries_too_often(matrix: Matrix):
    fields = matrix.reader.form("visitor", "/connexion")
    assert fields
    kept = [one for one in fields if one[0] not in ("email", "password")]
    tried = [*kept, ("email", "jeanne@les-rives.example"), ("password", "pas-le-bon")]
    # Ten in a quarter of an hour; around its end the count lets one or two more pass.
    answers = [matrix.reader.send("visitor", "/connexion", tried) for _ in range(13)]
    assert answers[-1].status == 429
    assert looked(matrix, "visitor", answers[-1], "too often") == []


def test_a_database_that_cannot_be_written(matrix: Matrix):
    address = plan.address(matrix.stage, plan.Cell(FIELD, "family", "many", ()))
    fields = [one for one in matrix.reader.form("family", address) or [] if one[0] not in ("body", "kind")]
    with closing(sqlite3.connect(matrix.portal.instance / DATABASE, isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        answer = matrix.reader.send("family", address, [*fields, ("kind", "comment"), ("body", "Un mot.")])
        held.execute("ROLLBACK")
    assert answer.status == 503
    assert looked_at_a_fault(matrix, "family", answer, "no writing") == []


def test_an_error_of_ours(matrix: Matrix):
    with closing(sqlite3.connect(matrix.portal.instance / DATABASE)) as raw:
        raw.execute("ALTER TABLE reaction RENAME TO reaction_ailleurs")
        answer = matrix.reader.get(
            "resident", plan.address(matrix.stage, plan.Cell(ITEM, "resident", "many", ()))
        )
        raw.execute("ALTER TABLE reaction_ailleurs RENAME TO reaction")
    assert answer.status == 500
    assert looked_at_a_fault(matrix, "resident", answer, "an error") == []


def looked_at_a_fault(matrix: Matrix, persona: str, answer: Answer, trouble: str) -> list[str]:
    """A page of the server's own trouble: judged like another, but for its status."""
    asked = Answer(answer.status, answer.address, answer.kind, answer.text, answer.policy, sent=True)
    found = [
        one
        for one in matrix.shown(persona, asked, modes_of(matrix, trouble))
        if not one.startswith("answered 5")
    ]
    told = f"{answer.status} {matrix.portal.url}"
    return found + [
        one
        for one in matrix.faults_of_pages()
        if not one.startswith(told) and f"status of {answer.status}" not in one
    ]


ITEM = "/espaces/<id:space_id>/sujets/<id:item_id>"
FIELD = f"{ITEM}/contribuer"
