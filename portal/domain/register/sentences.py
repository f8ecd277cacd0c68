"""What a line of the register says: one sentence for each kind of fact, in French and English.

Never a person: a kind says what happened, the page adds the group, the object and the day.
"""

from __future__ import annotations

from datetime import date

from portal.domain.facts import FactKind as K
from portal.domain.spaces.reading import told
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, capital, joined, say
from portal.vocabulary import ActKind, Group, Level

# THE table: a fact that is not here cannot be read, and a test looks for it.
SENTENCES: dict[K, Sentence] = {
    K.CONTRACT_CREATED: say("Le registre de ce contrat commence."),
    K.MEMBER_ADDED: say("Une personne est devenue membre du contrat."),
    K.MEMBER_LEFT: say("Une personne n’est plus membre du contrat."),
    K.ROLE_GIVEN: say("Un rôle a été confié à un membre du contrat."),
    K.AGENT_ATTACHED: say("Un agent a été rattaché à une autorité du contrat."),
    K.TEXT_CHANGED: say("Le texte de ce sujet a changé."),
    K.SPACE_CREATED: say("Un espace d’échange a été créé."),
    K.SPACE_ANNOUNCED: say("Cet espace d’échange a été annoncé."),
    K.SPACE_OPENED: say("Cet espace d’échange s’est ouvert."),
    K.SPACE_PAUSED: say("Cet espace d’échange a été mis en pause."),
    K.SPACE_RESUMED: say("Cet espace d’échange a repris après une pause."),
    K.SPACE_ANSWERING: say("Le temps des contributions s’est terminé dans cet espace d’échange."),
    K.SPACE_CORRECTED: say("Les réglages de cet espace d’échange ont changé."),
    K.SPACE_QUESTION_CHANGED: say("La direction a changé la question de cet espace d’échange."),
    K.SPACE_WORDS_TOLD: say(
        "Ce que les autorités lisent dans cet espace d’échange a été dit à tout le monde."
    ),
    K.PERIMETER_CHANGED: say("Le périmètre du contrat a changé."),
    K.INDICATORS_CHOSEN: say("Les indicateurs que suit le contrat ont changé."),
    K.INDICATOR_VALUES_CHANGED: say("Des valeurs d’un indicateur ont été écrites ou changées."),
    K.INDICATOR_REFERENCE_CHANGED: say("Les repères de comparaison d’un indicateur ont changé."),
    K.LIFE_DATES_CHANGED: say("Les dates du contrat ont été écrites."),
    K.STAGE_CHANGED: say("Les dates d’une étape du contrat ont été écrites."),
    K.STAGE_REOPENED: say("Une étape du contrat a été rouverte, avec une raison."),
    K.AMENDMENT_RECORDED: say("Un avenant au contrat a été enregistré."),
    K.AMENDMENT_CORRECTED: say("Un avenant a été corrigé. L’ancienne version se lit encore."),
    K.FOLLOW_UP_CHANGED: say("Le suivi du contrat a changé : le comité, ou ce qui est transmis."),
    K.REVIEW_WRITTEN: say("Un bilan du contrat a été écrit."),
    K.END_DECIDED: say("La direction a écrit ce qui est décidé pour la fin du contrat."),
    K.DISAGREEMENT_RAISED: say("Un désaccord entre les parties du contrat a été écrit."),
    K.POSITION_WRITTEN: say("Une partie du contrat a écrit sa position dans un désaccord."),
    K.DISAGREEMENT_SETTLED: say("L’issue d’un désaccord entre les parties a été écrite."),
    K.NEGOTIATION_OPENED: say("Une négociation confidentielle s’est ouverte entre les parties du contrat."),
    K.NEGOTIATION_POINT_SETTLED: say("Un point de la négociation confidentielle a été réglé."),
    K.WORDING_CHANGED_IN_NEGOTIATION: say(
        "Des mots du contrat ont été modifiés en négociation, avec une raison que tout le monde peut lire."
    ),
    K.NEGOTIATED_WORDS_CHANGED: say(
        "Des mots convenus en négociation ont été changés depuis, avec une raison que tout le monde peut lire."
    ),
    K.NEGOTIATION_CLOSED: say("La négociation confidentielle est close. Ce qui en est sorti se lit."),
    K.AXES_CHANGED: say("Les axes du diagnostic ont changé."),
    K.FINDING_ADDED: say("Un constat a été ajouté au diagnostic."),
    K.FINDING_CHANGED: say("Un constat du diagnostic a changé."),
    K.FINDING_WITHDRAWN: say("Un constat a été retiré du diagnostic, avec une raison. Il se lit encore."),
    K.FINDING_RESTORED: say("Un constat retiré a été remis dans le diagnostic."),
    K.FINDING_VALIDATED: say("Une partie du contrat a dit si elle valide un constat du diagnostic."),
    K.FILES_TAKEN_UP: say("La direction a repris un de ses fichiers dans le contrat."),
    K.PREDECESSOR_WRITTEN: say("La direction a dit quel contrat il y avait avant."),
    K.COMMITMENTS_ADDED: say("La direction a ajouté des engagements du contrat d’avant."),
    K.COMMITMENT_TOLD: say("La direction a dit ce qu’est devenu un engagement du contrat d’avant."),
    K.OBJECTIVE_WRITTEN: say("Un objectif du contrat, ou sa place parmi les autres, a été écrit."),
    K.ACTION_WRITTEN: say("Une action d’un objectif a été écrite, retirée ou remise."),
    K.PROGRESS_TOLD: say("La direction a dit où en est un objectif, ou une de ses actions."),
    K.PLAN_ADAPTED: say("Ce qui était prévu pour un objectif a été adapté, avec une raison."),
    K.MEANS_WRITTEN: say("L’argent prévu pour un objectif a été écrit, changé, retiré ou remis."),
    K.FOLLOW_UP_WRITTEN: say("On a écrit ce qui a été donné ou dépensé pour un objectif."),
    K.REALLOCATION_DECIDED: say(
        "Une décision a déplacé de l’argent d’un établissement vers un autre, ou corrigé une décision d’avant."
    ),
    K.TRAME_CHOSEN: say("La direction a choisi la trame dans laquelle le contrat s’écrit."),
    K.TRAME_BLOCK_WRITTEN: say("La direction a écrit un bloc de la trame du contrat."),
    K.TRAME_PUBLISHED: say("Une autorité a publié une version de sa trame."),
    K.TRAME_PART_OPENED: say("Une partie de la trame a été mise en discussion."),
    K.TRAME_PART_TAKEN: say("Les mots écrits ensemble pour une partie ont été repris dans la trame."),
    K.TRAME_PART_WITHDRAWN: say("Une partie de la trame a été retirée de la discussion."),
    K.PLAIN_PAIRED: say("On a dit quels passages des deux textes d’un sujet disent la même chose."),
    K.PLAIN_REVIEWED: say("Une version simplifiée a été relue : elle reste juste."),
    K.FALC_RECORDED: say("Des personnes concernées ont relu et approuvé une version simplifiée."),
    K.FALC_TAKEN_BACK: say("L’approbation d’une version simplifiée a été retirée : elle était une erreur."),
    K.DOCUMENT_ATTACHED: say("Un document a été joint."),
    K.DOCUMENT_REPLACED: say("Un document joint a une nouvelle version. Les anciennes se lisent encore."),
    K.DOCUMENT_DESCRIBED: say("Le nom d’un document joint, ou sa phrase simple, a été récrit."),
    K.DOCUMENT_REMOVED: say("Un document joint a été retiré, avec une raison. Ses fichiers sont effacés."),
    K.REFERENT_WRITTEN: say("Une autorité a écrit qui suit le contrat chez elle, par sa fonction."),
    K.SPACE_CLOSED: say("Cet espace d’échange a été clos."),
    K.PROMISE_BROKEN: say("Un engagement n’a pas été tenu, et la direction a écrit pourquoi."),
    K.LEVEL_RECORDED: say("Un niveau d’implication a été décidé."),
    K.LEVEL_EFFECTIVE: say("Un niveau d’implication est entré en vigueur."),
    K.CONTRIBUTION_SUBMITTED: say("Une contribution a été envoyée."),
    K.CONTRIBUTION_PUBLISHED: say("Une contribution a été publiée."),
    K.CORRECTION_SUBMITTED: say("Une correction a été envoyée. Elle attend d’être relue."),
    K.CONTRIBUTION_CORRECTED: say("Une contribution a été corrigée. Sa nouvelle version est publiée."),
    K.CONTRIBUTION_REFUSED: say(
        "Une contribution n’a pas été publiée. La personne qui l’a écrite sait pourquoi."
    ),
    K.CORRECTION_REFUSED: say(
        "Une correction n’a pas été publiée. La personne qui l’a écrite sait pourquoi."
    ),
    K.CONTRIBUTION_HIDDEN: say("Une contribution a été masquée. Sa place reste, avec la règle invoquée."),
    K.CONTRIBUTION_WITHDRAWN: say("Une contribution a été retirée par la personne qui l’a écrite."),
    K.PENDING_WITHDRAWN: say("Une contribution a été retirée avant d’être publiée."),
    K.REACTION_CHANGED: say("Une personne a réagi à une contribution, ou a changé sa réaction."),
    K.ANSWER_GIVEN: say("La direction a répondu à une contribution."),
    K.SYNTHESIS_PUBLISHED: say("La synthèse de cet espace d’échange a été publiée."),
    K.SYNTHESIS_CORRECTED: say(
        "La synthèse de cet espace d’échange a une nouvelle version. L’ancienne se lit encore."
    ),
    K.SURVEY_OPENED: say("Un questionnaire court s’est ouvert."),
    K.SURVEY_ANSWERED: say("Une personne a répondu à un questionnaire court, ou a changé ses réponses."),
    K.SURVEY_CLOSED: say("Un questionnaire court s’est terminé."),
    K.SURVEY_PUBLISHED: say("Les résultats d’un questionnaire court ont été publiés."),
    K.EXTENSION_ASKED: say("La direction a demandé à un groupe plus de temps pour répondre."),
    K.EXTENSION_AGREED: say("Un groupe a accepté de laisser plus de temps à la direction."),
    K.EXTENSION_REFUSED: say("Un groupe a refusé de laisser plus de temps à la direction."),
    K.DUTY_ENTRUSTED: say("La direction a confié des devoirs, ou les a repris."),
    K.LEAVE_COVERED: say("La direction a prévu un remplacement pendant une absence."),
    K.DUTY_EXPLAINED: say("La direction a écrit pourquoi une contribution n’a pas de réponse."),
    K.LEVEL_PROPOSED: say("Un niveau d’implication a été proposé pour un groupe."),
    K.LEVEL_PROPOSAL_ACCEPTED: say("La direction a accepté un niveau proposé."),
    K.LEVEL_PROPOSAL_REFUSED: say("La direction a refusé un niveau proposé, avec une raison."),
    K.LEVEL_PROPOSAL_LAPSED: say("Un niveau proposé est resté sans suite : l’espace d’échange a été clos."),
    K.CONTRIBUTION_THANKED: say(
        "La direction a lu une contribution, et a remercié la personne qui l’a écrite."
    ),
    K.ANSWER_CORRECTED: say("La direction a corrigé une réponse. L’ancienne version se lit encore."),
    K.ANSWER_TAKEN_BACK: say("La direction a repris une réponse, dans les dix minutes."),
    K.ANSWER_LINKED: say("La direction a montré les mots du texte qu’une contribution a changés."),
    K.CONTRIBUTIONS_MERGED: say(
        "La direction a regroupé une contribution avec d’autres qui disent la même chose. Ses mots restent."
    ),
    K.CONTRIBUTIONS_PARTED: say("La direction a séparé de nouveau une contribution qui était regroupée."),
    K.HANDOVER_MOVED: say("La direction a donné des nouvelles d’une contribution transmise."),
    K.APPEAL_MADE: say("Un second regard a été demandé sur une décision de relecture."),
    K.APPEAL_UPHELD: say("Après un second regard, une décision de relecture a été maintenue."),
    K.APPEAL_REVERSED: say(
        "Après un second regard, une décision de relecture a été annulée. Les mots sont montrés."
    ),
    K.CONTRIBUTION_REPORTED: say("Une contribution a été signalée à la modération."),
    K.REPORTS_SETTLED: say("La modération a examiné un signalement."),
    K.DANGER_RAISED: say("La procédure pour une personne peut-être en danger a été ouverte."),
    K.ERASURE_ASKED: say("L’effacement d’un texte a été demandé."),
    K.CONTRIBUTION_ERASED: say(
        "Le texte d’une contribution a été effacé, avec l’accord de la personne qui l’a écrit."
    ),
    K.APPEAL_PASSED: say("Une personne a laissé un recours à quelqu’un d’autre."),
    K.APPEAL_READER_NAMED: say("Une personne a été nommée pour lire les recours d’un espace."),
    K.APPEAL_READER_ENDED: say("Une personne n’est plus nommée pour lire les recours d’un espace."),
    K.ACT_RECORDED: say("Un acte officiel a été enregistré."),
    K.ACT_CORRECTED: say(
        "Un acte officiel a été corrigé, avec une raison. L’ancienne version se lit encore."
    ),
    K.ACT_FOLLOWED: say("La direction a dit ce qu’un avis du CVS est devenu."),
    K.ACT_TAKEN_BACK: say("Un acte officiel a été retiré, avec une raison. Sa place reste."),
    K.REGISTER_HEAD_SENT: say("La tête du registre a été envoyée aux parties."),
    K.QUIET_SEALED: say(
        "Les actes qui ne sont pas montrés un par un ont été scellés ensemble, s’il y en a eu : réactions, réponses "
        "aux questionnaires, arrivées, départs."
    ),
}
# The line of such an act bears the group of whoever moderates: it is not whose words they are.
READ_OVER: dict[K, Sentence] = {
    K.CONTRIBUTION_PUBLISHED: say("La modération a relu une contribution, et l’a publiée."),
    K.CONTRIBUTION_CORRECTED: say(
        "La modération a relu une correction, et l’a publiée. La contribution a une nouvelle version."
    ),
}
SEALED = say(
    "Ligne scellée : elle compte dans le registre, et son contenu n’est pas montré, pour ne désigner personne."
)
ERASED_SINCE = say(
    "Le texte de cette contribution a été effacé depuis, avec l’accord de la personne qui l’a écrit. "
    "Cette ligne et son reçu restent valables."
)


