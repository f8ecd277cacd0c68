"""Every closed list of words, with the label a person reads: French source strings, without gender for a person."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Self

from portal.kernel.speech import say

LANGUAGES = ("fr", "en")


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

    PERSONS = "personnes", say("personnes accompagnées et proches")
    PROFESSIONALS = "professionnels", say("professionnels")
    GOVERNANCE = "gouvernance", say("gouvernance et direction")
    AUTHORITIES = "autorites", say("autorités")


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

    # fmt: off
    RESIDENTS = "residents", say("résidents et personnes accompagnées"), say("Résident ou résidente")
    FAMILIES = "families", say("familles et proches"), say("Famille ou proche"), College.PERSONS
    PROFESSIONALS = (
        "professionals", say("professionnels"), say("Professionnel ou professionnelle"), College.PROFESSIONALS,
    )
    STAFF_REPS = (
        "staff_reps", say("représentants du personnel"), say("Représentation du personnel"), College.PROFESSIONALS,
    )
    BOARD = "board", say("conseil d’administration"), say("Conseil d’administration"), College.GOVERNANCE, True
    MANAGEMENT = "management", say("direction"), say("Direction"), College.GOVERNANCE, True
    AUTHORITIES = "authorities", say("autorités"), say("Autorité"), College.AUTHORITIES, True
    # fmt: on


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
    Level.INFORMATION: (say("information"), say("S’informer"), say("lire, poser une question"), say("informé")),
    Level.CONSULTATION: (say("consultation"), say("Donner son avis"), say("commenter, réagir"), say("consulté")),
    Level.CONCERTATION: (
        say("concertation"), say("Discuter et proposer"),
        say("répondre, proposer d’autres mots"), say("en concertation"),
    ),
    Level.COCONSTRUCTION: (
        say("co-construction"), say("Écrire ensemble"), say("rédiger, donner son accord"), say("en co-construction"),
    ),
}  # fmt: skip


class Stage(Labelled):
    """Where a contract stands, from programming to the final review."""

    PROGRAMMING = "programmation", say("programmation")
    LAUNCH = "lancement", say("lancement")
    DIAGNOSTIC = "diagnostic", say("diagnostic")
    OBJECTIVES = "objectifs", say("objectifs")
    NEGOTIATION = "negociation", say("négociation")
    DRAFTING = "redaction", say("rédaction")
    OPINIONS = "avis", say("avis et délibérations")
    SIGNATURE = "signature", say("signature")
    EXECUTION = "execution", say("exécution")
    MIDTERM = "mi-parcours", say("bilan à mi-parcours")
    FINAL = "bilan-final", say("bilan final")


class Phase(Labelled):
    """Where a space stands; at its end date it goes to « en réponse » by itself."""

    DRAFT = "brouillon", say("brouillon")
    ANNOUNCED = "annonce", say("annoncé")
    OPEN = "ouvert", say("ouvert")
    PAUSED = "pause", say("en pause")
    ANSWERING = "reponse", say("en réponse")
    CLOSED = "clos", say("clos")


class ItemKind(Labelled):
    """What a space is about; also the kind of an anchor."""

    FINDING = "finding", say("constat")
    OBJECTIVE = "objective", say("objectif")
    TRAME_PART = "trame_part", say("partie de trame")


class SpaceObject(Labelled):
    """What a space is opened on."""

    DIAGNOSTIC = "diagnostic", say("le diagnostic partagé")
    OBJECTIVES = "objectifs", say("les objectifs")
    TRAME = "trame", say("la trame du contrat")

    @property
    def item_kind(self) -> ItemKind:
        """The kind of item people speak about there."""
        return ItemKind[
            {"DIAGNOSTIC": "FINDING", "OBJECTIVES": "OBJECTIVE", "TRAME": "TRAME_PART"}[self.name]
        ]


class FindingKind(Labelled):
    """The four kinds of finding."""

    STRENGTH = "point-fort", say("Point fort")
    TO_IMPROVE = "a-ameliorer", say("Point à améliorer")
    OPPORTUNITY = "opportunite", say("Opportunité")
    VIGILANCE = "vigilance", say("Point de vigilance")


class Register(Labelled):
    """The two registers of language in which every item is written."""

    PLAIN = "clair", say("texte en mots simples")
    TECHNICAL = "technique", say("texte technique")


class ContributionKind(Labelled):
    """What a contribution is."""

    QUESTION = "question", say("Question")
    COMMENT = "comment", say("Avis")
    PROPOSAL = "proposal", say("Proposition")
    REPLY = "reply", say("Réponse à une contribution")


class ContributionStatus(Labelled):
    """Whether people read it, and why not."""

    PENDING = "pending", say("en attente de relecture")
    PUBLISHED = "published", say("publiée")
    REFUSED = "refused", say("refusée")
    HIDDEN = "hidden", say("masquée")
    WITHDRAWN = "withdrawn", say("retirée par la personne qui l’a écrite")


class Display(Labelled):
    """How an author chose to be shown."""

    GROUP = "group", say("par mon groupe seulement")
    NAME = "name", say("avec mon nom")


class ShownScope(Labelled):
    """How much the label of a group tells; it may only be folded further."""

    ESTABLISHMENT = "establishment", say("groupe et établissement")
    GROUP = "group", say("groupe")
    COLLEGE = "college", say("collège")


class ReactionValue(Labelled):
    """The three reactions, in words."""

    AGREE = "accord", say("D’accord")
    DEPENDS = "depend", say("Ça dépend")
    DISAGREE = "desaccord", say("Pas d’accord")


class Fate(Labelled):
    """What became of the words."""

    KEPT = "retenue", say("Retenue")
    PARTLY = "retenue-en-partie", say("Retenue en partie")
    NOT_KEPT = "non-retenue", say("Non retenue")
    OUT_OF_CONTRACT = "hors-contrat", say("Hors du contrat")
    PASSED_ON = "transmise", say("Transmise")


class DutyKind(Labelled):
    """What the organiser owes, by the level of the group."""

    ANSWER = "reponse", say("une réponse à la question")
    FATE = "suite", say("la suite donnée à l’avis")
    MOTIVATED_ANSWER = "reponse-motivee", say("une réponse motivée à la proposition")
    SYNTHESIS = "synthese", say("une synthèse de ce qui a été dit")
    SURVEY_RESULTS = "resultats", say("les résultats d’un questionnaire court")
    RETURN_OF_WORDING = "retour-des-mots", say("le retour des mots changés en négociation")


class DutyState(Labelled):
    """Where a duty stands; a word of evidence goes with the last two."""

    TO_DO = "a-faire", say("à faire")
    LATE = "en-retard", say("en retard")
    KEPT = "tenu", say("tenu")
    EXPLAINED = "explique", say("non tenu, expliqué")


class RequestState(Labelled):
    """What became of something that was asked: more time, or another level."""

    ASKED = "demande", say("en attente de décision")
    ACCEPTED = "accepte", say("acceptée")
    REFUSED = "refuse", say("refusée")
    LAPSED = "sans-suite", say("sans suite")


class ModerationMode(Labelled):
    """Whether words are read before or after publication."""

    BEFORE = "avant", say("relire avant publication")
    AFTER = "apres", say("publier tout de suite, relire ensuite")


class ModerationRule(Labelled):
    """Closed list of reasons; a sentence always goes with it."""

    NAMES_SOMEONE = "nomme-une-personne", say("Nomme ou désigne une personne")
    HEALTH = "sante", say("Donne des informations de santé sur une personne")
    INSULT = "injure", say("Propos injurieux ou menaçants")
    DISCRIMINATION = "discrimination", say("Propos discriminatoires")
    OFF_TOPIC = "hors-sujet", say("Sans lien avec le sujet")
    DUPLICATE = "doublon", say("Déjà envoyé à l’identique")
    ADVERTISING = "publicite", say("Publicité ou démarchage")
    PERSONAL = "personnelle", say("Concerne une situation personnelle")


class Role(Labelled):
    """What a membership may do beyond its group; never implied by the group."""

    DIRECTOR = "director", say("direction du contrat")
    DEPUTY = "deputy", say("suppléance de la direction")
    MODERATOR = "moderator", say("modération")
    APPEAL_READER = "appeal_reader", say("lecture des recours")
    FACILITATOR = "facilitator", say("animation")
    CVS_MEMBER = "cvs_member", say("membre du CVS")
    AUTHORITY_AGENT = "authority_agent", say("agent d’une autorité")
    OPERATOR = "operator", say("exploitation du portail")


class ActKind(Labelled):
    """A formal act of a body that the law or the statutes name; no level ever replaces one."""

    CVS = "avis-cvs", say("avis du CVS")
    CSE = "consultation-cse", say("consultation du CSE")
    BOARD = "deliberation-ca", say("délibération du conseil d’administration")
    DEPARTMENT = "vote-departement", say("vote de l’assemblée départementale")
    COMMITTEE = "comite-de-suivi", say("compte rendu du comité de suivi")
    OTHER = "autre", say("autre acte")


class AuthorityKind(Labelled):
    """The two tariff authorities."""

    ARS = "ars", say("agence régionale de santé")
    DEPARTMENT = "departement", say("conseil départemental")


class Audience(Labelled):
    """Who receives a live frame: the same rendering for all of an audience."""

    READERS = "readers", say("lecteurs")
    MODERATORS = "moderators", say("modération")
    AUTHOR = "author", say("auteur")


class NoticeKind(Labelled):
    """What a person is told of."""

    ANSWERED = "reponse", say("réponse donnée à mes mots")
    REPLIED = "replique", say("réponse d’une personne à mes mots")
    THREAD = "discussion", say("réponse dans une discussion que je suis")
    REVIEWED = "relecture", say("mots qui ne sont pas publiés")
    LEVEL = "niveau", say("changement du niveau de mon groupe")
    OPENED = "ouverture", say("ouverture d’un espace d’échange")
    RESUMED = "reprise", say("reprise d’un espace d’échange après une pause")
    CLOSING = "fin", say("fin proche d’un espace d’échange")
    TO_MODERATE = "a-relire", say("contributions à relire")
    DUTY = "du", say("réponses attendues de la direction")
    SURVEY = "questionnaire", say("questionnaire court à remplir")
    SURVEY_RESULTS = "questionnaire-publie", say("résultats d’un questionnaire court")
    ERASURE = "effacement", say("effacement d’un texte, à confirmer")
    ERASED = "efface", say("texte effacé")
    HEAD = "tete", say("tête du registre")
    EXTENSION_ASKED = "delai-demande", say("délai demandé à mon groupe")
    EXTENSION_DECIDED = "delai-decide", say("réponse à un délai que j’ai demandé")
    PROPOSED = "niveau-propose", say("niveau proposé pour un groupe")
    PROPOSAL_DECIDED = "proposition-decidee", say("réponse à un niveau que j’ai proposé")
    CHARGED = "charge", say("devoirs qui me sont confiés")
    EXPLAINED = "explication", say("engagement non tenu envers moi, expliqué")
    APPEAL_TO_READ = "recours-a-lire", say("recours à lire")
    APPEAL_FOLLOWED = "recours-suivi", say("recours sur une décision de relecture")
    APPEAL_PASSED = "recours-laisse", say("mon recours laissé à quelqu’un d’autre")
    APPEAL_DECIDED = "recours-decide", say("réponse à mon recours")
    REPORTED = "signalement", say("contribution signalée")
    REPORT_DECIDED = "signalement-decide", say("suite donnée à mon signalement")
    DANGER = "danger", say("personne peut-être en danger")
    REVIEW_LATE = "relecture-en-retard", say("relecture en retard")
    CORRECTED = "reponse-corrigee", say("réponse à mes mots corrigée")
    MERGED = "regroupement", say("mots regroupés avec d’autres")
    THANKED = "merci", say("mots lus par la direction")
    LINKED = "mots-changes", say("texte changé par mes mots")
    TO_LOOK_AT = "a-regarder", say("contrats à regarder cette semaine")
    HANDED_OVER = "transmission", say("nouvelles de mes mots transmis")
    SYNTHESIS = "synthese", say("synthèse d’un espace d’échange")
    ACT = "acte", say("acte officiel du contrat")
    NEGOTIATED = "negociation", say("mots modifiés en négociation")
    AGREED_CHANGED = "negocie-change", say("mots convenus en négociation, changés depuis")
    FINDINGS = "constats", say("constats ajoutés, ou réponses d’une partie à un constat")
    READING = "lecture", say("ce que les autorités lisent dans un espace d’échange")


class NoticeChoiceKind(Labelled):
    """What a participant chose for one space or one thread."""

    MUTED = "sourdine", say("ne plus me prévenir")
    FOLLOWED = "suivi", say("me prévenir de chaque réponse")


class Cadence(Labelled):
    """How often e-mails leave; never more than one a day."""

    DIGEST = "resume", say("un résumé le matin, les jours où il y a du nouveau")
    NONE = "jamais", say("aucun courriel")


class MailState(Labelled):
    """Where an e-mail stands; what is doubtful is never sent again by itself."""

    WAITING = "attente", say("en attente")
    SENDING = "envoi", say("en cours d’envoi")
    SENT = "envoye", say("envoyé")
    FAILED = "echec", say("échec")
    DOUBTFUL = "doute", say("peut-être arrivé")
