"""Every page of trouble in every mode; the short form deals the modes out to them."""

from __future__ import annotations

import pytest

from tests.browser.matrix import test_answers as short

pytestmark = [pytest.mark.long, pytest.mark.browser]

test_a_page_that_does_not_exist = short.test_a_page_that_does_not_exist
test_a_form_that_waited_too_long = short.test_a_form_that_waited_too_long_gives_the_words_back
test_a_form_sent_to_the_wrong_address = short.test_a_form_sent_to_the_wrong_address
test_something_far_too_large = short.test_something_far_too_large
test_a_space_that_moved_on_meanwhile = short.test_a_space_that_moved_on_meanwhile
test_words_sent_twice = short.test_words_sent_twice
test_somebody_who_tries_too_often = short.test_somebody_who_tries_too_often
test_a_database_that_cannot_be_written = short.test_a_database_that_cannot_be_written
test_an_error_of_ours = short.test_an_error_of_ours
