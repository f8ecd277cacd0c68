"""What every form shares: an operation id, and one unit of work behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, HiddenField
from wtforms.i18n import get_builtin_gnu_translations

from portal.domain.journal import service as journal
from portal.domain.participants import queries, service
from portal.extensions import unit
from portal.kernel.errors import InvalidError, NotFoundError
from portal.kernel.ids import new_id
from portal.languages import SOURCE, current, spoken
from portal.languages import lazy_gettext as _
from portal.policy.actor import Actor

MAX_OP_ID = 64
# As a browser sends what was chosen, then as people write it where there is no calendar.
DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")


@cache
def _sentences(language: str) -> Any:
    return get_builtin_gnu_translations([language])


def as_written(choices: Iterable[tuple[str, str]]) -> list[Any]:
    """Choices in the words of the contract: they stay as written, and their language is said."""
    if current() == SOURCE:
        return list(choices)
    return [(value, label, {"lang": SOURCE}) for value, label in choices]


class DayField(DateField):
    """A day, chosen in a calendar or written as people write it."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, format=list(DAY_FORMATS), **kwargs)


class ActForm(FlaskForm):
    """A form that acts: sent twice, it acts once."""

    class Meta(FlaskForm.Meta):
        """Flask-WTF reads WTForms' catalogue from the disk for each form: once is enough."""

        def get_translations(self, _form: Any) -> Any:
            """WTForms' own sentences in the language of the request."""
            return _sentences(current())

    op_id = HiddenField()

    def fresh(self) -> None:
        """Give the form a new operation id, for a new act."""
        self.op_id.data = new_id()

    @property
    def operation(self) -> str:
        """The id under which this act is remembered."""
        sent = (self.op_id.data or "")[:MAX_OP_ID]
        return sent or new_id()

    def take(self, error: InvalidError) -> None:
        """Show the domain's sentences beside the fields they are about."""
        for name, sentences in error.errors.items():
            target = self._fields.get(name)
            if target is None:
                self.form_errors.extend(spoken(sentences))
            else:
                target.errors = [*target.errors, *spoken(sentences)]


class SureForm(ActForm):
    """A form whose words others read: whoever sends it may be asked to look at them once more."""

    # Answers the question that may be asked before sending.
    sure = HiddenField()
    # What the question is about when it is no text of the person's own; whether it may speak of oneself.
    about: Any = ""
    personal = False


class DocumentForm(SureForm):
    """A form with a document, which no browser gives back: that one was attached is remembered from page to page."""

    attached = HiddenField()
    document = FileField(_("Le document, si vous l’avez"))
    without_document = BooleanField(_("Continuer sans le document que j’avais joint"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.comes:
            self.attached.data = "1"

    @property
    def comes(self) -> bool:
        """Whether a document came with this sending."""
        return bool(getattr(request.files.get(self.document.short_name), "filename", ""))

    @property
    def misses(self) -> bool:
        """Whether one was attached before, and neither comes again nor is given up."""
        return bool(self.attached.data) and not self.comes and not self.without_document.data


def act(
    actor: Actor, op_id: str, body: tuple[object, ...], outcome: str, do: Callable[[Session, Actor], Any]
) -> str:
    """Do something once, in one unit of work; the address to go to next.

    The same id with the same body gives the first outcome again. Errors: AlreadySentError
    with another body, NotFoundError when the membership ended meanwhile, those of `do`.
    """
    digest = service.operation_digest(*body)

    def work(session: Session) -> str:
        journal.hold(session, actor.contract_id)
        done = service.once(session, actor.participant_id, op_id, digest)
        if done is not None:
            return done
        present = queries.actor_of(session, actor.participant_id)
        if present is None:
            raise NotFoundError
        service.remember(session, actor.participant_id, op_id, digest, outcome)
        do(session, present)
        return outcome

    return unit(work)
