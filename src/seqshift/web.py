"""One file from the web: whole, checked, or not at all."""

from pathlib import Path

import httpx
import tenacity

from seqshift import storage
from seqshift.errors import BadInput

_REMEDY = "try again later, or obtain the source by origin simulate or mirror"


def save(url: str, path: str | Path) -> None:
    """Download `url` to `path`.

    Answers 429 and 5xx, timeouts and broken connections are tried again.

    Raises
    ------
    BadInput
        If no usable answer comes; a query in the URL is not repeated, it may hold
        a key.
    """
    retry = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(6),
        wait=_pause,
        retry=tenacity.retry_if_exception(_passing),
        reraise=True,
    )
    place = url.partition("?")[0]
    with storage.atomic(path) as temporary:
        try:
            kind = retry(_stream, url, temporary)
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            raise BadInput(f"{place} answered HTTP {status}; {_REMEDY}") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = type(error).__name__
            raise BadInput(f"{place} cannot be fetched ({reason}); {_REMEDY}") from None
        _inspect(temporary, Path(path).suffix, kind, place)


def _inspect(path: Path, suffix: str, kind: str, place: str) -> None:
    """Refuse an empty answer, and a web page in place of a text table."""
    with path.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    page = start.startswith(b"<") or "html" in kind
    if not start or (page and suffix in (".csv", ".txt")):
        what = "a web page" if start else "nothing"
        raise BadInput(f"{place} gave {what} in place of the file; {_REMEDY}")


def _stream(url: str, path: Path) -> str:
    """Write the body at `url` to `path` and return its content type."""
    with (
        httpx.Client(follow_redirects=True, timeout=60.0) as client,
        client.stream("GET", url, headers={"User-Agent": "seqshift"}) as response,
    ):
        response.raise_for_status()
        with path.open("wb") as file:
            for chunk in response.iter_bytes():
                file.write(chunk)
        return response.headers.get("content-type", "")


def _passing(error: BaseException) -> bool:
    """Tell whether another try may succeed."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code == 429 or error.response.status_code >= 500
    return isinstance(error, httpx.TransportError)


def _pause(state: tenacity.RetryCallState) -> float:
    """Return the seconds to wait: what the server asks for, else ever longer."""
    response = getattr(state.outcome.exception(), "response", None)
    stated = "" if response is None else response.headers.get("retry-after", "")
    if stated.isdigit():
        return min(float(stated), 120.0)
    return tenacity.wait_exponential_jitter(initial=1.0, max=60.0)(state)
