"""Files made beside the loop, one at a time in each process, and kept while what they say stays the same."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import gevent
from gevent import monkey
from gevent.threadpool import ThreadPool

from portal.documents.plain import Data
from portal.kernel.errors import UnavailableError

Kind = Literal["pdf", "docx"]
SECONDS = 10.0
KEPT = 24


class Maker:
    """Makes the files of one process; `folder` keeps its fonts."""

    def __init__(self, folder: Path, *, seconds: float = SECONDS) -> None:
        self._folder = folder
        self._seconds = seconds
        self._known: OrderedDict[str, bytes] = OrderedDict()
        self._seals: dict[str, str] = {}
        self._of: dict[str, str] = {}
        self._turn = threading.Lock()
        self._pool: ThreadPool | None = None
        self.made = 0

    def file(self, data: Data, kind: Kind, contract_id: str) -> bytes:
        """The file of this document, the one already made when nothing in it has changed.

        Once the register of the contract has moved, no file from before is kept: words that were erased
        must not stay there. What it says holds the head of the register, the language and what its reader may read: they
        are the key, all together. Errors: UnavailableError when it takes longer than anybody should wait;
        TypstError when the file would not conform.
        """
        key = _key(data, kind)
        self._forget(contract_id, data["seal"])
        self._of[key] = contract_id
        return self._known.get(key) or self._aside(lambda: self._once(key, data, kind))

    def _forget(self, contract_id: str, seal: str) -> None:
        """Drop the files of a contract that stand on another head of its register."""
        if self._seals.get(contract_id) == seal:
            return
        self._seals[contract_id] = seal
        for key in [one for one, about in self._of.items() if about == contract_id]:
            self._known.pop(key, None)
            del self._of[key]

    def _once(self, key: str, data: Data, kind: Kind) -> bytes:
        known = self._known.get(key)
        if known is not None:
            return known
        self.made += 1
        made = self._make(data, kind)
        # Unless the register moved while it was made.
        if key in self._of:
            self._known[key] = made
        while len(self._known) > KEPT:
            gone, _bytes = self._known.popitem(last=False)
            self._of.pop(gone, None)
        return made

    def _make(self, data: Data, kind: Kind) -> bytes:
        # Heavy, and most processes never make a file: read when the first one is asked for.
        from portal.documents import docx, pdf

        if kind == "pdf":
            return pdf.pdf(data, self._folder)
        return docx.docx(data, lambda bars: pdf.picture(data, bars, self._folder))

    def _aside(self, work: Callable[[], bytes]) -> bytes:
        if not monkey.is_module_patched("threading"):
            with self._turn:
                return work()
        # One thread: the same file is never made twice at once.
        self._pool = self._pool or ThreadPool(1)
        try:
            made: bytes = self._pool.spawn(work).get(timeout=self._seconds)
        except gevent.Timeout:
            raise UnavailableError from None
        return made


def _key(data: Data, kind: Kind) -> str:
    told = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{kind}\n{told}".encode()).hexdigest()
