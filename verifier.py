#!/usr/bin/env python3
"""Vérifie l’export d’un registre, sans le portail : python3 verifier.py export.jsonl

    --cle cle-publique.pem   la clé publique que le portail publie à l’adresse /registre/cles
    --recu CODE              le reçu d’une contribution : prouve que sa ligne est dans le registre
    --tete NUMERO:EMPREINTE  une tête gardée d’autrefois : prouve que rien n’a été récrit depuis

Réponses : 0 intact ; 1 l’export est altéré ; 2 rien n’a pu être vérifié (fichier, clé, code mal tapé) ;
3 l’export est entier, mais ne contient pas ce reçu ou cette tête : le registre a été récrit, ou c’en est un autre.

Le format est écrit octet par octet dans docs/registre.md. Ce fichier n’emploie que la bibliothèque standard et
« cryptography » ; il lit une ligne à la fois, quelle que soit la longueur du registre.
"""

import argparse
import hashlib
import json
import re
import sys

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
except ImportError:
    sys.exit("Il manque une bibliothèque. À taper : python3 -m pip install cryptography")

INTACT, ALTERED, UNUSABLE, ABSENT = 0, 1, 2, 3
EXPORT = "polyphonie-export-1"
LONGEST = 4096

HEX = re.compile("[0-9a-f]{64}", re.ASCII)
SEAL = re.compile("[0-9a-f]{128}", re.ASCII)
MAYBE = re.compile("([0-9a-f]{64})?", re.ASCII)
WORD = re.compile("[a-z0-9_]{1,40}", re.ASCII)
GROUP = re.compile("[a-z0-9_]{0,40}", re.ASCII)
ID = re.compile("[A-Za-z0-9_-]{1,26}", re.ASCII)
SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
WHEN = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII)

# Chaque sorte de ligne : ses champs, dans l’ordre, et la forme de chacun (None : un nombre entier).
HEADER = {"format": re.compile(EXPORT), "contrat": ID, "fait": SECOND, "lignes": None, "tete": HEX}
TOLD = {"n": None, "date": WHEN, "sorte": WORD}
FIRST = TOLD | {"groupe": GROUP, "objet": ID, "contenu": MAYBE, "personne": MAYBE, "empreinte": HEX}
WHOLE = TOLD | {
    "groupe": GROUP,
    "objet": ID,
    "contenu": MAYBE,
    "personne": MAYBE,
    "voile": HEX,
    "empreinte": HEX,
}
FOLDED = TOLD | {"objet": ID, "repli": HEX, "empreinte": HEX}
SEALED = {"n": None, "scelle": HEX, "empreinte": HEX}
SIGNATURE = {"cle": HEX, "publique": HEX, "signature": SEAL}
LINES = (FIRST, WHOLE, FOLDED, SEALED)


class Altered(Exception):
    """L’export n’est pas ce que le portail a signé."""


class Unusable(Exception):
    """Rien ne peut être vérifié."""


def encode(*texts):
    """Chaque texte en UTF-8, précédé de sa longueur sur quatre octets."""
    parts = []
    for text in texts:
        raw = text.encode("utf-8")
        parts.append(len(raw).to_bytes(4, "big") + raw)
    return b"".join(parts)


def digest(*texts):
    return hashlib.sha256(encode(*texts)).hexdigest()


def line_hash(contract, line, previous):
    """L’empreinte d’une ligne, d’après ce qu’elle dit et l’empreinte de la ligne d’avant."""
    number = str(line["n"])
    if "scelle" in line:
        return digest("2", contract, number, line["scelle"], previous)
    if "repli" in line:
        inner = line["repli"]
    elif "voile" in line:
        inner = digest("2", line["groupe"], line["contenu"], line["personne"], line["voile"])
    else:
        told = (line[name] for name in ("date", "sorte", "groupe", "objet", "contenu", "personne"))
        return digest("1", contract, number, *told, previous)
    body = digest("2", line["date"], line["sorte"], line["objet"], inner)
    return digest("2", contract, number, body, previous)


