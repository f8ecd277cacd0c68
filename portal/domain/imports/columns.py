"""The columns of a table as directors name them, and as the portal names them when the same table goes out. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Self

from portal.kernel.speech import say
from portal.vocabulary import Labelled


class Column(Labelled):
    """What a column holds: the heading that goes out, and the pattern of those that come in."""

    pattern: str

    def __new__(cls, value: str, label: str = "", pattern: str = "") -> Self:
        """A column, its heading, its pattern."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.pattern = pattern
        return member

    ORIENTATION_PLAIN = "orientation-claire", say("Orientation en mots simples"), r"orientation en mot simple"
    STRATEGIC_PLAIN = (
        "strategique-clair",
        say("Objectif stratégique en mots simples"),
        r"objectif strategique en mot simple",
    )
    ORIENTATION = (
        "orientation",
        say("Orientation"),
        r"(?:grande )?orientation(?: strategique)?|axe strategique|priorite strategique",
    )
    STRATEGIC = (
        "strategique",
        say("Objectif stratégique"),
        r"(?:intitule (?:de )?l )?objectif (?:strategique|general|generaux)",
    )
    OBJECTIVE = (
        "objectif",
        say("Objectif opérationnel"),
        (
            r"(?:intitule (?:de )?l )?objectif(?: operationnel| specifique| du cpom)?|fiche(?: action| objectif)?"
            r"|engagement(?: (?:de l |du |de )?(?:etablissement|gestionnaire|partie))?|operationnel|intitule(?: de la fiche)?"
        ),
    )
    EXPECTED = (
        "resultat",
        say("Ce qui change pour les personnes"),
        r"ce qui change(?: pour le personne)?|(?:resultat|effet|benefice|impact)s? attendu(?: pour .*)?|benefice pour .*",
    )
    PLAIN = (
        "clair",
        say("Texte en mots simples"),
        r"texte en mot simple|(?:version|texte) simplifie|en clair|en mot simple",
    )
    TECHNICAL = (
        "metier",
        say("Texte avec les mots du métier"),
        r"texte avec le mot du metier|description(?: de l .*)?|texte|contexte|detail|commentaire|descriptif",
    )
    PRIORITY = "priorite", say("Priorité"), r"(?:niveau de )?priorite"
    HEALTH_PLAN = (
        "prs",
        say("Lien avec le projet régional de santé"),
        r"(?:lien (?:avec )?(?:le )?)?(?:pr|projet regional de sante)",
    )
    SCHEME = (
        "schema",
        say("Lien avec le schéma départemental"),
        r"(?:lien (?:avec )?(?:le )?)?schema(?: departemental.*)?",
    )
    HOUSE_PLAN = (
        "projet",
        say("Lien avec le projet d’établissement"),
        r"(?:lien (?:avec )?(?:le )?)?projet d etablissement",
    )
    EVALUATION = (
        "has",
        say("Lien avec l’évaluation de la HAS"),
        r"(?:lien (?:avec )?(?:l )?)?(?:evaluation(?: de la)?(?: ha)?|ha)",
    )
    OBSTACLES = "freins", say("Freins"), r"frein(?: identifie)?|difficulte"
    LEVERS = "leviers", say("Leviers"), r"levier(?: identifie)?"
    FOLLOW_UP = "suivi", say("Modalités de suivi"), r"modalite de suivi(?: et d evaluation)?|suivi"
    ACTION = (
        "action",
        say("Action"),
        (
            r"(?:plan d )?action(?: (?:a mener|prevue|propose|concrete|a mettre en oeuvre|envisage|a conduire|a engager))?"
            r"|mesure(?: envisage)?|libelle (?:de )?l action|intitule (?:de )?l action|modalite de mise en oeuvre|etape"
        ),
    )
    LEAD = (
        "pilote",
        say("Pilote"),
        r"pilote(?: de l action)?|responsable(?: de l action)?|porteur|referent|qui",
    )
    TEAM = "equipe", say("Équipe"), r"equipe(?: projet| associe)?|acteur(?: associe| concerne)?|participant"
    PARTNERS = "partenaires", say("Partenaires"), r"partenaire(?: externe| associe| mobilise)?|partenariat"
    START = "debut", say("Début"), r"(?:date de )?(?:debut|demarrage|lancement)|commence le"
    END = (
        "echeance",
        say("Échéance"),
        (
            r"(?:date d )?echeance|(?:date de )?fin|(?:date de )?realisation|delai|calendrier(?: previsionnel)?|echeancier"
            r"|quand|date(?: prevue| cible| butoir)?|periode"
        ),
    )
    STATE = (
        "etat",
        say("État d’avancement"),
        r"(?:etat|niveau|degre)(?: d avancement| de realisation)?|avancement|statut|ou en est on",
    )
    WHY = "justification", say("Justification"), r"justification|explication|raison|motif"
    OUTCOME = (
        "bilan",
        say("Bilan"),
        (
            r"bilan(?: (?:de |de l |de la |du |d )?(?:action|objectif|engagement|realisation|mise en oeuvre|cpom|convention|contrat))?"
            r"|realisee?(?: oui(?: ou)? non)?|realisee?(?: (?:abandonnee?|en cour|non realisee?|partiel(?:lement realisee?)?|reportee?|a poursuivre))*"
            r"|(?:bilan|evaluation|resultat) final|(?:bilan|evaluation|resultat) finale|resultat|atteint non atteint"
            r"|devenir|suite(?: donnee?)?|ce qu il est devenu|resultat (?:obtenu|constate)"
        ),
    )
    ACHIEVED = (
        "atteint",
        say("Atteint"),
        r"(?:(?:objectif|engagement|cible) )?atteinte?(?: de l objectif| de objectif)?(?: oui(?: ou)? non)?",
    )
    RENEWED = (
        "reconduit",
        say("Reconduit"),
        r"(?:a )?(?:reconduite?|reconduire|reconduction)(?: (?:dan|au) .*)?(?: oui(?: ou)? non)?",
    )
    UNTIL = "finance-jusque", say("Financé jusqu’au"), r"finance jusqu (?:au|en|a)"
    MONEY = (
        "financement",
        say("Financement"),
        (
            r"(?:source de |mode de )?financement|moyen(?: financier| necessaire| alloue| dedie| humain et financier)?"
            r"|budget|cout(?: estime| previsionnel)?|ressource"
        ),
    )
    INITIAL = (
        "initiale",
        say("Valeur initiale"),
        r"(?:valeur|situation) (?:initiale|de depart|actuelle|de reference|n)|initial|n|t0|depart|reference|existant",
    )
    TARGET = (
        "cible",
        say("Valeur cible"),
        r"(?:valeur )?cible(?: finale| a 5 an)?|valeur (?:attendue|visee|finale)|objectif chiffre|cible vise",
    )
    YEARLY = "annuelles", say("Cibles annuelles"), r"cible (?:annuelle|intermediaire|par an)|trajectoire"
    INDICATOR = (
        "indicateur",
        say("Indicateur"),
        (
            r"indicateur(?: (?:de suivi|d evaluation|de resultat|d impact|de realisation|de moyen|de processus|de mesure))*"
            r"|nom (?:de )?l indicateur|libelle (?:de )?l indicateur"
        ),
    )
    FINDING_KIND = (
        "sorte",
        say("Sorte de constat"),
        (
            r"sorte(?: de constat)?|type(?: de constat)?|nature(?: du constat)?"
            r"|(?:point )?fort(?: ou| et)?(?: point)? faible|force(?: ou| et)? faiblesse"
        ),
    )
    FINDING = "constat", say("Constat"), r"constat(?: partage)?|diagnostic|analyse|observation"
    STRENGTH = "points-forts", say("Points forts"), r"(?:le )?point fort|atout|force|(?:le )?point positif"
    TO_IMPROVE = (
        "a-ameliorer",
        say("Points à améliorer"),
        r"(?:le )?point (?:a ameliorer|faible|d amelioration|negatif)|faiblesse|fragilite|axe d amelioration",
    )
    OPPORTUNITY = "opportunites", say("Opportunités"), r"opportunite"
    WATCH = (
        "vigilance",
        say("Points de vigilance"),
        r"(?:le )?point (?:de vigilance|d attention)|vigilance|menace|risque",
    )
    EVIDENCE = "appui", say("Éléments d’appui"), r"element (?:d appui|probant|de preuve)|source|preuve|donnee"
    AXIS = "axe", say("Axe"), r"axe(?: du diagnostic)?|theme|thematique|domaine|champ"
    FINESS = "finess", say("Numéro FINESS"), r"(?:numero |n )?fines(?: et)?"
    SITE = (
        "etablissement",
        say("Établissement ou service"),
        r"(?:etablissement(?: ou service| et service)?|esm|esms|site|structure|service)(?: concerne)?",
    )
    NUMBER = "numero", say("N°"), r"n|numero|num|ref"


