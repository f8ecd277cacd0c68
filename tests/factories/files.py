"""What a database keeps on disk, byte by byte."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from tests import stores


def bytes_of(store: stores.Store) -> bytes:
    """Every byte that the database keeps on disk."""
    if store.settings.on_sqlite:
        files = sorted(store.instance.glob("polyphonie.sqlite*"))
        assert files
        return b"".join(file.read_bytes() for file in files)
    url = store.database_url
    stores.plain_sql(store.settings.store, "SELECT 1")
    folder = stores.plain_sql(
        store.settings.store, "SELECT setting FROM pg_settings WHERE name = 'data_directory'"
    )
    number = stores.plain_sql(
        store.settings.store, "SELECT oid FROM pg_database WHERE datname = current_database()"
    )
    _checkpoint(store)
    heap = Path(str(folder[0][0])) / "base" / str(number[0][0])
    if not os.access(heap, os.R_OK):
        pytest.skip(f"the files of {url.rsplit('/', 1)[0][:12]}… are not readable from here")
    return b"".join(file.read_bytes() for file in sorted(heap.iterdir()) if file.is_file())


def _checkpoint(store: stores.Store) -> None:
    with psycopg.connect(store.database_url.replace("+psycopg", ""), autocommit=True) as server:
        server.execute("CHECKPOINT")
