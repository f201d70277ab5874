"""The errors that every provider shares."""

import pytest

from integrations.errors import (
    BadSignature,
    IntegrationError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unreachable,
)

SORTS = [Unreachable, RateLimited, Unauthorized, Rejected, BadSignature]


@pytest.mark.parametrize("sort", SORTS)
def test_an_error_carries_the_provider_and_its_code(sort):
    error = sort("stock is fixed", provider="somewhere", code="E501", request_id="r-1")

    assert isinstance(error, IntegrationError)
    assert (error.provider, error.code, error.request_id) == ("somewhere", "E501", "r-1")
    assert str(error) == "somewhere: stock is fixed (code E501)"


def test_only_what_may_pass_by_itself_is_tried_again():
    assert [sort for sort in SORTS if sort.retryable] == [Unreachable, RateLimited]


def test_a_limit_says_when_to_come_back():
    assert RateLimited("too many", provider="somewhere", retry_after=60).retry_after == 60