def read(raw, place, *shapes):
    """Une ligne du fichier. Elle doit être écrite exactement comme le portail l’écrit, octet par octet."""
    try:
        found = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Altered(f"ligne {place} : ce n’est pas une ligne d’export lisible") from None
    if not isinstance(found, dict):
        raise Altered(f"ligne {place} : ce n’est pas une ligne d’export")
    shape = next((one for one in shapes if list(one) == list(found)), None)
    if shape is None:
        raise Altered(f"ligne {place} : il y manque un champ, ou il y en a un de trop")
    for name, form in shape.items():
        value = found[name]
        right = (
            type(value) is int and value >= 0
            if form is None
            else isinstance(value, str) and form.fullmatch(value)
        )
        if not right:
            raise Altered(f"ligne {place} : le champ « {name} » n’a pas la bonne forme")
    if (json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8") != raw:
        raise Altered(f"ligne {place} : elle n’est pas écrite comme le portail l’écrit (espaces, signes)")
    return found


class Reader:
    """Lit l’export une seule fois, une ligne à la fois."""

    def __init__(self, file, wanted=()):
        self.file = file
        self.wanted = dict(wanted)
        self.met = {}
        self.place = 0
        self.all = hashlib.sha256()

    def next(self):
        self.place += 1
        raw = self.file.readline(LONGEST)
        if not raw.endswith(b"\n"):
            what = "le fichier s’arrête trop tôt" if len(raw) < LONGEST else "cette ligne est trop longue"
            raise Altered(f"ligne {self.place} : {what}")
        return raw

    def check(self):
        """Vérifie tout ; rend l’en-tête et la dernière ligne. Erreur : Altered, avec la première ligne fautive."""
        raw = self.next()
        header = read(raw, self.place, HEADER)
        self.all.update(raw)
        contract, head = header["contrat"], digest("polyphonie-registre", "1", header["contrat"])
        for number in range(1, header["lignes"] + 1):
            raw = self.next()
            line = read(raw, self.place, *LINES)
            self.all.update(raw)
            if line["n"] != number:
                raise Altered(f"ligne {self.place} : le numéro attendu était {number}, on lit {line['n']}")
            head = line_hash(contract, line, head)
            if head != line["empreinte"]:
                raise Altered(
                    f"ligne {self.place} (numéro {number} du registre) : l’empreinte ne correspond pas à la ligne, "
                    "ou la ligne d’avant a changé"
                )
            if number in self.wanted:
                self.met[number] = line
        if head != header["tete"]:
            raise Altered("ligne 1 : la tête annoncée n’est pas l’empreinte de la dernière ligne")
        last = read(self.next(), self.place, SIGNATURE)
        if self.file.read(1):
            raise Altered(f"ligne {self.place + 1} : il y a quelque chose après la signature")
        self.signature(header, last)
        return header, last

    def signature(self, header, last):
        raw = bytes.fromhex(last["publique"])
        if hashlib.sha256(raw).hexdigest() != last["cle"]:
            raise Altered(f"ligne {self.place} : le nom de la clé n’est pas celui de la clé jointe")
        message = encode(
            "polyphonie-export", EXPORT, header["contrat"], header["fait"], str(header["lignes"]), header["tete"],
            self.all.hexdigest(),
        )  # fmt: skip
        try:
            Ed25519PublicKey.from_public_bytes(raw).verify(bytes.fromhex(last["signature"]), message)
        except (InvalidSignature, ValueError):
            raise Altered(f"ligne {self.place} : la signature n’est pas celle de cet export") from None


def receipt(typed):
    """Le numéro de la ligne et le début de son empreinte, d’après un reçu tapé à la main."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(str.maketrans("OILU", "011V"))
    values = ["0123456789ABCDEFGHJKMNPQRSTVWXYZ".find(sign) for sign in signs]
    value = 0
    for one in values:
        value = value << 5 | one
    if len(values) == 24 and -1 not in values:
        number, start = value >> 90, f"{value >> 10 & (1 << 80) - 1:020x}"
        found = hashlib.sha256(b"polyphonie-recu" + number.to_bytes(4, "big") + bytes.fromhex(start)).digest()
        if number and int.from_bytes(found[:2], "big") >> 6 == value & 1023:
            return number, start
    if len(values) == 24:
        raise Unusable(
            "Ce reçu est mal tapé : il a bien 24 lettres et chiffres, mais au moins un n’est pas le bon."
        )
    raise Unusable("Ce reçu est mal tapé : un reçu a 24 lettres et chiffres, en six groupes de quatre.")


def kept_head(typed):
    number, _, found = typed.strip().partition(":")
    if not re.fullmatch("[1-9][0-9]{0,9}", number, re.ASCII) or not HEX.fullmatch(found.lower()):
        raise Unusable("Une tête s’écrit NUMERO:EMPREINTE, avec les 64 signes de l’empreinte.")
    return int(number), found.lower()


def known_key(path):
    try:
        with open(path, "rb") as file:
            key = load_pem_public_key(file.read())
    except (OSError, ValueError) as error:
        raise Unusable(f"La clé {path} est illisible ({error}).") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Unusable(f"La clé {path} n’est pas une clé Ed25519.")
    return key.public_bytes_raw().hex()


def asked():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("export", help="le fichier registre-….jsonl")
    parser.add_argument("--cle", help="la clé publique du portail, en PEM")
    parser.add_argument("--recu", action="append", default=[], help="le reçu d’une contribution")
    parser.add_argument("--tete", action="append", default=[], help="une tête gardée, NUMERO:EMPREINTE")
    return parser.parse_args()


def verify(given):
    """Ce que l’export vaut, en phrases ; rend le code de réponse."""
    key = known_key(given.cle) if given.cle else None
    wanted = [("Le reçu", *receipt(one)) for one in given.recu] + [
        ("La tête", *kept_head(one)) for one in given.tete
    ]
    try:
        with open(given.export, "rb") as file:
            reader = Reader(file, ((number, None) for _, number, _ in wanted))
            header, last = reader.check()
    except OSError as error:
        raise Unusable(f"Le fichier {given.export} est illisible ({error.strerror}).") from None
    if key is not None and key != last["publique"]:
        raise Altered(
            f"ligne {reader.place} : cet export est signé par une autre clé que celle que vous donnez"
        )
    name = " ".join(last["cle"][at : at + 4] for at in range(0, 64, 4))
    print(f"Intact, signé par la clé {'que vous donnez, ' if key else ''}{name}")
    if key is None:
        print("Comparez cette clé, signe par signe, avec celle que le portail publie à /registre/cles.")
        print("Si elle diffère, ce n’est pas le portail qui a signé. L’option --cle compare pour vous.")
    print(f"{header['lignes']} lignes du contrat {header['contrat']}, export du {header['fait']}.")
    print(f"Tête du registre : {header['lignes']}:{header['tete']}")
    answer = INTACT
    for what, number, start in wanted:
        line = reader.met.get(number)
        if line is not None and line["empreinte"].startswith(start):
            told = f"{line['sorte']}, {line['date']}" if "sorte" in line else "ligne scellée"
            print(f"{what} est dans le registre : ligne {number} ({told}).")
        elif number > header["lignes"]:
            answer = ABSENT
            print(
                f"{what} est de la ligne {number}, et cet export s’arrête à la ligne {header['lignes']} : "
                "il est plus ancien, ou il a été raccourci. Demandez un export d’aujourd’hui."
            )
        else:
            answer = ABSENT
            print(
                f"{what} n’est PAS dans ce registre (ligne {number}) : il a été récrit, ou c’est un autre contrat."
            )
    return answer


def main():
    given = asked()
    try:
        return verify(given)
    except Altered as fault:
        print(f"ALTÉRÉ, {fault}.")
        return ALTERED
    except Unusable as fault:
        print(fault)
        return UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
