"""The forms of trames: what an authority copies, adapts and publishes; what a contract chooses and writes."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import SureForm
from portal.domain.trames.catalogue import Block
from portal.domain.trames.models import BlockKind, Filling
from portal.domain.trames.typed import BlockTyped
from portal.languages import lazy_gettext as _

BEFORE, AFTER = "avant", "apres"


class TrameForm(SureForm):
    """A form about something that others may change meanwhile."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was on the screen."""
        return number_of(self.version.data)

    def put(self, version: int) -> None:
        """A fresh form on this state."""
        self.fresh()
        self.version.data = str(version)


class CopyForm(TrameForm):
    """What the copy of a model is called."""

    title = StringField(_("Le nom de votre trame"))


class RenameForm(TrameForm):
    """Another name for a trame."""

    title = StringField(_("Son nouveau nom"), id="nom")


class BlockForm(TrameForm):
    """A block of a trame; what a family reads comes first."""

    plain = StringField(_("Ce qui va dans ce bloc, en une phrase simple"))
    title = StringField(_("Son titre"))
    kind = RadioField(
        _("De quelle sorte de bloc s’agit-il\u00a0?"),
        choices=[(one.value, one.label) for one in BlockKind],
        validate_choice=False,
    )
    filling = RadioField(
        _("D’où vient son contenu\u00a0?"),
        choices=[(one.value, one.label) for one in Filling],
        validate_choice=False,
    )
    binding = BooleanField(_("C’est une annexe opposable"))

    def fill(self, block: Block) -> None:
        """Put in what the block says now."""
        self.title.data, self.plain.data = str(block.title), str(block.plain)
        self.kind.data, self.filling.data = block.kind.value, block.filling.value
        self.binding.data = block.binding

    @property
    def typed(self) -> BlockTyped:
        """What was typed."""
        return BlockTyped(
            kind=next((one for one in BlockKind if one.value == self.kind.data), None),
            title=self.title.data or "",
            plain=self.plain.data or "",
            filling=next((one for one in Filling if one.value == self.filling.data), None),
            binding=bool(self.binding.data),
        )

    @property
    def said(self) -> tuple[object, ...]:
        """The same, as the same form sent twice is known by."""
        names = ("plain", "title", "kind", "filling", "binding", "version")
        return tuple(self._fields[name].data for name in names)


class PlaceForm(TrameForm):
    """One place up or down."""

    way = HiddenField()


class PublishForm(TrameForm):
    """What changed, for those who follow the trame."""

    told = TextAreaField(_("Ce qui a changé, en une phrase"))


class ChoiceForm(TrameForm):
    """In which trame the contract is written."""

    choice = HiddenField()


class WordsForm(TrameForm):
    """The words of a block."""

    source = TextAreaField(_("Le texte de ce bloc"))
    reason = StringField(_("Pourquoi ce changement ?"))
