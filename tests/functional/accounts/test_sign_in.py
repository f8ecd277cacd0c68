"""Coming in: the right words, one answer for every refusal, and not for ever."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from portal.blueprints.accounts.forms import safe_path
from portal.blueprints.accounts.limits import SignInLimits, TooManyError
from portal.domain.accounts import passwords, queries, service
from portal.domain.accounts.rules import token_hash
from portal.extensions import db, unit
from portal.kernel.clock import now
from tests.factories.pages import CheckedClient, Page

Browser = Callable[[], CheckedClient]
PERSONA = text(
    "UPDATE account SET persona = 'Claire, fille de Madame Morel', email = 'claire@demo.example' WHERE id = :id"
)


def submit(client: CheckedClient, email: str, password: str, **more: str):
    fields = Page(client.get("/connexion")).form("/connexion")
    return client.post("/connexion", data={**fields, "email": email, "password": password, **more})


def test_the_right_words_let_in(browser: Browser, claire) -> None:
    client = browser()
    answer = submit(client, " CLAIRE@exemple.fr", claire.password)
    assert (answer.status_code, answer.location) == (303, "/contrats")
    assert client.get("/contrats").status_code == 200


def test_one_goes_on_to_the_page_one_wanted(browser: Browser, claire) -> None:
    client = browser()
    asked = client.get("/contrats")
    assert asked.location == "/connexion?suite=%2Fcontrats"
    fields = Page(client.get("/connexion?suite=/glossaire")).form("/connexion")
    answer = client.post("/connexion", data={**fields, "email": claire.email, "password": claire.password})
    assert answer.location == "/glossaire"
    assert client.get("/connexion?suite=/glossaire").location == "/glossaire"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://autre.example/",
        "//autre.example/",
        "/\\autre.example",
        "javascript:alert(1)",
        "",
        None,
        "/\n/x",
        "/",
    ],
)
def test_one_never_goes_to_another_site(wanted: str | None) -> None:
    assert safe_path(wanted) == "/contrats"


def test_a_query_is_kept() -> None:
    assert safe_path("/espaces/x?apres=y") == "/espaces/x?apres=y"


@pytest.mark.parametrize(
    ("email", "password"),
    [("claire@exemple.fr", "un autre mot de passe"), ("inconnue@exemple.fr", "un thé à quatre heures")],
)
def test_who_exists_cannot_be_guessed(browser: Browser, claire, email: str, password: str) -> None:
    answer = submit(browser(), email, password)
    words = Page(answer).words
    assert answer.status_code == 422
    assert "ne vont pas ensemble" in words
    assert words.count("ne vont pas ensemble") == 2  # beside the field and at the top


def test_what_was_typed_is_kept_but_never_the_password(browser: Browser, claire) -> None:
    page = Page(submit(browser(), claire.email, "un autre mot de passe"))
    assert page.form("/connexion")["email"] == claire.email
    assert page.form("/connexion")["password"] == ""


def test_an_empty_form_says_what_to_write(browser: Browser) -> None:
    page = Page(submit(browser(), "", ""))
    assert "Écrivez votre adresse e-mail." in page.words
    assert "Écrivez votre mot de passe." in page.words


def test_a_disabled_account_looks_like_none(browser: Browser, claire) -> None:
    unit(lambda session: service.disable_account(session, claire.account_id))
    assert "ne vont pas ensemble" in Page(submit(browser(), claire.email, claire.password)).words


def test_an_account_without_password_is_not_entered_with_an_empty_one(
    browser: Browser, portal_app: Flask
) -> None:
    unit(lambda session: service.create_account(session, "jeanne@exemple.fr", "Jeanne", None))
    assert submit(browser(), "jeanne@exemple.fr", " ").status_code == 422


def test_a_form_without_token_is_refused(browser: Browser, claire) -> None:
    client = browser()
    client.get("/connexion")
    answer = client.post("/connexion", data={"email": claire.email, "password": claire.password})
    assert answer.status_code == 400


def test_a_weak_hash_is_renewed_on_the_way_in(browser: Browser, claire, portal_app: Flask) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8192).hash(claire.password)
    unit(lambda session: service.change_password(session, claire.account_id, weak))
    assert submit(browser(), claire.email, claire.password).status_code == 303
    with portal_app.app_context():
        stored = queries.credentials(db.session(), claire.email)
    assert stored is not None
    assert stored.password_hash is not None
    assert not passwords.needs_new_hash(stored.password_hash)


def test_after_ten_failures_one_waits_even_with_the_right_words(
    browser: Browser, claire, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser()
    with monkeypatch.context() as quick:
        quick.setattr(passwords, "verify", lambda _stored, _password: False)
        for _ in range(10):
            assert submit(client, claire.email, "un autre mot").status_code == 422
    answer = submit(browser(), claire.email, claire.password)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) / 60 <= 15
    assert "Réessayez dans" in Page(answer).words
    assert submit(browser(), "paul@exemple.fr", "un autre mot").status_code == 422


def fail(limits: SignInLimits, times: int, address: str, email: str) -> None:
    for _ in range(times):
        with limits.attempt(address, email):
            pass


def test_ten_failures_for_a_person_fifty_for_an_address(portal_app: Flask) -> None:
    limits = SignInLimits(portal_app)
    for person in range(5):
        fail(limits, 10, "192.0.2.1", f"{person}@exemple.fr")
        with pytest.raises(TooManyError):
            fail(limits, 1, "192.0.2.1", f"{person}@exemple.fr")
    with pytest.raises(TooManyError):
        fail(limits, 1, "192.0.2.1", "another@exemple.fr")
    fail(limits, 1, "192.0.2.2", "0@exemple.fr")


def test_a_whole_house_behind_one_address_comes_in(portal_app: Flask) -> None:
    limits = SignInLimits(portal_app)
    for person in range(200):
        with limits.attempt("192.0.2.1", f"{person}@exemple.fr") as attempt:
            attempt.succeeded = True
    fail(limits, 1, "192.0.2.1", "0@exemple.fr")


def test_many_attempts_at_once_win_nothing(portal_app: Flask) -> None:
    limits = SignInLimits(portal_app)
    under_way = [limits.attempt("192.0.2.1", "a@exemple.fr") for _ in range(10)]
    for one in under_way:
        one.__enter__()
    with pytest.raises(TooManyError):
        fail(limits, 1, "192.0.2.1", "a@exemple.fr")
    for one in under_way:
        one.__exit__(None, None, None)


def test_personas_are_shown_in_the_demonstration_only(browser: Browser, portal_app: Flask, world) -> None:
    unit(lambda session: session.execute(PERSONA, {"id": world.ours["family"].account_id}))
    client = browser()
    assert "Entrer comme" not in Page(client.get("/connexion")).words
    assert client.send("/entrer/claire").status_code == 404
    portal_app.config["DEMONSTRATION"] = True
    page = Page(client.get("/connexion"))
    assert "Claire, fille de Madame Morel" in page.words
    answer = client.post("/entrer/claire", data=page.form("/entrer/claire"))
    assert (answer.status_code, answer.location) == (303, "/contrats")
    assert "Contrat Tilleuls" in client.see("/contrats").words
    assert client.send("/entrer/personne").status_code == 404


def test_one_takes_the_place_of_another_without_going_out(
    browser: Browser, portal_app: Flask, world, cookie
) -> None:
    unit(lambda session: session.execute(PERSONA, {"id": world.ours["family"].account_id}))
    portal_app.config["DEMONSTRATION"] = True
    client = world.client("resident")
    before = cookie(client)
    assert client.send("/entrer/claire").status_code == 303
    assert cookie(client) != before
    with portal_app.app_context():
        assert queries.session_account(db.session(), token_hash(before), now()) is None


def test_an_empty_form_is_told_in_whole_sentences(browser: Browser) -> None:
    page = Page(submit(browser(), "", ""))
    told = [one.text_content() for one in page.tree.xpath("//*[@data-error-summary]//li")]
    assert told == ["Écrivez votre adresse e-mail.", "Écrivez votre mot de passe."]
