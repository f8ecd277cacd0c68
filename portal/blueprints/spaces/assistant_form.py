"""The form of the assistant: everything in one form, shown in three steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.blueprints._directing import closing, opening, required_day
from portal.blueprints._filters import written
from portal.blueprints._forms import DayField
from portal.blueprints.spaces.settings_forms import AUTHORITIES, SYNTHESIS, WORDS, SpaceWordsForm
from portal.domain.contracts.queries import ItemLine
from portal.domain.involvement.rules import PRESETS
from portal.domain.spaces import rules
from portal.domain.spaces.service import NewSpace
from portal.kernel import lines
from portal.kernel.clock import paris
from portal.kernel.errors import InvalidError
from portal.kernel.speech import capital
from portal.languages import gettext, lazy
from portal.languages import lazy_gettext as _
from portal.vocabulary import Group, ItemKind, Level, ModerationMode, SpaceObject, Stage

OFFERED = (Level.INFORMATION, Level.CONSULTATION, Level.CONCERTATION)
LIKE_PRESET, NOBODY = "", "0"
FIRST_PRESET = "cvs-associe"
# What is proposed first when authorities write the trame together.
TRAME_PRESET = "trame-autorites"
OPEN_FOR = timedelta(weeks=4)
# The words of the contract: they stay in its language, whatever the director reads in.
SUGGESTED = {
    SpaceObject.DIAGNOSTIC: "Que faut-il changer dans la vie de tous les jours ?",
    SpaceObject.OBJECTIVES: "Vers quoi voulons-nous aller ensemble ?",
    SpaceObject.TRAME: "Comment écrire ensemble ces parties du contrat ?",
}
STEP_FIELDS = (
    ("object", "findings", "objectives", "parts", "question", "introduction"),
    ("opens_on", "ends_on", "answer_days", "moderation"),
    ("preset", *(f"level_{group.value}" for group in Group), "authorities_read"),
)


class Problems:
    """Every problem of a step at once, instead of the first one only."""

    def __init__(self) -> None:
        self._errors: dict[str, list[str]] = {}

    def add(self, errors: dict[str, list[str]]) -> None:
        """Keep what must be mended."""
        self._errors |= errors

    def of(self, check: Callable[[], Any]) -> Any:
        """What a check gives; what it refuses is kept."""
        try:
            return check()
        except InvalidError as error:
            return self.add(error.errors)

    def end(self) -> None:
        """Say them all. Errors: InvalidError."""
        if self._errors:
            raise InvalidError(self._errors)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the contract has to put to people."""

    stage: Stage
    items: dict[ItemKind, Sequence[ItemLine]]

    @property
    def axes(self) -> dict[str, str]:
        """The axis of each of them."""
        return {item.id: item.axis for some in self.items.values() for item in some}


class TickedField(SelectMultipleField):
    """Items as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _objects(without: frozenset[SpaceObject] = frozenset()) -> list[tuple[str, str]]:
    return [(one.value, capital(one.label)) for one in SpaceObject if one not in without]


def _level_field(group: Group) -> SelectField:
    label = lazy(capital(group.label))
    choices = [
        (LIKE_PRESET, _("Comme dans le modèle")),
        *((str(int(level)), lazy(level.plain)) for level in OFFERED),
        (NOBODY, _("Ne participe pas")),
    ]
    return SelectField(label, choices=choices, default=LIKE_PRESET, validate_choice=False)


def _presets(without: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Which levels may be proposed to all groups at once."""
    return [(key, name) for key, (name, _words, _levels) in PRESETS.items() if key not in without]


