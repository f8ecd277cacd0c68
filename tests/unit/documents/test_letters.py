"""What cannot be drawn is told; what can is left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from portal.documents import fonts
from portal.documents.letters import DRAWN, all_printable, printable

TABLE = (
    ("Œuvre «\u00a0à l’été\u00a0» …", "Œuvre «\u00a0à l’été\u00a0» …"),
    ("e\u0301te\u0301", "été"),
    ("😀😀 oui", "[signe] oui"),
    ("👍🏽", "[signe]"),
    ("a\u202fb", "a\u00a0b"),
    ("a\u200bb\u202ec", "abc"),
    ("ﬁn", "fin"),
    ("中文 et 日本", "[signe] et [signe]"),
    ("Łódź, Ђорђе, Ελλάς", "Łódź, Ђорђе, Ελλάς"),
)


@pytest.mark.parametrize(("words", "told"), TABLE)
def test_signs(words: str, told: str) -> None:
    assert printable(words, "[signe]") == told


def test_every_text_of_the_data_is_looked_at() -> None:
    assert all_printable({"a": ["😀", {"b": "中"}], "n": 3, "z": None}, "?") == {
        "a": ["?", {"b": "?"}],
        "n": 3,
        "z": None,
    }


@pytest.mark.parametrize("built", [True, False])
def test_every_sign_that_is_let_through_is_drawn(
    built: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not built:
        monkeypatch.setattr(fonts, "DIST", tmp_path / "rien")
    known, names = fonts.fonts(tmp_path)
    source = (
        '#set document(title: "x")\n#set text(lang: "fr", font: sys.inputs.fonts.split(","), fallback: false)\n'
        "#sys.inputs.words"
    )
    words = " ".join(sorted(DRAWN))
    made = typst.compile(
        source.encode(),
        font_paths=known,
        ignore_system_fonts=True,
        sys_inputs={"words": words, "fonts": ",".join(names)},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    assert made.startswith(b"%PDF-")
