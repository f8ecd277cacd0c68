"""Formal acts of a contract: read, recorded, corrected, taken back; the document is handed over as a file."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, direct, number_of
from portal.blueprints._guards import Asked, allow
from portal.blueprints.acts.forms import RecordForm, SequelForm, TakeBackForm
from portal.blueprints.contributions import care
from portal.domain.acts import documents, queries, rules, sequels, service
from portal.domain.acts.queries import ActView
from portal.domain.contracts import queries as contracts
from portal.domain.lifecycle.queries import parties_of
from portal.extensions import db
from portal.kernel.errors import NotFoundError, RefusedError, StaleError
from portal.kernel.ids import is_id
from portal.languages import gettext
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ActKind

bp = Blueprint("acts", __name__)


@bp.get("/contrats/<id:contract_id>/actes")
@allow(Permission.ACTS_READ)
def listed(asked: Asked) -> str:
    """The acts by stage and date, what the law says, what is not recorded yet."""
    session, before = db.session(), request.args.get("avant", "")
    found, older = queries.page(session, asked.contract_id, before=before if is_id(before) else None)
    laws = queries.laws(session, asked.contract_id)
    refusals = [_refused(asked, one) for one in rules.kinds_for(asked.can)]
    can_record = None in refusals
    return render_template(
        "acts/list.html",
        here=_here(asked),
        asked=asked,
        stages=[(stage, list(some)) for stage, some in groupby(found, key=lambda one: one.now.stage)],
        older=older,
        later=is_id(before),
        laws=laws,
        missing=rules.missing(laws, queries.kinds(session, asked.contract_id)),
        can_record=can_record,
        # Why somebody who records acts may record none here, and who does; None for the others.
        refused=None if can_record or not refusals else refusals[0],
    )


@bp.get("/contrats/<id:contract_id>/actes/nouveau")
@allow(Permission.ACT_RECORD)
def begin(asked: Asked) -> str:
    """Which kind of act, then its form."""
    kinds = rules.kinds_for(asked.can)
    kind = next((one for one in kinds if one.value == request.args.get("sorte")), None)
    if kind is None and len(kinds) > 1:
        return render_template("acts/choose.html", here=_here(asked), asked=asked, kinds=kinds)
    kind = kind or kinds[0]
    _require_own_kind(asked, kind)
    return _form(asked, RecordForm(formdata=None), kind)


@bp.post("/contrats/<id:contract_id>/actes/nouveau")
@allow(Permission.ACT_RECORD)
def record(asked: Asked) -> Answered:
    """Record an act."""
    form, kind = RecordForm(), _asked_kind(asked)
    form.look()

    def do(session: Session, person: Actor) -> None:
        service.record(session, person, asked.contract_id, form.command(kind))

    def again(stale: StaleError | None = None) -> str:
        return _form(asked, form, kind, stale=stale)

    question = care.before(asked, form, form.texts, again, sorte=kind.value)
    if question is not None:
        return question
    body = (asked.contract_id, kind.value, *form.said)
    return direct(asked, form, body, f"{_here(asked)}?fait=enregistre", do, again)


@bp.get("/contrats/<id:contract_id>/actes/<id:act_id>")
@allow(Permission.ACTS_READ)
def show(asked: Asked, act_id: str) -> str:
    """One act, with its former versions, and what it became."""
    form = SequelForm(formdata=None)
    form.fresh()
    return _shown(asked, act_id, form)


@bp.post("/contrats/<id:contract_id>/actes/<id:act_id>/suites")
@allow(Permission.ACT_RECORD_EVERY)
def follow_up(asked: Asked, act_id: str) -> Answered:
    """Say what an opinion of the CVS became."""
    form = SequelForm()
    words = form.words.data or ""

    def do(session: Session, person: Actor) -> None:
        sequels.tell(session, person, asked.contract_id, act_id, words)

    def again(stale: StaleError | None = None) -> str:
        return _shown(asked, act_id, form, stale)

    question = care.before(asked, form, (words,), again)
    if question is not None:
        return question
    return direct(asked, form, (act_id, "suite", words), f"{_here(asked)}/{act_id}?fait=suite", do, again)


def _shown(asked: Asked, act_id: str, form: SequelForm, stale: StaleError | None = None) -> str:
    act = _act(asked, act_id)
    cvs = act.kind is ActKind.CVS
    told = sequels.of_act(db.session(), act_id) if cvs else []
    return render_template(
        "acts/show.html",
        here=_here(asked),
        asked=asked,
        act=act,
        former=queries.former(db.session(), act_id) if act.stands and act.version > 1 else [],
        law=next((one for one in rules.LAWS if one.kind is act.kind), None),
        can_change=act.stands and rules.MAY_RECORD[act.kind] in asked.can and _refusal(asked, act) is None,
        done=request.args.get("fait", ""),
        sequels=told,
        form=form if cvs and act.stands and Permission.ACT_RECORD_EVERY in asked.can else None,
        tells_sequels=bool(told) or (cvs and act.stands),
        kept_words="" if act.stands else form.words.data,
        stale=stale,
    )


@bp.get("/contrats/<id:contract_id>/actes/<id:act_id>/document")
@allow(Permission.ACTS_READ)
def download(asked: Asked, act_id: str) -> Response:
    """The document, as a file to keep: never opened inside the portal's own pages."""
    typed = request.args.get("version")
    found = queries.document(db.session(), asked.contract_id, act_id, number_of(typed) if typed else None)
    if found is None:
        raise NotFoundError
    answer = Response(found.content, content_type=documents.TYPES[found.extension])
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@bp.get("/contrats/<id:contract_id>/actes/<id:act_id>/corriger")
@allow(Permission.ACT_RECORD)
def rewrite(asked: Asked, act_id: str) -> str:
    """The form, filled with what the act says now."""
    act = _own(asked, act_id)
    form = RecordForm(formdata=None)
    form.fill(act)
    return _form(asked, form, act.kind, act)


