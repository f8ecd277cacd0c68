"""Whether a text names somebody: a title, or what a person does in the house, and a name after it; or a first name. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from portal.domain.contributions.first_names import ALSO_WORDS, FIRST_NAMES
from portal.kernel.text import folded

_SPACE = "[ \u00a0\u202f]"
_UPPER, _LOWER = "A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ", "a-zàâäçéèêëîïôöùûüÿœ"
# A title by itself, a function or the beginning of a sentence are no names, whatever their capital.
_NO_NAMES = (
    "le|la|les|l|un|une|des|du|de|d|au|aux|ce|cet|cette|ces|mon|ma|mes|ton|ta|tes|son|sa|ses|notre|"
    "nos|votre|vos|leur|leurs|je|j|tu|il|elle|on|nous|vous|ils|elles|c|ça|cela|qui|que|qu|quand|si|"
    "et|ou|mais|donc|or|ni|car|pour|par|dans|en|sur|sous|avec|sans|chez|depuis|tout|toute|tous|"
    "toutes|est|sont|a|ont|à|y|ne|n|pas|plus|oui|non|merci|bonjour|bonsoir|monsieur|madame|"
    "mademoiselle|messieurs|mesdames|mm|mr|mme|mmes|mlle|docteur|docteure|dr|professeur|professeure|"
    "pr|maire|préfet|préfète|ministre|président|présidente|directeur|directrice|directeurs|"
    "directrices|inspecteur|inspectrice|référent|référente|cadre|médecin|infirmier|infirmière|"
    "psychologue|secrétaire|général|générale|adjoint|adjointe|délégué|déléguée|départemental|"
    "départementale|régional|régionale|coordinateur|coordinatrice|coordonnateur|coordonnatrice|"
    "traitant|traitante|libéral|libérale|diplômé|diplômée|clinicien|clinicienne|chef|cheffe|"
    "stagiaire"
)
_NO_NAME = rf"(?!(?i:{_NO_NAMES})(?![{_UPPER}{_LOWER}-]))"
_AFTER = rf"(?:-[{_UPPER}][{_LOWER}{_UPPER}]+)*(?![{_UPPER}{_LOWER}’'])"
_WORD = rf"{_NO_NAME}[{_UPPER}](?:[{_LOWER}]+|[{_UPPER}]*){_AFTER}"
# Of who works in the house, letters in a row are a diploma or a service: IDE, EHPAD.
_SMALL = rf"{_NO_NAME}[{_UPPER}][{_LOWER}]+{_AFTER}"
_PARTICLE = rf"(?:(?:[Ll]e|[Ll]a|[Dd]e){_SPACE}+|[Dd][’'])?"
_CIVIL = (
    rf"(?:MM?\.|(?i:mr|mmes?|mlles?)\b\.?|(?i:monsieur|madame|mademoiselle)\b){_SPACE}+"
    rf"{_PARTICLE}{_WORD}(?:{_SPACE}{_PARTICLE}{_WORD}){{0,2}}"
)
_LEARNED = rf"(?:(?:[Dd]r|[Pp]r|DR|PR)\b\.?|(?:[Dd]octeur|[Pp]rofesseur)e?\b){_SPACE}+{_WORD}(?:{_SPACE}{_WORD}){{0,2}}"
_WORKING = (
    r"(?:[Ii]nfirmi(?:er|ère)|[Aa]ide[- ][Ss]oignante?|[Mm]édecin|[Pp]sychologue|[Kk]iné(?:sithérapeute)?|"
    r"[Ee]rgothérapeute|[Aa]nima(?:teur|trice)|[Éé]duca(?:teur|trice)|[Dd]irec(?:teur|trice)|[Vv]eilleu(?:r|se)|"
    rf"[Cc]uisini(?:er|ère)|[Ss]ecrétaire)\b{_SPACE}+{_SMALL}(?:{_SPACE}{_SMALL}){{0,2}}"
)
_NAMED = re.compile(rf"\b(?:{_CIVIL}|(?P<learned>{_LEARNED})|{_WORKING})")
# Streets and houses bear the names of doctors.
_PLACE = re.compile(
    r"\b(?:rue|avenue|place|boulevard|square|allée|quai|résidence|maison|ehpad|foyer|hôpital|clinique|centre|institut|"
    rf"école|collège|lycée|pavillon|unité|salle|établissement){_SPACE}+(?:du{_SPACE}+)?$",
    re.IGNORECASE,
)
_NEAR = 60
_HYPHENS = "\\-\u2010\u2011"
_FIRST = re.compile(rf"(?<![\w@.{_HYPHENS}])[{_UPPER}][{_LOWER}{_UPPER}{_HYPHENS}]+(?![\w@]|\.\w)")
_LAST_PARTICLE = rf"(?:(?i:le|la|de{_SPACE}+la|de|du|des|ben|bin|ibn|el|al|van|von|da|di|dos|della){_SPACE}+|(?i:[dln])[’']|(?i:el|al|ben)-)?"
_ACRONYM = r"(?!(?:EHPAD|CPOM|SAMSAH|ESAT|EAM|EANM|SSIAD|USLD|PASA|UHR|FINESS|CNSA|ANESM)\b)"
# Two capitals in a row are a short word of the administration (CVS, ARS): behind a first name that is also a word.
_LAST = re.compile(
    rf"{_SPACE}+{_LAST_PARTICLE}{_ACRONYM}{_NO_NAME}[{_UPPER}](?:[{_LOWER}]+|[{_UPPER}]{{3,}}){_AFTER}"
)
_RANK = rf"(?:(?:général|maréchal|docteur|dr|président|professeur|abbé|colonel|capitaine){_SPACE}+)?"
_QUOTED = rf"[«“\"]{_SPACE}*"
# What bears a name and is nobody: a street, a school, a saint, a feast, a figure of a story.
_HONOURED = re.compile(
    rf"(?:\b(?:rue|avenue|boulevard|bd|square|allées?|quai|impasse|chemin|route|pont|parc|villa|domaine|château|"
    rf"lotissement|résidence|ehpad|hôpital|chu?|clinique|institut|école|collège|lycée|crèche|pavillon|gymnase|stade|"
    rf"théâtre|cinéma|musée|bibliothèque|médiathèque|église|chapelle|paroisse|gare|station|métro|fondation|prix|"
    rf"hôtel|ime|itep|mas|fam|esat|savs|ssiad){_SPACE}+(?:du{_SPACE}+)?{_RANK}(?:{_QUOTED})?"
    rf"|\b(?:saint|sainte|st|ste|vierge|ave|pape|les){_SPACE}+)$",
    re.IGNORECASE,
)
# « à ma place Karim a signé », « unité Marie Curie »: these bear a whole name, or one between quotation marks.
_MAYBE_HONOURED = re.compile(
    rf"\b(?:place|av|cours|jardins?|cité|village|maison|foyer|centre|bâtiment|unité|aile|salle|salon|espace|arrêt|"
    rf"association|loi|plan|restaurant|établissement|site){_SPACE}+(?:du{_SPACE}+)?{_RANK}(?P<quoted>{_QUOTED})?$",
    re.IGNORECASE,
)
# « dans son unité Ginette Moreau dort mal »: of somebody, a place bears no name.
_OWN = re.compile(rf"\b(?:ma|mon|ta|ton|sa|son){_SPACE}+$", re.IGNORECASE)
_AT_HOME = re.compile(rf"\bà{_SPACE}+la{_SPACE}+maison{_SPACE}+$", re.IGNORECASE)
_LONG_ENOUGH = 4
# « aux Jardins de Jeanne », of the house « Les Jardins de Jeanne »; not of one whose name is one word.
_ARTICLE = re.compile(rf"^(?:les?|la){_SPACE}+(?=\S+{_SPACE})", re.IGNORECASE)


def names(text: str) -> Iterator[str]:
    """Each title with the name after it, then each first name, alone or with the name behind it, as written."""
    taken = []
    for hit in _NAMED.finditer(text):
        taken.append(hit.span())
        if hit["learned"] and _PLACE.search(text[max(0, hit.start() - _NEAR) : hit.start()]):
            continue
        yield hit[0].strip()
    rest = text
    for start, end in taken:
        rest = f"{rest[:start]}{'·' * (end - start)}{rest[end:]}"
    yield from _first_names(rest)


def _first_names(text: str) -> Iterator[str]:
    over = 0
    for hit in _FIRST.finditer(text):
        if hit.start() < over:
            continue
        found = _somebody(text, hit)
        if found is not None:
            over = found
            before = text[max(0, hit.start() - _NEAR) : hit.start()]
            if not _bears(before, whole=found > hit.end()):
                yield text[hit.start() : found]


def _bears(before: str, *, whole: bool) -> bool:
    """Whether what stands before a name is a place or a feast that bears it; `whole`: the name has two words."""
    if _HONOURED.search(before):
        return True
    maybe = _MAYBE_HONOURED.search(before)
    if maybe is None or maybe["quoted"] is not None:
        return maybe is not None
    return whole and not _OWN.search(before[: maybe.start()]) and not _AT_HOME.search(before)


def _somebody(text: str, hit: re.Match[str]) -> int | None:
    """Where the name ends that begins with this word; None when it is no name."""
    alone, with_another = _kinds(hit[0])
    if not alone and not with_another:
        return None
    end = hit.end()
    for _ in range(3):
        last = _LAST.match(text, end)
        if last is None:
            break
        end = last.end()
    return end if alone or end > hit.end() else None


def _kinds(word: str) -> tuple[bool, bool]:
    """Whether it is a first name by itself, and whether it is one with another name behind."""
    parts = [folded(one) for one in re.split(f"[{_HYPHENS}]", word) if one]
    if len(parts) > 1:
        # « Jean-Pierre », « Marie-Ange »: the first one is enough; « Pierre-Yves »: or each of them.
        first, *others = parts
        sure = first in FIRST_NAMES or (first in ALSO_WORDS and any(one in FIRST_NAMES for one in others))
        return sure, False
    if word.isupper():
        return len(word) >= _LONG_ENOUGH and parts[0] in FIRST_NAMES, False
    return parts[0] in FIRST_NAMES, parts[0] in ALSO_WORDS


def without(text: str, known: Collection[str]) -> str:
    """The text without the names of these houses, so that nobody is seen in them."""
    called = {one.strip() for one in known} | {_ARTICLE.sub("", one.strip()) for one in known}
    for name in sorted((one for one in called if one), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "·", text, flags=re.IGNORECASE)
    return text
