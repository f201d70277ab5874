"""The errors that every provider shares."""

import logging

import pytest

from integrations import errors
from integrations.errors import (
    BadSignature,
    IntegrationError,
    NextStep,
    RateLimited,
    Rejected,
    Seen,
    Unauthorized,
    Unreachable,
    Words,
)
from integrations.excerpts import MOST, excerpt

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


def test_the_module_offers_its_errors_and_what_they_carry():
    assert errors.__all__ == [
        "BadSignature",
        "IntegrationError",
        "NextStep",
        "ProviderError",
        "RateLimited",
        "Rejected",
        "Seen",
        "Unauthorized",
        "Unreachable",
        "Words",
    ]


@pytest.mark.parametrize("sort", SORTS)
def test_an_error_carries_what_was_seen_of_the_answer_and_shows_none_of_it(sort, caplog):
    error = sort(
        "refused",
        provider="somewhere",
        words=Words("Không nhận.", "Refused."),
        seen=Seen(403, "message=no such site"),
    )

    logging.getLogger("integrations").error("failed", exc_info=error)

    assert (error.status, error.excerpt) == (403, "message=no such site")
    assert (error.text, error.english) == ("Không nhận.", "Refused.")
    assert "no such site" not in str(error) + repr(error) + caplog.text


@pytest.mark.parametrize("sort", SORTS)
def test_without_an_answer_there_is_no_status(sort):
    error = sort("no answer", provider="somewhere")

    assert (error.status, error.excerpt) == (None, "")


def test_each_sort_says_what_helps():
    steps = {sort.__name__: sort("x", provider="somewhere").next_step.value for sort in SORTS}

    assert steps == {
        "Unreachable": "try_later",
        "RateLimited": "try_later",
        "Unauthorized": "fix_settings",
        "Rejected": "ask_otherwise",
        "BadSignature": "call_provider",
    }


def test_what_settings_must_mend_does_not_pass_by_itself():
    error = Unreachable("a page", provider="somewhere", next_step=NextStep.FIX_SETTINGS)

    assert not error.retryable


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"<html><title>404 Not Found</title><p>Nguyen Van An</p>", "404 Not Found"),
        (b"<!doctype html><p>Nguyen Van An</p>", "HTML"),
        (
            b'{"vnp_ResponseCode": "97", "vnp_Message": "Invalid", "vnp_OrderInfo": "Nguyen An"}',
            "vnp_ResponseCode=97, vnp_Message=Invalid",
        ),
        (b'{"error": {"name": "Nguyen Van An"}}', ""),
        (b'["Nguyen Van An"]', "list"),
        (b'{"message": "cut', "JSON"),
        (b"Bad gateway", "Bad gateway"),
        (b"call 0912 345 678 or +84.912.345.678", "call … or …"),
        (b"card 9704-1985-2619-1432-198 of an@cho.example", "card … of …"),
        (b"hash 8041d314401db660f612788a63024ade!", "hash …!"),
        (b"key s3cret and S3CRET", "key … and …"),
        (b"a\x00b\x1b[31m\nc", "a b [31m c"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"", ""),
    ],
)
def test_an_excerpt_says_what_happened_and_nothing_about_anybody(body, shown):
    assert excerpt(body, ("s3cret", "")) == shown


@pytest.mark.parametrize("body", [b"no " * 90_000, b"<title>" + b"no " * 900 + b"</title>"])
def test_an_excerpt_is_short(body):
    assert len(excerpt(body)) <= MOST


def test_a_secret_cut_in_half_by_the_end_of_what_is_read_is_not_shown():
    body = b"a " * 2_044 + b"s3cr3tword"

    assert "s3c" not in excerpt(body, ("s3cr3tword",))
