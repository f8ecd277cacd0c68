"""Extracts of the FINESS directory, made of the shape of the open data; no line of the real one."""

from __future__ import annotations

from collections.abc import Iterator

FIRST = "finess;etalab;97;2026-09-08"
TOWNS = (
    ("54", "000", "54000 NANCY"),
    ("2A", "004", "20090 AJACCIO CEDEX"),
    ("2B", "033", "20200 BASTIA"),
    ("9A", "105", "97110 POINTE A PITRE"),
    ("9D", "411", "97400 ST DENIS"),
    ("75", "113", "75013 PARIS CEDEX 13"),
    ("67", "482", "67000 STRASBOURG"),
    ("29", "019", "29200 BREST"),
)
KINDS = (
    ("500", "Etablissement d'hébergement pour personnes âgées dépendantes"),
    ("354", "Service de Soins Infirmiers A Domicile (S.S.I.A.D)"),
    ("183", "Institut Médico-Educatif (I.M.E.)"),
    ("255", "Maison d'Accueil Spécialisée (M.A.S.)"),
)
NAMES = ("LES TILLEULS", "LE CHÂTAIGNIER", "SAINTE-ODILE", "LA ROSERAIE", "L'ÉTOILE DU MATIN")


def line(number: int, **changed: str) -> str:
    """One establishment; any of the 32 fields may be changed by name."""
    department, commune, post = TOWNS[number % len(TOWNS)]
    code, label = KINDS[number % len(KINDS)]
    begins = {"9A": "97", "9D": "97"}.get(department, department)
    fields = {
        "structureet": "structureet",
        "nofinesset": f"{begins}{number:07d}",
        "nofinessej": f"{begins}{number // 3 + 5_000_000:07d}",
        "rs": f"{NAMES[number % len(NAMES)]} {number}"[:38],
        "rslongue": "",
        "complrs": "",
        "compldistrib": "",
        "numvoie": str(number % 200),
        "typvoie": "R",
        "voie": "DE LA FORET",
        "compvoie": "",
        "lieuditbp": "",
        "commune": commune,
        "departement": department,
        "libdepartement": "",
        "ligneacheminement": post,
        "telephone": "0399000000",
        "telecopie": "",
        "categetab": code,
        "libcategetab": label,
        "categagretab": "4401",
        "libcategagretab": "",
        "siret": "",
        "codeape": "8710A",
        "codemft": "57",
        "libmft": "ARS PCD",
        "codesph": "",
        "libsph": "",
        "dateouv": "1998-04-01",
        "dateautor": "1997-01-01",
        "maj": "2026-01-01",
        "numuai": "",
    }
    return ";".join((fields | changed).values())


def lines(number: int) -> Iterator[str]:
    """A whole extract of so many establishments, then as many places on the map."""
    yield FIRST
    for one in range(1, number + 1):
        yield line(one)
    for one in range(1, number + 1):
        yield f"geolocalisation;{line(one).split(';')[1]};936000.1;6848000.2;1,IGN,100;2026-09-08"
