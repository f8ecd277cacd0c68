"""Every act that may be allowed or refused, each with one French sentence."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Self

from portal.kernel.speech import say
from portal.policy.targets import AppealTarget, ContractTarget, ContributionTarget, SpaceTarget

if TYPE_CHECKING:
    from portal.policy.targets import Target


class Subject(Enum):
    """The kind of object that a permission is asked about."""

    CONTRACT = ContractTarget
    SPACE = SpaceTarget
    CONTRIBUTION = ContributionTarget
    APPEAL = AppealTarget


class Permission(StrEnum):
    """An act. `sentence` begins with an infinitive; `about` lists the kinds of object it takes."""

    sentence: str
    about: frozenset[Subject]

    def __new__(cls, value: str, sentence: str, *about: Subject) -> Self:
        """Make a member: its stored value, its sentence, the kinds of object it takes."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        member.about = frozenset(about)
        return member

    def suits(self, target: Target) -> bool:
        """Say whether the permission can be asked about this kind of object."""
        return any(isinstance(target, subject.value) for subject in self.about)

    CONTRACT_READ = "contract_read", say("Lire le contrat"), Subject.CONTRACT
    INVOLVEMENT_READ = "involvement_read", say("Lire les engagements de participation"), Subject.CONTRACT
    REGISTER_READ = "register_read", say("Lire le registre"), Subject.CONTRACT
    REGISTER_SEND = "register_send", say("Envoyer la tête du registre aux parties"), Subject.CONTRACT
    CONSTRUCTION_READ = (
        "construction_read",
        say("Lire comment le contrat a été construit"),
        Subject.CONTRACT,
    )

    BALANCE_READ = "balance_read", say("Lire l’équilibre des voix"), Subject.CONTRACT
    ACTS_READ = "acts_read", say("Lire les actes officiels"), Subject.CONTRACT
    ACT_RECORD = "act_record", say("Enregistrer un acte officiel"), Subject.CONTRACT
    ACT_RECORD_CVS = "act_record_cvs", say("Enregistrer un avis du CVS"), Subject.CONTRACT
    ACT_RECORD_VOTE = (
        "act_record_vote",
        say("Enregistrer un vote de l’assemblée départementale"),
        Subject.CONTRACT,
    )
    ACT_RECORD_EVERY = (
        "act_record_every",
        say("Enregistrer un acte officiel de toute sorte"),
        Subject.CONTRACT,
    )

    SYNTHESES_READ = "syntheses_read", say("Lire les synthèses publiées"), Subject.CONTRACT

    SPACE_READ = "space_read", say("Lire l’espace d’échange"), Subject.SPACE
    ASK = "ask", say("Poser une question"), Subject.SPACE
    COMMENT = "comment", say("Donner un avis"), Subject.SPACE
    REACT_IN = "react_in", say("Réagir aux contributions"), Subject.SPACE
    GROUP_INVITE = "group_invite", say("Inviter un groupe dont on a peu d’avis"), Subject.SPACE
    SURVEY_ANSWER = "survey_answer", say("Remplir un questionnaire court"), Subject.SPACE
    SURVEY_PREPARE = "survey_prepare", say("Préparer un questionnaire court"), Subject.SPACE
    SURVEY_OPEN = "survey_open", say("Ouvrir un questionnaire court"), Subject.SPACE
    SURVEY_CLOSE = "survey_close", say("Terminer un questionnaire court avant sa date"), Subject.SPACE
    SURVEY_PUBLISH = "survey_publish", say("Publier les résultats d’un questionnaire court"), Subject.SPACE
    REPLY_IN = "reply_in", say("Répondre aux contributions des autres"), Subject.SPACE
    PROPOSE = "propose", say("Proposer d’autres mots ou un nouvel objectif"), Subject.SPACE
    DRAFT = "draft", say("Rédiger ensemble"), Subject.SPACE
    ACCORD = "accord", say("Participer au tour d’accord"), Subject.SPACE

    SYNTHESIS_WRITE = "synthesis_write", say("Écrire la synthèse de l’espace d’échange"), Subject.SPACE
    SYNTHESIS_PUBLISH = (
        "synthesis_publish",
        say("Publier la synthèse de l’espace d’échange"),
        Subject.SPACE,
    )

    CONTRIBUTION_READ = "contribution_read", say("Voir une contribution ou sa place"), Subject.CONTRIBUTION
    CONTRIBUTION_READ_SEALED = (
        "contribution_read_sealed",
        say("Lire les mots d’une contribution qui ne sont pas publiés"),
        Subject.CONTRIBUTION,
    )
    REACT = "react", say("Réagir à une contribution"), Subject.CONTRIBUTION
    REPLY = "reply", say("Répondre à une contribution"), Subject.CONTRIBUTION
    CORRECT = "correct", say("Corriger sa contribution"), Subject.CONTRIBUTION
    WITHDRAW = "withdraw", say("Retirer sa contribution"), Subject.CONTRIBUTION

    ERASE = "erase", say("Demander ou confirmer l’effacement d’un texte"), Subject.CONTRIBUTION

    QUEUE_READ = "queue_read", say("Voir les contributions qui attendent une relecture"), Subject.SPACE
    MODERATE = "moderate", say("Modérer l’espace d’échange"), Subject.SPACE
    MODERATE_ONE = "moderate_one", say("Publier, refuser ou masquer une contribution"), Subject.CONTRIBUTION
    APPEAL = "appeal", say("Demander un second regard sur une décision"), Subject.CONTRIBUTION
    APPEALS_READ = "appeals_read", say("Voir les recours qui attendent une lecture"), Subject.CONTRACT
    APPEAL_READ = "appeal_read", say("Lire les mots d’un recours"), Subject.APPEAL
    APPEAL_DECIDE = "appeal_decide", say("Décider d’un recours"), Subject.APPEAL
    REPORT = "report", say("Signaler une contribution"), Subject.CONTRIBUTION
    DANGER_RAISE = (
        "danger_raise",
        say("Dire qu’une personne est peut-être en danger"),
        Subject.CONTRIBUTION,
    )
    APPEAL_READERS_NAME = (
        "appeal_readers_name",
        say("Nommer qui lit les recours de l’espace"),
        Subject.SPACE,
    )
    MODERATION_SETTLE = "moderation_settle", say("Régler la modération du contrat"), Subject.CONTRACT
    ANSWER_IN = "answer_in", say("Donner les réponses attendues dans l’espace d’échange"), Subject.SPACE
    ANSWER = "answer", say("Donner la réponse à une contribution, avec sa suite"), Subject.CONTRIBUTION

    SPACE_CREATE = "space_create", say("Créer un espace d’échange"), Subject.CONTRACT
    SPACE_CONFIGURE = "space_configure", say("Régler l’espace d’échange"), Subject.SPACE
    SPACE_OPEN = "space_open", say("Ouvrir l’espace d’échange"), Subject.SPACE
    SPACE_PAUSE = "space_pause", say("Mettre l’espace d’échange en pause"), Subject.SPACE
    SPACE_RESUME = "space_resume", say("Rouvrir l’espace d’échange après une pause"), Subject.SPACE
    SPACE_END = "space_end", say("Terminer le temps des contributions"), Subject.SPACE
    SPACE_CLOSE = "space_close", say("Clore l’espace d’échange"), Subject.SPACE
    LEVEL_RECORD = (
        "level_record",
        say("Enregistrer le niveau d’implication d’un groupe"),
        Subject.CONTRACT,
        Subject.SPACE,
    )
    LEVEL_PROPOSE = (
        "level_propose",
        say("Proposer un niveau d’implication pour un groupe"),
        Subject.CONTRACT,
    )
    REFERENT_WRITE = (
        "referent_write",
        say("Écrire qui suit le contrat dans une autorité"),
        Subject.CONTRACT,
    )
    DUTIES_READ = "duties_read", say("Voir tous les devoirs du contrat"), Subject.CONTRACT
    DUTY_DELEGATE = "duty_delegate", say("Confier les devoirs du contrat"), Subject.CONTRACT
    EXTENSION_DECIDE = (
        "extension_decide",
        say("Accepter ou refuser un délai pour son groupe"),
        Subject.SPACE,
    )
    TEXT_EDIT = "text_edit", say("Corriger les textes du contrat"), Subject.CONTRACT
    PERIMETER_WRITE = "perimeter_write", say("Écrire le périmètre du contrat"), Subject.CONTRACT
    LIFE_WRITE = "life_write", say("Écrire la vie du contrat"), Subject.CONTRACT
    DISAGREEMENT_POSITION = (
        "disagreement_position",
        say("Écrire la position de sa partie dans un désaccord"),
        Subject.CONTRACT,
    )
    NEGOTIATION_OPEN = (
        "negotiation_open",
        say("Ouvrir ou clore la négociation confidentielle"),
        Subject.CONTRACT,
    )
    NEGOTIATION_READ = "negotiation_read", say("Lire la négociation confidentielle"), Subject.CONTRACT
    NEGOTIATION_WRITE = (
        "negotiation_write",
        say("Écrire dans la négociation confidentielle"),
        Subject.CONTRACT,
    )
    NEGOTIATION_APPLY = (
        "negotiation_apply",
        say("Mettre dans le contrat les mots convenus en négociation"),
        Subject.CONTRACT,
    )
    DIAGNOSTIC_WRITE = "diagnostic_write", say("Tenir les axes du diagnostic partagé"), Subject.CONTRACT
    FINDING_ADD_AUTHORITY = (
        "finding_add_authority",
        say("Écrire les constats de son autorité"),
        Subject.CONTRACT,
    )
    FINDING_WRITE = "finding_write", say("Écrire les constats de sa partie"), Subject.CONTRACT
    FINDING_VALIDATE = "finding_validate", say("Valider un constat pour sa partie"), Subject.CONTRACT
    TRAME_CHOOSE = "trame_choose", say("Choisir la trame du contrat"), Subject.CONTRACT
    TRAME_WRITE = "trame_write", say("Écrire les blocs de la trame du contrat"), Subject.CONTRACT
    TRAME_COPY = "trame_copy", say("Copier un modèle de trame pour son autorité"), Subject.CONTRACT
    TRAME_ADAPT = "trame_adapt", say("Adapter et publier les trames de son autorité"), Subject.CONTRACT
    TRAME_DISCUSS = (
        "trame_discuss",
        say("Mettre une partie de la trame en discussion, et en écrire les mots ensemble"),
        Subject.CONTRACT,
    )
    PLAIN_REVIEW = (
        "plain_review",
        say("Relire les versions simplifiées de sa partie, les relier au texte technique"),
        Subject.CONTRACT,
    )
    FALC_RECORD = (
        "falc_record",
        say("Enregistrer que des personnes concernées ont approuvé une version simplifiée"),
        Subject.CONTRACT,
    )
    DIRECTORY_LOAD = "directory_load", say("Charger le répertoire FINESS"), Subject.CONTRACT
    OBJECTIVE_WRITE = (
        "objective_write",
        say("Écrire les objectifs, leurs actions et leur avancement"),
        Subject.CONTRACT,
    )
    MEANS_WRITE = (
        "means_write",
        say("Écrire tous les moyens du contrat et leur suivi, décider des réaffectations"),
        Subject.CONTRACT,
    )
    MEANS_AUTHORITY = ("means_authority", say("Écrire l’argent que donne son autorité"), Subject.CONTRACT)
    MEANS_PART = ("means_part", say("Écrire les moyens de sa partie"), Subject.CONTRACT)
    IMPORT_WRITE = "import_write", say("Reprendre ses fichiers dans le contrat"), Subject.CONTRACT
    INDICATOR_WRITE = (
        "indicator_write",
        say("Choisir les indicateurs du contrat et en écrire les valeurs"),
        Subject.CONTRACT,
    )
    INDICATOR_REFERENCE = (
        "indicator_reference",
        say("Écrire les repères de comparaison des indicateurs"),
        Subject.CONTRACT,
    )
    VERSION_RESTORE = (
        "version_restore",
        say("Reprendre ce qu’une partie du contrat disait avant"),
        Subject.CONTRACT,
    )
    DOCUMENT_READ = "document_read", say("Lire les documents joints"), Subject.CONTRACT, Subject.SPACE
    DOCUMENT_ATTACH = (
        "document_attach",
        say("Joindre un document à ce que l’on écrit"),
        Subject.CONTRACT,
        Subject.SPACE,
    )
    DOCUMENT_REMOVE = "document_remove", say("Retirer un document joint"), Subject.CONTRACT, Subject.SPACE
    INDICATOR_READ_SMALL = (
        "indicator_read_small",
        say("Lire les nombres de moins de 5 personnes des indicateurs"),
        Subject.CONTRACT,
    )
