"""« Plan du site »: the pages that the person who asks may open, from the addresses of the application.

Every page is named here, or said why not: a test compares both lists with the addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, url_for
from flask_login import current_user

from portal.blueprints._guards import DECISION
from portal.domain.contracts import queries as contracts
from portal.domain.participants import queries as participants
from portal.domain.spaces import queries as spaces
from portal.extensions import db
from portal.kernel import clock
from portal.languages import lazy_gettext as _l
from portal.policy import permits
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget, Target

# What each page is called, in the order in which they are shown.
PORTAL = {
    "contracts.mine": _l("Mes contrats"),
    "week.show": _l("Ma semaine"),
    "portfolio.show": _l("Mes contrats suivis"),
    "notifications.history": _l("Notifications"),
    "notifications.settings": _l("Choisir ce que je reçois"),
    "accounts.sign_in_page": _l("Entrer dans le portail"),
    "search.everywhere": _l("Rechercher dans mes contrats"),
    "home.help_page": _l("Comment participer"),
    "home.glossary": _l("Les mots difficiles, expliqués"),
    "comfort.settings": _l("Régler l’affichage"),
    "home.accessibility_page": _l("Accessibilité"),
    "home.site_map_page": _l("Plan du site"),
}
CONTRACT = {
    "contracts.show": _l("Le contrat, ses espaces et ses établissements"),
    "contracts.commitments": _l("Qui participe, et jusqu’où"),
    "level_proposals.show": _l("Les niveaux proposés"),
    "duties.show": _l("Les devoirs du contrat"),
    "duties.keeping": _l("Confier des devoirs, prévoir une absence"),
    "contracts.sent": _l("Mes contributions"),
    "balance.show": _l("Équilibre des voix"),
    "acts.listed": _l("Les actes officiels"),
    "syntheses.listed": _l("Les synthèses"),
    "diagnostic.show": _l("Le diagnostic partagé"),
    "findings.begin": _l("Ajouter un constat"),
    "axes.listed": _l("Les axes du diagnostic"),
    "objectives.listed": _l("Les objectifs"),
    "objective_sheets.begin": _l("Écrire un objectif"),
    "objectives.models": _l("Partir d’un modèle"),
    "objective_tree.listed": _l("L’arbre des objectifs"),
    "means.listed": _l("Les moyens et leur suivi"),
    "means.by_site": _l("Les moyens par établissement"),
    "means.unfunded": _l("Ce qui n’est pas financé"),
    "means.words": _l("Les mots de l’argent"),
    "means_decisions.listed": _l("Les réaffectations"),
    "means_decisions.begin": _l("Enregistrer une réaffectation"),
    "documents.listed": _l("Les documents"),
    "versions.listed": _l("Ce qui a changé dans le contrat"),
    "search.in_contract": _l("Rechercher dans le contrat"),
    "imports.listed": _l("Partir de vos fichiers"),
    "predecessors.show": _l("Ce qui vient du contrat d’avant"),
    "predecessors.open_predecessor": _l("Écrire quel était le contrat d’avant"),
    "predecessors.begin": _l("Ajouter un engagement du contrat d’avant"),
    "perimeter.show": _l("Le périmètre du contrat"),
    "perimeter.begin": _l("Ajouter un établissement ou un service"),
    "perimeter.open_reach": _l("La portée du contrat et les compétences"),
    "life.show": _l("La vie du contrat"),
    "life.open_dates": _l("Écrire les dates du contrat"),
    "life.list_amendments": _l("Les avenants"),
    "life.begin_amendment": _l("Enregistrer un avenant"),
    "life_follow_up.open_committee": _l("Écrire qui siège au comité de suivi"),
    "life_follow_up.begin_line": _l("Ajouter une échéance"),
    "life_ends.open_decision": _l("Écrire ce qui est décidé pour la fin du contrat"),
    "life_ends.list_disagreements": _l("Les désaccords entre les parties"),
    "life_ends.begin_disagreement": _l("Écrire un désaccord"),
    "negotiation.show": _l("La négociation entre les parties"),
    "trame.show": _l("La trame du contrat"),
    "trame.open_choice": _l("Choisir la trame du contrat"),
    "trames.listed": _l("Les trames"),
    "plain.listed": _l("Les textes en mots simples"),
    "directory.show": _l("Le répertoire national (FINESS)"),
    "indicators.listed": _l("Les indicateurs du contrat"),
    "indicator_choice.open_choice": _l("Choisir les indicateurs"),
    "indicator_choice.begin": _l("Ajouter votre indicateur"),
    "portfolio.referent": _l("Écrire qui suit ce contrat chez vous"),
    "register.show": _l("Le registre du contrat"),
    "register.check": _l("Vérifier un reçu"),
    "construction.show": _l("Comment ce contrat a été construit"),
    "construction.asked_for": _l("Ce que les personnes demandent, en deux pages"),
    "construction.cvs": _l("Le dossier pour le conseil de la vie sociale"),
    "deed.show": _l("Le contrat, en entier"),
    "deed.in_short": _l("Le contrat en bref"),
    "appeals.listed": _l("Les recours à lire"),
    "appeals.settings_page": _l("Régler la relecture"),
    "texts.index": _l("Corriger les textes"),
    "space_assistant.begin": _l("Créer un espace d’échange"),
}
SPACE = {
    "spaces.show": _l("Lire et participer"),
    "moderation.queue": _l("Relire et répondre"),
    "answer_desk.show": _l("Répondre aux contributions"),
    "surveys.listed": _l("Les questionnaires courts"),
    "survey_prepare.new": _l("Préparer un questionnaire court"),
    "syntheses.show": _l("La synthèse"),
    "synthesis_desk.write": _l("Écrire la synthèse"),
    "space_settings.show": _l("Régler cet espace"),
    "appeals.named": _l("Nommer qui lit les recours"),
    "involvement.show": _l("Les niveaux d’implication"),
    "balance.invite": _l("Inviter un groupe"),
    "duty_extensions.show": _l("Les délais demandés"),
}
# Of no use to whoever is in already: it leads away.
DOOR = "accounts.sign_in_page"
_BY_ITEM = "one for each subject: reached from the page of its space"
_BY_WORDS = "one for each contribution: reached from its thread"
_BY_FINDING = "one for each finding: reached from the diagnostic"
_BY_BOTH = "one for each subject: reached from the list of the plain texts, and from the subject"
_TAKEN = "a file: reached from the page of the objectives, the diagnostic or the indicators"
_BY_OBJECTIVE = "one for each objective: reached from the objectives"
_BY_LINE = "one for each line of money: reached from its objective"
_BY_DECISION = "one for each decision: reached from the list of decisions"
_BY_ACT = "one for each formal act: reached from the list of acts"
_BY_DOCUMENT = "one for each document: reached from the list of documents"
_BY_POINT = "one for each point: reached from the list of points"
_BY_PHASE = "an act that depends on the phase: reached from the settings of the space"
EXCLUDED = {
    **dict.fromkeys(
        ("versions.show", "versions.ask_restore"),
        "one for each piece of the contract: reached from its page, or from what changed",
    ),
    "home.door": "sends to the contracts or to the sign-in page",
    "health.health": "read by a machine",
    "static": "files of the pages",
    "perimeter.look_up": "read by the scripts of the page that adds a site",
    "indicators.show": "one page for each indicator, reached from their list",
    "indicator_choice.open_settings": "one page for each indicator, reached from its page",
    "indicator_grid.fill": "one page for each indicator, reached from its page",
    "indicator_references.open_references": "one page for each indicator, reached from its page",
    "perimeter.open_site": "one page for each site, reached from the perimeter",
    **dict.fromkeys(
        (
            "life.open_stage",
            "life.open_amendment",
            "life_follow_up.open_review",
            "life_follow_up.list_wordings",
            "life_follow_up.open_ready",
            "life_follow_up.open_line",
            "life_ends.show_disagreement",
        ),
        "one for each line of the life of the contract: reached from its page",
    ),
    "negotiation_points.show": _BY_POINT,
    "negotiation_points.begin_wording": _BY_POINT,
    "negotiation.list_points": "reached from the negotiation, by its signatories",
    "negotiation.begin_point": "reached from the negotiation, while one is open",
    "negotiation.begin_close": "reached from the negotiation, while one is open",
    "trame.open_block": "one page for each block, reached from the trame of the contract",
    **dict.fromkeys(
        (
            "trame_parts.ask_open",
            "trame_parts.show",
            "trame_parts.edit",
            "trame_parts.ask_take",
            "trame_parts.ask_withdraw",
        ),
        "one page for each block that is discussed, reached from the trame of the contract",
    ),
    "trames.model": "one page for each model, reached from the trames",
    "trames.show": "one page for each trame, reached from the trames",
    "trames.adapt": "one page for each trame, reached from its page",
    "trames.edit": "one page for each block, reached from the page that adapts its trame",
    "plain.show": _BY_BOTH,
    "plain.open_pairs": _BY_BOTH,
    "plain.open_approval": _BY_BOTH,
    "findings.show": _BY_FINDING,
    "findings.edit": _BY_FINDING,
    "findings.ask_withdraw": _BY_FINDING,
    "objectives.show": _BY_OBJECTIVE,
    "objective_sheets.edit": _BY_OBJECTIVE,
    "objective_sheets.ask_progress": _BY_OBJECTIVE,
    "objective_actions.begin": _BY_OBJECTIVE,
    "objective_actions.edit": "one page for each action, reached from its objective",
    "predecessors.show_one": "one page for each commitment, reached from the page of the contract before",
    "imports.show": "one page for each file, reached from the list of files",
    "files.plan": _TAKEN,
    "files.diagnostic": _TAKEN,
    "files.indicators": _TAKEN,
    "objective_tree.edit": "one page for each line of the tree, reached from the tree",
    "means.objective": _BY_OBJECTIVE,
    "means.site": "one for each establishment: reached from the means by establishment",
    "means_lines.begin": _BY_OBJECTIVE,
    "means_lines.show": _BY_LINE,
    "means_lines.edit": _BY_LINE,
    "means_lines.ask_follow": _BY_LINE,
    "means_decisions.show": _BY_DECISION,
    "means_decisions.ask_correct": _BY_DECISION,
    "axes.edit": "one page for each axis, reached from the list of axes",
    "notifications.count": "read by the scripts of every page",
    "spaces.me": "read by the scripts of the page of a subject",
    "answers.following": "sends to the oldest contribution without an answer",
    "spaces.item": _BY_ITEM,
    "contributions.write": _BY_ITEM,
    "texts.edit": _BY_ITEM,
    "texts.history": _BY_ITEM,
    "contributions.place": _BY_WORDS,
    "contributions.edit": _BY_WORDS,
    "contributions.sent": _BY_WORDS,
    "contributions.whole_thread": _BY_WORDS,
    "contributions.choose_reaction": _BY_WORDS,
    "contributions.reply": _BY_WORDS,
    "contributions.ask_withdraw": _BY_WORDS,
    "contributions.versions": _BY_WORDS,
    "moderation.consider": _BY_WORDS,
    "appeals.decision": _BY_WORDS,
    "appeals.read": "one for each appeal: reached from the list of appeals",
    "alerts.consider": _BY_WORDS,
    "alerts.procedure": _BY_WORDS,
    "register.path": _BY_WORDS,
    "register.ask_erase": _BY_WORDS,
    "register.head": "reached from the register, by the direction",
    "register.download": "a file: reached from the register",
    "construction.download": "a file: reached from the page that it is made of",
    "construction.download_asked_for": "a file: reached from the page that it is made of",
    "construction.download_cvs": "a file: reached from the page that it is made of",
    "deed.download": "a file: reached from the page that it is made of",
    **dict.fromkeys(
        (
            "surveys.show",
            "surveys.fill",
            "surveys.words",
            "surveys.download",
            "survey_prepare.draft",
            "survey_prepare.new_question",
            "survey_prepare.question",
            "survey_prepare.to_read",
        ),
        "one for each survey: reached from the list of surveys",
    ),
    "acts.begin": "reached from the list of acts, which says who may record none and why",
    "acts.show": _BY_ACT,
    "acts.download": _BY_ACT,
    "acts.rewrite": _BY_ACT,
    "acts.ask_take_back": _BY_ACT,
    "documents.beside": "one for each thing that has documents: reached from its page",
    "document_writing.begin": "one for each thing that has documents: reached from its page",
    **dict.fromkeys(
        (
            "documents.show",
            "documents.download",
            "documents.preview",
            "document_writing.ask_replace",
            "document_writing.ask_describe",
            "document_writing.ask_remove",
        ),
        _BY_DOCUMENT,
    ),
    "portfolio.download": "a file: reached from the followed contracts",
    "register.keys": "read by who verifies: reached from the register",
    "register.verifier": "a file: reached from the register",
    "answers.write": _BY_WORDS,
    "answer_desk.together": _BY_WORDS,
    "answer_amend.show": _BY_WORDS,
    "answer_follow.grouped": _BY_WORDS,
    "answer_follow.choose": _BY_WORDS,
    "answer_follow.news": _BY_WORDS,
    "duties.ask_explain": _BY_WORDS,
    "synthesis_desk.confirm": "reached from the page where the synthesis is written",
    "notifications.following": _BY_WORDS,
    "stop.ask": "reached from an e-mail",
    "components.gallery": "samples for those who make the pages; the demonstration only",
    "space_phases.ask_open": _BY_PHASE,
    "space_phases.ask_pause": _BY_PHASE,
    "space_phases.ask_resume": _BY_PHASE,
    "space_phases.ask_end": _BY_PHASE,
    "space_phases.ask_close": _BY_PHASE,
}
PERMISSIONS = {one.value: one for one in Permission}
# Who does not read the space reaches its synthesis once there is one, from « Les synthèses » of the contract.
SHOWN_TO = {"syntheses.show": Permission.SPACE_READ}


@dataclass(frozen=True, slots=True)
class Link:
    """A page and what it is called."""

    label: Any
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that belong together, and the parts inside."""

    title: str
    links: list[Link]
    inside: list[Part] = field(default_factory=list)


