"""Answers: with their fate, once, on the words that were read; then the next one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import gevent
import pytest
from sqlalchemy import select

from portal.domain.answers import service
from portal.domain.answers.models import Answer
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions import service as contributions
from portal.domain.contributions.rules import Words
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.vocabulary import ContributionKind, ContributionStatus, Fate, ModerationRule
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution

KEPT = {
    "fate": "retenue",
    "body": "Nous changeons l’horaire du dîner, parce que vous êtes nombreux à le dire.",
}


@pytest.fixture
def said(world: World) -> str:
    """A published word of a family."""
    return world.do(lambda s: a_contribution(s, world.ours))


def form_of(world: World, contribution_id: str, name: str = "director") -> dict[str, str]:
    page = world.client(name).see(f"/contributions/{contribution_id}/reponse")
    return {field: page.form()[field] for field in ("op_id", "version")}


def answers(world: World) -> dict[str, Answer]:
    return world.read(lambda s: {row.contribution_id: row for row in s.scalars(select(Answer))})


def test_an_answer_with_its_fate_is_read_in_the_thread_and_leads_to_the_next_one(
    world: World, said: str
) -> None:
    other = world.do(lambda s: a_contribution(s, world.ours, "resident", "Le bruit du couloir."))
    client = world.client("director")
    sent = client.send(f"/contributions/{said}/reponse", **form_of(world, said), **KEPT)
    assert sent.status_code == 303
    following = client.get(sent.location).location
    assert following == f"/contributions/{other}/reponse?apres={said}"
    told = client.see(following)
    assert "Votre réponse est publiée" in told.words
    assert told.tree.xpath(f"//a[@href='/contributions/{said}']")
    assert (
        "Votre réponse est publiée" not in client.see(f"/contributions/{other}/reponse?apres={other}").words
    )
    page = world.client("resident").see(f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}")
    assert "Retenue — réponse de la direction" in page.words
    assert "Nous changeons l’horaire du dîner" in page.words


def test_after_the_last_answer_the_list_says_so(world: World, said: str) -> None:
    client = world.client("director")
    sent = client.send(f"/contributions/{said}/reponse", **form_of(world, said), **KEPT)
    page = Page(client.get(sent.location, follow_redirects=True))
    assert "Toutes les contributions ont une réponse." in page.words


@pytest.mark.parametrize("name", ["resident", "moderator"])
def test_who_does_not_direct_reads_why_not(world: World, said: str, name: str) -> None:
    client = world.client(name)
    page = client.get(f"/contributions/{said}/reponse")
    assert page.status_code == 403
    assert "direction" in Page(page).words
    assert client.send(f"/contributions/{said}/reponse", **KEPT, version="1").status_code == 403
    assert world.client("director").get(f"/contributions/{said}/reponse").status_code == 200
    assert answers(world) == {}


def test_the_director_of_another_house_finds_nothing(world: World, said: str) -> None:
    stranger = world.client("director", world.other)
    assert stranger.get(f"/contributions/{said}/reponse").status_code == 404
    assert stranger.send(f"/contributions/{said}/reponse", **KEPT, version="1").status_code == 404
    assert stranger.get(f"/espaces/{world.ours.space_id}/reponses/suivante").status_code == 404
    assert answers(world) == {}


def test_two_directors_answer_and_the_second_reads_the_first_one(world: World, said: str) -> None:
    first, second = form_of(world, said), form_of(world, said, "second_director")
    assert world.client("director").send(f"/contributions/{said}/reponse", **first, **KEPT).status_code == 303
    late = world.client("second_director").send(
        f"/contributions/{said}/reponse", **second, fate="non-retenue", body="Mon texte à moi."
    )
    page = Page(late)
    assert late.status_code == 409
    assert "Quelqu’un a déjà répondu" in page.words
    assert "Nous changeons l’horaire du dîner" in page.words
    assert "Mon texte à moi." in page.words
    assert answers(world)[said].fate is Fate.KEPT


def at_once(calls: list[Callable[[], Any]], *, threads: bool) -> list[Any]:
    """What two people who act together get: greenlets on SQLite's one loop, threads elsewhere."""
    if threads:
        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(lambda call: call(), calls))
    jobs = [gevent.spawn(call) for call in calls]
    gevent.joinall(jobs, raise_error=True)
    return [job.value for job in jobs]


