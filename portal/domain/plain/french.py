"""The words and signs of French by which the remarks on plain words find what to say (pure)."""

from __future__ import annotations

import re

END = re.compile(r"(?<=[.!?…])[\s»\")]+(?=[\"«(]?\s?[A-ZÀ-ÖØ-Þ0-9])|\n+")
ABBREVIATED = re.compile(r"\b(?:M|Mme|MM|Dr|art|etc|n°|cf|p|ex|env)\.", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d+(?:[.,\u00a0\u202f ]\d+)*")
LETTERS = re.compile(r"[^\W\d_]+")
INITIALS = re.compile(r"\b[A-ZÀ-Þ](?:\.?[A-ZÀ-Þ0-9]){1,9}\b")
ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
NUMBER = re.compile(r"\d+(?:[\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
PERCENT = re.compile(r"\d\s*%|\bpour cent\b", re.IGNORECASE)

BE = (
    r"(?:suis|es|est|sommes|êtes|sont|était|étaient|sera|seront|serait|seraient|soit|soient|fut|furent"
    r"|être|été)"
)
IRREGULAR = (
    "servi|fini|choisi|défini|établi|fourni|garanti|réuni|réparti|suivi|accueilli|nourri|averti|saisi|rendu|perdu|"
    "vendu|attendu|entendu|répandu|défendu|élu|battu|prévu|vu|revu|lu|relu|tenu|obtenu|retenu|soutenu|maintenu|reconnu|"
    "connu|reçu|fait|refait|pris|compris|appris|repris|mis|permis|promis|remis|soumis|transmis|admis|dit|écrit|"
    "décrit|inscrit|prescrit|conduit|construit|produit|réduit|ouvert|offert|couvert|joint|atteint"
)
DONE = rf"(?:[^\W\d_]{{2,}}(?:é|ée|és|ées)|(?:{IRREGULAR})e?s?)"
PASSIVE = re.compile(
    rf"\b{BE}\s+(?:(?:pas|plus|jamais|bien|mal|déjà|toujours|aussi|souvent|encore|tous|toutes|très|trop)\s+)*"
    rf"({DONE})\b",
    re.IGNORECASE,
)
# « Elle est arrivée » is active; « il est fatigué » says how somebody is.
ACTIVE = re.compile(
    r"(?:all|arriv|entr|rentr|rest|mont|tomb|retourn|pass|décéd|âg|fatigu|handicap|isol|désol|situ|domicili|press|"
    r"étonn|énerv)(?:é|ée|és|ées)",
    re.IGNORECASE,
)
NOT = re.compile(r"\b(?:ne|n[’'])(?=\s|[^\W\d_])", re.IGNORECASE)
# « Ne … que » limits, it denies nothing.
ONLY = re.compile(r"\b(?:ne|n[’'])\s?(?:[^\W\d_]+\s+){1,3}qu(?:e\b|[’'])", re.IGNORECASE)
DENIED = re.compile(
    r"\b(?:sans|impossibles?|inutiles?|interdite?s?|incapables?|inacceptables?|insuffisante?s?|inexistante?s?|"
    r"illisibles?|irréalisables?|inaccessibles?|inhabituel(?:le)?s?|refuse[rsnt]*|manque[rsnt]*|aucune?|nulle?)\b",
    re.IGNORECASE,
)
# « N’a aucun », « ne manque de rien » are said once.
ONCE = re.compile(r"\b(?:aucune?|nulle?)\b", re.IGNORECASE)
OF = r"(?:de\s+la\s+|de\s+l[’']|du\s+|des\s+|de\s+|d[’'])"
CHAIN = re.compile(
    rf"\b[^\W\d_]+(?:\s+[^\W\d_]+)?(?:\s+{OF}[^\W\d_-]+(?:\s+[^\W\d_]+)??){{3,}}", re.IGNORECASE
)
