"""Every page in every mode; pages, persons and states pairwise. The whole product is in tests/long/matrix."""

from __future__ import annotations

import pytest

from tests.browser.matrix import plan
from tests.browser.matrix.looking import Matrix
from tests.browser.matrix.modes import ALL_MODES

pytestmark = pytest.mark.browser

# The ways in which an open page is looked at: half of them.
AT_ONCE = 7
PAGES = plan.pages()
CELLS = plan.pairwise(PAGES, ALL_MODES, AT_ONCE)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_in_every_mode(page: str, matrix: Matrix):
    found = matrix.look(cell for cell in CELLS if cell.page == page)
    assert not found, "\n" + "\n".join(found)
    assert matrix.unread(page) == [], "met by refusals only"
