"""Every page × state × person × mode: `pytest tests/long/matrix -m long -n 2`.

A page that says word for word what another one said (but for identifiers) is looked at once.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.matrix import plan
from tests.browser.matrix.looking import Matrix
from tests.browser.matrix.modes import ALL_MODES

pytestmark = [pytest.mark.long, pytest.mark.browser]

PAGES = plan.pages()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_for_everybody_in_every_state_and_mode(
    page: str, matrix: Matrix, record_property: Callable[[str, object], None]
):
    found = matrix.look(plan.whole([page], ALL_MODES))
    record_property("looked at", str(matrix.tally))
    assert not found, "\n" + "\n".join(found)
