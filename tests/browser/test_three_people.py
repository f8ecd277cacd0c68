"""A resident, a family member and a director, in three browsers at once."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import SEEN_WITHIN_MS, Person

pytestmark = pytest.mark.browser

DIAGNOSTIC, OBJECTIVES = "la vie de tous les jours", "Vers quoi voulons-nous aller"
SUPPER, MEALS = "Le repas du soir est servi trop tôt", "Lutter contre la dénutrition"
HEALTH = "Donne des informations de santé"
SENTENCE = "Vous parlez de la maladie d’une voisine. Redites-le sans elle."

Measure = Callable[[str, float], None]


def all_enter(*people: Person) -> None:
    for person in people:
        person.enters()


def test_words_wait_for_a_reading_then_reach_every_page(
    resident: Person, family: Person, director: Person, someone: Callable[..., Person], measured: Measure
):
    reader = someone("Thomas Fournier")
    all_enter(resident, family, director, reader)
    words = "J’aimerais une soupe chaude le soir, même tard."
    for watching in (family, reader):
        watching.goes_to(DIAGNOSTIC, SUPPER)
    known = reader.awaits("1 nouvelle contribution")
    resident.goes_to(DIAGNOSTIC, SUPPER)

    sent = time.time()
    mine = resident.gives_an_opinion(words)

    measured("a pending word in the page of the direction", reader.delay(known[0], sent))
    resident.sees("La direction relit votre texte avant de le publier")
    resident.page.get_by_role("link", name="Revenir au sujet").click()
    resident.is_live().sees(words)
    expect(family.bar).to_be_hidden()
    assert not any("soupe chaude" in frame for frame in family.received), "a reader received pending words"

    known = family.awaits("1 nouvelle contribution – Afficher")
    begun = time.time()
    director.approves(mine)

    measured("an approved word in the page of a family", family.delay(known[0], begun))
    family.does_not_see(words)
    family.shows_what_came()
    expect(family.card(mine)).to_contain_text(words)
    assert any("soupe chaude" in frame for frame in family.received), "the frames are not looked into"
    expect(resident.card(mine)).not_to_contain_text("En attente de relecture", timeout=SEEN_WITHIN_MS)


def test_a_refusal_reaches_its_author_and_nobody_else(
    resident: Person, family: Person, director: Person, measured: Measure
):
    all_enter(resident, family, director)
    family.goes_to(DIAGNOSTIC, SUPPER)
    resident.goes_to(DIAGNOSTIC, SUPPER)
    mine = resident.gives_an_opinion("Ma voisine est malade à cause du dîner.")
    resident.page.get_by_role("link", name="Revenir au sujet").click()
    resident.is_live().sees("Vos mots en attente de relecture")
    known = resident.awaits(SENTENCE)

    begun = time.time()
    director.refuses(mine, HEALTH, SENTENCE)

    measured("a refusal in the page of its author", resident.delay(known[0], begun))
    expect(resident.card(mine)).to_contain_text("Contribution non publiée")
    resident.page.goto("/contrats")
    resident.page.get_by_role("link", name="Que faut-il changer").first.click()
    resident.page.get_by_role("link", name="Mes contributions").click()
    resident.sees(SENTENCE)
    told = "".join(family.received)
    assert "voisine" not in told, "a reader received refused words or their reason"


def test_a_correction_waits_while_the_approved_version_stays(
    resident: Person, family: Person, director: Person, measured: Measure
):
    all_enter(resident, family, director)
    resident.goes_to(DIAGNOSTIC, SUPPER)
    mine = resident.gives_an_opinion("Le pain manque le dimanche.")
    director.approves(mine)
    family.goes_to(DIAGNOSTIC, SUPPER)

    resident.corrects(mine, "Le pain et le beurre manquent le dimanche.")

    family.page.wait_for_timeout(500)
    expect(family.card(mine)).to_contain_text("Le pain manque le dimanche.")
    assert not any("beurre" in frame for frame in family.received)
    resident.page.goto(f"/contributions/{mine}")
    expect(resident.card(mine)).to_contain_text("Le pain manque le dimanche.")
    resident.sees("attend d’être relue")

    known = family.awaits("Le pain et le beurre manquent le dimanche.")
    begun = time.time()
    director.approves(mine)

    measured("a correction in the page of a family", family.delay(known[0], begun))
    expect(family.card(mine)).to_contain_text("Corrigée, version 2")
    expect(family.bar).to_be_hidden()


def test_replies_reactions_hiding_and_answers_follow_at_once(
    resident: Person, family: Person, director: Person, measured: Measure
):
    all_enter(resident, family, director)
    resident.goes_to(OBJECTIVES, MEALS)
    mine = resident.gives_an_opinion("Le repas est froid quand il arrive à l’étage.")
    for watching in (resident, director):
        watching.goes_to(OBJECTIVES, MEALS)

    known = resident.awaits("1 nouvelle contribution – Afficher")
    begun = time.time()
    reply = family.replies_to(mine, "À l’étage de maman aussi.")
    measured("a reply in the page of a resident", resident.delay(known[0], begun))
    resident.shows_what_came()
    expect(resident.card(reply)).to_contain_text("À l’étage de maman aussi.")
    expect(resident.page.locator(f"#c-{mine} .contribution__replies #c-{reply}")).to_have_count(1)

    family.goes_to(OBJECTIVES, MEALS)
    family.reacts(mine, "D’accord")
    family.reacts(mine, "Ça dépend")
    # One person’s reaction is a cell under five: nobody learns of it.
    resident.page.wait_for_timeout(400)
    expect(resident.card(mine).locator("[data-count]")).to_have_count(0)

    known = family.awaits("Contribution masquée"), resident.awaits("Contribution masquée")
    begun = time.time()
    director.hides(reply, "Nomme ou désigne une personne", "Vous nommez votre mère. Dites « un proche ».")
    measured("a hidden word in the page of its author", family.delay(known[0][0], begun))
    measured("a hidden word in the page of a resident", resident.delay(known[1][0], begun))
    expect(resident.card(reply)).not_to_contain_text("À l’étage de maman")
    expect(resident.card(reply)).to_contain_text("Nomme ou désigne une personne")

    known = (
        family.awaits("Nous achetons deux chariots chauffants."),
        resident.awaits("Nous achetons deux chariots"),
    )
    resident.listens()
    begun = time.time()
    director.answers(mine, "Retenue", "Nous achetons deux chariots chauffants.")
    measured("an answer in the page of a family", family.delay(known[0][0], begun))
    measured("an answer in the page of its author", resident.delay(known[1][0], begun))
    expect(family.card(mine)).to_contain_text("Retenue")
    resident.waits_until(lambda: "Il y a du nouveau sur vos mots." in resident.heard)


def test_a_withdrawal_leaves_its_place_on_every_page(resident: Person, family: Person, measured: Measure):
    all_enter(resident, family)
    resident.goes_to(OBJECTIVES, MEALS)
    mine = resident.gives_an_opinion("Je retire souvent ce que je dis.")
    family.goes_to(OBJECTIVES, MEALS)
    expect(family.card(mine)).to_contain_text("Je retire souvent")
    known = family.awaits("Contribution retirée par la personne qui l’a écrite")

    begun = time.time()
    resident.withdraws(mine)

    measured("a withdrawal in the page of a family", family.delay(known[0], begun))
    expect(family.card(mine)).not_to_contain_text("Je retire souvent")


def test_nothing_moves_the_reader_nor_touches_what_is_typed(resident: Person, family: Person):
    all_enter(resident, family)
    family.keeps_a_clock().goes_to(OBJECTIVES, MEALS)
    family.listens()
    family.writes("Je n’ai pas fini ma phr")
    family.page.evaluate(
        "() => { const f = document.activeElement; f.setSelectionRange(4, 4); scrollTo(0, 900); }"
    )
    before = family.position()
    assert before["text"] == "Je n’ai pas fini ma phr"
    assert before["scroll"] > 0

    resident.goes_to(OBJECTIVES, MEALS)
    first = resident.gives_an_opinion("Une première remarque sur les repas.")
    expect(family.bar).to_contain_text("1 nouvelle contribution – Afficher", timeout=SEEN_WITHIN_MS)
    # What comes together is told together: this came alone.
    family.lets_pass(500)
    resident.replies_to(first, "Et je me réponds à moi-même.")
    expect(family.bar).to_contain_text("2 nouvelles contributions – Afficher", timeout=SEEN_WITHIN_MS)

    assert family.position() == before
    family.does_not_see("Une première remarque sur les repas.")
    family.lets_pass(5200)
    told = [words for words in family.heard if "nouvelle" in words]
    assert told == ["1 nouvelle contribution.", "2 nouvelles contributions."]
    assert family.position() == before


def test_a_change_above_the_reader_does_not_move_the_line_being_read(resident: Person, family: Person):
    all_enter(resident, family)
    resident.goes_to(OBJECTIVES, MEALS)
    mine = resident.gives_an_opinion("Court.")
    last = resident.goes_to(OBJECTIVES, MEALS).gives_an_opinion("La ligne que Claire est en train de lire.")
    family.goes_to(OBJECTIVES, MEALS)
    family.page.evaluate(
        "(id) => document.getElementById(id).scrollIntoView({ block: 'start' })", f"c-{last}"
    )
    top = "(id) => Math.round(document.getElementById(id).getBoundingClientRect().top)"
    before = family.page.evaluate(top, f"c-{last}")

    resident.corrects(mine, "Une phrase bien plus longue. " * 30)

    expect(family.card(mine)).to_contain_text("bien plus longue", timeout=SEEN_WITHIN_MS)
    assert abs(family.page.evaluate(top, f"c-{last}") - before) <= 1
