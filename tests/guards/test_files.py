"""Every kept file: short enough, and without what belongs to one machine or one person."""

from __future__ import annotations

import hashlib
import re

import pytest

from ._project import kept, texts

LIMIT = 400
COUNTED = (".py", ".mjs", ".css", ".html")

FORBIDDEN = {
    "the host of a package registry": r"(?:pypi[.]org|pythonhosted[.]org|registry[.]\w+[.](?:org|com)|npm[m]irror)",
    "an absolute path of one machine": r"(?<![\w.:/~<-])/(?:work|root|Users)/\w|(?<![\w.:/~<-])/home/[a-z]|/tmp/[a-z_]+",
    "a note to oneself": r"\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b",
    "the number of a task": r"(?i)\bissu[e]s?\s*(?:#|n°|no\.?)?\s*\d",
}
CONTROLS = {
    "the host of a package registry": "https://py" + "pi.org/simple",
    "an absolute path of one machine": "cd /wo" + "rk/portail",
    "a note to oneself": "# TO" + "DO: later",
    "the number of a task": "see iss" + "ue 12",
}
REASONS = {
    (
        "the host of a package registry",
        "portal/setup/",
    ): "names where packages are found when they are missing",
}
# Names of tools that have no place in any file. As digests, so that this list does not hold them.
WORDS = {
    "03c8908e57ba41909a964927e804d7e5c0d4c09f2cf16fd7517181b935c8c7df",
    "054195e9e8a57228ed619a169da08afa3c9a6f9654dd291987750dc89e3d10f9",
    "2164e437fc6f417f3cb075dfaacf7c414d2ec3979f30f93c6d7f4610b5b31fc9",
    "2e2a0b37faaf9c68ee3698f00f3dd094936fad499f102577c9f190095ee4bc92",
    "73ee9f705889a940804dae1849d2168cfd60ad67d0949fb07fa1e096cdf80d53",
    "82c4304fe567802ef015616ec9ca68433d447c5d8b77522d2104b42e0545fad6",
    "87da66f71f41543f7741cd3f9a167c83d100957d50a4e9f32ca6c6d438efbec3",
    "8aef67b103d251f9b8b0850586227bfe13e4325245131f3d882ed04f3aa530bd",
    "a6c8cc504a1d09a745a2a2af453e46fa9731291758fd0c32372e3268a41a2141",
    "aef7475379473a80b718629f5e657b62b392c33a9fe3d81f9dd3e5ef31ad3ff2",
    "f1118359b385d839be6aedfa33cfc687cbbf6f22962cbf051b48bcd62f202c6d",
    "3904e759b52c71a5f13cb3acd384b408f40cae6c102566dd4bcc5d40d269652b",
}
WORD = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z]{3,}(?![A-Za-z0-9+/=])")


def found(what: str, text: str) -> list[str]:
    """What a file holds of one forbidden kind."""
    return [match.group() for match in re.finditer(FORBIDDEN[what], text)]


def named(text: str) -> set[str]:
    """Forbidden names of tools in a text."""
    return {word for word in {one.lower() for one in WORD.findall(text)} if digest(word) in WORDS}


def digest(word: str) -> str:
    return hashlib.sha256(f"polyphonie {word}".encode()).hexdigest()


def long_ones(files: dict[str, str]) -> dict[str, int]:
    """Files over the limit, with their number of lines."""
    lengths = {name: len(text.splitlines()) for name, text in files.items()}
    return {name: length for name, length in lengths.items() if length > LIMIT}


def test_no_file_is_long() -> None:
    assert long_ones(dict(texts(*COUNTED))) == {}, f"cut what is over {LIMIT} lines by its ideas"


def test_control_a_long_file_is_seen() -> None:
    assert long_ones({"a.py": "x\n" * LIMIT}) == {}
    assert long_ones({"a.py": "x\n" * (LIMIT + 1)}) == {"a.py": LIMIT + 1}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    excused = tuple(place for rule, place in REASONS if rule == what)
    bad = {name: found(what, text) for name, text in texts() if not name.startswith(excused or ("\0",))}
    assert {name: some for name, some in bad.items() if some} == {}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_control_a_planted_sample_is_seen(what: str) -> None:
    assert found(what, CONTROLS[what])


def test_no_file_names_a_tool_that_has_no_place_here() -> None:
    assert {name: named(text) for name, text in texts() if named(text)} == {}
    assert {name for name in kept() if named(name.replace("/", " ").replace(".", " "))} == set()


def test_control_a_name_is_seen() -> None:
    word = "mot.interdit".replace(".", "")
    assert named(f"un {word} ici") == {word}
    assert named(f"sha512-abc/{word}+x") == set()


def test_nobody_is_called_a_user() -> None:
    """« Utilisateur » is nobody’s name: the pages say who the person is."""
    pattern = re.compile(r"(?i)\butilisat(?:eur|rice)")
    assert [name for name, text in texts(under="portal/") if pattern.search(text)] == []
    assert pattern.search("un utili" + "sateur")
