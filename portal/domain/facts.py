"""The catalogue of what can happen; effects that go upward travel by these facts.

A fact carries identifiers only. It becomes one line of the contract's journal (what is QUIET
waits for the line of the day) and, for each audience named here, one frame for the pages that are open.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Self

from portal.kernel.speech import say
from portal.vocabulary import Audience, Group, Labelled

R, M, A = Audience.READERS, Audience.MODERATORS, Audience.AUTHOR


class TimePrecision(Enum):
    """How finely the journal dates a kind of line; no kind is dated to the second any more."""

    DAY = "day"
    SECOND = "second"


class FactKind(Labelled):
    """What happened; `precision` says how finely the journal may date it: none more finely than a day.

    Lines stand in the order of what happened. Two acts of the organiser told to the second would tell
    the hour of what a person wrote between them.
    """

    precision: TimePrecision
    audiences: tuple[Audience, ...]

    def __new__(
        cls,
        value: str,
        label: str = "",
        precision: TimePrecision = TimePrecision.DAY,
        audiences: tuple[Audience, ...] = (),
    ) -> Self:
        """A kind, its label, how finely it is dated, and who hears of it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.precision = precision
        member.audiences = audiences
        return member

    CONTRACT_CREATED = "contract_created", say("Contrat créé"), TimePrecision.DAY
    MEMBER_ADDED = "member_added", say("Membre ajouté"), TimePrecision.DAY
    MEMBER_LEFT = "member_left", say("Membre retiré"), TimePrecision.DAY
    ROLE_GIVEN = "role_given", say("Rôle confié"), TimePrecision.DAY
    AGENT_ATTACHED = "agent_attached", say("Agent rattaché à une autorité"), TimePrecision.DAY
    TEXT_CHANGED = "text_changed", say("Texte modifié"), TimePrecision.DAY, (R, M)
    SPACE_CREATED = "space_created", say("Espace d’échange créé"), TimePrecision.DAY, (M,)
    SPACE_ANNOUNCED = "space_announced", say("Espace d’échange annoncé"), TimePrecision.DAY, (R, M)
    SPACE_OPENED = "space_opened", say("Espace d’échange ouvert"), TimePrecision.DAY, (R, M)
    SPACE_PAUSED = "space_paused", say("Espace d’échange mis en pause"), TimePrecision.DAY, (R, M)
    SPACE_RESUMED = "space_resumed", say("Espace d’échange repris"), TimePrecision.DAY, (R, M)
    SPACE_ANSWERING = "space_answering", say("Fin des contributions"), TimePrecision.DAY, (R, M)
    SPACE_CORRECTED = "space_corrected", say("Espace d’échange corrigé"), TimePrecision.DAY, (R, M)
    SPACE_QUESTION_CHANGED = (
        "space_question_changed",
        say("Question d’un espace d’échange modifiée"),
        TimePrecision.DAY,
    )
    SPACE_WORDS_TOLD = (
        "space_words_told",
        say("Ce que les autorités lisent dans l’espace d’échange"),
        TimePrecision.DAY,
        (R, M),
    )
    REFERENT_WRITTEN = (
        "referent_written",
        say("Personne qui suit le contrat dans une autorité"),
        TimePrecision.DAY,
    )
    PERIMETER_CHANGED = "perimeter_changed", say("Périmètre du contrat modifié"), TimePrecision.DAY
    INDICATORS_CHOSEN = "indicators_chosen", say("Indicateurs du contrat choisis"), TimePrecision.DAY
    INDICATOR_VALUES_CHANGED = (
        "indicator_values_changed",
        say("Valeurs d’un indicateur écrites"),
        TimePrecision.DAY,
    )
    INDICATOR_REFERENCE_CHANGED = (
        "indicator_reference_changed",
        say("Repères d’un indicateur écrits"),
        TimePrecision.DAY,
    )
    LIFE_DATES_CHANGED = "life_dates_changed", say("Dates du contrat modifiées"), TimePrecision.DAY
    STAGE_CHANGED = "stage_changed", say("Étape du contrat écrite"), TimePrecision.DAY
    STAGE_REOPENED = "stage_reopened", say("Étape du contrat rouverte"), TimePrecision.DAY
    AMENDMENT_RECORDED = "amendment_recorded", say("Avenant enregistré"), TimePrecision.DAY
    AMENDMENT_CORRECTED = "amendment_corrected", say("Avenant corrigé"), TimePrecision.DAY
    FOLLOW_UP_CHANGED = "follow_up_changed", say("Suivi du contrat modifié"), TimePrecision.DAY
    REVIEW_WRITTEN = "review_written", say("Bilan du contrat écrit"), TimePrecision.DAY
    END_DECIDED = "end_decided", say("Décision sur la fin du contrat"), TimePrecision.DAY
    DISAGREEMENT_RAISED = "disagreement_raised", say("Désaccord entre les parties"), TimePrecision.DAY
    POSITION_WRITTEN = "position_written", say("Position d’une partie écrite"), TimePrecision.DAY
    DISAGREEMENT_SETTLED = "disagreement_settled", say("Issue d’un désaccord écrite"), TimePrecision.DAY
    NEGOTIATION_OPENED = "negotiation_opened", say("Négociation confidentielle ouverte"), TimePrecision.DAY
    NEGOTIATION_POINT_SETTLED = (
        "negotiation_point_settled",
        say("Point d’une négociation confidentielle réglé"),
        TimePrecision.DAY,
    )
    WORDING_CHANGED_IN_NEGOTIATION = (
        "wording_changed_in_negotiation",
        say("Mots modifiés en négociation"),
        TimePrecision.DAY,
    )
    NEGOTIATED_WORDS_CHANGED = (
        "negotiated_words_changed",
        say("Mots convenus en négociation, changés depuis"),
        TimePrecision.DAY,
    )
    NEGOTIATION_CLOSED = "negotiation_closed", say("Négociation confidentielle close"), TimePrecision.DAY
    AXES_CHANGED = "axes_changed", say("Axes du diagnostic modifiés"), TimePrecision.DAY
    FINDING_ADDED = "finding_added", say("Constat ajouté"), TimePrecision.DAY
    FINDING_CHANGED = "finding_changed", say("Constat modifié"), TimePrecision.DAY, (R, M)
    FINDING_WITHDRAWN = "finding_withdrawn", say("Constat retiré"), TimePrecision.DAY, (R, M)
    FINDING_RESTORED = "finding_restored", say("Constat remis dans le diagnostic"), TimePrecision.DAY, (R, M)
    FINDING_VALIDATED = "finding_validated", say("Validation d’un constat par une partie"), TimePrecision.DAY
    OBJECTIVE_WRITTEN = "objective_written", say("Objectif écrit"), TimePrecision.DAY, (R, M)
    ACTION_WRITTEN = "action_written", say("Action d’un objectif écrite"), TimePrecision.DAY
    PROGRESS_TOLD = "progress_told", say("Avancement d’un objectif dit"), TimePrecision.DAY
    FILES_TAKEN_UP = "files_taken_up", say("Fichier repris dans le contrat"), TimePrecision.DAY
    PREDECESSOR_WRITTEN = "predecessor_written", say("Contrat d’avant présenté"), TimePrecision.DAY
    COMMITMENTS_ADDED = "commitments_added", say("Engagements du contrat d’avant ajoutés"), TimePrecision.DAY
    COMMITMENT_TOLD = (
        "commitment_told",
        say("Suite d’un engagement du contrat d’avant dite"),
        TimePrecision.DAY,
    )
    PLAN_ADAPTED = "plan_adapted", say("Objectif ou action adapté"), TimePrecision.DAY
    MEANS_WRITTEN = "means_written", say("Moyens écrits"), TimePrecision.DAY
    FOLLOW_UP_WRITTEN = "follow_up_written", say("Suivi des moyens écrit"), TimePrecision.DAY
    REALLOCATION_DECIDED = "reallocation_decided", say("Réaffectation décidée"), TimePrecision.DAY
    DOCUMENT_ATTACHED = "document_attached", say("Document joint"), TimePrecision.DAY
    DOCUMENT_REPLACED = "document_replaced", say("Document remplacé"), TimePrecision.DAY
    DOCUMENT_DESCRIBED = "document_described", say("Document présenté autrement"), TimePrecision.DAY
    DOCUMENT_REMOVED = "document_removed", say("Document retiré"), TimePrecision.DAY
    SPACE_CLOSED = "space_closed", say("Espace d’échange clos"), TimePrecision.DAY, (R, M)
    PROMISE_BROKEN = "promise_broken", say("Engagement non tenu, expliqué"), TimePrecision.DAY, (R, M)
    LEVEL_RECORDED = "level_recorded", say("Niveau d’implication enregistré"), TimePrecision.DAY, (R, M)
    LEVEL_EFFECTIVE = "level_effective", say("Niveau d’implication en vigueur"), TimePrecision.DAY, (R, M)
    CONTRIBUTION_SUBMITTED = "contribution_submitted", say("Contribution envoyée"), TimePrecision.DAY, (M, A)
    CONTRIBUTION_PUBLISHED = (
        "contribution_published",
        say("Contribution publiée"),
        TimePrecision.DAY,
        (R, M, A),
    )
    CORRECTION_SUBMITTED = "correction_submitted", say("Correction envoyée"), TimePrecision.DAY, (M, A)
    CONTRIBUTION_CORRECTED = (
        "contribution_corrected",
        say("Contribution corrigée"),
        TimePrecision.DAY,
        (R, M, A),
    )
    CONTRIBUTION_REFUSED = "contribution_refused", say("Contribution refusée"), TimePrecision.DAY, (R, M, A)
    CORRECTION_REFUSED = "correction_refused", say("Correction refusée"), TimePrecision.DAY, (M, A)
    CONTRIBUTION_HIDDEN = "contribution_hidden", say("Contribution masquée"), TimePrecision.DAY, (R, M, A)
    CONTRIBUTION_WITHDRAWN = (
        "contribution_withdrawn",
        say("Contribution retirée"),
        TimePrecision.DAY,
        (R, M, A),
    )
    PENDING_WITHDRAWN = (
        "pending_withdrawn",
        say("Contribution retirée avant publication"),
        TimePrecision.DAY,
        (M, A),
    )
    REACTION_CHANGED = "reaction_changed", say("Réaction"), TimePrecision.DAY, (R, M)
    ANSWER_GIVEN = "answer_given", say("Réponse donnée"), TimePrecision.DAY, (R, M, A)
    CONTRIBUTION_THANKED = (
        "contribution_thanked",
        say("Contribution lue, merci dit"),
        TimePrecision.DAY,
        (M, A),
    )
    ANSWER_CORRECTED = "answer_corrected", say("Réponse corrigée"), TimePrecision.DAY, (R, M, A)
    ANSWER_TAKEN_BACK = "answer_taken_back", say("Réponse reprise"), TimePrecision.DAY, (R, M, A)
    ANSWER_LINKED = (
        "answer_linked",
        say("Réponse reliée aux mots changés"),
        TimePrecision.DAY,
        (R, M, A),
    )
    CONTRIBUTIONS_MERGED = (
        "contributions_merged",
        say("Contributions regroupées"),
        TimePrecision.DAY,
        (R, M, A),
    )
    CONTRIBUTIONS_PARTED = (
        "contributions_parted",
        say("Contributions séparées de nouveau"),
        TimePrecision.DAY,
        (R, M, A),
    )
    HANDOVER_MOVED = (
        "handover_moved",
        say("Nouvelles d’une contribution transmise"),
        TimePrecision.DAY,
        (R, M, A),
    )
    SYNTHESIS_PUBLISHED = (
        "synthesis_published",
        say("Synthèse publiée"),
        TimePrecision.DAY,
        (R, M),
    )
    SYNTHESIS_CORRECTED = (
        "synthesis_corrected",
        say("Synthèse corrigée"),
        TimePrecision.DAY,
        (R, M),
    )
    SURVEY_OPENED = "survey_opened", say("Questionnaire court ouvert"), TimePrecision.DAY, (R, M)
    # Who answered is nobody's news: a frame would count persons.
    SURVEY_ANSWERED = "survey_answered", say("Réponse à un questionnaire court"), TimePrecision.DAY
    SURVEY_CLOSED = "survey_closed", say("Questionnaire court terminé"), TimePrecision.DAY, (R, M)
    SURVEY_PUBLISHED = (
        "survey_published",
        say("Résultats d’un questionnaire court publiés"),
        TimePrecision.DAY,
        (R, M),
    )
    EXTENSION_ASKED = "extension_asked", say("Délai demandé à un groupe"), TimePrecision.DAY
    EXTENSION_AGREED = (
        "extension_agreed",
        say("Délai accepté par le groupe"),
        TimePrecision.DAY,
        (R, M),
    )
    EXTENSION_REFUSED = "extension_refused", say("Délai refusé par le groupe"), TimePrecision.DAY
    DUTY_ENTRUSTED = "duty_entrusted", say("Devoirs confiés"), TimePrecision.DAY
    LEAVE_COVERED = "leave_covered", say("Absence remplacée"), TimePrecision.DAY
    DUTY_EXPLAINED = (
        "duty_explained",
        say("Engagement non tenu envers une contribution, expliqué"),
        TimePrecision.DAY,
        (R, M, A),
    )
    LEVEL_PROPOSED = "level_proposed", say("Niveau d’implication proposé"), TimePrecision.DAY
    LEVEL_PROPOSAL_ACCEPTED = (
        "level_proposal_accepted",
        say("Proposition de niveau acceptée"),
        TimePrecision.DAY,
    )
    LEVEL_PROPOSAL_REFUSED = (
        "level_proposal_refused",
        say("Proposition de niveau refusée"),
        TimePrecision.DAY,
    )
    LEVEL_PROPOSAL_LAPSED = (
        "level_proposal_lapsed",
        say("Proposition de niveau sans suite"),
        TimePrecision.DAY,
    )
    APPEAL_MADE = "appeal_made", say("Second regard demandé"), TimePrecision.DAY, (M, A)
    APPEAL_UPHELD = "appeal_upheld", say("Décision maintenue après recours"), TimePrecision.DAY, (M, A)
    APPEAL_REVERSED = "appeal_reversed", say("Décision annulée après recours"), TimePrecision.DAY, (R, M, A)
    APPEAL_PASSED = "appeal_passed", say("Recours laissé à quelqu’un d’autre"), TimePrecision.DAY
    APPEAL_READER_NAMED = (
        "appeal_reader_named",
        say("Personne nommée pour lire les recours"),
        TimePrecision.DAY,
    )
    APPEAL_READER_ENDED = (
        "appeal_reader_ended",
        say("Personne qui ne lit plus les recours"),
        TimePrecision.DAY,
    )
    CONTRIBUTION_REPORTED = "contribution_reported", say("Contribution signalée"), TimePrecision.DAY, (M,)
    REPORTS_SETTLED = "reports_settled", say("Signalement examiné"), TimePrecision.DAY, (M,)
    DANGER_RAISED = "danger_raised", say("Personne peut-être en danger"), TimePrecision.DAY, (M,)
    ERASURE_ASKED = "erasure_asked", say("Effacement d’un texte demandé"), TimePrecision.DAY
    CONTRIBUTION_ERASED = "contribution_erased", say("Texte effacé"), TimePrecision.DAY, (R, M, A)
    TRAME_CHOSEN = "trame_chosen", say("Trame du contrat choisie"), TimePrecision.DAY
    TRAME_BLOCK_WRITTEN = "trame_block_written", say("Bloc de la trame écrit"), TimePrecision.DAY
    TRAME_PUBLISHED = "trame_published", say("Trame publiée par une autorité"), TimePrecision.DAY
    TRAME_PART_OPENED = "trame_part_opened", say("Partie de trame mise en discussion"), TimePrecision.DAY
    TRAME_PART_TAKEN = "trame_part_taken", say("Mots d’une partie repris dans la trame"), TimePrecision.DAY
    TRAME_PART_WITHDRAWN = (
        "trame_part_withdrawn",
        say("Partie de trame retirée de la discussion"),
        TimePrecision.DAY,
        (R, M),
    )
    PLAIN_PAIRED = "plain_paired", say("Version simplifiée reliée au texte technique"), TimePrecision.DAY
    PLAIN_REVIEWED = "plain_reviewed", say("Version simplifiée relue"), TimePrecision.DAY
    FALC_RECORDED = (
        "falc_recorded",
        say("Version simplifiée approuvée par des personnes concernées"),
        TimePrecision.DAY,
    )
    FALC_TAKEN_BACK = (
        "falc_taken_back",
        say("Approbation d’une version simplifiée retirée"),
        TimePrecision.DAY,
    )
    ACT_RECORDED = "act_recorded", say("Acte officiel enregistré"), TimePrecision.DAY
    ACT_CORRECTED = "act_corrected", say("Acte officiel corrigé"), TimePrecision.DAY
    ACT_TAKEN_BACK = "act_taken_back", say("Acte officiel retiré"), TimePrecision.DAY
    ACT_FOLLOWED = "act_followed", say("Suite donnée à un avis du CVS"), TimePrecision.DAY
    REGISTER_HEAD_SENT = (
        "register_head_sent",
        say("Tête du registre envoyée aux parties"),
        TimePrecision.DAY,
    )
    QUIET_SEALED = "quiet_sealed", say("Actes sans nom scellés ensemble"), TimePrecision.DAY


# One line of these would be one person: line by line, a register would count how many reacted, answered
# or belong. They are kept apart and sealed together once a day (portal.domain.journal.quiet).
QUIET = frozenset(
    {FactKind.REACTION_CHANGED, FactKind.SURVEY_ANSWERED, FactKind.MEMBER_ADDED, FactKind.MEMBER_LEFT}
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened.

    `object_id` is the public id of what it happened to; `participant_id` of who did it
    (only its salted commitment is written); `content` is digested with a salt, never kept.
    `author_id` is the participant whose own audience hears it, when the kind has one.
    """

    kind: FactKind
    contract_id: str
    object_id: str
    group: Group | None = None
    participant_id: str | None = None
    content: str = ""
    space_id: str | None = None
    author_id: str | None = None
