"""When a synthesis tells all that was said in a space; the noun of syntheses stands above this one."""

from __future__ import annotations

from sqlalchemy import ColumnElement, column, table

from portal.domain.spaces.models import Space
from portal.kernel.columns import UtcDateTime

SYNTHESIS = table("synthesis", column("id"), column("space_id"))
VERSION = table("synthesis_version", column("synthesis_id"), column("at", UtcDateTime()))
# THE rule: words that came since a space was opened again are in no synthesis yet.
TELLS_ALL: ColumnElement[bool] = VERSION.c.at >= Space.__table__.c.ends_at
