"""Files made beside the loop, one at a time in each process, and kept while what they say stays the same."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import gevent
from gevent import monkey
from gevent.threadpool import ThreadPool

from portal.documents.plain import Data
from portal.kernel.errors import UnavailableError

Kind = Literal["pdf", "docx"]
SECONDS = 10.0
KEPT, CONTRACTS, MINUTES = 24, 256, 10.0


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was made, and the head of the register that it stands on."""

    contract_id: str
    seal: str
    made: bytes


class Maker:
    """Makes the files of one process; `folder` keeps its fonts, `minutes` is how long a file is kept at most.

    What it keeps is touched by the loop and by the thread that makes: always under one lock, of the machine.
    """

    def __init__(self, folder: Path, *, seconds: float = SECONDS, minutes: float = MINUTES) -> None:
        self._folder = folder
        self._seconds = seconds
        self._kept_for = 60 * minutes
        self._known: OrderedDict[str, _File] = OrderedDict()
        self._seals: OrderedDict[str, str] = OrderedDict()
        self._lock = monkey.get_original("threading", "Lock")()
        self._turn = threading.Lock()
        self._pool: ThreadPool | None = None
        self.made = 0

    def file(self, data: Data, kind: Kind, contract_id: str) -> bytes:
        """The file of this document, the one already made when nothing in it has changed.

        Once the register of the contract has moved, no file from before is kept: words that were erased
        must not stay there. Nor do they where nobody asks any more: a file is let go after some minutes.
        What it says holds the head of the register, the language and what its reader may read: they
        are the key, all together. Errors: UnavailableError when it takes longer than anybody should wait;
        TypstError when the file would not conform.
        """
        key = _key(data, kind)
        self._forget(contract_id, data["seal"])
        return self._found(key) or self._aside(key, lambda: self._once(key, data, kind, contract_id))

    def _found(self, key: str) -> bytes | None:
        with self._lock:
            known = self._known.get(key)
        return None if known is None else known.made

    def _forget(self, contract_id: str, seal: str) -> None:
        """Drop the files of a contract that stand on another head of its register."""
        with self._lock:
            self._seals[contract_id] = seal
            self._seals.move_to_end(contract_id)
            while len(self._seals) > CONTRACTS:
                self._seals.popitem(last=False)
            old = [
                key
                for key, one in self._known.items()
                if one.contract_id not in self._seals or (one.contract_id == contract_id and one.seal != seal)
            ]
            for key in old:
                del self._known[key]

    def _keep(self, key: str, one: _File) -> None:
        """Keep a file, unless the register moved while it was made."""
        with self._lock:
            if self._seals.get(one.contract_id) != one.seal:
                return
            self._known[key] = one
            while len(self._known) > KEPT:
                self._known.popitem(last=False)

    def _let_go(self, key: str) -> None:
        with self._lock:
            self._known.pop(key, None)

    def _once(self, key: str, data: Data, kind: Kind, contract_id: str) -> bytes:
        known = self._found(key)
        if known is not None:
            return known
        self.made += 1
        made = self._make(data, kind)
        self._keep(key, _File(contract_id, data["seal"], made))
        return made

    def _make(self, data: Data, kind: Kind) -> bytes:
        # Heavy, and most processes never make a file: read when the first one is asked for.
        from portal.documents import docx, pdf

        if kind == "pdf":
            return pdf.pdf(data, self._folder)
        return docx.docx(data, lambda bars: pdf.picture(data, bars, self._folder))

    def _aside(self, key: str, work: Callable[[], bytes]) -> bytes:
        if not monkey.is_module_patched("threading"):
            with self._turn:
                return work()
        # One thread: the same file is never made twice at once.
        self._pool = self._pool or ThreadPool(1)
        try:
            made: bytes = self._pool.spawn(work).get(timeout=self._seconds)
        except gevent.Timeout:
            raise UnavailableError from None
        finally:
            gevent.spawn_later(self._kept_for, self._let_go, key)
        return made


def _key(data: Data, kind: Kind) -> str:
    told = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{kind}\n{told}".encode()).hexdigest()
