"""Addresses inside a text: which ones become links, and to where."""

import re
from typing import Final
from urllib.parse import quote

# The only shape of href that may leave the product; both barriers apply it again.
SAFE_HREF: Final = re.compile(r"(?:https?://|mailto:)[!-~]+")

_HOST: Final = r"(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}"

# What may begin a link. Each alternative starts at a boundary, so a long run is read once.
WEB: Final = r"(?<![^\W_])https?://[^\s<>\"«»“”]+"
MAIL: Final = rf"(?<![\w.+@:/-])[a-z0-9][a-z0-9._+-]{{0,63}}@{_HOST}(?![\w@-])"

# No sign-in part (« banque.fr@ailleurs.fr » would lie about where it goes), no address without a name, no letter
# outside Latin (a right-to-left one would reorder what is read).
_WEB_ADDRESS: Final = re.compile(
    rf"(https?)(://{_HOST}(?::[0-9]{{1,5}})?)((?:[/?#][!#-;=?-\[\]_a-z~À-ÖØ-öø-ÿŒœŸ]*)?)",
    re.IGNORECASE,
)
_TRAILING: Final = "*.,;:!?…'’]"
_KEPT_IN_PATH: Final = "!#$%&()*+,-./:;=?@[]_~"


def trim(candidate: str) -> str:
    """Take a run that begins like an address, give it without the punctuation of the sentence around it."""
    end = len(candidate)
    surplus = candidate.count(")") - candidate.count("(")
    while end:
        last = candidate[end - 1]
        if last == ")" and surplus > 0:
            surplus -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return candidate[:end]


def web_href(address: str) -> str | None:
    """Take a trimmed address, give its href in plain ASCII, or None when it must stay text."""
    parts = _WEB_ADDRESS.fullmatch(address)
    if parts is None:
        return None
    return f"{parts[1].lower()}{parts[2]}{quote(parts[3], safe=_KEPT_IN_PATH)}"


def mail_href(address: str) -> str:
    """Take an e-mail address found by `MAIL`, give its href."""
    return f"mailto:{address}"
