"""Texts of the contract: a new version each time, its changes in words, nothing overwritten."""

from __future__ import annotations

import pytest

from portal.domain.contributions import queries as contributions
from portal.domain.contributions.rules import Anchor, Words
from portal.domain.contributions.service import NewContribution, submit
from portal.domain.journal import queries as journal
from portal.domain.texts import queries, service
from portal.domain.texts.changes import Change, word_changes
from portal.domain.texts.queries import TextView
from portal.vocabulary import Audience, ContributionKind, Register
from tests.conftest import World
from tests.factories.pages import Page

NEW = "Le dîner sera servi à 19 h.\n\nSecond paragraphe clair de Tilleuls."


def path(world: World, register: str = "clair", item: str | None = None) -> str:
    return f"/contrats/{world.ours.contract_id}/sujets/{item or world.ours.items[0]}/texte/{register}"


def form_of(world: World, name: str = "director", register: str = "clair") -> dict[str, str]:
    return world.client(name).see(path(world, register)).form()


def text(world: World, register: Register = Register.PLAIN) -> TextView:
    item = world.ours.items[0]
    return world.read(lambda s: queries.current(s, [item]))[item, register]


def send(world: World, form: dict[str, str], name: str = "director", register: str = "clair") -> Page:
    fields = {key: value for key, value in form.items() if key != "csrf_token"}
    return Page(world.client(name).send(path(world, register), **fields))


def test_every_item_is_listed_with_its_two_texts_and_every_link_leads_somewhere(world: World) -> None:
    client = world.client("director")
    page = client.see(f"/contrats/{world.ours.contract_id}/textes")
    links = page.tree.xpath("//main//a[contains(@href, '/texte/')]/@href")
    assert len(links) == 5 * 2 * 2
    for link in links[:4]:
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("register", ["clair", "technique"])
def test_a_correction_is_a_new_version_with_its_reason_and_its_changes(world: World, register: str) -> None:
    old = text(world, Register.PLAIN if register == "clair" else Register.TECHNICAL)
    form = form_of(world, register=register) | {"source": NEW, "reason": "L’horaire est décidé."}
    page = send(world, form, register=register)
    assert page.response.status_code == 303
    now = text(world, Register.PLAIN if register == "clair" else Register.TECHNICAL)
    assert (now.version, now.source) == (2, NEW)
    assert now.paragraphs[0].stable_id == old.paragraphs[0].stable_id
    seen = world.client("resident").see(f"{path(world, register)}/historique")
    assert "Raison : L’horaire est décidé." in seen.words
    assert "Le dîner sera servi à 19" in seen.tree.xpath("//ins")[0].text_content().replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "Premier" in seen.tree.xpath("//del")[0].text_content()


def test_open_pages_of_the_space_are_told(world: World) -> None:
    space = world.ours.space_id
    before = world.read(lambda s: journal.cursors(s, space, [Audience.READERS.value]))
    send(world, form_of(world) | {"source": NEW})
    after = world.read(lambda s: journal.cursors(s, space, [Audience.READERS.value]))
    assert after["readers"] == before["readers"] + 1


def test_a_contribution_keeps_the_words_it_was_about(world: World) -> None:
    old, ours = text(world), world.ours
    part = old.paragraphs[0]
    anchor = Anchor(Register.PLAIN, part.stable_id, old.version, part.plain)
    new = NewContribution(ContributionKind.COMMENT, ours.items[0], Words("Pas clair."), anchor=anchor)
    world.do(lambda s: submit(s, ours["family"].actor, ours.space_id, new))
    send(world, form_of(world) | {"source": NEW})
    card = world.read(lambda s: contributions.card(s, new.id, Audience.READERS))
    assert card is not None
    assert card.quote == part.plain


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "{new}\n\n{rest}",
            "Ces mots ont été récrits depuis. On lit aujourd’hui : « Le dîner sera servi à 19 h. »",
        ),
        ("{rest}", "Ces mots ne sont plus dans le texte."),
        ("{old}\n\nEt ensuite, on chante.", ""),
    ],
)
def test_words_about_a_paragraph_say_what_became_of_it(world: World, source: str, told: str) -> None:
    now, ours = text(world), world.ours
    part, rest = now.paragraphs[0], now.paragraphs[1]
    anchor = Anchor(Register.PLAIN, part.stable_id, now.version, part.plain)
    new = NewContribution(ContributionKind.COMMENT, ours.items[0], Words("Pas clair."), anchor=anchor)
    world.do(lambda s: submit(s, ours["family"].actor, ours.space_id, new))
    page = f"/espaces/{ours.space_id}/sujets/{ours.items[0]}"
    before = world.client("family").see(page).words
    assert part.plain in before
    assert "Ces mots" not in before
    words = source.format(new="Le dîner sera servi à 19 h.", old=part.source, rest=rest.source)
    assert send(world, form_of(world) | {"source": words}).response.status_code == 303
    card = world.read(lambda s: contributions.card(s, new.id, Audience.READERS))
    assert card is not None
    assert card.quote == part.plain
    after = world.client("family").see(page).words
    assert (told in after) if told else ("Ces mots" not in after)


