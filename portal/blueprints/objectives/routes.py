"""The objectives as people read them: the tree, one sheet, the ready models."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from portal.blueprints._guards import Asked, allow
from portal.blueprints.documents.pages import shelf
from portal.blueprints.objectives import forms, pages
from portal.blueprints.objectives.forms import PlaceForm, VersionedForm
from portal.domain.documents.models import Subject
from portal.domain.objectives import queries, ready, rules, told
from portal.domain.objectives.models import Financing, News, State
from portal.domain.plain import queries as plain
from portal.domain.predecessors import queries as predecessors
from portal.extensions import db
from portal.kernel.errors import StaleError
from portal.policy.permissions import Permission

bp = Blueprint("objectives", __name__)

# So many objectives are read at once; more are folded under their branches, or a page is too long for a phone.
AT_ONCE = 6


@bp.get("/contrats/<id:contract_id>/objectifs")
@allow(Permission.CONTRACT_READ)
def listed(asked: Asked) -> str:
    """The whole tree, in words first."""
    session, contract_id = db.session(), asked.contract_id
    wanted, whole = forms.wanted(), request.args.get("tout") == forms.WHOLE
    after = None if whole else forms.cursor("apres")
    page = queries.page(
        session, contract_id, wanted, after=after, size=queries.WHOLE if whole else queries.PAGE
    )
    branches, kept = queries.branches(session, contract_id), forms.filters(wanted)
    return render_template(
        "objectives/list.html",
        asked=asked,
        here=pages.here(asked),
        branches=branches,
        tops=[one for one in branches if one.parent_id is None],
        sections=pages.sections(page.sheets, branches),
        places=queries.places(session, contract_id),
        states=list(State),
        in_order=rules.in_order,
        wanted=wanted,
        whole=whole,
        unfolded=whole or wanted.narrow or bool(request.args.get("fait")) or len(page.sheets) <= AT_ONCE,
        cut=whole and page.after is not None,
        can_write=Permission.OBJECTIVE_WRITE in asked.can,
        next_page=f"?{urlencode({**kept, 'apres': page.after})}" if page.after and not whole else None,
        first_page=f"?{urlencode(kept)}" if after else None,
        printable=f"?{urlencode({**kept, 'tout': forms.WHOLE})}",
        done=request.args.get("fait", ""),
    )


@bp.get("/contrats/<id:contract_id>/objectifs/modeles")
@allow(Permission.OBJECTIVE_WRITE)
def models(asked: Asked) -> str:
    """The ready models; choosing one fills the form."""
    return render_template(
        "objectives/models.html", asked=asked, here=pages.here(asked), sectors=ready.by_sector()
    )


@bp.get("/contrats/<id:contract_id>/objectifs/<id:objective_id>")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked, objective_id: str) -> str:
    """One objective: what changes for people first."""
    return page(asked, objective_id)


def page(
    asked: Asked,
    objective_id: str,
    *,
    told_form: VersionedForm | PlaceForm | None = None,
    stale: StaleError | None = None,
) -> str:
    """The sheet of an objective, once more with what went wrong when there is something."""
    session, sheet = db.session(), pages.sheet(asked, objective_id)
    branches = {one.id: one for one in queries.branches(session, asked.contract_id)}
    branch = branches.get(sheet.branch_id or "")
    actions, more = told.actions(session, objective_id, after=forms.number("apres"))
    news, older = told.history(session, objective_id, before=forms.cursor("histoire"))
    gone = told.removed(session, objective_id)
    can_write = Permission.OBJECTIVE_WRITE in asked.can
    return render_template(
        "objectives/show.html",
        asked=asked,
        here=pages.here(asked),
        url=pages.url(asked, objective_id),
        sheet=sheet,
        reading=plain.reading(session, sheet.item),
        branch=branch,
        orientation=branches.get(branch.parent_id or "") if branch else None,
        lines=queries.lines(session, objective_id),
        findings=queries.answered(session, objective_id),
        followed=pages.measured(asked, objective_id),
        actions=actions,
        more=more,
        first=forms.number("apres") > 0,
        news=news,
        older=older,
        years=pages.years(asked, objective_id),
        removed=gone if can_write else [],
        taking={one.id: _versioned(one.version) for one in actions} if can_write else {},
        putting={one.id: _versioned(one.version) for one in gone} if can_write else {},
        placing=(_versioned(sheet.item.version), _versioned(sheet.item.version)) if can_write else (),
        in_order=rules.in_order,
        financing=Financing,
        adapted=News.ADAPTED,
        talks=pages.talks(asked, objective_id),
        former=predecessors.of_objective(session, objective_id),
        shelf=shelf(asked, Subject.OBJECTIVE, objective_id),
        can_write=can_write,
        form=told_form,
        stale=stale,
        done=request.args.get("fait", ""),
    )


def _versioned(version: int) -> VersionedForm:
    """One button, an act with its own id."""
    form = VersionedForm(formdata=None)
    form.fresh()
    form.version.data = str(version)
    return form
