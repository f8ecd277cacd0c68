"""THE table of rights: who may do what. Nowhere else.

A permission has clauses: any clause suffices. A clause lists predicates and other
permissions: all of them hold. What is not here is refused. Being a member of the
contract is asked before the table is read at all.
"""

from __future__ import annotations

from portal.policy import predicates as p
from portal.policy.permissions import Permission as Can
from portal.policy.predicates import Predicate

Clause = tuple[Predicate | Can, ...]

MATRIX: dict[Can, tuple[Clause, ...]] = {
    Can.CONTRACT_READ: ((p.member,),),
    Can.INVOLVEMENT_READ: ((p.member,),),
    Can.REGISTER_READ: ((p.member,),),
    Can.CONSTRUCTION_READ: ((p.member,),),
    Can.REGISTER_SEND: ((p.directing,),),
    Can.BALANCE_READ: ((p.member,),),
    # Formal acts: read by all, recorded by the direction, or by who sits in the body that acts.
    Can.ACTS_READ: ((p.member,),),
    Can.ACT_RECORD: ((p.recording,),),
    Can.ACT_RECORD_CVS: ((p.recording_cvs,),),
    Can.ACT_RECORD_VOTE: ((p.recording_votes,),),
    Can.ACT_RECORD_EVERY: ((p.directing,),),
    # The space, read by groups with a level and by those who keep it; by authorities where it told so.
    Can.SPACE_READ: (
        (p.informed, p.announced, p.words_told),
        (p.organising, p.words_told),
    ),
    # Speaking: the level of one's own group, while the space is open. No role gives it.
    Can.ASK: ((Can.SPACE_READ, p.opened, p.informed),),
    Can.COMMENT: ((Can.SPACE_READ, p.opened, p.consulted),),
    Can.REACT_IN: ((Can.SPACE_READ, p.opened, p.consulted),),
    Can.SURVEY_ANSWER: ((Can.SPACE_READ, p.opened, p.consulted),),
    # A short survey: prepared with the facilitator, opened, ended and published by the direction.
    Can.GROUP_INVITE: ((Can.SPACE_READ, p.preparing, p.opened),),
    Can.SURVEY_PREPARE: ((Can.SPACE_READ, p.preparing, p.not_closed),),
    Can.SURVEY_OPEN: ((Can.SPACE_READ, p.directing, p.opened),),
    Can.SURVEY_CLOSE: ((Can.SPACE_READ, p.directing, p.started),),
    Can.SURVEY_PUBLISH: ((Can.SPACE_READ, p.directing),),
    # A synthesis: written as soon as people speak, published once they have spoken, read by every member.
    Can.SYNTHESES_READ: ((p.member,),),
    Can.SYNTHESIS_WRITE: ((Can.SPACE_READ, p.preparing, p.begun),),
    Can.SYNTHESIS_PUBLISH: ((Can.SPACE_READ, p.directing, p.spoken),),
    Can.REPLY_IN: ((Can.SPACE_READ, p.opened, p.concerted),),
    Can.PROPOSE: ((Can.SPACE_READ, p.opened, p.concerted),),
    Can.DRAFT: ((Can.SPACE_READ, p.opened, p.coconstructing),),
    Can.ACCORD: ((Can.SPACE_READ, p.opened, p.coconstructing),),
    # One contribution.
    Can.CONTRIBUTION_READ: (
        (Can.SPACE_READ, p.has_place),
        (Can.SPACE_READ, p.own),
        (Can.SPACE_READ, p.organising),
    ),
    Can.CONTRIBUTION_READ_SEALED: (
        (Can.SPACE_READ, p.own),
        (Can.SPACE_READ, p.organising, p.not_withdrawn),
    ),
    Can.REACT: ((Can.REACT_IN, p.of_another, p.published),),
    Can.REPLY: ((Can.REPLY_IN, p.published),),
    Can.CORRECT: (
        (Can.SPACE_READ, p.own, p.standing, p.under_way, p.not_answered),
        (Can.SPACE_READ, p.own, p.standing, p.under_way, p.recent),
    ),
    Can.WITHDRAW: (
        (Can.SPACE_READ, p.own, p.standing, p.under_way, p.not_answered),
        (Can.SPACE_READ, p.own, p.standing, p.under_way, p.recent),
    ),
    # A right of the person, which ends neither with the space nor with the state of the words.
    Can.ERASE: (
        (Can.SPACE_READ, p.own),
        (Can.SPACE_READ, p.directing),
    ),
    # Keeping the space: a role, never a level.
    Can.QUEUE_READ: ((Can.SPACE_READ, p.organising),),
    Can.MODERATE: ((Can.SPACE_READ, p.organising),),
    Can.MODERATE_ONE: ((Can.MODERATE, p.standing),),
    Can.MODERATION_SETTLE: ((p.director,),),
    # A second look: neither who wrote, nor who decided, nor the college that the decision came from.
    Can.APPEAL: ((Can.SPACE_READ, p.own, p.set_aside),),
    Can.APPEAL_READERS_NAME: ((Can.SPACE_READ, p.directing),),
    Can.APPEALS_READ: ((p.reading_appeals,),),
    Can.APPEAL_READ: ((p.reading_appeals, p.named, p.not_author, p.not_decider, p.other_college),),
    Can.APPEAL_DECIDE: ((Can.APPEAL_READ, p.undecided),),
    Can.REPORT: ((Can.SPACE_READ, p.of_another, p.published),),
    Can.DANGER_RAISE: (
        (p.informed, p.announced, p.words_told, p.was_read),
        (Can.SPACE_READ, p.organising),
    ),
    Can.ANSWER_IN: ((Can.SPACE_READ, p.directing, p.under_way),),
    Can.ANSWER: ((Can.ANSWER_IN, p.published, p.not_answered),),
    Can.SPACE_CREATE: ((p.director,),),
    Can.SPACE_CONFIGURE: ((Can.SPACE_READ, p.directing, p.not_closed),),
    Can.SPACE_OPEN: ((Can.SPACE_READ, p.director, p.not_opened),),
    Can.SPACE_PAUSE: ((Can.SPACE_READ, p.directing, p.opened),),
    Can.SPACE_RESUME: ((Can.SPACE_READ, p.directing, p.paused),),
    Can.SPACE_END: ((Can.SPACE_READ, p.director, p.started),),
    Can.SPACE_CLOSE: ((Can.SPACE_READ, p.director, p.answering),),
    Can.LEVEL_RECORD: (
        (p.director, p.not_closed),
        (p.director, p.whole_contract),
    ),
    Can.LEVEL_PROPOSE: ((p.proposing_levels,),),
    Can.REFERENT_WRITE: ((p.following,),),
    # Duties: kept by roles; who is owed more time decides, never who owes it.
    Can.DUTIES_READ: ((p.keeping_duties,),),
    Can.DUTY_DELEGATE: ((p.director,),),
    Can.EXTENSION_DECIDE: ((p.informed, p.words_told, p.representing, p.not_directing, p.under_way),),
    Can.TEXT_EDIT: ((p.directing,),),
    Can.PERIMETER_WRITE: ((p.directing,),),
    # The life of the contract; in a disagreement, each party speaks for itself.
    Can.LIFE_WRITE: ((p.directing,),),
    Can.DISAGREEMENT_POSITION: ((p.signing,),),
    # The confidential negotiation: those who sign, and nobody else.
    Can.NEGOTIATION_OPEN: ((p.signing,),),
    Can.NEGOTIATION_READ: ((p.signing,),),
    Can.NEGOTIATION_WRITE: ((p.signing,),),
    Can.NEGOTIATION_APPLY: ((p.signing,),),
    # The diagnostic is shared: each party writes its own findings, and validates all of them.
    Can.DIAGNOSTIC_WRITE: ((p.directing,),),
    Can.FINDING_ADD_AUTHORITY: ((p.following,),),
    Can.FINDING_WRITE: ((p.of_a_party,),),
    Can.FINDING_VALIDATE: ((p.validating,),),
    # The trame: chosen and filled by the direction; each authority adapts its own.
    Can.TRAME_CHOOSE: ((p.directing,),),
    Can.TRAME_WRITE: ((p.directing,),),
    Can.TRAME_COPY: ((p.following,),),
    Can.TRAME_ADAPT: ((p.following,),),
    Can.TRAME_DISCUSS: ((p.of_a_party,),),
    # Two texts: each party reviews the plain version of its own words.
    Can.PLAIN_REVIEW: ((p.of_a_party,),),
    Can.FALC_RECORD: ((p.directing,),),
    Can.DIRECTORY_LOAD: ((p.director,),),
    Can.OBJECTIVE_WRITE: ((p.directing,),),
    # Means: the direction writes them all, an authority what it gives itself.
    Can.MEANS_WRITE: ((p.directing,),),
    Can.MEANS_AUTHORITY: ((p.following,),),
    Can.MEANS_PART: ((p.of_a_party,),),
    Can.IMPORT_WRITE: ((p.directing,),),
    # Indicators: filled by the direction; compared with the help of the authorities.
    Can.INDICATOR_WRITE: ((p.directing,),),
    Can.INDICATOR_REFERENCE: ((p.measuring,),),
    Can.INDICATOR_READ_SMALL: ((p.measuring,),),
    # Versions: whoever writes a thing brings back what it said.
    Can.VERSION_RESTORE: ((p.of_a_party,),),
    # Documents: read with what they are beside; attached and removed by who writes it.
    Can.DOCUMENT_READ: ((p.whole_contract,), (Can.SPACE_READ,)),
    Can.DOCUMENT_ATTACH: ((p.of_a_party, p.whole_contract), (Can.SPACE_READ, p.directing, p.not_closed)),
    Can.DOCUMENT_REMOVE: ((p.of_a_party, p.whole_contract), (Can.SPACE_READ, p.directing)),
}
