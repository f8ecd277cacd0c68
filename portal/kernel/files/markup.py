"""XML inside office files, read without a document type, an entity or the network."""

from __future__ import annotations

import re

from lxml import etree

from portal.kernel.files.kinds import Refusal, RefusedFileError

DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)
READABLE = frozenset({b"utf-8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"})
ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def check(content: bytes) -> None:
    """Refuse a part that declares its own words. Errors: RefusedFileError."""
    # UTF-16 reads the same once its zeros are out; any other alphabet would hide what is looked for.
    words = content.replace(b"\0", b"")
    declared = DECLARED.search(words[:400])
    if declared is not None and declared.group(1).strip().lower() not in READABLE:
        raise RefusedFileError(Refusal.BROKEN)
    if ENTITIES.search(words):
        raise RefusedFileError(Refusal.ENTITIES)


def tree(content: bytes) -> etree._Element:
    """The root of a part. Errors: RefusedFileError."""
    check(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedFileError(Refusal.BROKEN) from error


def written(root: etree._Element) -> bytes:
    """The same as a part."""
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def words_of(content: bytes, names: frozenset[str], limit: int) -> str:
    """The first words of a part, one line for each element named; `limit` in signs. Errors: RefusedFileError."""
    found: list[str] = []
    size = 0
    for element in tree(content).iter():
        if not isinstance(element.tag, str) or etree.QName(element).localname not in names:
            continue
        line = "".join(text for text in element.itertext() if isinstance(text, str)).strip()
        if line:
            found.append(line)
            size += len(line)
        if size > limit:
            break
    return "\n".join(found)[:limit]
