"""From the tree to HTML. HTML is never accepted from outside: whatever looks like it is shown as typed."""

from html import escape
from typing import Final

from portal.kernel.text.barriers import REL, pass_barriers
from portal.kernel.text.marks import Block, Break, Emphasis, Inline, Items, Line, Link, Words, parse
from portal.kernel.text.source import clean_line

# Stored beside the HTML: raise it whenever the same source gives another result.
RENDERER_VERSION: Final = 1


def render(source: str) -> str:
    """Take a source, give safe HTML: p, br, em, ul, li and a with href and rel. Raises `TextTooLong`."""
    written = "".join(_block(block) for block in parse(source))
    return pass_barriers(written)


def render_inline(text: str, maximum: int) -> str:
    """Take a name or a label, give it escaped on one line, fit for an element or a quoted attribute; no marks.

    Raises `TextTooLong` above `maximum`, `TextEmpty` when nothing visible is left.
    """
    return escape(clean_line(text, maximum=maximum), quote=True)


def _block(block: Block) -> str:
    if isinstance(block, Items):
        return f"<ul>{''.join(f'<li>{_line(item)}</li>' for item in block.items)}</ul>"
    return f"<p>{_line(block.children)}</p>"


def _line(children: Line) -> str:
    return "".join(_inline(child) for child in children)


def _inline(node: Inline) -> str:
    match node:
        case Words(text):
            return escape(text, quote=False)
        case Break():
            return "<br>"
        case Link(href, text):
            return f'<a href="{escape(href)}" rel="{REL}">{escape(text, quote=False)}</a>'
        case Emphasis(children):
            return f"<em>{_line(children)}</em>"
