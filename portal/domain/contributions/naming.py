"""Whether a text names somebody: a title, or what a person does in the house, and a name after it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

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
_NEAR = 40


def names(text: str) -> Iterator[str]:
    """Each title with the name after it, as written."""
    for hit in _NAMED.finditer(text):
        if hit["learned"] and _PLACE.search(text[max(0, hit.start() - _NEAR) : hit.start()]):
            continue
        yield hit[0].strip()


def without(text: str, known: Collection[str]) -> str:
    """The text without the names of these houses, so that nobody is seen in them."""
    for name in sorted((one for one in known if one.strip()), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name.strip())}(?!\w)", "·", text, flags=re.IGNORECASE)
    return text
