"""Files are made beside the loop, one at a time, once for what they say, and not for ever."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from portal.documents import making
from portal.documents.making import CONTRACTS, KEPT, Kind, Maker
from portal.documents.plain import Data

# In a process of its own: pytest's is never patched.
SLOW = """
from gevent import monkey
monkey.patch_all()
import sys, time
from pathlib import Path
import gevent
from portal.documents.making import Maker
from portal.kernel.errors import UnavailableError

real_sleep = monkey.get_original("time", "sleep")
class Slow(Maker):
    def _make(self, data, kind):
        real_sleep(data["s"])
        return b"made"

maker = Slow(Path(sys.argv[1]), seconds=0.5)
beats = []
def heart():
    while True:
        beats.append(1)
        gevent.sleep(0.01)
gevent.spawn(heart)
assert maker.file({"s": 0.3, "seal": ""}, "pdf", "a") == b"made"
assert len(beats) > 10, beats
try:
    maker.file({"s": 2, "seal": ""}, "pdf", "a")
except UnavailableError:
    print("late")
"""

# The same, for a process of which nobody asks anything any more.
QUIET = """
from gevent import monkey
monkey.patch_all()
import sys
from pathlib import Path
import gevent
from portal.documents.making import Maker

class Quick(Maker):
    def _make(self, data, kind):
        return b"made"

maker = Quick(Path(sys.argv[1]), minutes=0.005)
maker.file({"seal": ""}, "pdf", "a")
assert len(maker._known) == 1
gevent.sleep(0.6)
print(len(maker._known))
"""


SAME: Data = {"seal": "abc"}


class Counting(Maker):
    """Says what it was asked to make."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[str] = []
        self.at_once = 0
        self.most = 0

    def _make(self, data: Data, kind: Kind) -> bytes:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        threading.Event().wait(0.01)
        self.asked.append(f"{kind} {data['n']}")
        self.at_once -= 1
        return f"{kind} {data['n']}".encode()


@pytest.fixture
def maker(tmp_path: Path) -> Counting:
    return Counting(tmp_path)


def test_the_same_words_are_made_once_for_each_kind(maker: Counting) -> None:
    for _ in range(3):
        assert maker.file({**SAME, "n": 1}, "pdf", "a") == b"pdf 1"
        assert maker.file({**SAME, "n": 1}, "docx", "a") == b"docx 1"
    assert maker.asked == ["pdf 1", "docx 1"]


def test_other_words_are_another_file(maker: Counting) -> None:
    maker.file({**SAME, "n": 1, "made": "à la ligne 12"}, "pdf", "a")
    maker.file({**SAME, "n": 1, "made": "à la ligne 13"}, "pdf", "a")
    assert len(maker.asked) == 2


def test_few_are_kept(maker: Counting) -> None:
    for number in range(KEPT + 1):
        maker.file({**SAME, "n": number}, "pdf", "a")
    maker.file({**SAME, "n": KEPT}, "pdf", "a")
    assert len(maker.asked) == KEPT + 1
    maker.file({**SAME, "n": 0}, "pdf", "a")
    assert len(maker.asked) == KEPT + 2


def test_many_who_ask_at_once_wait_for_one(maker: Counting) -> None:
    people = [threading.Thread(target=maker.file, args=({**SAME, "n": 1}, "pdf", "a")) for _ in range(8)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert maker.asked == ["pdf 1"]
    assert maker.most == 1


def test_a_failure_is_not_kept(maker: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_data: Data, _kind: Kind) -> bytes:
        raise ValueError("not today")

    monkeypatch.setattr(maker, "_make", fail)
    with pytest.raises(ValueError, match="not today"):
        maker.file({**SAME, "n": 1}, "pdf", "a")
    monkeypatch.undo()
    assert maker.file({**SAME, "n": 1}, "pdf", "a") == b"pdf 1"


@pytest.mark.parametrize(("program", "said"), [(SLOW, "late\n"), (QUIET, "0\n")], ids=["slow", "quiet"])
def test_under_the_server_nobody_waits_for_ever_and_nothing_is_kept_for_ever(
    tmp_path: Path, program: str, said: str
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=Path(making.__file__).resolve().parents[2],
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, said), run.stderr


def test_when_the_register_moves_nothing_from_before_is_kept(maker: Counting) -> None:
    """Words that were erased must not stay in the memory of the portal."""
    maker.file({"n": 1, "seal": "before"}, "pdf", "a")
    maker.file({"n": 9, "seal": "its own"}, "pdf", "b")
    maker.file({"n": 2, "seal": "after"}, "docx", "a")
    assert sorted(one.made for one in maker._known.values()) == [b"docx 2", b"pdf 9"]
    assert sorted(one.contract_id for one in maker._known.values()) == ["a", "b"]


def test_what_it_knows_of_contracts_is_bounded(maker: Counting) -> None:
    for number in range(CONTRACTS + 5):
        maker.file({"n": number, "seal": "one"}, "pdf", f"contract {number}")
    assert len(maker._seals) == CONTRACTS


def test_nor_what_was_being_made_when_it_moved(maker: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    def moves(_data: Data, _kind: Kind) -> bytes:
        maker._forget("a", "after")
        return b"old words"

    monkeypatch.setattr(maker, "_make", moves)
    assert maker.file({"n": 1, "seal": "before"}, "pdf", "a") == b"old words"
    assert not maker._known
