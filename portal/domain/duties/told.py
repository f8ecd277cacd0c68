"""What nouns that stand above duties showed, and when: read as evidence, by their tables alone."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Date, column, table

from portal.domain.spaces.models import Space
from portal.kernel.columns import UtcDateTime

SYNTHESIS = table("synthesis", column("id"), column("space_id"))
VERSION = table("synthesis_version", column("synthesis_id"), column("at", UtcDateTime()))
# THE rule: words that came since a space was opened again are in no synthesis yet.
TELLS_ALL: ColumnElement[bool] = VERSION.c.at >= Space.__table__.c.ends_at

SURVEY = table(
    "survey",
    column("id"),
    column("space_id"),
    column("title"),
    column("opened_at", UtcDateTime()),
    column("closed_at", UtcDateTime()),
    column("ends_at", UtcDateTime()),
    column("promised_on", Date()),
    column("published_at", UtcDateTime()),
)
INVITED = table("survey_group", column("survey_id"), column("group_"))
