"""Pictures: weighed by their declared size, drawn anew without anything that was beside the drawing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps

from portal.kernel.files.kinds import FileKind, Refusal, RefusedFileError, Told

FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG", FileKind.WEBP: "WEBP", FileKind.GIF: "GIF"}
MAX_PIXELS, MAX_SIDE = 50_000_000, 20_000
PREVIEW = 1000
QUALITY, PREVIEW_QUALITY = 92, 82
WHITE = (255, 255, 255)
COLOURS = ("L", "RGB", "RGBA")


def cleaned(kind: FileKind, content: bytes) -> tuple[FileKind, bytes, frozenset[Told]]:
    """The same picture, upright, and what it is now: one that moves becomes its first image. Errors: RefusedFileError."""
    with _opened(kind, content) as image:
        moves = bool(getattr(image, "is_animated", False))
        drawn = _drawn(image)
    after = FileKind.PNG if kind is FileKind.GIF else kind
    return after, _saved(drawn, after), frozenset({Told.STILL} if moves else ())


def small(kind: FileKind, content: bytes) -> bytes:
    """The same, small enough for a page, as a JPEG on white. Errors: RefusedFileError."""
    with _opened(kind, content) as image:
        image.draft("RGB", (PREVIEW, PREVIEW))
        drawn = _drawn(image)
    drawn.thumbnail((PREVIEW, PREVIEW))
    made = io.BytesIO()
    _on_white(drawn).save(made, "JPEG", quality=PREVIEW_QUALITY)
    return made.getvalue()


@contextmanager
def _opened(kind: FileKind, content: bytes) -> Iterator[Image.Image]:
    """A picture whose declared size is known to be reasonable; nothing is drawn yet. Errors: RefusedFileError."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                raise RefusedFileError(Refusal.PIXELS)
            yield image
    except Image.DecompressionBombError as error:
        raise RefusedFileError(Refusal.PIXELS) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, KeyError) as error:
        raise RefusedFileError(Refusal.BROKEN) from error


def _drawn(image: Image.Image) -> Image.Image:
    """The pixels alone, upright."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode not in COLOURS:
        clear = "transparency" in upright.info or upright.mode in ("LA", "PA", "RGBa")
        upright = upright.convert("RGBA" if clear else "RGB")
    return Image.frombytes(upright.mode, upright.size, upright.tobytes())


def _saved(image: Image.Image, kind: FileKind) -> bytes:
    made = io.BytesIO()
    if kind is FileKind.JPEG:
        _on_white(image).save(made, "JPEG", quality=QUALITY)
    elif kind is FileKind.WEBP:
        image.save(made, "WEBP", quality=QUALITY)
    else:
        image.save(made, "PNG")
    return made.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    page = Image.new("RGB", image.size, WHITE)
    page.paste(image, mask=image.getchannel("A"))
    return page
