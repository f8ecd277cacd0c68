"""What is heavy is not read before its sender may send it: a refusal costs nothing, whatever comes with it."""

from __future__ import annotations

import io

import pytest
from werkzeug.test import EnvironBuilder, TestResponse

from tests.conftest import World

MEGABYTE = 1024 * 1024
# Where something heavy may be sent, and the field that it is in.
DOORS = {
    "documents/du-contrat/joindre": "document",
    "actes/nouveau": "document",
    "reprises": "file",
    "repertoire": "file",
}


class Watched(io.BytesIO):
    """A body that tells how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.taken += len(found)
        return found

    def readline(self, size: int | None = -1, /) -> bytes:
        found = super().readline(size)
        self.taken += len(found)
        return found

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        found = super().readinto(buffer)
        self.taken += found
        return found


def sent(world: World, door: str, who: str, *, there: str, heavy: int) -> tuple[TestResponse, Watched]:
    """The answer to a file of so many megabytes, and the body that was sent."""
    client = world.client(who, world.ours)
    file = (io.BytesIO(b"%PDF-1.7" + b"\0" * (heavy * MEGABYTE)), "plan.pdf")
    data = {"csrf_token": client.token, "sorte": "avis-cvs", DOORS[door]: file}
    built = EnvironBuilder(method="POST", data=data).get_environ()
    body = Watched(built["wsgi.input"].read())
    length = str(body.getbuffer().nbytes)
    answer = client.post(
        f"/contrats/{there}/{door}",
        input_stream=body,
        content_type=built["CONTENT_TYPE"],
        headers={"Content-Length": length},
    )
    return answer, body


@pytest.mark.parametrize("door", list(DOORS))
@pytest.mark.parametrize(
    ("who", "ours", "heavy", "status", "unread"),
    [
        ("family", True, 9, 403, True),
        ("director", False, 9, 404, True),
        ("director", True, 70, 413, True),
        ("director", True, 9, 422, False),
    ],
    ids=["who may not", "of another contract", "far too heavy", "who may"],
)
def test_a_heavy_file_is_read_only_from_who_may_send_it(
    world: World, door: str, who: str, ours: bool, heavy: int, status: int, unread: bool
) -> None:
    house = world.ours if ours else world.other
    answer, body = sent(world, door, who, there=house.contract_id, heavy=heavy)
    assert answer.status_code == status
    assert (body.taken == 0) is unread


def test_who_is_not_signed_in_is_not_read(world: World) -> None:
    answer = world.client(None).post(
        f"/contrats/{world.ours.contract_id}/documents/du-contrat/joindre",
        data={"document": (io.BytesIO(b"\0" * MEGABYTE), "plan.pdf")},
    )
    assert answer.status_code == 413