def portal_links() -> list[Link]:
    """The pages of nobody in particular that this person may open."""
    return [Link(label, url_for(name)) for name, label in PORTAL.items() if _opens(name)]


def _opens(endpoint: str) -> bool:
    if current_user.is_authenticated:
        return endpoint != DOOR
    return getattr(current_app.view_functions[endpoint], DECISION) == "everyone"


def contract_parts() -> list[Part]:
    """Each contract of this person with its spaces; nothing for a visitor."""
    if not current_user.is_authenticated:
        return []
    return list(_contracts(str(current_user.get_id())))


def _contracts(account_id: str) -> Iterator[Part]:
    actors = {one.contract_id: one for one in participants.actors(db.session(), account_id)}
    views = spaces.of_contracts(db.session(), list(actors), clock.now())
    for contract in contracts.contracts(db.session(), list(actors)):
        person = actors[contract.id]
        inside = [
            Part(space.question, links)
            for space in views
            if space.contract_id == contract.id
            and (links := _allowed(SPACE, person, space.target, space_id=space.id))
        ]
        yield Part(
            contract.title,
            _allowed(CONTRACT, person, ContractTarget(contract.id), contract_id=contract.id),
            inside,
        )


def _allowed(names: Mapping[str, Any], person: Any, target: Target, **address: Any) -> list[Link]:
    """Those whose own decision this person passes."""
    return [
        Link(label, url_for(name, **address))
        for name, label in names.items()
        if permits.allows(person, _decision(name), target)
    ]


def _decision(endpoint: str) -> Permission:
    return SHOWN_TO.get(endpoint) or PERMISSIONS[getattr(current_app.view_functions[endpoint], DECISION)]
