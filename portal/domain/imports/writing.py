"""Writes in the contract what was understood of a file: each piece through the service of its noun, all of them or none."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Axis
from portal.domain.diagnostic import axes
from portal.domain.diagnostic import service as diagnostic
from portal.domain.diagnostic.typed import Typed as Finding
from portal.domain.facts import Fact, FactKind
from portal.domain.imports import compare, pieces, service
from portal.domain.imports.building import SITES, listed, proposed, there
from portal.domain.imports.compare import ORDER, Compared
from portal.domain.imports.models import FileImport
from portal.domain.imports.pieces import FINDINGS, LISTED, Piece, PieceKind, Understood
from portal.domain.imports.standing import Standing, filled, standing
from portal.domain.imports.yearly import values
from portal.domain.indicators import grid, numbers
from portal.domain.indicators import queries as followed
from portal.domain.indicators import service as indicators
from portal.domain.journal import service as journal
from portal.domain.objectives import actions, tree
from portal.domain.objectives import service as objectives
from portal.domain.objectives.models import Financing, Priority, State
from portal.domain.objectives.typed import LINE_PARTS, LINKS, NOTES
from portal.domain.objectives.typed import Typed as Objective
from portal.domain.objectives.typed import TypedAction as Action
from portal.kernel import clock
from portal.kernel import text as words_of
from portal.kernel.errors import InvalidError, NotFoundError
from portal.kernel.speech import say
from portal.policy.actor import Actor

K = PieceKind
MAX_BRANCH_PLAIN = 300
# Pieces whose plain words wait for somebody that a page names.
NAMED = 100
# What a finding, then an objective, says to people.
WORDS = (("plain",), ("plain", "expected"))
UNREADY = say("Des morceaux sont encore à compléter. Ils sont marqués sur ces pages.")
NOTHING_LEFT = say("Il n’y a rien à écrire : tout est déjà dans le contrat, ou laissé de côté.")


@dataclass(frozen=True, slots=True)
class Named:
    """A finding or an objective that was written with the words of the file for plain words."""

    kind: PieceKind
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a file: how many pieces of each kind, and whose plain words are still to be written."""

    counts: Mapping[PieceKind, int]
    to_simplify: tuple[Named, ...]
    asides: int


def write(session: Session, person: Actor, contract_id: str, import_id: str, seen: int) -> None:
    """Write every piece that is neither there already nor left aside; nothing is written when one of them cannot be.

    Errors: RefusedError, NotFoundError, StaleError, InvalidError.
    """
    row = service.held(session, person, contract_id, import_id, seen)
    if row.former:
        raise NotFoundError
    understood = pieces.kept(row.body)
    now = filled(session, standing(session, contract_id), understood)
    compared = compare.compare(understood, now)
    if compared.problems:
        raise InvalidError({"pieces": [UNREADY]})
    if not compared.counts(understood):
        raise InvalidError({"pieces": [NOTHING_LEFT]})
    writer = _Writer(session, person, contract_id, understood, compared, now, understood.by_ref())
    writer.all()
    close(row, writer.counts, understood, writer.to_simplify)
    session.flush()
    told = ";".join(f"{kind.value}={number}" for kind, number in writer.counts.items())
    journal.append(
        session,
        Fact(
            FactKind.FILES_TAKEN_UP,
            contract_id,
            contract_id,
            group=person.group,
            participant_id=person.participant_id,
            content=told,
        ),
    )


def objective_of(session: Session, person: Actor, contract_id: str, understood: Understood) -> str:
    """Write an objective with its actions and indicators, the first of these pieces; its id. Errors: RefusedError, InvalidError."""
    now, nothing = standing(session, contract_id), Compared({}, {})
    writer = _Writer(session, person, contract_id, understood, nothing, now, understood.by_ref())
    writer.all()
    return writer.made[understood.pieces[0].ref]


