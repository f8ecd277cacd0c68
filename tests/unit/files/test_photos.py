"""A photo inside another file loses what it tells of its author, and not one of its dots."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.kernel.files import photos
from tests.factories import sent_files as sent

TOLD = sent.AUTHOR.encode(), sent.AUTHOR.encode("latin-1")


def dots(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB").tobytes()


@pytest.mark.parametrize("make", [sent.a_jpeg, sent.a_png])
def test_a_photo_keeps_its_dots_and_loses_its_author(make) -> None:
    before = make()
    after = photos.stripped(before)
    assert any(one in before for one in TOLD)
    assert not any(one in after for one in TOLD)
    assert dots(after) == dots(before)
    assert photos.stripped(after) == after
    assert not photos.tells(after)


def test_how_a_photo_was_held_stays() -> None:
    after = photos.stripped(sent.a_jpeg(turned=True))
    with Image.open(io.BytesIO(after)) as image:
        assert dict(image.getexif()) == {0x0112: 6}


@pytest.mark.parametrize("content", [b"", b"mots", sent.a_webp(), sent.a_jpeg()[:30], sent.a_png()[:40]])
def test_anything_else_stays_as_it_is(content: bytes) -> None:
    assert photos.stripped(content) == content


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=6))
def test_a_spoiled_photo_breaks_nothing(place: int, spoil: bytes) -> None:
    content = bytearray(_PHOTO)
    place %= len(content)
    content[place : place + len(spoil)] = spoil
    photos.stripped(bytes(content))


_PHOTO = sent.a_jpeg(turned=True)
