"""Imports every noun's rows, so that the metadata is whole (migrations, tests)."""

from portal.domain.accounts import models as accounts
from portal.domain.acts import models as acts
from portal.domain.answers import models as answers
from portal.domain.contracts import models as contracts
from portal.domain.contributions import models as contributions
from portal.domain.diagnostic import models as diagnostic
from portal.domain.documents import models as documents
from portal.domain.duties import models as duties
from portal.domain.imports import models as imports
from portal.domain.indicators import models as indicators
from portal.domain.involvement import models as involvement
from portal.domain.journal import models as journal
from portal.domain.lifecycle import models as lifecycle
from portal.domain.means import models as means
from portal.domain.moderation import models as moderation
from portal.domain.negotiation import models as negotiation
from portal.domain.notifications import models as notifications
from portal.domain.objectives import models as objectives
from portal.domain.organisations import models as organisations
from portal.domain.participants import models as participants
from portal.domain.plain import models as plain
from portal.domain.portfolio import models as portfolio
from portal.domain.predecessors import models as predecessors
from portal.domain.register import models as register
from portal.domain.search import models as search
from portal.domain.spaces import models as spaces
from portal.domain.surveys import models as surveys
from portal.domain.syntheses import models as syntheses
from portal.domain.texts import models as texts
from portal.domain.trame_parts import models as trame_parts
from portal.domain.trames import models as trames
from portal.domain.versions import models as versions
from portal.jobs import models as jobs
from portal.kernel.base import Base

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "accounts",
    "acts",
    "answers",
    "contracts",
    "contributions",
    "diagnostic",
    "documents",
    "duties",
    "imports",
    "indicators",
    "involvement",
    "jobs",
    "journal",
    "lifecycle",
    "means",
    "moderation",
    "negotiation",
    "notifications",
    "objectives",
    "organisations",
    "participants",
    "plain",
    "portfolio",
    "predecessors",
    "register",
    "search",
    "spaces",
    "surveys",
    "syntheses",
    "texts",
    "trame_parts",
    "trames",
    "versions",
]