def close(
    row: FileImport,
    counts: Mapping[PieceKind, int],
    understood: Understood,
    to_simplify: Sequence[Named] = (),
) -> None:
    """Keep of a file only what came of it."""
    row.body, row.written_at = _kept(counts, to_simplify, understood), clock.now()
    row.version += 1


def result(view: service.View) -> Result:
    """What came of a file that was written."""
    raw = json.loads(view.body)
    return Result(
        {PieceKind(kind): number for kind, number in raw["counts"].items()},
        tuple(Named(PieceKind(kind), one, title) for kind, one, title in raw["to_simplify"]),
        raw["asides"],
    )


@dataclass(slots=True)
class _Writer:
    """Writes the pieces in the order in which they stand under one another."""

    session: Session
    person: Actor
    contract_id: str
    understood: Understood
    compared: Compared
    now: Standing
    refs: Mapping[str, Piece]
    made: dict[str, str] = field(default_factory=dict)
    counts: Counter[PieceKind] = field(default_factory=Counter)
    to_simplify: list[Named] = field(default_factory=list)
    axes: dict[str, str] = field(default_factory=dict)
    lines: dict[str, list[Piece]] = field(default_factory=dict)

    def all(self) -> None:
        """Every piece. Errors: InvalidError, with the words of the piece that is refused."""
        for line in self._left(K.LINE):
            self.lines.setdefault(line.parent, []).append(line)
            self.counts[K.LINE] += 1
        verbs: Mapping[PieceKind, Callable[[Piece], str]] = {
            K.ORIENTATION: self._branch,
            K.STRATEGIC: self._branch,
            K.OBJECTIVE: self._objective,
            K.ACTION: self._action,
            K.VALUES: self._values,
        }
        for kind in ORDER:
            verb = self._finding if kind in FINDINGS else verbs.get(kind)
            for piece in self._left(kind) if verb is not None else ():
                self.made[piece.ref] = self._tried(verb, piece) if verb is not None else ""
                self.counts[kind] += 1

    def _left(self, kind: PieceKind) -> list[Piece]:
        return [one for one in self.understood.of(kind) if one.id not in self.compared.known]

    def _tried(self, verb: Callable[[Piece], str], piece: Piece) -> str:
        try:
            return verb(piece)
        except InvalidError as error:
            why = next(iter(error.errors.values()))[0]
            told = say("« %(words)s » : %(why)s", words=words_of.typography(piece.text), why=why)
            raise InvalidError({"pieces": [told]}) from error

    def _under(self, piece: Piece) -> str:
        """The id of what a piece stands under, empty for nothing."""
        ref = compare.effective(piece.parent, self.refs, self.compared.known)
        return self.made[ref] if ref in self.made else ref.removeprefix("=")

    def _branch(self, piece: Piece) -> str:
        plain = words_of.excerpt(
            (piece.said.get("plain") or piece.text)[: 2 * MAX_BRANCH_PLAIN], MAX_BRANCH_PLAIN
        )
        parent = self._under(piece) or None
        return tree.add(self.session, self.person, self.contract_id, parent, piece.text, plain)

    def _finding(self, piece: Piece) -> str:
        plain, technical = _both(piece)
        typed = Finding(
            axis_id=self._axis(piece.parent),
            kind=FINDINGS[piece.kind],
            title=piece.text,
            plain=plain,
            technical=technical,
            evidence=piece.said.get("evidence", ""),
        )
        made = diagnostic.add(self.session, self.person, self.contract_id, typed)
        self._note(piece, made)
        return made

    def _axis(self, ref: str) -> str:
        if ref == there(ref[1:]):
            return ref[1:]
        if not self.axes:
            axes.begin(self.session, self.person, self.contract_id)
            rows = self.session.scalars(
                select(Axis).where(Axis.contract_id == self.contract_id).order_by(Axis.number)
            )
            self.axes.update({proposed(number): one.id for number, one in enumerate(rows)})
        return self.axes[ref]

    def _objective(self, piece: Piece) -> str:
        plain, technical = _both(piece)
        said = piece.said
        typed = Objective(
            # A title promises nothing to anybody: what changes for people is said by somebody, or not yet.
            expected=said.get("expected", ""),
            unsaid=True,
            title=piece.text,
            plain=plain,
            technical=technical,
            branch_id=self._under(piece),
            priority=Priority(said["priority"]) if "priority" in said else Priority.NEXT,
            places=frozenset(said.get(SITES, "").split()) & frozenset(self.now.sites),
            said={name: said.get(name, "") for name in (*LINKS, *NOTES)},
            lines=[_line(one) for one in self.lines.get(piece.ref, ())],
        )
        made = objectives.add(self.session, self.person, self.contract_id, typed)
        self._note(piece, made)
        return made

    def _action(self, piece: Piece) -> str:
        said = piece.said
        typed = Action(
            label=piece.text,
            starts_on=_day(said, "starts"),
            ends_on=_day(said, "ends"),
            state=State(said["state"]) if "state" in said else State.NOT_STARTED,
            justification=said.get("why", ""),
            lead=said.get("lead", ""),
            team=said.get("team", ""),
            partners=said.get("partners", ""),
            financing=Financing(said["money"]) if "money" in said else Financing.UNKNOWN,
            funded_until=_day(said, "until"),
        )
        return actions.add(self.session, self.person, self.contract_id, self._under(piece), typed)

    def _values(self, piece: Piece) -> str:
        of = self.now.indicators[piece.parent]
        indicator_id, site = self._followed(piece.parent), piece.said["site"]
        read = values(piece, of, self.now.year, self.now.held(piece)).taken
        rows = {
            one.year: one
            for one in followed.rows(self.session, indicator_id, list(read))
            if one.establishment_id == site
        }
        cells = []
        for year, typed in read.items():
            row = rows.get(year)
            base = numbers.shown(row.value, of.unit, estimated=row.estimated) if row else ""
            cells.append(grid.Cell(grid.Key(site, year), typed, base, row.version if row else 0))
        grid.write(self.session, self.person, self.contract_id, indicator_id, cells)
        return indicator_id

    def _followed(self, ref: str) -> str:
        """The indicator of a contract; one of the catalogue is followed from now on."""
        if not ref.startswith(LISTED):
            return ref[1:]
        known = followed.followed(self.session, self.contract_id)
        found = next((one.id for one in known if listed(one.code) == ref), "")
        if found:
            return found
        codes = [*(one.code for one in known if one.code), ref[1:]]
        seen = followed.version(self.session, self.contract_id)
        indicators.choose(self.session, self.person, self.contract_id, codes, seen)
        return next(
            one.id for one in followed.followed(self.session, self.contract_id) if one.code == ref[1:]
        )

    def _note(self, piece: Piece, made: str) -> None:
        if (
            not all(piece.said.get(one) for one in WORDS[piece.kind is K.OBJECTIVE])
            and len(self.to_simplify) < NAMED
        ):
            kind = K.OBJECTIVE if piece.kind is K.OBJECTIVE else K.FINDING
            self.to_simplify.append(Named(kind, made, words_of.typography(piece.text)))


def _both(piece: Piece) -> tuple[str, str]:
    """The plain and the technical words: one stands for the other until somebody writes it."""
    technical = piece.said.get("technical") or piece.text
    return piece.said.get("plain") or technical, technical


def _line(piece: Piece) -> dict[str, str]:
    said = {"label": piece.text, **piece.said}
    return {name: said.get(name, "") for name, _most in LINE_PARTS}


def _day(said: Mapping[str, str], name: str) -> date | None:
    return date.fromisoformat(said[name]) if name in said else None


def _kept(written: Mapping[PieceKind, int], to_simplify: Sequence[Named], understood: Understood) -> str:
    asides = len(understood.asides) + sum(1 for _one in understood.of(K.ASIDE))
    counts = {kind.value: number for kind, number in written.items()}
    named = [(one.kind.value, one.id, one.title) for one in to_simplify]
    return json.dumps({"counts": counts, "to_simplify": named, "asides": asides}, ensure_ascii=False)