def sentence(kind: K, *, read_over: bool = False) -> Sentence:
    """What a line of this kind says; `read_over` when moderators let the words of somebody else through."""
    if read_over:
        return READ_OVER[kind]
    return SENTENCES.get(kind) or say("%(what)s.", what=kind.label)


def act(kind: ActKind, held_on: date, body: str) -> Sentence:
    """Which formal act: its kind and day, and the body that it is of unless `body` is empty."""
    values = {"kind": capital(kind.label), "day": day_label(held_on)}
    if not body:
        return say("%(kind)s, %(day)s.", **values)
    return say("%(kind)s, %(day)s : %(body)s.", **values, body=body.rstrip(". "))


def question(before: str, after: str) -> Sentence:
    """What a question became."""
    return say("Avant : « %(before)s » Maintenant : « %(after)s »", before=before, after=after)


def reading(words: bool, reason: str) -> Sentence:  # noqa: FBT001 — the one thing that it is about
    """What was said of what the authorities read, and why it changed when they read less."""
    read = told(words)
    return joined([read, say("Raison : %(reason)s", reason=reason)]) if reason else read


def level(group: Group, value: Level | None) -> Sentence:
    """What a level became, for the group that it is about."""
    if value is None:
        return say("Le groupe « %(group)s » ne participe pas.", group=group.label)
    return say(
        "Niveau du groupe « %(group)s » : %(level)s (%(plain)s).",
        group=group.label,
        level=value.label,
        plain=value.plain,
    )
