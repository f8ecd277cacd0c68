"""Every address of the portal, by noun."""

from flask import Blueprint

from portal.blueprints.accounts.routes import bp as accounts
from portal.blueprints.contracts.routes import bp as contracts
from portal.blueprints.contributions.routes import bp as contributions
from portal.blueprints.health.routes import bp as health
from portal.blueprints.home.routes import bp as home
from portal.blueprints.spaces.routes import bp as spaces

BLUEPRINTS: tuple[Blueprint, ...] = (
    home,
    health,
    accounts,
    contracts,
    spaces,
    contributions,
)
