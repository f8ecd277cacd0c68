"""The page to which each kind of notice leads."""

from __future__ import annotations

from collections.abc import Callable

from portal import paths
from portal.domain.notifications.places import Place
from portal.domain.notifications.queries import NoticeView
from portal.vocabulary import NoticeKind

# Pages of the contract itself.
_OF_CONTRACT = {
    NoticeKind.LEVEL: "engagements",
    NoticeKind.HEAD: "registre",
    NoticeKind.ACT: "actes",
    NoticeKind.NEGOTIATED: "negociation",
    NoticeKind.AGREED_CHANGED: "negociation",
    NoticeKind.FINDINGS: "diagnostic",
}
_OF_REQUESTS: dict[NoticeKind, Callable[[Place], str]] = {
    NoticeKind.REVIEWED: lambda place: paths.contribution(place.contribution_id or "", "decision"),
    NoticeKind.APPEAL_DECIDED: lambda place: paths.contribution(place.contribution_id or "", "decision"),
    NoticeKind.APPEAL_PASSED: lambda place: paths.contribution(place.contribution_id or "", "decision"),
    NoticeKind.APPEAL_TO_READ: lambda place: f"{paths.contract(place.contract_id)}/recours",
    NoticeKind.APPEAL_FOLLOWED: lambda place: paths.contribution(place.contribution_id or "", "moderer"),
    NoticeKind.REPORTED: lambda place: paths.contribution(place.contribution_id or "", "moderer"),
    NoticeKind.ERASURE: lambda place: paths.contribution(place.contribution_id or "", "effacer"),
    NoticeKind.ERASED: lambda place: paths.contribution(place.contribution_id or "", "effacer"),
    NoticeKind.DANGER: lambda place: paths.contribution(place.contribution_id or "", "danger"),
    NoticeKind.REVIEW_LATE: lambda place: f"{paths.space(place.space_id or '')}/moderation",
    NoticeKind.DUTY: lambda place: f"{paths.contract(place.contract_id)}/devoirs?espace={place.space_id}",
    NoticeKind.SYNTHESIS: lambda place: (
        f"{paths.contract(place.contract_id)}/syntheses?espace={place.space_id}"
    ),
    NoticeKind.READING: lambda place: f"{paths.contract(place.contract_id)}/registre?sorte=espaces",
    NoticeKind.CHARGED: lambda place: f"{paths.contract(place.contract_id)}/devoirs",
    NoticeKind.EXTENSION_ASKED: lambda place: f"{paths.space(place.space_id or '')}/delais",
    NoticeKind.EXTENSION_DECIDED: lambda place: f"{paths.space(place.space_id or '')}/delais",
    NoticeKind.SURVEY: lambda place: paths.survey(place.space_id or ""),
    NoticeKind.SURVEY_RESULTS: lambda place: paths.survey(place.space_id or ""),
    NoticeKind.TO_LOOK_AT: lambda _place: "/suivi",
    NoticeKind.PROPOSED: lambda place: f"{paths.contract(place.contract_id)}/propositions",
    NoticeKind.PROPOSAL_DECIDED: lambda place: f"{paths.contract(place.contract_id)}/propositions",
}


def url(notice: NoticeView) -> str:
    """The page to which a notice leads."""
    place = notice.place
    if notice.to_name:
        return f"{paths.space(place.space_id or '')}/recours"
    if notice.kind in _OF_CONTRACT:
        return f"{paths.contract(place.contract_id)}/{_OF_CONTRACT[notice.kind]}"
    if notice.kind in _OF_REQUESTS:
        return _OF_REQUESTS[notice.kind](place)
    if notice.kind is NoticeKind.TO_MODERATE:
        return f"{paths.space(place.space_id or '')}/moderation"
    if place.contribution_id is not None:
        return paths.contribution(place.contribution_id)
    return paths.space(place.space_id or "")
