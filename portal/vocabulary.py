"""Every closed list of words of the product, with the label a person reads.

Labels are French source strings; they carry no gender where a person is meant.
"""

from __future__ import annotations

from enum import Enum, IntEnum, StrEnum
from typing import Self


class Labelled(StrEnum):
    """A word stored by its value, shown by its label."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """A word and its label; only the value is given when looking one up."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class College(Labelled):
    """The four voices; each is a line before it is a colour."""

    PERSONS = "personnes", "personnes accompagnées et proches"
    PROFESSIONALS = "professionnels", "professionnels"
    GOVERNANCE = "gouvernance", "gouvernance et direction"
    AUTHORITIES = "autorites", "autorités"


class Group(Labelled):
    """Who speaks. `one` is the label of one member, without gender."""

    one: str
    college: College
    institutional: bool

    def __new__(
        cls,
        value: str,
        label: str = "",
        one: str = "",
        college: College | None = None,
        institutional: bool = False,  # noqa: FBT001, FBT002 — one column of the table below
    ) -> Self:
        """A word, its labels and where it belongs."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.one = one
        member.college = college or College.PERSONS
        member.institutional = institutional
        return member

    RESIDENTS = (
        "residents",
        "résidents et personnes accompagnées",
        "Résident ou résidente",
        College.PERSONS,
        False,
    )
    FAMILIES = "families", "familles et proches", "Famille ou proche", College.PERSONS, False
    PROFESSIONALS = (
        "professionals",
        "professionnels",
        "Professionnel ou professionnelle",
        College.PROFESSIONALS,
        False,
    )
    STAFF_REPS = (
        "staff_reps",
        "représentants du personnel",
        "Représentation du personnel",
        College.PROFESSIONALS,
        False,
    )
    BOARD = "board", "conseil d’administration", "Conseil d’administration", College.GOVERNANCE, True
    MANAGEMENT = "management", "direction", "Direction", College.GOVERNANCE, True
    AUTHORITIES = "authorities", "autorités", "Autorité", College.AUTHORITIES, True


# The group that answers in the contract's name. Nothing is owed to it: a duty towards
# itself would only ever be closed by itself.
ORGANISER = Group.MANAGEMENT


class Level(IntEnum):
    """How far a group is involved; order is the rule (design: levels)."""

    INFORMATION = 1
    CONSULTATION = 2
    CONCERTATION = 3
    COCONSTRUCTION = 4

    @property
    def label(self) -> str:
        """The formal name."""
        return _LEVELS[self][0]

    @property
    def plain(self) -> str:
        """The name in everyday words."""
        return _LEVELS[self][1]

    @property
    def acts(self) -> str:
        """What the rung opens, in a few words."""
        return _LEVELS[self][2]

    @property
    def state(self) -> str:
        """« Les familles sont … »"""
        return _LEVELS[self][3]


_LEVELS = {
    Level.INFORMATION: ("information", "S’informer", "lire, poser une question", "informé"),
    Level.CONSULTATION: ("consultation", "Donner son avis", "commenter, réagir", "consulté"),
    Level.CONCERTATION: (
        "concertation",
        "Discuter et proposer",
        "répondre, proposer d’autres mots",
        "en concertation",
    ),
    Level.COCONSTRUCTION: (
        "co-construction",
        "Écrire ensemble",
        "rédiger, donner son accord",
        "en co-construction",
    ),
}


class Stage(Labelled):
    """Where a contract stands, from programming to the final review."""

    PROGRAMMING = "programmation", "programmation"
    LAUNCH = "lancement", "lancement"
    DIAGNOSTIC = "diagnostic", "diagnostic"
    OBJECTIVES = "objectifs", "objectifs"
    NEGOTIATION = "negociation", "négociation"
    DRAFTING = "redaction", "rédaction"
    OPINIONS = "avis", "avis et délibérations"
    SIGNATURE = "signature", "signature"
    EXECUTION = "execution", "exécution"
    MIDTERM = "mi-parcours", "bilan à mi-parcours"
    FINAL = "bilan-final", "bilan final"


class Phase(Labelled):
    """Where a space stands; at its end date it goes to « en réponse » by itself."""

    DRAFT = "brouillon", "brouillon"
    ANNOUNCED = "annonce", "annoncé"
    OPEN = "ouvert", "ouvert"
    PAUSED = "pause", "en pause"
    ANSWERING = "reponse", "en réponse"
    CLOSED = "clos", "clos"


class ItemKind(Labelled):
    """What a space is about; also the kind of an anchor."""

    FINDING = "finding", "constat"
    OBJECTIVE = "objective", "objectif"


class SpaceObject(Labelled):
    """What a space is opened on."""

    DIAGNOSTIC = "diagnostic", "le diagnostic partagé"
    OBJECTIVES = "objectifs", "les objectifs"

    @property
    def item_kind(self) -> ItemKind:
        """The kind of item people speak about there."""
        return ItemKind.FINDING if self is SpaceObject.DIAGNOSTIC else ItemKind.OBJECTIVE


class FindingKind(Labelled):
    """The four kinds of finding."""

    STRENGTH = "point-fort", "Point fort"
    TO_IMPROVE = "a-ameliorer", "Point à améliorer"
    OPPORTUNITY = "opportunite", "Opportunité"
    VIGILANCE = "vigilance", "Point de vigilance"


class Register(Labelled):
    """The two registers of language in which every item is written."""

    PLAIN = "clair", "texte en mots simples"
    TECHNICAL = "technique", "texte technique"


class ContributionKind(Labelled):
    """What a contribution is."""

    QUESTION = "question", "Question"
    COMMENT = "comment", "Avis"
    PROPOSAL = "proposal", "Proposition"
    REPLY = "reply", "Réponse à une contribution"


class ContributionStatus(Labelled):
    """Whether people read it, and why not."""

    PENDING = "pending", "en attente de relecture"
    PUBLISHED = "published", "publiée"
    REFUSED = "refused", "refusée"
    HIDDEN = "hidden", "masquée"
    WITHDRAWN = "withdrawn", "retirée par la personne qui l’a écrite"


class Display(Labelled):
    """How an author chose to be shown."""

    GROUP = "group", "par mon groupe seulement"
    NAME = "name", "avec mon nom"


class ShownScope(Labelled):
    """How much the label of a group tells; it may only be folded further."""

    ESTABLISHMENT = "establishment", "groupe et établissement"
    GROUP = "group", "groupe"
    COLLEGE = "college", "collège"


class ReactionValue(Labelled):
    """The three reactions, in words."""

    AGREE = "accord", "D’accord"
    DEPENDS = "depend", "Ça dépend"
    DISAGREE = "desaccord", "Pas d’accord"


class Fate(Labelled):
    """What became of the words."""

    KEPT = "retenue", "Retenue"
    PARTLY = "retenue-en-partie", "Retenue en partie"
    NOT_KEPT = "non-retenue", "Non retenue"
    OUT_OF_CONTRACT = "hors-contrat", "Hors du contrat"
    PASSED_ON = "transmise", "Transmise"


class ModerationMode(Labelled):
    """Whether words are read before or after publication."""

    BEFORE = "avant", "relire avant publication"
    AFTER = "apres", "publier tout de suite, relire ensuite"


class ModerationRule(Labelled):
    """Closed list of reasons; a sentence always goes with it."""

    NAMES_SOMEONE = "nomme-une-personne", "Nomme ou désigne une personne"
    HEALTH = "sante", "Donne des informations de santé sur une personne"
    INSULT = "injure", "Propos injurieux ou menaçants"
    DISCRIMINATION = "discrimination", "Propos discriminatoires"
    OFF_TOPIC = "hors-sujet", "Sans lien avec le sujet"
    DUPLICATE = "doublon", "Déjà envoyé à l’identique"
    ADVERTISING = "publicite", "Publicité ou démarchage"


class Role(Labelled):
    """What a membership may do beyond its group; never implied by the group."""

    DIRECTOR = "director", "direction du contrat"
    DEPUTY = "deputy", "suppléance de la direction"
    MODERATOR = "moderator", "modération"
    APPEAL_READER = "appeal_reader", "lecture des recours"
    FACILITATOR = "facilitator", "animation"
    CVS_MEMBER = "cvs_member", "membre du CVS"
    AUTHORITY_AGENT = "authority_agent", "agent d’une autorité"
    OPERATOR = "operator", "exploitation du portail"


class AuthorityKind(Labelled):
    """The two tariff authorities."""

    ARS = "ars", "agence régionale de santé"
    DEPARTMENT = "departement", "conseil départemental"


class Audience(Labelled):
    """Who receives a live frame: the same rendering for all of an audience."""

    READERS = "readers", "lecteurs"
    MODERATORS = "moderators", "modération"
    AUTHOR = "author", "auteur"


class TimePrecision(Enum):
    """How finely the journal dates a kind of line."""

    DAY = "day"
    SECOND = "second"
