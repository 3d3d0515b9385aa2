"""A web server on the loopback that imitates the endpoints of the sources."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Request:
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    time: float


@dataclass
class Answer:
    """What the server says.

    `cut` closes the connection after so many bytes; `pace` is the time in seconds
    between blocks of 64 KiB.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    pace: float = 0.0


Route = Callable[[Request], Answer]


def whole(body: bytes, etag: str = "") -> Route:
    """Return a route that serves a file with ranges and, given a tag, revalidation."""

    def route(request: Request) -> Answer:
        headers = {"ETag": etag, "Accept-Ranges": "bytes"} if etag else {}
        if etag and request.headers.get("if-none-match") == etag:
            return Answer(304, b"", headers)
        span = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        if span and etag and request.headers.get("if-range", etag) == etag:
            start = int(span[1])
            if start >= len(body):
                return Answer(416, b"", headers)
            place = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
            return Answer(206, body[start:], headers | place)
        return Answer(200, body, headers)

    return route


class Server:
    """Routes by longest prefix; faults are answered first, in the order given."""

    def __init__(self):
        self.requests: list[Request] = []
        self.fulfilled: list[Request] = []  # those that no fault met
        self.faults: list[tuple[str, Answer | Route]] = []
        self.routes: dict[str, Route] = {}
        self._lock = threading.Lock()

    def file(self, path: str, body: bytes, etag: str = "") -> None:
        self.routes[path] = whole(body, etag)

    def route(self, path: str, function: Route) -> None:
        self.routes[path] = function

    def fail(self, *answers: Answer | Route, path: str = "/") -> None:
        """Give these answers to the next requests below `path`, one each."""
        self.faults += [(path, answer) for answer in answers]

    def answer(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            for place, (path, fault) in enumerate(self.faults):
                if request.path.startswith(path):
                    del self.faults[place]
                    return fault if isinstance(fault, Answer) else fault(request)
        return self.routed(request)

    def routed(self, request: Request) -> Answer:
        """Return the healthy answer to a request."""
        self.fulfilled.append(request)
        known = [path for path in self.routes if request.path.startswith(path)]
        if not known:
            return Answer(404, b"not found")
        return self.routes[max(known, key=len)](request)

    def __enter__(self) -> "Server":
        handler = type("Handler", (_Handler,), {"imitation": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        serve = self._server.serve_forever  # asked to stop, it looks so often
        threading.Thread(target=serve, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qs(url.query, keep_blank_values=True)
        answer = self.imitation.answer(Request(url.path, query, headers, time.time()))
        self.send_response(answer.status)
        stated = {name.lower() for name in answer.headers}
        if "content-length" not in stated and answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        body = answer.body[: answer.cut]
        for start in range(0, len(body), 2**16):
            self.wfile.write(body[start : start + 2**16])
            time.sleep(answer.pace)
        if answer.cut is not None or "content-length" in stated:
            self.wfile.flush()
            self.close_connection = True

    def log_message(self, *_):
        pass
