"""The bucket of PUDL: one folder a release."""

from seqshift.sources.pudl import NAME


def mount(server, folder) -> dict:
    """Serve the table of `folder` as that of a release; return its address."""
    path = f"/pudl/v2026.7.0/{NAME}"
    server.file(path, (folder / NAME).read_bytes(), etag='"v2026.7.0"')
    return {"url": f"{server.url}{path}", "archive": ""}