class AssistantForm(SpaceWordsForm):
    """A new space, gathered in three steps; nothing is kept before the end."""

    step = HiddenField()
    object = RadioField(
        _("De quoi voulez-vous parler ?"),
        choices=_objects(),
        validate_choice=False,
    )
    findings = TickedField(_("Les constats mis en discussion"), validate_choice=False)
    objectives = TickedField(_("Les objectifs mis en discussion"), validate_choice=False)
    parts = TickedField(_("Les parties de trame mises en discussion"), validate_choice=False)
    opens_on = DayField(_("Premier jour"))
    preset = RadioField(
        _("Quel modèle de participation ?"),
        choices=_presets(),
        validate_choice=False,
    )
    level_residents = _level_field(Group.RESIDENTS)
    level_families = _level_field(Group.FAMILIES)
    level_professionals = _level_field(Group.PROFESSIONALS)
    level_staff_reps = _level_field(Group.STAFF_REPS)
    level_board = _level_field(Group.BOARD)
    level_management = _level_field(Group.MANAGEMENT)
    level_authorities = _level_field(Group.AUTHORITIES)
    authorities_read = RadioField(
        _("Les autorités lisent-elles les mots, ou seulement la synthèse ?"),
        choices=AUTHORITIES,
        default=SYNTHESIS,
        validate_choice=False,
    )

    def offer(self, offer: Offer) -> None:
        """Name the items of the contract in the lists; the trame is offered once a part of it is in discussion."""
        self.findings.choices = _choices(offer, ItemKind.FINDING)
        self.objectives.choices = _choices(offer, ItemKind.OBJECTIVE)
        self.parts.choices = _choices(offer, ItemKind.TRAME_PART)
        if not self.parts.choices:
            self.object.choices = _objects(frozenset({SpaceObject.TRAME}))
        if self.object.data != SpaceObject.TRAME.value:
            self.preset.choices = _presets(frozenset({TRAME_PRESET}))

    def begin(self, offer: Offer, now: datetime) -> None:
        """A proposal for everything: the director only changes what must differ."""
        early = offer.stage in (Stage.PROGRAMMING, Stage.LAUNCH, Stage.DIAGNOSTIC)
        about = SpaceObject.DIAGNOSTIC if early else SpaceObject.OBJECTIVES
        today = paris(now).date()
        self.step.data = "1"
        self.object.data, self.question.data = about.value, SUGGESTED[about]
        self.findings.data = [item.id for item in offer.items[ItemKind.FINDING]]
        self.objectives.data = [item.id for item in offer.items[ItemKind.OBJECTIVE]]
        self.parts.data = [item.id for item in offer.items[ItemKind.TRAME_PART]]
        self.opens_on.data, self.ends_on.data = today, today + OPEN_FOR
        self.answer_days.data, self.moderation.data = rules.ANSWER_DAYS, ModerationMode.BEFORE.value
        self.preset.data, self.authorities_read.data = FIRST_PRESET, SYNTHESIS

    @property
    def at(self) -> int:
        """The step that was on the screen."""
        return int(self.step.data) if self.step.data in ("1", "2", "3") else 1

    @property
    def about(self) -> SpaceObject:
        """The object of the space. Errors: InvalidError (`object`)."""
        for one in SpaceObject:
            if one.value == self.object.data:
                return one
        raise InvalidError({"object": [gettext("Choisissez de quoi parler.")]})

    @property
    def levels(self) -> dict[Group, Level]:
        """The preset with its exceptions. Errors: InvalidError (`preset`)."""
        if self.preset.data not in PRESETS:
            raise InvalidError({"preset": [gettext("Choisissez un modèle.")]})
        known = {str(int(level)): level for level in OFFERED}
        levels = dict(PRESETS[self.preset.data][2])
        for group in Group:
            wanted = self[f"level_{group.value}"].data or LIKE_PRESET
            if wanted in known:
                levels[group] = known[wanted]
            elif wanted == NOBODY:
                levels.pop(group, None)
        return levels

    @property
    def exceptions(self) -> bool:
        """Whether a group differs from the preset."""
        return any(self[f"level_{group.value}"].data for group in Group)

    def follow_object(self) -> None:
        """A suggested question follows the object, and the preset that is proposed first; what was chosen otherwise stays."""
        trame, preset = self.about is SpaceObject.TRAME, self.preset.data
        if trame and preset == FIRST_PRESET:
            self.preset.data, self.authorities_read.data = TRAME_PRESET, WORDS
        elif not trame and preset == TRAME_PRESET:
            self.preset.data, self.authorities_read.data = FIRST_PRESET, SYNTHESIS
        typed = (self.question.data or "").strip()
        if not typed or typed in set(SUGGESTED.values()):
            self.question.data = SUGGESTED[self.about]

    def command(self, now: datetime) -> NewSpace:
        """The space to create. Errors: InvalidError, for the first step that has one."""
        about = self.about
        ticked = {
            SpaceObject.DIAGNOSTIC: self.findings,
            SpaceObject.OBJECTIVES: self.objectives,
            SpaceObject.TRAME: self.parts,
        }[about]
        items = tuple(ticked.data or ())
        question, introduction = self._checked_words(ticked.short_name, items)
        opens_at, ends_at = self._dates(now)
        levels = self.levels
        if not levels:
            raise InvalidError({"preset": [gettext("Donnez un niveau à au moins un groupe.")]})
        return NewSpace(
            object=about,
            question=question,
            introduction=introduction,
            opens_at=opens_at,
            ends_at=ends_at,
            answer_days=self.delay,
            moderation=self.mode,
            item_ids=items,
            levels=levels,
            authorities_read_words=self.authorities_read.data == WORDS,
        )

    def _checked_words(self, name: str, items: tuple[str, ...]) -> tuple[str, str]:
        problems = Problems()
        if not items:
            problems.add({name: [gettext("Choisissez au moins un sujet.")]})
        question = problems.of(
            lambda: lines.check_line(self.question.data or "", "question", rules.MAX_QUESTION)
        )
        introduction = problems.of(
            lambda: lines.check_line(
                self.introduction.data or "", "introduction", rules.MAX_INTRODUCTION, optional=True
            )
        )
        problems.end()
        return question, introduction

    def _dates(self, now: datetime) -> tuple[datetime, datetime]:
        problems = Problems()
        problems.of(lambda: required_day(self.opens_on.data, "opens_on"))
        problems.of(lambda: required_day(self.ends_on.data, "ends_on"))
        problems.of(lambda: rules.check_delay(self.delay))
        problems.of(lambda: self.mode)
        problems.end()
        opens_at = opening(required_day(self.opens_on.data, "opens_on"), now)
        ends_at = closing(required_day(self.ends_on.data, "ends_on"))
        if opens_at < now:
            raise InvalidError({"opens_on": [gettext("Choisissez aujourd’hui ou un jour à venir.")]})
        rules.check_dates(opens_at, ends_at, now)
        return opens_at, ends_at


def _choices(offer: Offer, kind: ItemKind) -> list[tuple[str, str]]:
    return [(item.id, written(f"{item.number}. {item.title}")) for item in offer.items[kind]]
