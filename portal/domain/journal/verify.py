"""Reads a whole database and says whether its registers are intact.

It opens a SQLite file for reading only, beside a server or on a plain copy, or reads
PostgreSQL in one snapshot, and needs no secret: the chain verifies without salts. Where a salt and the words it sealed are both
still there, it also checks that the words are those of the line.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import psycopg

from portal.domain.facts import FactKind
from portal.domain.journal import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# One version of a contribution is one line that seals its words, in the same order.
WORDS = frozenset(
    kind.value
    for kind in (
        FactKind.CONTRIBUTION_SUBMITTED,
        FactKind.CONTRIBUTION_PUBLISHED,
        FactKind.CORRECTION_SUBMITTED,
        FactKind.CONTRIBUTION_CORRECTED,
    )
)
ANSWER = FactKind.ANSWER_GIVEN.value
TOGETHER = FactKind.QUIET_SEALED.value

LINES = (
    'SELECT contract_id, seq, at, kind, group_, object, digest, "commit", hash, veil '
    "FROM journal_line ORDER BY contract_id, seq"
)
SALT = "SELECT salt FROM journal_salt WHERE contract_id = ? AND seq = ?"
VERSION = (
    "SELECT v.source, c.participant_id, c.provenance FROM contribution c "
    "JOIN contribution_version v ON v.contribution_id = c.id WHERE c.id = ? AND v.number = ?"
)
UPTO = "SELECT upto FROM quiet_batch WHERE contract_id = ? AND seq = ?"
QUIET = (
    "SELECT contract_id, tick, at, kind, group_, object, digest, \"commit\", '', '' "
    "FROM quiet_line WHERE contract_id = ? AND tick > ? AND tick <= ? ORDER BY tick"
)
ANSWERED = "SELECT source FROM answer WHERE contribution_id = ?"
UNSEALED = (
    "SELECT c.contract_id FROM contribution_version v JOIN contribution c ON c.id = v.contribution_id "
    "LEFT JOIN (SELECT object, count(*) AS sealed FROM journal_line "
    "WHERE digest <> '' AND kind IN (?, ?, ?, ?) GROUP BY object) l ON l.object = c.id "
    "WHERE v.number > coalesce(l.sealed, 0) ORDER BY c.contract_id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how many lines were read and, if any, the first bad one.

    `first_bad` is (contract, number of the line, reason in French). The number is 0 when
    the fault is not in one line.
    """

    ok: bool
    lines: int
    first_bad: tuple[str, int, str] | None = None


class _BadError(Exception):
    def __init__(self, contract_id: str, seq: int, reason: str) -> None:
        super().__init__(reason)
        self.found = (contract_id, seq, reason)


@dataclass(slots=True)
class _Chain:
    """What is remembered of one contract while its lines go by."""

    contract_id: str
    seq: int = 0
    head: str = ""
    sealed: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.head = rules.genesis(self.contract_id)


def verify_database(path: str | Path) -> Verdict:
    """Check every chain of a database file.

    Errors: FileNotFoundError when there is no such file. A file that cannot be read as a
    database of the portal gives a bad verdict.
    """
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(file)
    reading = _Reading()
    try:
        with closing(_open(file)) as base:
            base.execute("BEGIN")
            reading.check(base)
    except _BadError as bad:
        return Verdict(ok=False, lines=reading.lines, first_bad=bad.found)
    except sqlite3.Error as error:
        place = reading.place
        return Verdict(
            ok=False, lines=reading.lines, first_bad=(*place, f"la base de données est illisible ({error})")
        )
    return Verdict(ok=True, lines=reading.lines)


def verify_server(url: str) -> Verdict:
    """Check every chain of a PostgreSQL database. Errors: psycopg.OperationalError when it does not answer."""
    reading = _Reading()
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        try:
            reading.check(_Server(connection))
        except _BadError as bad:
            return Verdict(ok=False, lines=reading.lines, first_bad=bad.found)
    return Verdict(ok=True, lines=reading.lines)


class _Base(Protocol):
    """What is read: a query with `?` for its values, and its rows."""

    def execute(self, query: str, values: Sequence[object] = (), /) -> Any:
        """The rows, to be gone through."""
        ...