def test_two_directors_correct_the_same_text_and_the_second_reads_the_first(world: World) -> None:
    first, second = form_of(world), form_of(world, "second_director")
    assert send(world, first | {"source": NEW}).response.status_code == 303
    late = send(world, second | {"source": "Mes mots à moi.", "reason": "Ma raison."}, "second_director")
    assert late.response.status_code == 409
    assert "Le dîner sera servi à 19 h." in late.words
    kept = late.form()
    assert kept["source"].strip() == "Mes mots à moi."
    assert kept["reason"] == "Ma raison."
    assert text(world).source == NEW
    assert send(world, kept, "second_director").response.status_code == 303
    assert text(world).version == 3


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "Écrivez le texte."),
        ("mot " * 1300, "Un des paragraphes est trop long"),
        ("mot\n\n" * 5000, "Le texte est trop long"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    world: World, source: str, sentence: str
) -> None:
    page = send(world, form_of(world) | {"source": source, "reason": "Une raison."})
    assert page.response.status_code == 422
    assert sentence in page.words
    assert page.form()["reason"] == "Une raison."
    assert text(world).version == 1


def test_nothing_changed_is_said(world: World) -> None:
    page = send(world, form_of(world))
    assert page.response.status_code == 422
    assert "Vous n’avez rien changé." in page.words


def test_a_resident_reads_the_history_but_does_not_correct(world: World) -> None:
    client = world.client("resident")
    assert client.get(f"{path(world)}/historique").status_code == 200
    refused = client.get(path(world))
    assert refused.status_code == 403
    assert "revient" in Page(refused).words
    assert client.send(path(world), source=NEW, version="1").status_code == 403
    assert client.get(f"/contrats/{world.ours.contract_id}/textes").status_code == 403
    assert text(world).version == 1


def test_the_director_of_another_house_finds_nothing(world: World) -> None:
    stranger = world.client("director", world.other)
    for address in (path(world), f"{path(world)}/historique", f"/contrats/{world.ours.contract_id}/textes"):
        assert stranger.get(address).status_code == 404
    assert stranger.send(path(world), source=NEW, version="1").status_code == 404
    assert text(world).version == 1


def test_an_item_of_another_contract_does_not_exist_here(world: World) -> None:
    client, foreign = world.client("director"), world.other.items[0]
    assert client.get(path(world, item=foreign)).status_code == 404
    assert client.get(f"{path(world, item=foreign)}/historique").status_code == 404
    assert client.send(path(world, item=foreign), source=NEW, version="1").status_code == 404
    assert world.read(lambda s: queries.current(s, [foreign]))[foreign, Register.PLAIN].version == 1


def test_hostile_words_stay_words(world: World) -> None:
    send(world, form_of(world) | {"source": "<script>alert(1)</script> Bonjour."})
    page = world.client("resident").see(f"{path(world)}/historique")
    assert page.tree.xpath("//main//script") == []
    assert "<script>alert(1)</script>" in page.words


def numbers(page: Page) -> list[int]:
    return [
        int(title.text_content().split()[1]) for title in page.tree.xpath("//ol[@class='versions']/li/h2")
    ]


def test_a_long_history_is_read_ten_versions_at_a_time(world: World) -> None:
    ours = world.ours
    for seen in range(1, 12):
        words = service.NewWords(f"Le dîner est servi à {seen} heures.", seen, f"La raison numéro {seen}.")
        world.do(
            lambda s, words=words: service.revise(
                s, ours["director"].actor, ours.contract_id, ours.items[0], Register.PLAIN, words
            )
        )
    client, here = world.client("resident"), f"{path(world)}/historique"
    latest = client.see(here)
    assert numbers(latest) == list(range(12, 2, -1))
    assert "celle d’aujourd’hui" in latest.words
    oldest_shown = latest.tree.xpath("//ol[@class='versions']/li[last()]")[0]
    assert [one.text_content() for one in oldest_shown.xpath(".//del")] == ["1"]
    assert [one.text_content() for one in oldest_shown.xpath(".//ins")] == ["2"]
    (older,) = latest.tree.xpath("//main//a[contains(@href, 'avant=')]/@href")
    assert older == f"{here}?avant=3"
    first = client.see(older)
    assert numbers(first) == [2, 1]
    assert "celle d’aujourd’hui" not in first.words
    assert "Premier paragraphe" in first.words
    assert first.tree.xpath("//main//a[contains(@href, 'avant=')]") == []
    assert first.tree.xpath(f"//main//a[@href='{here}']")


@pytest.mark.parametrize("cursor", ["", "abc", "-4", "0", "1", "9" * 40, "٣"])
def test_a_cursor_that_leads_nowhere_shows_the_latest_versions(world: World, cursor: str) -> None:
    assert numbers(world.client("resident").see(f"{path(world)}/historique?avant={cursor}")) == [1]


def test_only_the_versions_of_the_page_are_read(world: World) -> None:
    item = world.ours.items[0]
    for seen in range(1, 4):
        send(world, form_of(world) | {"source": f"Version suivante {seen}."})
    found = world.read(lambda s: queries.history(s, item, Register.PLAIN, before=4, size=2))
    assert [(version.number, version.paragraphs[0].plain) for version in found] == [
        (3, "Version suivante 2."),
        (2, "Version suivante 1."),
    ]


def test_changes_are_told_word_by_word_inside_their_paragraphs() -> None:
    changes = word_changes(
        "Le repas est servi à midi.\n\nFin.", "Le repas sera servi à midi.\n\nUn ajout.\n\nFin."
    )
    assert changes == [
        [
            Change("kept", "Le repas"),
            Change("removed", "est"),
            Change("added", "sera"),
            Change("kept", "servi à midi."),
        ],
        [Change("added", "Un ajout.")],
        [Change("kept", "Fin.")],
    ]


def test_a_no_break_space_never_breaks() -> None:
    assert word_changes("Quand\N{NO-BREAK SPACE}?", "Quand\N{NO-BREAK SPACE}?") == [
        [Change("kept", "Quand\N{NO-BREAK SPACE}?")]
    ]
