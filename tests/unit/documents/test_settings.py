"""How heavy a document may be is told by whoever runs the portal, within what a machine bears."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import SettingsError, from_environ


@pytest.mark.parametrize(("given", "most"), [("", 20), ("1", 1), ("50", 50)])
def test_the_weight_of_a_document_is_a_setting(tmp_path: Path, given: str, most: int) -> None:
    environ = {"PORTAL_INSTANCE": str(tmp_path), "PORTAL_DOCUMENT_MAX_MB": given}
    assert from_environ(environ).document_megabytes == most


@pytest.mark.parametrize("given", ["0", "51", "-3", "2,5", "beaucoup", "٣"])
def test_a_weight_that_is_none_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError, match="de 1 à 50"):
        from_environ({"PORTAL_INSTANCE": str(tmp_path), "PORTAL_DOCUMENT_MAX_MB": given})
