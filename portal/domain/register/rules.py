"""How the register is read: families of lines, and how much of a line may be told. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from portal.domain.contributions.rules import college_label, stone_label
from portal.domain.facts import FactKind as K
from portal.kernel.speech import say
from portal.vocabulary import ContributionStatus, Group, Labelled, ShownScope


class Family(Labelled):
    """What a reader looks for."""

    WORDS = "paroles", say("les contributions")
    ANSWERS = "reponses", say("les réponses")
    LEVELS = "niveaux", say("les niveaux d’implication")
    SPACES = "espaces", say("les espaces d’échange")
    TEXTS = "textes", say("les textes")
    MODERATION = "moderation", say("la modération")
    ACTS = "actes", say("les actes officiels")
    CONTRACT = "contrat", say("le contrat et ses membres")


class Shown(Enum):
    """How much of a line is told: on screen and in exports the same."""

    WHOLE = "everything that it says"
    UNGROUPED = "all but the group, the seals of content and person"
    SEALED = "that it stands there, and nothing else"


FAMILIES: dict[Family, tuple[K, ...]] = {
    Family.WORDS: (
        K.CONTRIBUTION_SUBMITTED,
        K.CONTRIBUTION_PUBLISHED,
        K.CORRECTION_SUBMITTED,
        K.CONTRIBUTION_CORRECTED,
        K.CONTRIBUTION_WITHDRAWN,
        K.PENDING_WITHDRAWN,
        K.ERASURE_ASKED,
        K.CONTRIBUTION_ERASED,
        K.REACTION_CHANGED,
        K.SURVEY_ANSWERED,
    ),
    Family.ANSWERS: (
        K.ANSWER_GIVEN,
        K.CONTRIBUTION_THANKED,
        K.ANSWER_CORRECTED,
        K.ANSWER_TAKEN_BACK,
        K.ANSWER_LINKED,
        K.CONTRIBUTIONS_MERGED,
        K.CONTRIBUTIONS_PARTED,
        K.HANDOVER_MOVED,
        K.SYNTHESIS_PUBLISHED,
        K.SYNTHESIS_CORRECTED,
        K.PROMISE_BROKEN,
        K.DUTY_EXPLAINED,
        K.EXTENSION_ASKED,
        K.EXTENSION_AGREED,
        K.EXTENSION_REFUSED,
        K.DUTY_ENTRUSTED,
        K.LEAVE_COVERED,
    ),
    Family.LEVELS: (
        K.LEVEL_RECORDED,
        K.LEVEL_EFFECTIVE,
        K.LEVEL_PROPOSED,
        K.LEVEL_PROPOSAL_ACCEPTED,
        K.LEVEL_PROPOSAL_REFUSED,
        K.LEVEL_PROPOSAL_LAPSED,
    ),
    Family.SPACES: (
        K.SPACE_CREATED,
        K.SPACE_ANNOUNCED,
        K.SPACE_OPENED,
        K.SPACE_PAUSED,
        K.SPACE_RESUMED,
        K.SPACE_ANSWERING,
        K.SPACE_CORRECTED,
        K.SPACE_QUESTION_CHANGED,
        K.SPACE_WORDS_TOLD,
        K.SPACE_CLOSED,
        K.SURVEY_OPENED,
        K.SURVEY_CLOSED,
        K.SURVEY_PUBLISHED,
    ),
    Family.TEXTS: (
        K.TEXT_CHANGED,
        K.AXES_CHANGED,
        K.FINDING_ADDED,
        K.FINDING_CHANGED,
        K.FINDING_WITHDRAWN,
        K.FINDING_RESTORED,
        K.FINDING_VALIDATED,
        K.OBJECTIVE_WRITTEN,
        K.ACTION_WRITTEN,
        K.PROGRESS_TOLD,
        K.PLAN_ADAPTED,
        K.MEANS_WRITTEN,
        K.FOLLOW_UP_WRITTEN,
        K.REALLOCATION_DECIDED,
        K.TRAME_CHOSEN,
        K.TRAME_BLOCK_WRITTEN,
        K.TRAME_PUBLISHED,
        K.TRAME_PART_OPENED,
        K.TRAME_PART_TAKEN,
        K.TRAME_PART_WITHDRAWN,
        K.PLAIN_PAIRED,
        K.PLAIN_REVIEWED,
        K.FALC_RECORDED,
        K.FALC_TAKEN_BACK,
        K.DOCUMENT_ATTACHED,
        K.DOCUMENT_REPLACED,
        K.DOCUMENT_DESCRIBED,
        K.DOCUMENT_REMOVED,
        K.FILES_TAKEN_UP,
        K.PREDECESSOR_WRITTEN,
        K.COMMITMENTS_ADDED,
        K.COMMITMENT_TOLD,
    ),
    Family.MODERATION: (
        K.CONTRIBUTION_REFUSED,
        K.CORRECTION_REFUSED,
        K.CONTRIBUTION_HIDDEN,
        K.APPEAL_MADE,
        K.APPEAL_UPHELD,
        K.APPEAL_PASSED,
        K.APPEAL_REVERSED,
        K.APPEAL_READER_NAMED,
        K.APPEAL_READER_ENDED,
        K.CONTRIBUTION_REPORTED,
        K.REPORTS_SETTLED,
        K.DANGER_RAISED,
    ),
    Family.ACTS: (K.ACT_RECORDED, K.ACT_CORRECTED, K.ACT_TAKEN_BACK, K.ACT_FOLLOWED),
    Family.CONTRACT: (
        K.CONTRACT_CREATED,
        K.MEMBER_ADDED,
        K.MEMBER_LEFT,
        K.ROLE_GIVEN,
        K.AGENT_ATTACHED,
        K.REFERENT_WRITTEN,
        K.PERIMETER_CHANGED,
        K.INDICATORS_CHOSEN,
        K.INDICATOR_VALUES_CHANGED,
        K.INDICATOR_REFERENCE_CHANGED,
        K.LIFE_DATES_CHANGED,
        K.STAGE_CHANGED,
        K.STAGE_REOPENED,
        K.AMENDMENT_RECORDED,
        K.AMENDMENT_CORRECTED,
        K.FOLLOW_UP_CHANGED,
        K.REVIEW_WRITTEN,
        K.END_DECIDED,
        K.DISAGREEMENT_RAISED,
        K.POSITION_WRITTEN,
        K.NEGOTIATION_OPENED,
        K.NEGOTIATION_POINT_SETTLED,
        K.WORDING_CHANGED_IN_NEGOTIATION,
        K.NEGOTIATED_WORDS_CHANGED,
        K.NEGOTIATION_CLOSED,
        K.DISAGREEMENT_SETTLED,
        K.REGISTER_HEAD_SENT,
        K.QUIET_SEALED,
    ),
}
FAMILY_OF = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}

# One line of these is, or tells of, one person's act that nobody else is told of: a decision that stands after
# an appeal says that its author appealed. Those that would count persons are no longer lines of their own
# (facts.QUIET); registers that began before still hold some.
PERSONAL = frozenset(
    {
        K.REACTION_CHANGED,
        K.SURVEY_ANSWERED,
        K.MEMBER_ADDED,
        K.MEMBER_LEFT,
        K.PENDING_WITHDRAWN,
        K.CORRECTION_SUBMITTED,
        K.CORRECTION_REFUSED,
        K.APPEAL_MADE,
        K.APPEAL_UPHELD,
        K.APPEAL_PASSED,
        K.CONTRIBUTION_REPORTED,
        K.REPORTS_SETTLED,
        K.DANGER_RAISED,
        K.ERASURE_ASKED,
        K.LEAVE_COVERED,
    }
)
# Of these the group is what the line is about, not who did it.
ABOUT_A_GROUP = frozenset({K.LEVEL_RECORDED, K.LEVEL_EFFECTIVE})
# What authors do with their own words; published and corrected are also acts of moderation, without words.
SEALS_WORDS = frozenset({K.CONTRIBUTION_SUBMITTED, K.CONTRIBUTION_PUBLISHED, K.CONTRIBUTION_CORRECTED})
BY_AUTHOR = SEALS_WORDS | {K.CONTRIBUTION_WITHDRAWN}
INSTITUTIONAL = frozenset(group.value for group in Group if group.institutional)


@dataclass(frozen=True, slots=True)
class Words:
    """What a line about a contribution depends on: its card, as readers see it now.

    `told` whether who reads the register may read the words of that space: the card says the group to
    nobody else, and its lines one by one would count a group where every other page folds it.
    """

    readable: bool
    group: Group
    status: ContributionStatus
    scope: ShownScope
    told: bool = True


def label_scope(words: Words) -> ShownScope:
    """How much the label of the card tells now: a line never tells more."""
    return stone_label(words.status, words.scope, None)[0]


def own_act(kind: K, group: str, digest: str, words: Words | None) -> bool:
    """Whether a line is what the author of a contribution did with it."""
    if words is None or group != words.group.value or kind not in BY_AUTHOR:
        return False
    return bool(digest) or kind not in SEALS_WORDS


def _labelled(kind: K, group: str, digest: str, words: Words | None) -> bool:
    """Whether a line is said as the card of its author says it."""
    return words is not None and words.told and own_act(kind, group, digest, words)


def read_over(kind: K, digest: str) -> bool:
    """Whether moderators published the words of somebody else: such a line seals no words."""
    return not digest and kind in SEALS_WORDS and kind is not K.CONTRIBUTION_SUBMITTED


def shown(kind: K, group: str, digest: str, words: Words | None = None, *, draft: bool = False) -> Shown:
    """How much of a line may be told; `draft` when its space is not announced yet."""
    if kind in PERSONAL or draft or (words is not None and not words.readable):
        return Shown.SEALED
    if not group or group in INSTITUTIONAL or kind in ABOUT_A_GROUP:
        return Shown.WHOLE
    if words is not None and _labelled(kind, group, digest, words):
        college = label_scope(words) is ShownScope.COLLEGE
        return Shown.UNGROUPED if college else Shown.WHOLE
    return Shown.UNGROUPED


def group_label(kind: K, group: str, digest: str, words: Words | None = None) -> str:
    """The group of a line in words, no finer than its card says; '' when it is not told."""
    if not group:
        return ""
    who = Group(group)
    if words is not None and _labelled(kind, group, digest, words):
        return college_label(who.college) if label_scope(words) is ShownScope.COLLEGE else who.label
    return who.label if group in INSTITUTIONAL or kind in ABOUT_A_GROUP else ""
