"""Archives, weighed before anything in them is unpacked: how many parts, how heavy, how tightly packed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from portal.kernel.files.kinds import Refusal, RefusedFileError

START = b"PK\x03\x04"
# What an archive weighs once unpacked, and from which weight on how tightly a part may be packed.
MAX_UNPACKED, MAX_RATIO, RATIO_FROM = 100 * 1024 * 1024, 100, 1024 * 1024
MAX_PARTS, MAX_DIRECTORY = 1000, 1024 * 1024
# An archive in a document (the table behind a chart) holds no archive itself.
MAX_DEPTH = 1
DIRECTORY_END, DIRECTORY_END_SIZE, ZIP64 = b"PK\x05\x06", 22, b"PK\x06\x07"
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an archive, unpacked."""

    name: str
    content: bytes


class Allowance:
    """What a file may weigh unpacked, with the archives that it holds: spent as they are opened."""

    def __init__(self, size: int = MAX_UNPACKED) -> None:
        self.left = size

    def spend(self, size: int) -> None:
        """Take `size` bytes. Errors: RefusedFileError when there are not as many left."""
        self.left -= size
        if self.left < 0:
            raise RefusedFileError(Refusal.BOMB)


def listing(
    content: bytes, *, most: int = MAX_PARTS, directory: int = MAX_DIRECTORY
) -> list[zipfile.ZipInfo]:
    """The parts of an archive, in order; none when it is not one, or lists more than a document needs."""
    if not content.startswith(START) or not _is_small(content, most, directory):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            return opened.infolist()
    except BROKEN:
        return []


def weighed(content: bytes, allowance: Allowance) -> list[zipfile.ZipInfo]:
    """The parts of an archive that may be unpacked, in order. Errors: RefusedFileError."""
    infos = listing(content)
    if not infos:
        too_many = content.startswith(START) and not _is_small(content, MAX_PARTS, MAX_DIRECTORY)
        raise RefusedFileError(Refusal.BOMB if too_many and DIRECTORY_END in content else Refusal.BROKEN)
    _weigh(infos, len(content), allowance)
    return infos


def parts(content: bytes, allowance: Allowance, *, depth: int = 0) -> Iterator[Part]:
    """Every part, unpacked one after the other; all are weighed first. Errors: RefusedFileError."""
    if depth > MAX_DEPTH:
        raise RefusedFileError(Refusal.BOMB)
    infos = weighed(content, allowance)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            for info in infos:
                if not info.is_dir():
                    yield Part(info.filename, _unpacked(opened, info))
    except BROKEN as error:
        raise RefusedFileError(Refusal.BROKEN) from error


def _weigh(infos: list[zipfile.ZipInfo], packed: int, allowance: Allowance) -> None:
    """What the list of parts says of itself. Errors: RefusedFileError."""
    if any(one.flag_bits & ENCRYPTED for one in infos):
        raise RefusedFileError(Refusal.ENCRYPTED)
    if len({one.filename for one in infos}) != len(infos) or not all(map(_is_plain, infos)):
        raise RefusedFileError(Refusal.BROKEN)
    whole = sum(one.file_size for one in infos)
    if _is_tight(whole, packed) or any(_is_tight(one.file_size, one.compress_size) for one in infos):
        raise RefusedFileError(Refusal.BOMB)
    allowance.spend(whole)


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """A name that stays inside the archive, packed in one of the two usual ways."""
    steps = info.filename.replace("\\", "/").split("/")
    return ".." not in steps and steps[0] != "" and ":" not in steps[0] and info.compress_type in METHODS


def _is_tight(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1)


def _unpacked(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A part, never heavier than the list said. Errors: RefusedFileError."""
    with opened.open(info) as part:
        content = part.read(info.file_size)
        if part.read(1):
            raise RefusedFileError(Refusal.BOMB)
    if len(content) != info.file_size:
        raise RefusedFileError(Refusal.BROKEN)
    return content


def _is_small(content: bytes, most: int, directory: int) -> bool:
    """Whether the list of parts is short, looked at before anything reads it."""
    start = content.rfind(DIRECTORY_END, -(DIRECTORY_END_SIZE + 0xFFFF))
    end = content[start : start + DIRECTORY_END_SIZE]
    if start < 0 or len(end) < DIRECTORY_END_SIZE or ZIP64 in content[max(start - 20, 0) : start]:
        return False
    many, size = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    return many <= most and size <= directory
