"""Which axis of the diagnostic the words of a file name: their beginning, their main words, or what they are about. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from portal.domain.imports.columns import bare
from portal.kernel.text import stems

# What an axis is about, as directors write it, without accents nor plurals; what is said in more words is looked for first.
# The first of each is the subject; none, where the words may be about several.
SUBJECTS: tuple[tuple[str, str], ...] = (
    ("", r"qualite et (?:de (?:la )?)?securite de soin"),
    ("staff", r"qualite de vie (?:et (?:de )?condition de travail|au travail)|condition de travail|qvc?t"),
    (
        "staff",
        r"(?:ressource|moyen) humaine?|rh|gpec|gepp|personnel|attractivite|absenteisme|recrutement|formation",
    ),
    ("staff", r"risque (?:psychosociau|professionnel)|partenaire sociau|dialogue social|salarie"),
    (
        "persons",
        r"qualite de vie|droit|bientraitance|cv|vie sociale|(?:profil|public|population) accueillie?",
    ),
    (
        "persons",
        r"(?:profil|participation|expression) (?:et droit )?(?:de (?:la )?)?(?:personne|resident|usager|famille)",
    ),
    ("care", r"prestation|soin|projet (?:personnalise|d accompagnement)|accompagnement de (?:la )?personne"),
    ("money", r"finance|financi(?:er|ere)|budget(?:aire)?|situation economique"),
    (
        "places",
        r"batiment|bati|immobili(?:er|ere)|patrimoine|locau|architectur(?:e|al|ale)|travau|accessibilite",
    ),
    ("places", r"(?:transition|demarche) ecologique|developpement durable|rse"),
    ("tools", r"systeme d information|^si$|numerique|informatique|telesante|cybersecurite"),
    ("network", r"cooperation|partenariat|partenaire|reseau|ouverture"),
    ("quality", r"demarche qualite|qualite et (?:gestion de )?risque|gestion de risque|risque|^qualite$"),
    (
        "quality",
        r"evaluation (?:interne|externe|(?:de la )?ha|de la qualite)|^evaluation$|amelioration continue",
    ),
    ("head", r"gouvernance|siege|strategie|pilotage"),
    ("offer", r"offre|territoriale?|territoire"),
)
_SUBJECTS = tuple((subject, re.compile(rf"\b(?:{pattern})\b")) for subject, pattern in SUBJECTS)
# What stands before the name of an axis: « Axe 3 : ».
_NUMBERED = re.compile(
    r"^(?:axe|theme|thematique|domaine|partie|chapitre)?\s*(?:n°\s*)?(?:\d+(?:\.\d+)*|[ivx]+\b)?\s*[.):°–—-]*\s*",
    re.IGNORECASE,
)
# « 1. », « 2.3 », « IV) », « 3 – »: a number of order, and not a number that the words count with.
_COUNTED = re.compile(
    r"^(?:(?:\d{1,2}(?:\.\d{1,2})*[.)°]|[IVX]{1,4}[.)])(?:[ \u00a0]+(?=\S)|(?=[A-ZÀ-ÖØ-Þ]))"
    r"|\d{1,2}(?:\.\d{1,2})*(?:[ \u00a0]?[–—-][ \u00a0]+|(?<=\.\d)[ \u00a0]+)(?=[«A-ZÀ-ÖØ-Þ][a-zß-öø-ÿœ’' \u00a0]))"
)
LONGEST, LEAST = 120, 4


def unnumbered(words: str) -> str:
    """A title without the number that its file gave it: the contract numbers its own; « 12 places de plus » keeps its own."""
    return _COUNTED.sub("", words, count=1)


def axis(axes: Sequence[tuple[str, str]], words: str) -> str:
    """The one axis (reference, name) that these words name; nothing when none does, or several as much."""
    line = " ".join(words.split())
    if len(line) > LONGEST:
        return ""
    line = _NUMBERED.sub("", line)
    wanted = _stems(line)
    # A few letters begin nothing.
    if sum(map(len, wanted)) < LEAST:
        return _about(axes, line)
    names = {ref: _stems(name) for ref, name in axes}
    begun = _alone({ref: int(name[: len(wanted)] == wanted) for ref, name in names.items()})
    inside = {ref: int(len(wanted) > 1 and set(wanted) <= set(name)) for ref, name in names.items()}
    return begun or _about(axes, line) or _alone(inside)


def _about(axes: Sequence[tuple[str, str]], words: str) -> str:
    """By its subject: « Bâtiments » is about the places, « RH » about the staff."""
    wanted = subjects(words)
    return _alone({ref: len(wanted & subjects(name)) for ref, name in axes})


def subjects(words: str) -> frozenset[str]:
    """What words are about; a word that was taken by a longer expression tells nothing more."""
    left, found = bare(words), set[str]()
    for subject, pattern in _SUBJECTS:
        left, times = pattern.subn(" ", left)
        if times and subject:
            found.add(subject)
    return frozenset(found)


def _stems(words: str) -> list[str]:
    return [one.stem for one in stems.tokens(words) if one.stem]


def _alone(scores: Mapping[str, int]) -> str:
    best = max(scores.values(), default=0)
    first = [ref for ref, score in scores.items() if score == best]
    return first[0] if best and len(first) == 1 else ""
