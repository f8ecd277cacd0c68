"""The maker of files of this process, and what browsers are told that files are."""

from __future__ import annotations

from flask import current_app

from portal.documents.making import Maker

MAKER = "portal_documents"
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def maker() -> Maker:
    """The only one of this process: it makes one file at a time."""
    found: Maker | None = current_app.extensions.get(MAKER)
    if found is None:
        found = Maker(current_app.config["SETTINGS"].instance / "documents")
        current_app.extensions[MAKER] = found
    return found
