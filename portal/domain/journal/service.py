"""The only hand that writes the journal and the counters of its audiences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Dialect, Insert, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.domain.facts import Fact
from portal.domain.journal import rules
from portal.domain.journal.models import AudienceCursor, AudienceFrame, JournalHead, JournalLine, JournalSalt
from portal.kernel import clock
from portal.vocabulary import Audience

HEAD, LINE, SALT = JournalHead.__table__, JournalLine.__table__, JournalSalt.__table__
CURSOR, FRAME = AudienceCursor.__table__, AudienceFrame.__table__
