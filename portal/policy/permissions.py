"""Every act that may be allowed or refused, each with one French sentence."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Self

from portal.policy.targets import ContractTarget, ContributionTarget, SpaceTarget

if TYPE_CHECKING:
    from portal.policy.targets import Target


class Subject(Enum):
    """The kind of object that a permission is asked about."""

    CONTRACT = ContractTarget
    SPACE = SpaceTarget
    CONTRIBUTION = ContributionTarget


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

    CONTRACT_READ = "contract_read", "Lire le contrat", Subject.CONTRACT
    INVOLVEMENT_READ = "involvement_read", "Lire les engagements de participation", Subject.CONTRACT

    SPACE_READ = "space_read", "Lire l’espace d’échange", Subject.SPACE
    ASK = "ask", "Poser une question", Subject.SPACE
    COMMENT = "comment", "Donner un avis", Subject.SPACE
    REACT_IN = "react_in", "Réagir aux contributions", Subject.SPACE
    SURVEY_ANSWER = "survey_answer", "Remplir un questionnaire court", Subject.SPACE
    REPLY_IN = "reply_in", "Répondre aux contributions des autres", Subject.SPACE
    PROPOSE = "propose", "Proposer d’autres mots ou un nouvel objectif", Subject.SPACE
    DRAFT = "draft", "Rédiger ensemble", Subject.SPACE
    ACCORD = "accord", "Participer au tour d’accord", Subject.SPACE

    CONTRIBUTION_READ = "contribution_read", "Voir une contribution ou sa place", Subject.CONTRIBUTION
    CONTRIBUTION_READ_SEALED = (
        "contribution_read_sealed",
        "Lire les mots d’une contribution qui ne sont pas publiés",
        Subject.CONTRIBUTION,
    )
    REACT = "react", "Réagir à une contribution", Subject.CONTRIBUTION
    REPLY = "reply", "Répondre à une contribution", Subject.CONTRIBUTION
    CORRECT = "correct", "Corriger sa contribution", Subject.CONTRIBUTION
    WITHDRAW = "withdraw", "Retirer sa contribution", Subject.CONTRIBUTION

    QUEUE_READ = "queue_read", "Voir les contributions qui attendent une relecture", Subject.SPACE
    MODERATE = "moderate", "Modérer l’espace d’échange", Subject.SPACE
    MODERATE_ONE = "moderate_one", "Publier, refuser ou masquer une contribution", Subject.CONTRIBUTION
    ANSWER_IN = "answer_in", "Donner les réponses attendues dans l’espace d’échange", Subject.SPACE
    ANSWER = "answer", "Donner la réponse à une contribution, avec sa suite", Subject.CONTRIBUTION

    SPACE_CREATE = "space_create", "Créer un espace d’échange", Subject.CONTRACT
    SPACE_CONFIGURE = "space_configure", "Régler l’espace d’échange", Subject.SPACE
    SPACE_OPEN = "space_open", "Ouvrir l’espace d’échange", Subject.SPACE
    SPACE_PAUSE = "space_pause", "Mettre l’espace d’échange en pause", Subject.SPACE
    SPACE_RESUME = "space_resume", "Rouvrir l’espace d’échange après une pause", Subject.SPACE
    SPACE_END = "space_end", "Terminer le temps des contributions", Subject.SPACE
    SPACE_CLOSE = "space_close", "Clore l’espace d’échange", Subject.SPACE
    LEVEL_RECORD = (
        "level_record",
        "Enregistrer le niveau d’implication d’un groupe",
        Subject.CONTRACT,
        Subject.SPACE,
    )
    TEXT_EDIT = "text_edit", "Corriger les textes du contrat", Subject.CONTRACT
