"""Photos inside other files, rid of what stands beside the drawing without being drawn anew: no dot of them changes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
EXIF, ORIENTATION = b"Exif\0\0", 0x0112
# Application segments that draw: the frame of the picture, its colours, how they are told apart.
DRAWING = frozenset({0xE0, 0xE2, 0xEE})
COMMENT, SCAN, END = 0xFE, 0xDA, 0xD9
TELLING = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
UPRIGHT = 1
TURNS = range(2, 9)


def stripped(content: bytes) -> bytes:
    """The same picture without what tells of its author; anything else, and what cannot be read, as it is."""
    try:
        if content.startswith(JPEG):
            return b"".join(_jpeg(content))
        if content.startswith(PNG):
            return b"".join(_png(content))
    except (struct.error, ValueError):
        return content
    return content


def tells(content: bytes) -> bool:
    """Whether a picture still tells of its author."""
    return EXIF in content[:65536] and stripped(content) != content


def _jpeg(content: bytes) -> Iterator[bytes]:
    """The segments that draw; how the photo was held stays, for it to stand upright."""
    yield content[:2]
    at, turned = 2, UPRIGHT
    kept: list[bytes] = []
    while True:
        mark, kind, size = struct.unpack_from(">BBH", content, at)
        if mark != 0xFF:  # noqa: PLR2004 — every segment begins so
            raise ValueError(at)
        if kind == SCAN:
            break
        segment = content[at : at + 2 + size]
        if segment[4:10] == EXIF:
            turned = _orientation(segment[10:])
        elif kind != COMMENT and (not 0xE0 <= kind <= 0xEF or kind in DRAWING):  # noqa: PLR2004 — application segments
            kept.append(segment)
        at += 2 + size
    if turned in TURNS:
        yield _held(turned)
    yield from kept
    yield content[at:]


def _orientation(tiff: bytes) -> int:
    order = "<" if tiff[:2] == b"II" else ">"
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for number in range(count):
        tag, _kind, _many, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
        if tag == ORIENTATION:
            return int(value)
    return UPRIGHT


def _held(turned: int) -> bytes:
    """The one line of Exif that says how the photo was held."""
    tiff = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", ORIENTATION, 3, 1, turned, 0) + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(EXIF) + len(tiff) + 2) + EXIF + tiff


def _png(content: bytes) -> Iterator[bytes]:
    yield PNG
    at = len(PNG)
    while at < len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        chunk = content[at : at + 12 + size]
        if len(chunk) != 12 + size or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise ValueError(at)
        if kind not in TELLING:
            yield chunk
        if kind == b"IEND":
            return
        at += 12 + size
    raise ValueError(at)
