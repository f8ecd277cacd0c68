"""The whole diagnostic, by axis: read by all, filtered, printed."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from portal.blueprints._guards import Asked, allow
from portal.blueprints.diagnostic import forms, pages
from portal.blueprints.diagnostic.forms import NothingForm, ValidationForm
from portal.domain.diagnostic import axes as axis_verbs
from portal.domain.diagnostic import queries, rules
from portal.domain.diagnostic.models import ValidationState
from portal.domain.diagnostic.queries import FindingView
from portal.extensions import db
from portal.policy.permissions import Permission

bp = Blueprint("diagnostic", __name__)

# So many findings are read at once; more are folded under their questions, or a page is too long for a phone.
AT_ONCE = 4


@bp.get("/contrats/<id:contract_id>/diagnostic")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked) -> str:
    """Where things stand today, as the parties say it."""
    session, contract_id, mine = db.session(), asked.contract_id, pages.party(asked)
    wanted, whole = forms.wanted(mine), request.args.get("tout") == forms.WAITS
    axes, known = queries.axes(session, contract_id), queries.parties(session, contract_id)
    page = queries.page(
        session,
        contract_id,
        wanted,
        known,
        after=None if whole else forms.after(),
        size=queries.WHOLE if whole else queries.PAGE,
    )
    talks = pages.talks(asked, [one.item.id for one in page.findings])
    kept = forms.filters(wanted)
    begin = NothingForm(formdata=None)
    begin.fresh()
    return render_template(
        "diagnostic/show.html",
        asked=asked,
        here=pages.here(asked),
        axes=axes,
        proposed=axis_verbs.PROPOSED,
        total=sum(sum(one.kinds.values()) for one in axes),
        sections=pages.sections(page.findings, axes),
        talks=talks.of,
        parties=known,
        places=queries.places(session, contract_id),
        wanted=wanted,
        organisation=queries.ORGANISATION,
        kinds=rules.ORDER,
        by_kind=rules.by_kind,
        mine=mine,
        quick=_quick(page.findings, mine) if wanted.waits_for else {},
        next=rules.next_step(
            _can(asked, mine),
            axes=len(axes),
            findings=sum(sum(one.kinds.values()) for one in axes),
            waiting=queries.waits(session, contract_id, mine),
            in_space=talks.opened,
        ),
        withdrawn=[] if wanted.narrow else queries.withdrawn(session, contract_id),
        begin=begin,
        whole=whole,
        unfolded=whole or wanted.narrow or bool(request.args.get("fait")) or len(page.findings) <= AT_ONCE,
        can_keep=Permission.DIAGNOSTIC_WRITE in asked.can,
        can_add=Permission.FINDING_WRITE in asked.can and mine is not None,
        next_page=f"?{urlencode({**kept, 'apres': page.after})}" if page.after and not whole else None,
        first_page=f"?{urlencode(kept)}" if forms.after() and not whole else None,
        printable=f"?{urlencode({**kept, 'tout': forms.WAITS})}",
        cut=whole and page.after is not None,
        done=request.args.get("fait", ""),
    )


def _can(asked: Asked, mine: str | None) -> set[str]:
    """What this person may do next here."""
    doing = {
        "axes": Permission.DIAGNOSTIC_WRITE,
        "findings": Permission.FINDING_WRITE,
        "validate": Permission.FINDING_VALIDATE,
        "space": Permission.SPACE_CREATE,
    }
    return {name for name, act in doing.items() if act in asked.can and mine is not None}


def _quick(findings: tuple[FindingView, ...], mine: str | None) -> dict[str, ValidationForm]:
    """One button for each finding that waits for the party of the reader."""
    found = {}
    for one in findings:
        stands = one.of(mine)
        if stands is None or stands.state not in (ValidationState.NOT_YET, ValidationState.TO_REVIEW):
            continue
        form = ValidationForm(formdata=None)
        form.fresh()
        form.version.data, form.back.data = str(one.item.version), forms.WAITING
        found[one.item.id] = form
    return found