def test_two_answers_in_the_same_instant_the_second_reads_the_first_one(
    world: World, said: str, store_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/contributions/{said}/reponse"
    both = [world.client(name) for name in ("director", "second_director")]
    typed = [KEPT["body"], "Mon texte à moi."]
    forms = [one.see(path).form(path) | KEPT | {"body": body} for one, body in zip(both, typed, strict=True)]
    give = service.give

    def slow(*arguments: Any, **options: Any) -> Any:
        done = give(*arguments, **options)
        # The other one arrives before this is on disk.
        gevent.sleep(0.3)
        return done

    monkeypatch.setattr(service, "give", slow)
    calls = [partial(one.post, path, data=form) for one, form in zip(both, forms, strict=True)]
    first, second = at_once(calls, threads=store_name == "postgresql")
    assert sorted([first.status_code, second.status_code]) == [303, 409]
    late = int(second.status_code == 409)
    page = Page((first, second)[late])
    assert "Cette contribution a déjà sa réponse" in page.title
    assert typed[1 - late] in page.tree.xpath("//article")[0].text_content()
    assert not page.tree.xpath("//textarea[@name='body']")
    assert [one.text_content().strip() for one in page.tree.xpath("//textarea[@readonly]")] == [typed[late]]


def test_words_corrected_meanwhile_are_shown_before_the_answer_is_kept(world: World, said: str) -> None:
    form = form_of(world, said)
    author = world.ours["family"].actor
    world.do(lambda s: contributions.correct(s, author, said, Words("Des mots tout autres.")))
    client = world.client("director")
    late = client.send(f"/contributions/{said}/reponse", **form, **KEPT)
    page = Page(late)
    assert late.status_code == 409
    assert "Des mots tout autres." in page.words
    again = page.form()
    assert again["version"] == "2"
    assert again["body"].strip() == KEPT["body"]
    assert again["fate"] == "retenue"
    assert client.post(f"/contributions/{said}/reponse", data=again).status_code == 303
    assert answers(world)[said].answered_version == 2


def test_words_hidden_meanwhile_do_not_lose_the_answer_that_was_typed(world: World, said: str) -> None:
    form, director = form_of(world, said), world.ours["director"].actor
    why, seen = Reason(ModerationRule.INSULT, "Ces mots blessent."), Seen(1, ContributionStatus.PUBLISHED)
    world.do(lambda s: moderation.hide(s, director, said, seen, why))
    late = world.client("director").send(f"/contributions/{said}/reponse", **form, **KEPT)
    assert late.status_code == 409
    assert KEPT["body"] in Page(late).words
    assert answers(world) == {}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"body": "", "fate": "retenue"}, "Écrivez votre réponse."),
        ({"body": "Merci, oui."}, "Choisissez la suite donnée"),
        ({"body": "Merci, oui.", "fate": "transmise"}, "Dites à qui vous transmettez"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    world: World, said: str, fields: dict[str, str], sentence: str
) -> None:
    answer = world.client("director").send(f"/contributions/{said}/reponse", **form_of(world, said), **fields)
    page = Page(answer)
    assert answer.status_code == 422
    assert sentence in page.words
    assert page.form()["body"].strip() == fields["body"]
    assert answers(world) == {}


def test_a_question_may_be_answered_without_a_fate(world: World) -> None:
    asked = world.do(lambda s: a_contribution(s, world.ours, kind=ContributionKind.QUESTION, body="Quand ?"))
    client = world.client("director")
    form = client.see(f"/contributions/{asked}/reponse").form()
    assert form["fate"] == "aucune"
    assert (
        client.post(f"/contributions/{asked}/reponse", data=form | {"body": "En mars prochain."}).status_code
        == 303
    )
    assert answers(world)[asked].fate is None


def test_passed_on_says_to_whom(world: World, said: str) -> None:
    client = world.client("director")
    fields = {"fate": "transmise", "passed_to": "le conseil départemental", "body": "Il décide des routes."}
    assert client.send(f"/contributions/{said}/reponse", **form_of(world, said), **fields).status_code == 303
    page = client.see(f"/contributions/{said}/reponse")
    assert "Transmise à : le conseil départemental" in page.words
    assert page.title == "Cette contribution a déjà sa réponse"


def test_one_answer_may_stand_for_the_replies_of_its_thread(world: World, said: str) -> None:
    reply = world.do(
        lambda s: a_contribution(
            s, world.ours, "professional", "Oui.", kind=ContributionKind.REPLY, parent_id=said
        )
    )
    own = world.do(
        lambda s: a_contribution(
            s, world.ours, "manager", "Merci.", kind=ContributionKind.REPLY, parent_id=said
        )
    )
    client, form = world.client("director"), form_of(world, said)
    sent = client.send(f"/contributions/{said}/reponse", **form, **KEPT, with_replies="y")
    assert sent.status_code == 303
    found = answers(world)
    assert set(found) == {said, reply}
    assert found[reply].fate is Fate.KEPT
    assert own not in found


def test_replies_are_owed_a_fate_even_under_a_question(world: World) -> None:
    asked = world.do(lambda s: a_contribution(s, world.ours, kind=ContributionKind.QUESTION, body="Quand ?"))
    world.do(
        lambda s: a_contribution(
            s, world.ours, "professional", "Oui ?", kind=ContributionKind.REPLY, parent_id=asked
        )
    )
    answer = world.client("director").send(
        f"/contributions/{asked}/reponse",
        **form_of(world, asked),
        body="En mars prochain.",
        fate="aucune",
        with_replies="y",
    )
    assert answer.status_code == 422
    assert "Choisissez la suite donnée" in Page(answer).words
    assert answers(world) == {}


def test_the_same_answer_sent_twice_is_one_answer(world: World, said: str) -> None:
    client, form = world.client("director"), form_of(world, said)
    sent = [client.send(f"/contributions/{said}/reponse", **form, **KEPT) for _ in range(2)]
    assert [one.status_code for one in sent] == [303, 303]
    assert sent[0].location == sent[1].location


def test_answered_words_leave_the_list(world: World, said: str) -> None:
    page = world.client("director").see(f"/espaces/{world.ours.space_id}/moderation")
    assert "Une contribution attend votre réponse." in page.words
    director = world.ours["director"].actor
    world.do(lambda s: service.give(s, director, said, NewAnswer("Merci, nous le ferons.", Fate.KEPT)))
    page = world.client("director").see(f"/espaces/{world.ours.space_id}/moderation")
    assert "Chaque contribution a sa réponse" in page.words


def test_a_long_list_is_paged_by_cursor(world: World) -> None:
    for number in range(23):
        world.do(lambda s, number=number: a_contribution(s, world.ours, body=f"Mot numéro {number}."))
    client = world.client("director")
    page = client.see(f"/espaces/{world.ours.space_id}/moderation")
    assert "23 contributions attendent votre réponse." in page.words
    assert "Mot numéro 19." in page.words
    assert "Mot numéro 20." not in page.words
    (link,) = page.tree.xpath("//a[contains(@href, 'sans-reponse=')]/@href")
    rest = client.see(link.partition("#")[0])
    assert "Mot numéro 20." in rest.words
    assert "Mot numéro 19." not in rest.words
