"""What each fact becomes on the wire: one line per kind, and one rendering per audience."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from portal import languages
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.told import Told
from portal.domain.contributions.views import CardView
from portal.domain.facts import FactKind
from portal.domain.figures import queries as figures
from portal.domain.involvement import changes
from portal.domain.involvement.changes import Change
from portal.domain.journal.queries import FrameRow
from portal.kernel.speech import say
from portal.logs import get_logger
from portal.vocabulary import Audience

log = get_logger("portal.realtime.outbound")

Payload = dict[str, Any]
CARD_TEMPLATE = "contributions/_card.html"
ROOT_LEVEL, REPLY_LEVEL = 3, 4
# The place is counted, the content is not for this audience: only the cursor moves.
NOTHING: Payload = {"shape": "none"}
# The content could not be made: the page proposes to load itself again.
LOST: Payload = {"shape": "lost"}


class Shelf:
    """What several frames tell of, read together when it is first asked for, and shown once for all who see the same."""

    def __init__(self, session: Session, rows: Sequence[FrameRow]) -> None:
        self._session = session
        objects = {row.object for row in rows if LINES[row.kind].shape in CARD_SHAPES}
        self._told = Told(session, objects)
        self._records = {row.object for row in rows if LINES[row.kind].shape in LEVEL_SHAPES}
        self._changes: dict[str, Change] | None = None
        self._befores: dict[Audience, dict[str, str | None]] = {}
        self._totals: dict[tuple[str, str], int] = {}
        self._shown: dict[tuple[CardView, str], str] = {}

    def card(self, row: FrameRow, audience: Audience) -> CardView | None:
        """The card of a frame, None when the audience may not see it."""
        return self._told.card(row.object, audience)

    def html(self, card: CardView) -> str:
        """A card in the language that is spoken; the same card for another audience is not rendered again."""
        key = (card, languages.current())
        if key not in self._shown:
            level = REPLY_LEVEL if card.root_id else ROOT_LEVEL
            # Rendered without a request and without context processors: nothing personal can get in.
            template = current_app.jinja_env.get_template(CARD_TEMPLATE)
            self._shown[key] = template.render(card=card, level=level)
        return self._shown[key]

    def before(self, card: CardView, audience: Audience) -> str | None:
        """The card that it stands after."""
        if audience not in self._befores:
            shown = self._told.shown(audience)
            self._befores[audience] = contributions.befores(self._session, shown, audience)
        return self._befores[audience].get(card.id)

    def change(self, record_id: str) -> Change | None:
        """What a record of a level changed."""
        if self._changes is None:
            self._changes = changes.of_records(self._session, self._records)
        return self._changes.get(record_id)

    def total(self, space_id: str, item_id: str) -> int:
        """How many contributions an item has."""
        place = (space_id, item_id)
        if place not in self._totals:
            self._totals[place] = figures.published_on(self._session, *place)
        return self._totals[place]


@dataclass(frozen=True, slots=True)
class Line:
    """How a kind of fact is told; `shape` None says nothing, and `why` says why."""

    shape: Callable[[Shelf, FrameRow, Audience, Line], Payload] | None
    sentence: str = ""
    fresh: bool = False
    # Its place is new to readers, and is no news.
    quiet: bool = False
    # Words that were taken back: where they still wait to be shown, they are no news any more.
    over: bool = False
    why: str = ""


def _card(shelf: Shelf, row: FrameRow, audience: Audience, line: Line) -> Payload:
    card = shelf.card(row, audience)
    if card is None:
        return NOTHING
    payload: Payload = {
        "shape": "card",
        "id": card.id,
        "item": card.item_id,
        "root": card.root_id,
        "html": shelf.html(card),
        "fresh": line.fresh or (line.quiet and audience is Audience.READERS),
    }
    if payload["fresh"] and audience is not Audience.AUTHOR:
        payload["after"] = shelf.before(card, audience)
    if line.quiet or line.over:
        payload["quiet"] = True
    if audience is not Audience.AUTHOR:
        payload["total"] = shelf.total(row.space_id, card.item_id)
    return payload


def _reactions(shelf: Shelf, row: FrameRow, audience: Audience, _line: Line) -> Payload:
    card = shelf.card(row, audience)
    if card is None or not card.reactions:
        return NOTHING
    return {
        "shape": "reactions",
        "id": card.id,
        "item": card.item_id,
        "figures": [[value, count] for value, _, _, count in card.reactions],
    }


CARD_SHAPES = (_card, _reactions)


def _space(_shelf: Shelf, _row: FrameRow, _audience: Audience, line: Line) -> Payload:
    return {"shape": "space", "sentence": languages.spoken(line.sentence)}


def _planned(shelf: Shelf, row: FrameRow, _audience: Audience, line: Line) -> Payload:
    return _level(shelf, row, line, at_once=False)


def _in_force(shelf: Shelf, row: FrameRow, _audience: Audience, line: Line) -> Payload:
    return _level(shelf, row, line, at_once=True)


LEVEL_SHAPES = (_planned, _in_force)


def _level(shelf: Shelf, row: FrameRow, line: Line, *, at_once: bool) -> Payload:
    """Which group, from what to what: a level is for every member to know; its reason stays on pages."""
    change = shelf.change(row.object)
    # A level of the whole contract may leave this space as it is: its line promises nothing.
    told: str = line.sentence
    if change is not None and not change.whole:
        told = changes.sentence(change, at_once=at_once)
    return {"shape": "space", "sentence": languages.spoken(told)}


def _item(_shelf: Shelf, row: FrameRow, _audience: Audience, line: Line) -> Payload:
    return {"shape": "item", "item": row.object, "sentence": languages.spoken(line.sentence)}


def _silent(why: str) -> Line:
    return Line(None, why=why)


LINES: dict[FactKind, Line] = {
    FactKind.CONTRACT_CREATED: _silent("nobody has a page of a contract that begins"),
    FactKind.MEMBER_ADDED: _silent("tells who joined; rights follow by the epoch"),
    FactKind.MEMBER_LEFT: _silent("tells who left; rights follow by the epoch"),
    FactKind.ROLE_GIVEN: _silent("rights follow by the epoch"),
    FactKind.AGENT_ATTACHED: _silent("rights follow by the epoch"),
    FactKind.APPEAL_PASSED: _silent("the author and who moderates have a notice; no card changes"),
    FactKind.APPEAL_READER_NAMED: _silent("written down for the register; pages ask who is named"),
    FactKind.APPEAL_READER_ENDED: _silent("written down for the register; pages ask who is named"),
    FactKind.TEXT_CHANGED: Line(_item, say("Le texte de ce sujet a changé. Rechargez la page pour le lire.")),
    FactKind.SPACE_CREATED: Line(_space, say("Cet espace d’échange vient d’être créé.")),
    FactKind.SPACE_ANNOUNCED: Line(_space, say("Cet espace d’échange est annoncé. Vous pouvez déjà lire.")),
    FactKind.SPACE_OPENED: Line(_space, say("Cet espace d’échange est ouvert. Vous pouvez participer.")),
    FactKind.SPACE_PAUSED: Line(
        _space, say("Cet espace d’échange est en pause. Votre texte est gardé sur cette page.")
    ),
    FactKind.SPACE_RESUMED: Line(_space, say("Cet espace d’échange a repris.")),
    FactKind.SPACE_ANSWERING: Line(
        _space, say("Les contributions sont terminées. Les réponses continuent d’arriver ici.")
    ),
    FactKind.SPACE_CORRECTED: Line(
        _space, say("Les réglages de cet espace d’échange ont changé. Rechargez la page pour les lire.")
    ),
    FactKind.SPACE_QUESTION_CHANGED: _silent("the change of settings has its own line, at the same moment"),
    FactKind.SPACE_WORDS_TOLD: Line(
        _space, say("Ce que les autorités lisent ici a changé. Rechargez la page pour le lire.")
    ),
    FactKind.PERIMETER_CHANGED: _silent("read on the page of the perimeter; no space is concerned"),
    FactKind.INDICATORS_CHOSEN: _silent("read on the pages of indicators; no space is concerned"),
    FactKind.INDICATOR_VALUES_CHANGED: _silent("read on the pages of indicators; no space is concerned"),
    FactKind.INDICATOR_REFERENCE_CHANGED: _silent("read on the pages of indicators; no space is concerned"),
    **dict.fromkeys(
        (
            FactKind.LIFE_DATES_CHANGED,
            FactKind.STAGE_CHANGED,
            FactKind.STAGE_REOPENED,
            FactKind.AMENDMENT_RECORDED,
            FactKind.AMENDMENT_CORRECTED,
            FactKind.FOLLOW_UP_CHANGED,
            FactKind.REVIEW_WRITTEN,
            FactKind.END_DECIDED,
            FactKind.DISAGREEMENT_RAISED,
            FactKind.POSITION_WRITTEN,
            FactKind.DISAGREEMENT_SETTLED,
        ),
        _silent("read on the page of the life of the contract; no space is concerned"),
    ),
    **dict.fromkeys(
        (FactKind.TRAME_CHOSEN, FactKind.TRAME_BLOCK_WRITTEN, FactKind.TRAME_PUBLISHED),
        _silent("read on the pages of the trame; no space is concerned"),
    ),
    **dict.fromkeys(
        (FactKind.TRAME_PART_OPENED, FactKind.TRAME_PART_TAKEN),
        _silent("read on the pages of the trame; no word of a space changes"),
    ),
    **dict.fromkeys(
        (
            FactKind.PLAIN_PAIRED,
            FactKind.PLAIN_REVIEWED,
            FactKind.FALC_RECORDED,
            FactKind.FALC_TAKEN_BACK,
        ),
        _silent("read beside the two texts; no word of a space changes"),
    ),
    **dict.fromkeys(
        (
            FactKind.NEGOTIATION_OPENED,
            FactKind.NEGOTIATION_POINT_SETTLED,
            FactKind.NEGOTIATION_CLOSED,
            FactKind.WORDING_CHANGED_IN_NEGOTIATION,
            FactKind.NEGOTIATED_WORDS_CHANGED,
        ),
        _silent("read on the page of the negotiation; the text that changed tells the spaces itself"),
    ),
    FactKind.AXES_CHANGED: _silent("read on the page of the diagnostic; no space is concerned"),
    FactKind.FINDING_ADDED: _silent("read on the page of the diagnostic; no space has it yet"),
    FactKind.FINDING_CHANGED: Line(_item, say("Ce constat a changé. Rechargez la page pour le lire.")),
    FactKind.FINDING_WITHDRAWN: Line(
        _item, say("Ce constat a été retiré du diagnostic. Rechargez la page pour lire pourquoi.")
    ),
    FactKind.TRAME_PART_WITHDRAWN: Line(
        _item, say("Cette partie de trame a été retirée de la discussion. La raison est sur sa page.")
    ),
    FactKind.FINDING_RESTORED: Line(_item, say("Ce constat est de nouveau dans le diagnostic.")),
    FactKind.OBJECTIVE_WRITTEN: Line(_item, say("Cet objectif a changé. Rechargez la page pour le lire.")),
    FactKind.ACTION_WRITTEN: _silent("read on the page of the objective; no word of a space changes"),
    FactKind.PROGRESS_TOLD: _silent("read on the page of the objective; no word of a space changes"),
    FactKind.PLAN_ADAPTED: _silent("read on the page of the objective; no word of a space changes"),
    FactKind.MEANS_WRITTEN: _silent("read on the page of the means; no word of a space changes"),
    FactKind.FOLLOW_UP_WRITTEN: _silent("read on the page of the means; no word of a space changes"),
    FactKind.REALLOCATION_DECIDED: _silent("read on the page of the means; no word of a space changes"),
    FactKind.DOCUMENT_ATTACHED: _silent("read on the page of the documents; no word of a space changes"),
    FactKind.DOCUMENT_REPLACED: _silent("read on the page of the documents; no word of a space changes"),
    FactKind.DOCUMENT_DESCRIBED: _silent("read on the page of the documents; no word of a space changes"),
    FactKind.DOCUMENT_REMOVED: _silent("read on the page of the documents; no word of a space changes"),
    FactKind.FILES_TAKEN_UP: _silent("each piece that was written tells its own change"),
    FactKind.PREDECESSOR_WRITTEN: _silent(
        "read on the page of the contract before; no word of a space changes"
    ),
    FactKind.COMMITMENTS_ADDED: _silent(
        "read on the page of the contract before; no word of a space changes"
    ),
    FactKind.COMMITMENT_TOLD: _silent("read on the page of the contract before; no word of a space changes"),
    FactKind.FINDING_VALIDATED: _silent("read on the page of the finding; no word of a space changes"),
    FactKind.REFERENT_WRITTEN: _silent("read on the page of the contract; no space is concerned"),
    FactKind.SPACE_CLOSED: Line(_space, say("Cet espace d’échange est clos. Tout reste lisible.")),
    FactKind.PROMISE_BROKEN: Line(
        _space, say("Un engagement n’a pas été tenu. L’explication est sur la page de l’espace.")
    ),
    FactKind.LEVEL_RECORDED: Line(
        _planned, say("Un niveau d’implication va changer. Lisez les engagements de participation.")
    ),
    FactKind.LEVEL_EFFECTIVE: Line(
        _in_force, say("Un niveau d’implication a changé. Lisez les engagements de participation.")
    ),
    FactKind.CONTRIBUTION_SUBMITTED: Line(_card, fresh=True),
    FactKind.CONTRIBUTION_PUBLISHED: Line(_card, fresh=True),
    FactKind.CORRECTION_SUBMITTED: Line(_card),
    FactKind.CONTRIBUTION_CORRECTED: Line(_card),
    FactKind.CONTRIBUTION_REFUSED: Line(_card, quiet=True),
    FactKind.CORRECTION_REFUSED: Line(_card),
    FactKind.CONTRIBUTION_HIDDEN: Line(_card, over=True),
    FactKind.CONTRIBUTION_WITHDRAWN: Line(_card, over=True),
    FactKind.PENDING_WITHDRAWN: Line(_card, over=True),
    FactKind.REACTION_CHANGED: Line(_reactions),
    FactKind.ANSWER_GIVEN: Line(_card),
    FactKind.CONTRIBUTION_THANKED: Line(_card),
    FactKind.ANSWER_CORRECTED: Line(_card),
    FactKind.ANSWER_TAKEN_BACK: Line(_card),
    FactKind.ANSWER_LINKED: Line(_card),
    FactKind.CONTRIBUTIONS_MERGED: Line(_card),
    FactKind.CONTRIBUTIONS_PARTED: Line(_card),
    FactKind.HANDOVER_MOVED: Line(_card),
    FactKind.SYNTHESIS_PUBLISHED: Line(
        _space, say("La synthèse de cet espace est publiée. Vous pouvez la lire depuis la page de l’espace.")
    ),
    FactKind.SYNTHESIS_CORRECTED: Line(
        _space, say("La synthèse de cet espace a une nouvelle version. L’ancienne se lit encore.")
    ),
    FactKind.EXTENSION_ASKED: _silent(
        "nothing changes until the group agrees; its voices are told by a notice"
    ),
    FactKind.EXTENSION_AGREED: Line(
        _space, say("Une date de réponse a changé, avec l’accord du groupe. Rechargez la page pour la lire.")
    ),
    FactKind.EXTENSION_REFUSED: _silent("nothing changed; who asked is told by a notice"),
    FactKind.SURVEY_OPENED: Line(
        _space, say("Un questionnaire court vient de s’ouvrir ici. Rechargez la page pour le voir.")
    ),
    FactKind.SURVEY_ANSWERED: _silent("a frame for each sheet would count persons"),
    FactKind.SURVEY_CLOSED: Line(_space, say("Le questionnaire court est terminé.")),
    FactKind.SURVEY_PUBLISHED: Line(
        _space,
        say("Les résultats du questionnaire court sont publiés. Rechargez la page pour les lire."),
    ),
    FactKind.DUTY_ENTRUSTED: _silent(
        "how the organiser shares the work; who receives it is told by a notice"
    ),
    FactKind.LEAVE_COVERED: _silent("tells that somebody is away; who covers is told by a notice"),
    FactKind.DUTY_EXPLAINED: Line(_card),
    FactKind.LEVEL_PROPOSED: _silent("nothing changes until it is accepted"),
    FactKind.LEVEL_PROPOSAL_ACCEPTED: _silent("the level that follows has its own line"),
    FactKind.LEVEL_PROPOSAL_REFUSED: _silent("nothing changed; who proposed is told by a notice"),
    FactKind.LEVEL_PROPOSAL_LAPSED: _silent("the closing has its own line; who proposed is told by a notice"),
    FactKind.APPEAL_MADE: Line(_card),
    FactKind.APPEAL_UPHELD: Line(_card),
    FactKind.APPEAL_REVERSED: Line(_card),
    FactKind.CONTRIBUTION_REPORTED: Line(_card),
    FactKind.REPORTS_SETTLED: Line(_card),
    FactKind.DANGER_RAISED: Line(_card),
    FactKind.ERASURE_ASKED: _silent("who may confirm is told by a notice; no card changes before"),
    FactKind.CONTRIBUTION_ERASED: Line(_card),
    FactKind.ACT_RECORDED: _silent("members are told by a notice; no page shows it live"),
    FactKind.ACT_CORRECTED: _silent("members are told by a notice; no page shows it live"),
    FactKind.ACT_FOLLOWED: _silent("members are told by a notice; no page shows it live"),
    FactKind.ACT_TAKEN_BACK: _silent("members are told by a notice; no page shows it live"),
    FactKind.QUIET_SEALED: _silent("what it seals is nobody's to count; each page heard of its own in time"),
    FactKind.REGISTER_HEAD_SENT: _silent("who receives it is told by a notice; no page shows it live"),
}


def frame(shelf: Shelf, row: FrameRow, audience: Audience) -> Payload:
    """One frame for everybody of an audience, with the audience's own numbers."""
    return {**_numbers(row, audience), **_body(shelf, row, audience)}


def frames(session: Session, rows: Sequence[FrameRow], audience: Audience) -> Iterator[Payload]:
    """Frames that a page missed, made as they are asked for; an object told several times is rendered once."""
    shelf = Shelf(session, rows)
    bodies: dict[tuple[FactKind, str], Payload] = {}
    for row in rows:
        key = (row.kind, row.object)
        if key not in bodies:
            bodies[key] = _body_or_lost(shelf, row, audience)
        yield {**_numbers(row, audience), **bodies[key]}


def _body_or_lost(shelf: Shelf, row: FrameRow, audience: Audience) -> Payload:
    try:
        return _body(shelf, row, audience)
    except Exception as error:
        log.exception("live.frame_failed", kind=row.kind, exc_info=error)
        return LOST


def _body(shelf: Shelf, row: FrameRow, audience: Audience) -> Payload:
    line = LINES[row.kind]
    return NOTHING if line.shape is None else line.shape(shelf, row, audience, line)


def _numbers(row: FrameRow, audience: Audience) -> Payload:
    return {"space": row.space_id, "audience": audience.value, "prev": row.cursor - 1, "cursor": row.cursor}
