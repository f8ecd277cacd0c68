"""A person with a password, and browsers."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask

from portal.domain.accounts import passwords, service
from portal.extensions import unit
from tests.factories.pages import CheckedClient, client_for

EMAIL = "claire@exemple.fr"
PASSWORD = "un thé à quatre heures"


class Claire(NamedTuple):
    """Somebody with an account and no contract."""

    account_id: str
    email: str = EMAIL
    password: str = PASSWORD


@pytest.fixture(scope="session")
def hashed() -> str:
    return passwords.make_hash(PASSWORD)


@pytest.fixture
def claire(portal_app: Flask, hashed: str) -> Claire:
    return Claire(unit(lambda session: service.create_account(session, EMAIL, "Claire Morel", hashed).id))


@pytest.fixture
def browser(portal_app: Flask) -> Callable[[], CheckedClient]:
    """A new browser, where nobody is signed in."""
    return lambda: client_for(portal_app, None)


@pytest.fixture
def cookie(portal_app: Flask) -> Callable[[CheckedClient], str]:
    """The token that a browser holds, or nothing."""

    def read(client: CheckedClient) -> str:
        found = client.get_cookie(portal_app.config["SESSION_COOKIE_NAME"])
        return found.value if found is not None else ""

    return read
