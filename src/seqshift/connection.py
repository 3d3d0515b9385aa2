"""Requests to an endpoint: its limits, its key, its bad days.

A key goes into the address of a request and nowhere else: no message, record or log
repeats the query of an address, errors of the HTTP library are not passed on, and of
answers that repeat it only stars are stored.
"""

import email.utils
import logging
import os
import re
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import httpx
import tenacity

from seqshift import politeness
from seqshift.errors import BadInput
from seqshift.transfer import REMEDY

TRIES = 6
LONGEST_WAIT = 300.0  # seconds that a server may ask us to wait
# Codes of Nasdaq Data Link and EIA; all else in an answer may repeat the key.
_CODE = re.compile(r"\b(QE[A-Z]{1,2}x\d\d|API_KEY_[A-Z]{5,9}|OVER_RATE_LIMIT)\b")


_MEANING = {  # of Nasdaq Data Link, the longest start that fits first
    "QELx06": "the key is one of the new host: set `host` in the query to sharadar and "
    "`key` of the source to SHARADAR_API_KEY",
    "QESx06": "the place in a paged answer has expired: delete the folder .staging of "
    "this source and run again",
    "QEL": "a limit of calls is reached: run fetch again later",
    "QEA": "the key is not valid: check its environment variable",
    "QEP": "the subscription of the key does not cover this table",
    "QE": "the request is refused: delete the folder .staging of this source and run "
    "again",
}


def explain(code: str) -> str:
    """Return what a code of a provider means and what to do, "" if it is unknown."""
    known = [words for start, words in _MEANING.items() if code.startswith(start)]
    return known[0] if known else ""


class Absent(BadInput):
    """The address is right in form but there is no such file (HTTP 404)."""


class Connection:
    """What one source says to its hosts."""

    def __init__(self, spec: dict):
        self.spec = spec
        for name in ("httpx", "httpcore"):  # they log whole addresses
            logging.getLogger(name).setLevel(logging.WARNING)
        self._http = httpx.Client(
            follow_redirects=True,
            timeout=60.0,
            headers={"User-Agent": "seqshift", "Accept-Encoding": "identity"},
        )

    def close(self) -> None:
        self._http.close()

    def ask(
        self,
        url: str,
        params: dict | None,
        headers: Callable[[], dict],
        take: Callable[[httpx.Response], None],
    ) -> None:
        """Send a request, again where another try may succeed; give `take` the answer.

        Raises
        ------
        BadInput
            Without the query of the address and the key, from no other error.
        """
        retry = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(TRIES),
            wait=_pause,
            retry=tenacity.retry_if_exception(_passing),
            reraise=True,
            sleep=_wait,
        )
        try:
            place = public(url, params)
            address = httpx.URL(url).copy_merge_params((params or {}) | self._key(url))
            retry(self._once, address, headers, take)
        except httpx.InvalidURL:
            raise BadInput(f"'{url}' is no address; correct `url`") from None
        except httpx.HTTPStatusError as error:
            raise self._refusal(error, place) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            reason = type(error).__name__
            raise BadInput(f"{place} cannot be fetched ({reason}); {REMEDY}") from None

    def _once(self, address: httpx.URL, headers: Callable, take: Callable) -> None:
        with (
            politeness.turn(address.netloc.decode(), self.spec.get("limits")),
            self._http.stream("GET", address, headers=headers()) as response,
        ):
            if response.status_code not in (200, 206, 304, 416):
                head = next(response.iter_bytes(4096), b"")
                code = _CODE.search(head.decode("ascii", errors="replace"))
                words = code[0] if code else ""
                raise httpx.HTTPStatusError(words, request=None, response=response)
            take(response)

    def secrets(self) -> list[str]:
        """Return the forms in which an answer may repeat the key."""
        key = os.environ.get(self.spec.get("key") or "", "")
        return sorted({key, quote(key, safe=""), quote_plus(key)} - {""})

    def _key(self, url: str) -> dict[str, str]:
        """Return the key as a parameter, for the hosts of the source alone."""
        name = self.spec.get("key")
        own = [httpx.URL(self.spec.get(key) or "").host for key in ("url", "archive")]
        if not name or httpx.URL(url).host not in own:
            return {}
        if not os.environ.get(name):
            raise BadInput(
                f"source {self.spec['kind']} needs a key: set the environment variable "
                f"{name}, or choose origin simulate or mirror for this source"
            )
        return {"api_key": os.environ[name]}

    def _refusal(self, error: httpx.HTTPStatusError, place: str) -> BadInput:
        """Return the sentence for an answer that no further try will change."""
        status, key = error.response.status_code, self.spec.get("key")
        code = str(error)
        answer = f"HTTP {status}, code {code}" if code else f"HTTP {status}"
        if words := explain(code):
            return BadInput(f"{place} answered {answer}: {words}")
        closed = status in (401, 403)
        if status in (404, 410) or (closed and not key):  # stores hide what they lack
            return Absent(
                f"{place} is not there ({answer}); check names and dates in the "
                "query of this source, and its `url`"
            )
        if closed:
            return BadInput(
                f"{place} refused the key in {key} ({answer}): it may be "
                "mistyped, expired or not cover this; check it with the provider"
            )
        if status == 429:
            wait = _stated(error.response)
            when = f"in {wait:.0f} seconds" if wait else "in an hour"
            return BadInput(
                f"{place} accepts no more requests now ({answer}); run fetch again "
                f"{when}, what is complete is kept"
            )
        return BadInput(f"{place} answered {answer}; {REMEDY}")


def _wait(seconds: float) -> None:
    print(f"waiting {seconds:.0f} s before the next try", flush=True)
    time.sleep(seconds)


def public(url: str, params: dict | None = None) -> str:
    """Return an address without what may be secret: its own query, and any key."""
    place = httpx.URL(url).copy_with(query=None, fragment=None)
    return str(place.copy_merge_params(params) if params else place)


def _stated(response: httpx.Response) -> float:
    """Return the seconds that the server asks us to wait, 0 if it does not say."""
    text = response.headers.get("retry-after", "")
    if text.isdigit():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, until.timestamp() - time.time())


def _passing(error: BaseException) -> bool:
    """Tell whether another try may succeed."""
    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        soon = _stated(error.response) <= LONGEST_WAIT
        return (status in (408, 429) or status >= 500) and soon
    return isinstance(error, httpx.TransportError)


def _pause(state: tenacity.RetryCallState) -> float:
    """Return the seconds to wait: what the server asks for, else ever longer."""
    response = getattr(state.outcome.exception(), "response", None)
    if response is not None and (stated := _stated(response)):
        return stated
    return tenacity.wait_random_exponential(multiplier=1.0, max=60.0)(state)