@bp.post("/contrats/<id:contract_id>/actes/<id:act_id>/corriger")
@allow(Permission.ACT_RECORD)
def correct(asked: Asked, act_id: str) -> Answered:
    """Write a new version."""
    act, form = _own(asked, act_id), RecordForm()
    form.look()

    def do(session: Session, person: Actor) -> None:
        service.correct(session, person, asked.contract_id, act_id, form.correction(act.kind))

    def again(stale: StaleError | None = None) -> str:
        return _form(asked, form, act.kind, _act(asked, act_id), stale)

    question = care.before(asked, form, form.texts, again)
    if question is not None:
        return question
    return direct(asked, form, (act_id, *form.said), f"{_here(asked)}/{act_id}?fait=corrige", do, again)


@bp.get("/contrats/<id:contract_id>/actes/<id:act_id>/reprendre")
@allow(Permission.ACT_RECORD)
def ask_take_back(asked: Asked, act_id: str) -> str:
    """What taking an act back does, and why it is done."""
    form = TakeBackForm(formdata=None)
    form.fresh()
    return _take_back(asked, form, _own(asked, act_id))


@bp.post("/contrats/<id:contract_id>/actes/<id:act_id>/reprendre")
@allow(Permission.ACT_RECORD)
def take_back(asked: Asked, act_id: str) -> Answered:
    """Take an act back, with a reason."""
    _own(asked, act_id)
    form = TakeBackForm()

    def do(session: Session, person: Actor) -> None:
        service.take_back(session, person, asked.contract_id, act_id, form.reason.data or "", seen=form.seen)

    def again(stale: StaleError | None = None) -> str:
        return _take_back(asked, form, _act(asked, act_id), stale)

    question = care.before(asked, form, (form.reason.data or "",), again)
    if question is not None:
        return question
    body = (act_id, form.version.data, form.reason.data)
    return direct(asked, form, body, f"{_here(asked)}/{act_id}?fait=repris", do, again)