class _Server:
    """PostgreSQL, read as SQLite is; the lines come by pieces, however many they are."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def execute(self, query: str, values: Sequence[object] = (), /) -> Any:
        """The rows of a query with `?` for its values."""
        cursor = self._connection.cursor(name="lignes") if query is LINES else self._connection.cursor()
        return cursor.execute(query.replace("?", "%s").encode(), values)


def _open(file: Path) -> sqlite3.Connection:
    address = file.resolve().as_uri() + "?mode=ro"
    if not file.with_name(file.name + "-wal").exists():
        # Nobody has it open: a plain copy, read without leaving anything beside it.
        address += "&immutable=1"
    return sqlite3.connect(address, uri=True, isolation_level=None)


class _Reading:
    def __init__(self) -> None:
        self.lines = 0
        self.place = ("", 0)

    def check(self, base: _Base) -> None:
        """Read every chain to its end, noting where it is. Errors: _BadError at the first bad line."""
        heads = dict(_heads(base))
        chain: _Chain | None = None
        for row in base.execute(LINES):
            self.place = (str(row[0]), _number(row[1]))
            if chain is None or row[0] != chain.contract_id:
                self._finish(base, chain, heads)
                chain = _Chain(_known(row[0], heads))
            self._line(base, chain, row)
            self.lines += 1
        self._finish(base, chain, heads)
        for contract_id, (seq, head) in heads.items():
            self.place = (contract_id, 0)
            _close(_Chain(contract_id), seq, head)
        self.place = ("", 0)
        for (contract_id,) in base.execute(UNSEALED, sorted(WORDS)):
            raise _BadError(contract_id, 0, "une version d’une contribution n’a pas de ligne au registre")

    def _finish(self, base: _Base, chain: _Chain | None, heads: dict[str, tuple[int, str]]) -> None:
        if chain is None:
            return
        _close(chain, *heads.pop(chain.contract_id))
        for object_id, (seq, digest) in chain.answers.items():
            _check_answer(base, chain.contract_id, seq, object_id, digest)

    def _line(self, base: _Base, chain: _Chain, row: tuple[object, ...]) -> None:
        line, hashed = _read(row)
        if line.seq != chain.seq + 1:
            raise _BadError(chain.contract_id, line.seq, f"le numéro attendu était {chain.seq + 1}")
        if hashed != rules.line_hash(line, chain.head):
            raise _BadError(chain.contract_id, line.seq, "l’empreinte ne correspond pas à la ligne")
        chain.seq, chain.head = line.seq, hashed
        if not line.digest:
            return
        if line.kind in WORDS:
            chain.versions[line.object] = chain.versions.get(line.object, 0) + 1
            _check_words(base, line, chain.versions[line.object])
        elif line.kind == ANSWER:
            chain.answers[line.object] = (line.seq, line.digest)
        elif line.kind == TOGETHER:
            chain.sealed = _check_together(base, line, chain.sealed)


def _heads(base: _Base) -> Iterator[tuple[str, tuple[int, str]]]:
    for contract_id, seq, head in base.execute("SELECT contract_id, seq, head FROM journal_head"):
        yield contract_id, (seq, head)


def _known(contract_id: object, heads: dict[str, tuple[int, str]]) -> str:
    if not isinstance(contract_id, str) or contract_id not in heads:
        raise _BadError(str(contract_id), 0, "la tête du registre manque")
    return contract_id


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _read(row: tuple[object, ...]) -> tuple[rules.Line, str]:
    contract_id, seq, *texts = row
    words = [text for text in texts if isinstance(text, str)]
    if not isinstance(seq, int) or len(words) != len(texts):
        raise _BadError(str(contract_id), _number(seq), "un champ n’a pas la bonne forme")
    at, kind, group, object_id, digest, commit, hashed, veil = words
    return rules.Line(str(contract_id), seq, at, kind, group, object_id, digest, commit, veil), hashed


def _close(chain: _Chain, seq: int, head: str) -> None:
    if seq != chain.seq:
        raise _BadError(chain.contract_id, chain.seq, f"la tête annonce {seq} lignes, il y en a {chain.seq}")
    if head != chain.head:
        raise _BadError(chain.contract_id, chain.seq, "la tête n’est pas l’empreinte de la dernière ligne")


def _salt(base: _Base, contract_id: str, seq: int) -> bytes | None:
    row = base.execute(SALT, (contract_id, seq)).fetchone()
    return row[0] if row is not None else None


def _check_words(base: _Base, line: rules.Line, number: int) -> None:
    salt = _salt(base, line.contract_id, line.seq)
    version = base.execute(VERSION, (line.object, number)).fetchone()
    if salt is None or version is None:
        return
    source, participant_id, provenance = version
    if rules.seal(salt, source) != line.digest:
        raise _BadError(line.contract_id, line.seq, "les mots ne sont plus ceux qui ont été scellés")
    own = line.commit and provenance == "self"
    if own and rules.seal(salt, participant_id) != line.commit:
        raise _BadError(line.contract_id, line.seq, "l’auteur n’est plus celui qui a été scellé")


def _check_together(base: _Base, line: rules.Line, after: int) -> int:
    """Check the lines that one line seals together; returns how far they go."""
    known = base.execute(UPTO, (line.contract_id, line.seq)).fetchone()
    if known is None or not after <= _number(known[0]):
        raise _BadError(line.contract_id, line.seq, "on ne sait plus ce que cette ligne scelle")
    rows = base.execute(QUIET, (line.contract_id, after, known[0])).fetchall()
    content = rules.together(line.contract_id, (_read(row)[0] for row in rows))
    salt = _salt(base, line.contract_id, line.seq)
    # No erasure ever takes this salt away.
    if salt is None or rules.seal(salt, content) != line.digest:
        raise _BadError(line.contract_id, line.seq, "les actes scellés ensemble ne sont plus les mêmes")
    return _number(known[0])


def _check_answer(base: _Base, contract_id: str, seq: int, object_id: str, digest: str) -> None:
    salt = _salt(base, contract_id, seq)
    answer = base.execute(ANSWERED, (object_id,)).fetchone()
    if salt is not None and answer is not None and rules.seal(salt, answer[0]) != digest:
        raise _BadError(contract_id, seq, "la réponse n’est plus celle qui a été scellée")