_ORDER = tuple(Column)
_YEAR = re.compile(r"(?:(?:valeur|realise|cible|annee|exercice|objectif|attendu|prevu)e? ?)*((?:19|20)\d\d)")
_RELATIVE = re.compile(r"(?:(?:valeur|cible) )?n (\d)")
_NUMBERED = re.compile(r"n ?[°º].?", re.IGNORECASE)
_APART = re.compile(r"[^a-z0-9]+")
_PAREN = re.compile(r"\([^)]*\)")
# Beyond, words are no title of a column.
LONGEST = 120
FIRST_ROWS = 15
FINDINGS = frozenset(
    {
        Column.FINDING,
        Column.STRENGTH,
        Column.TO_IMPROVE,
        Column.OPPORTUNITY,
        Column.FINDING_KIND,
        Column.EVIDENCE,
    }
)
PLANS = frozenset({Column.OBJECTIVE, Column.STRATEGIC, Column.ACTION})


def bare(words: str) -> str:
    """A heading without accents, signs, plurals nor what stands in brackets."""
    apart = unicodedata.normalize(
        "NFKD", _PAREN.sub(" ", words).casefold().replace("œ", "oe").replace("°", " ")
    )
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(_singular(word) for word in _APART.split(plain) if word)


def recognised(heading: str) -> Column | None:
    """The column that a heading names; None when it is not known."""
    words = bare(heading) if len(heading) <= LONGEST else ""
    if not words:
        return None
    # « N » is the first year, « N° » a number: their letters are the same.
    if _NUMBERED.fullmatch(heading.strip()):
        return Column.NUMBER
    return next((one for one in _ORDER if re.fullmatch(one.pattern, words)), None)


def year(heading: str) -> str:
    """The year that a heading names, « 2027 » or « N+1 »; nothing when it names none."""
    words = bare(heading) if len(heading) <= LONGEST else ""
    found = _YEAR.fullmatch(words)
    if found:
        return found[1]
    relative = _RELATIVE.fullmatch(words)
    return f"N+{relative[1]}" if relative and "+" in heading else ""


def known(cells: Sequence[str]) -> dict[int, Column]:
    """The columns of a row of headings; a heading that comes twice counts once."""
    found: dict[int, Column] = {}
    for number, words in enumerate(cells):
        column = recognised(words)
        if column is not None and column not in found.values():
            found[number] = column
    return found


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word[-1] in "sx" else word  # noqa: PLR2004 — « us » is no plural