def _here(asked: Asked) -> str:
    return f"{paths.contract(asked.contract_id)}/actes"


def _act(asked: Asked, act_id: str) -> ActView:
    found = queries.act(db.session(), asked.contract_id, act_id)
    if found is None:
        raise NotFoundError
    return found


def _own(asked: Asked, act_id: str) -> ActView:
    """An act that is this person's to write. Errors: NotFoundError, RefusedError."""
    found = _act(asked, act_id)
    permits.require(asked.actor, rules.MAY_RECORD[found.kind], asked.target)
    refused = _refusal(asked, found)
    if refused is not None:
        raise refused
    return found


def _refusal(asked: Asked, act: ActView) -> RefusedError | None:
    return service.refusal(db.session(), asked.actor, act.kind, act.establishment_id, by_body=act.by_body)


def _asked_kind(asked: Asked) -> ActKind:
    """The kind that the form is about. Errors: NotFoundError, RefusedError."""
    kind = next((one for one in ActKind if one.value == request.form.get("sorte")), None)
    if kind is None:
        raise NotFoundError
    permits.require(asked.actor, rules.MAY_RECORD[kind], asked.target)
    _require_own_kind(asked, kind)
    return kind


def _parties(session: Session, contract_id: str) -> str:
    """Every party, to take out those that were away; nothing when their names are too long for one line."""
    names = ", ".join(one.name for one in parties_of(session, contract_id))
    return names if len(names) <= service.MAX_BODY else ""


def _refused(asked: Asked, kind: ActKind) -> RefusedError | None:
    return service.refusal(db.session(), asked.actor, kind, None, by_body=False)


def _require_own_kind(asked: Asked, kind: ActKind) -> None:
    """Tell who may write no act of this kind before anything is typed. Errors: RefusedError."""
    refused = _refused(asked, kind)
    if refused is not None:
        raise refused


def _form(
    asked: Asked, form: RecordForm, kind: ActKind, act: ActView | None = None, stale: StaleError | None = None
) -> str:
    session = db.session()
    contract = contracts.contracts(session, [asked.contract_id])[0]
    places = contracts.places(session, asked.contract_id)
    if kind is ActKind.CVS and not service.directs(asked.actor):
        places = [one for one in places if one.id == asked.actor.establishment_id]
        whole = not places or (act is not None and act.establishment_id is None)
        form.offer(kind, places, contract.stage, act, whole=whole)
    else:
        form.offer(kind, places, contract.stage, act)
    if kind is ActKind.COMMITTEE and act is None and request.method == "GET":
        form.body_name.data = _parties(session, asked.contract_id)
    if act is not None and stale is not None:
        form.version.data = str(act.version)
    return render_template(
        "acts/form.html",
        here=_here(asked),
        asked=asked,
        form=form,
        kind=kind,
        act=act,
        stale=stale,
        law=next((one for one in rules.LAWS if one.kind is kind), None),
        in_words=kind in rules.IN_WORDS,
        recorder=service.recorder(asked.actor),
        example=_EXAMPLES.get(kind, _EXAMPLES[ActKind.OTHER])(),
    )


_EXAMPLES = {
    ActKind.CVS: lambda: gettext("Par exemple : CVS de la résidence Les Tilleuls."),
    ActKind.CSE: lambda: gettext("Par exemple : CSE de l’association."),
    ActKind.BOARD: lambda: gettext("Par exemple : conseil d’administration de l’association."),
    ActKind.DEPARTMENT: lambda: gettext("Par exemple : commission permanente du conseil départemental."),
    ActKind.COMMITTEE: lambda: gettext("Écrivez le nom des parties, et non celui des personnes."),
    ActKind.OTHER: lambda: gettext("Par exemple : assemblée générale de l’association."),
}


def _take_back(asked: Asked, form: TakeBackForm, act: ActView, stale: StaleError | None = None) -> str:
    form.version.data = str(act.version)
    return render_template(
        "acts/take_back.html", here=_here(asked), asked=asked, form=form, act=act, stale=stale
    )
