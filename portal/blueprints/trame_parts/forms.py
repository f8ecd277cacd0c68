"""The forms of a part of a trame: put into discussion, written together, taken into the trame, withdrawn."""

from __future__ import annotations

from wtforms import HiddenField, StringField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints.trames.forms import TrameForm
from portal.domain.trame_parts.queries import PartView
from portal.domain.trame_parts.typed import Opened, Written
from portal.domain.trames.views import BlockView
from portal.languages import lazy_gettext as _

# Words of the contract: they stay in its language, whatever the agent reads in.
EVERY_WORD = "Tous les mots de cette partie."


class OpenForm(TrameForm):
    """A block put into discussion."""

    plain = TextAreaField(_("À quoi sert cette partie, en mots simples"))
    technical = TextAreaField(_("Les mots dont on part"))
    open = StringField(_("Ce qui est ouvert aux idées"))
    decided = StringField(_("Ce qui est déjà décidé"))

    def begin(self, view: BlockView) -> None:
        """A proposal for everything, from the block as it is."""
        self.put(view.text.number)
        self.plain.data, self.technical.data = str(view.block.plain), view.text.source
        self.open.data = EVERY_WORD

    @property
    def typed(self) -> Opened:
        """What was typed."""
        return Opened(
            self.technical.data or "", self.plain.data or "", self.open.data or "", self.decided.data or ""
        )

    @property
    def said(self) -> tuple[object, ...]:
        """The same, as the same form sent twice is known by."""
        typed = self.typed
        return (typed.technical, typed.plain, typed.open, typed.decided, self.version.data)


class WriteForm(TrameForm):
    """Both texts of a part; `version` is that of the technical one."""

    plain_version = HiddenField()
    plain = TextAreaField(_("En mots simples"))
    technical = TextAreaField(_("Les mots proposés pour le contrat"))
    reason = StringField(_("Pourquoi vous les changez"))

    def see(self, part: PartView) -> None:
        """Carry the versions of now."""
        technical, plain = part.item.technical, part.item.plain
        self.version.data = str(technical.version if technical else 0)
        self.plain_version.data = str(plain.version if plain else 0)

    def begin(self, part: PartView) -> None:
        """Both texts as they are."""
        self.fresh()
        self.see(part)
        self.technical.data = part.discussed
        self.plain.data = part.item.plain.source if part.item.plain else ""

    @property
    def typed(self) -> Written:
        """What was typed."""
        return Written(
            self.technical.data or "",
            self.plain.data or "",
            self.seen,
            number_of(self.plain_version.data),
            self.reason.data or "",
        )


class TakeForm(TrameForm):
    """The words of a part written into the trame; `version` is that of the words, `block_version` that of the block."""

    block_version = HiddenField()
    reason = StringField(_("Pourquoi vous reprenez ces mots"))

    def see(self, part: PartView) -> None:
        """Carry the versions of both states that stand side by side."""
        self.version.data = str(part.item.technical.version if part.item.technical else 0)
        self.block_version.data = str(part.number)

    @property
    def seen_block(self) -> int:
        """The version of the block that was on the screen."""
        return number_of(self.block_version.data)


class WithdrawForm(TrameForm):
    """A part that leaves the discussion."""

    reason = TextAreaField(_("Pourquoi vous la retirez"))
