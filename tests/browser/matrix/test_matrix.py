"""Every page in its share of the modes; pages, persons and states pairwise. The whole product is in tests/long/matrix."""

from __future__ import annotations

import pytest

from tests.browser.matrix import plan
from tests.browser.matrix.looking import Matrix
from tests.browser.matrix.modes import ALL_MODES

pytestmark = pytest.mark.browser

PAGES = plan.pages()
CELLS = plan.pairwise(PAGES, ALL_MODES)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_in_its_modes(page: str, matrix: Matrix):
    cells = [cell for cell in CELLS if cell.page == page]
    found = matrix.look(cells)
    assert not found, "\n" + "\n".join(found)
    wanted = {mode for cell in cells for mode in cell.modes}
    assert wanted & set(matrix.unread(page)) == set(), "met by refusals only"
