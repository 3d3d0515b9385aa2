"""Files and answers from the official endpoint of a source: whole, checked, or not."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from tqdm import tqdm

from seqshift import sidecar, storage
from seqshift.connection import Absent, Connection, public
from seqshift.errors import BadInput
from seqshift.transfer import REMEDY, Mask, Part

FRESH = 6 * 3600.0  # seconds that pages of one query may lie apart
_SMALL = 64 * 2**20


class Client:
    """The connection of one source: its limits, its key, its staging folder."""

    def __init__(self, spec: dict, staging: Path, kept: Path, console=None):
        """`kept` holds the files of an earlier run; `console` shows the progress."""
        self.spec, self.staging, self.kept = spec, staging, kept
        self._console = console
        self.saved: set[str] = set()
        self._connection = Connection(spec)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_) -> None:
        self._connection.close()

    def save(
        self,
        name: str,
        url: str,
        params: dict | None = None,
        archive: str = "",
        sha256: str = "",
        revision: str = "",
        check: Callable[[Path], None] | None = None,
    ) -> Path:
        """Download `url`, or `archive` where there is nothing, to staging / `name`.

        A complete file is returned without a request. Of an earlier run's file the
        server is asked whether it has changed, unless it is pinned.

        Raises
        ------
        BadInput
            If no whole and fitting answer comes.
        """
        if Path(name).name != name or name.startswith("."):
            raise BadInput(f"'{name}' is no plain file name; correct the query")
        self.saved.add(name)
        path = self.staging / name
        places = [public(url, params), *([public(archive)] if archive else [])]
        record = sidecar.read(path)
        if record and record["url"] in places and self._fresh(record):
            return path
        old = sidecar.read(self.kept / name)
        old = old if old and old["url"] in places else None
        if old and self.spec.get("pins", {}).get(name) == old["sha256"]:
            return self._keep(name)
        judge = {"sha256": sha256, "check": check}
        facts = self._fetch(name, url, params, archive, revision, old, judge)
        if facts is None:
            return self._keep(name)
        hashes = {old and old["sha256"], sidecar.sha256(path)}
        status = "new" if not old else "changed upstream" if len(hashes) > 1 else "kept"
        sidecar.write(path, self.spec, status, **facts)
        return path

    def stamp(self, name: str, revision: str) -> None:
        """Record the source's own revision of a saved file."""
        sidecar.amend(self.staging / name, revision=revision)

    def text(self, url: str, params: dict | None = None) -> str:
        """Return a small answer that is not stored.

        Raises
        ------
        BadInput
            If none comes, or one of more than 64 MiB.
        """
        body = bytearray()

        def take(response: httpx.Response) -> None:
            body.clear()
            for block in response.iter_bytes():
                body.extend(block)
                if len(body) > _SMALL:
                    raise BadInput(f"{public(url)} gave more than 64 MiB; check `url`")

        self._connection.ask(url, params, dict, take)
        masked = Mask(self._connection.secrets())
        text = masked.feed(bytes(body)) + masked.rest()
        return text.decode("utf-8", errors="replace")

    def json(self, url: str, params: dict | None = None) -> Any:
        """Return a small answer in JSON that is not stored."""
        text = self.text(url, params)
        try:
            return json.loads(text)
        except ValueError:
            raise BadInput(f"{public(url, params)} gave no JSON; {REMEDY}") from None

    def pause(self, seconds: float) -> None:
        """Wait between two questions about the state of an export."""
        time.sleep(seconds)

    def _fresh(self, record: dict) -> bool:
        """Tell whether a staged file still belongs to what comes now.

        Answers that nothing can revalidate, such as pages, must be of one time.
        """
        return sidecar.validated(record) or sidecar.age(record) < FRESH

    def _keep(self, name: str) -> Path:
        """Take over a file of the earlier run with its record."""
        path = self.staging / name
        path.unlink(missing_ok=True)
        os.link(self.kept / name, path)
        record = storage.read_json(sidecar.path_of(self.kept / name))
        storage.write_json(record | {"status": "kept"}, sidecar.path_of(path))
        return path

    def _fetch(
        self, name: str, url: str, params, archive: str, revision: str, *rest
    ) -> dict | None:
        """Download from the first address, or from the archive if nothing is there."""
        try:
            return self._download(name, url, params, revision, *rest)
        except Absent:
            if not archive:
                raise
            print(f"{public(url)} has no {name}; it is taken from {public(archive)}")
            return self._download(name, archive, None, "", *rest)

    def _download(
        self, name: str, url: str, params, revision: str, old: dict | None, judge: dict
    ) -> dict | None:
        """Download to staging; return the facts for the record, None if unchanged."""
        part, facts = Part(self.staging / ".parts" / name), {}
        old = old if old and old["url"] == public(url, params) else {}
        known = {"If-None-Match": "etag", "If-Modified-Since": "last_modified"}
        known = {key: old[fact] for key, fact in known.items() if old.get(fact)}

        def take(response: httpx.Response) -> None:
            mask = Mask(self._connection.secrets())
            changed = response.headers.get("last-modified")
            today = time.strftime("%Y-%m-%d", time.gmtime())  # where nothing is stated
            facts.update(
                url=public(url, params),
                http_status=response.status_code,
                etag=mask.text(response.headers.get("etag", "")),
                last_modified=changed,
                revision=revision or changed or today,
            )
            if response.status_code != 304:
                with self._bar(name, response) as bar:
                    part.receive(response, mask, bar.update)

        self._connection.ask(url, params, lambda: part.headers() or known, take)
        if facts["http_status"] == 304:
            return None
        part.judge(facts["url"], **judge)
        part.place(self.staging / name)
        return facts

    def _bar(self, name: str, response: httpx.Response) -> tqdm:
        size = int(response.headers.get("content-length") or 0)
        return tqdm(
            desc=name,
            total=size or None,
            unit="B",
            unit_scale=True,
            leave=False,
            file=self._console,
            disable=self._console is None or not self._console.isatty(),
        )
