"""Office files: what they are by their parts, what they may not hold, and the same without its author."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from portal.kernel.files import archives, markup, photos
from portal.kernel.files.archives import Allowance, Part
from portal.kernel.files.kinds import MEDIA, OPEN, FileKind, Left, Refusal, RefusedFileError

CONTENT_TYPES, MANIFEST, MIMETYPE = "[Content_Types].xml", "META-INF/manifest.xml", "mimetype"
MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": FileKind.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": FileKind.XLSX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": FileKind.PPTX,
}
ODF = {MEDIA[kind].encode(): kind for kind in OPEN}
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
EMBEDDED = re.compile(r"(?:^|/)embeddings/")
MACRO_FOLDERS = ("basic/", "scripts/", "dialogs/")
# What a document fetches or runs when it is opened, without being asked.
FETCHED = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument", "/control")
XML = (".xml", ".rels", ".vml", ".rdf")
DAY = (1980, 1, 1, 0, 0, 0)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006"
BLANK = {
    "docprops/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}"/>',
    "docprops/app.xml": f'{HEAD}<Properties xmlns="{PROPERTIES}/extended-properties"/>',
    "docprops/custom.xml": f'{HEAD}<Properties xmlns="{PROPERTIES}/custom-properties"/>',
    "meta.xml": (
        f'{HEAD}<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'office:version="1.2"><office:meta/></office:document-meta>'
    ),
}
SLIDE = re.compile(r"ppt/slides/slide(\d{1,4})\.xml")
THUMBNAIL = re.compile(r"^(?:docProps/thumbnail\.\w+|Thumbnails/.+)$", re.IGNORECASE)
# Where a workbook was kept: a folder often bears somebody's name.
KEPT_AT = re.compile(rb"(<x15ac:absPath\b[^>]*?\burl=\")[^\"]*")
COMMENTS = re.compile(
    r"(?:^|/)(?:comments?\w*|threadedComments|commentAuthors|persons?)(?:/|\.xml$)", re.IGNORECASE
)
CHANGES = {
    "word/document.xml": (b"<w:ins ", b"<w:del "),
    "content.xml": (b"<text:tracked-changes", b"<table:tracked-changes"),
}
# Photos in which nothing is looked for.
PHOTOS = re.compile(r"\.(?:jpe?g|tiff?|webp|heic)$", re.IGNORECASE)


def looked_at(
    content: bytes, *, depth: int = 0, allowance: Allowance | None = None
) -> tuple[FileKind, list[Part]]:
    """What an office file is, with its parts, all of them looked at. Errors: RefusedFileError."""
    allowance = allowance or Allowance()
    parts = list(archives.parts(content, allowance, depth=depth))
    kind = _kind(content, parts)
    _check(parts, depth, allowance)
    return kind, parts


def check(content: bytes) -> None:
    """Refuse a file whose parts may do harm, whatever kind of office file it is. Errors: RefusedFileError."""
    allowance = Allowance()
    parts = list(archives.parts(content, allowance))
    by_name = {one.name: one.content for one in parts}
    if CONTENT_TYPES in by_name:
        _types(by_name)
    _check(parts, 0, allowance)


def cleaned(kind: FileKind, parts: Sequence[Part]) -> tuple[bytes, frozenset[Left]]:
    """The same file without what tells of its author, and what stays all the same."""
    kept = [_blank(one) for one in parts if not THUMBNAIL.match(one.name)]
    dropped = {one.name for one in parts if THUMBNAIL.match(one.name)}
    if dropped:
        kept = [_without_links(one, dropped) for one in kept]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for one in kept:
            stored = kind in OPEN and one.name == MIMETYPE
            info = zipfile.ZipInfo(one.name, DAY)
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, one.content)
    return made.getvalue(), _left(kept)


def words(kind: FileKind, parts: Sequence[Part], limit: int) -> str:
    """The first words of the file. Errors: RefusedFileError."""
    read = {
        FileKind.DOCX: (("word/document.xml",), frozenset({"p"})),
        FileKind.XLSX: (("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"), frozenset({"si", "is"})),
        FileKind.PPTX: (_slides(parts), frozenset({"p"})),
    }.get(kind, (("content.xml",), frozenset({"p", "h"})))
    by_name = {one.name: one.content for one in parts}
    found = ""
    for name in read[0]:
        if name in by_name and len(found) < limit:
            found += markup.words_of(by_name[name], read[1], limit) + "\n"
    return found.strip()[:limit]


def _slides(parts: Sequence[Part]) -> tuple[str, ...]:
    """The slides of a presentation, in the order of their numbers."""
    numbers = sorted(int(found[1]) for one in parts if (found := SLIDE.fullmatch(one.name)))
    return tuple(f"ppt/slides/slide{number}.xml" for number in numbers)


def _kind(content: bytes, parts: Sequence[Part]) -> FileKind:
    by_name = {one.name: one.content for one in parts}
    if CONTENT_TYPES in by_name:
        return _microsoft(by_name)
    first = archives.listing(content)[0]
    if first.filename == MIMETYPE and first.compress_type == zipfile.ZIP_STORED:
        return _open(by_name)
    raise RefusedFileError(Refusal.ARCHIVE)


def _types(parts: dict[str, bytes]) -> dict[str, str]:
    """The part of each type that a file says it has. Errors: RefusedFileError."""
    root = markup.tree(parts[CONTENT_TYPES])
    types = {str(one.get("ContentType")): str(one.get("PartName") or "").lstrip("/") for one in root}
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in types):
        raise RefusedFileError(Refusal.MACROS)
    return types


def _microsoft(parts: dict[str, bytes]) -> FileKind:
    types = _types(parts)
    found = [kind for name, kind in MAIN.items() if types.get(name) in parts]
    if len(found) != 1:
        raise RefusedFileError(Refusal.ARCHIVE)
    return found[0]


def _open(parts: dict[str, bytes]) -> FileKind:
    kind = ODF.get(parts[MIMETYPE])
    if kind is None or "content.xml" not in parts or MANIFEST not in parts:
        raise RefusedFileError(Refusal.ARCHIVE)
    if b"encryption-data" in parts[MANIFEST].replace(b"\0", b""):
        raise RefusedFileError(Refusal.ENCRYPTED)
    return kind


def _check(parts: Sequence[Part], depth: int, allowance: Allowance) -> None:
    for part in parts:
        _check_part(part, depth, allowance)
    _check_links(parts)


def _check_part(part: Part, depth: int, allowance: Allowance) -> None:
    name = part.name.lower()
    if "vbaproject" in name or "vbadata" in name or name.startswith(MACRO_FOLDERS):
        raise RefusedFileError(Refusal.MACROS)
    if "activex" in name or part.content.startswith(OLD) or part.content.startswith(PROGRAMS):
        raise RefusedFileError(Refusal.OBJECT)
    if part.content.startswith(archives.START):
        looked_at(part.content, depth=depth + 1, allowance=allowance)
    elif EMBEDDED.search(name):
        raise RefusedFileError(Refusal.OBJECT)
    if name.endswith(XML) or part.content.lstrip()[:5].lower() == b"<?xml":
        markup.check(part.content)
    if name.startswith("xl/externallinks/") and (b"ddeLink" in part.content or b"oleLink" in part.content):
        raise RefusedFileError(Refusal.LINKED)


def _check_links(parts: Sequence[Part]) -> None:
    """Nothing outside is fetched or run by opening the file. Errors: RefusedFileError."""
    for part in parts:
        if not part.name.lower().endswith(".rels"):
            continue
        for link in markup.tree(part.content):
            outside = str(link.get("TargetMode")).lower() == "external"
            if outside and str(link.get("Type")).endswith(FETCHED):
                raise RefusedFileError(Refusal.LINKED)


def _blank(part: Part) -> Part:
    emptied = BLANK.get(part.name.lower())
    if emptied is not None:
        return Part(part.name, emptied.encode())
    if part.name == "xl/workbook.xml":
        return Part(part.name, KEPT_AT.sub(rb"\1", part.content))
    return Part(part.name, photos.stripped(part.content))


def _without_links(part: Part, dropped: set[str]) -> Part:
    """A list of parts, without those that were dropped."""
    if part.name not in (MANIFEST, "_rels/.rels"):
        return part
    root = markup.tree(part.content)
    for line in list(root):
        target = next((str(value) for name, value in line.attrib.items() if _is_path(str(name))), "")
        if target.lstrip("/") in dropped:
            root.remove(line)
    return Part(part.name, markup.written(root))


def _is_path(name: str) -> bool:
    return name == "Target" or name.endswith("full-path")


def _left(parts: Sequence[Part]) -> frozenset[Left]:
    found = set()
    for one in parts:
        if COMMENTS.search(one.name) or (one.name == "content.xml" and b"<office:annotation" in one.content):
            found.add(Left.COMMENTS)
        if any(sign in one.content for sign in CHANGES.get(one.name, ())) or one.name.startswith(
            "xl/revisions/"
        ):
            found.add(Left.CHANGES)
        if PHOTOS.search(one.name) and not one.content.startswith(photos.JPEG):
            found.add(Left.PICTURES)
    return frozenset(found)
