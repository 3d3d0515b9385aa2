"""The repository of the cleaned release: plain csv files, one a series."""

import gzip


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    names = []
    for path in sorted(folder.glob("*.csv.gz")):
        name = path.name.removesuffix(".csv.gz")
        body = gzip.decompress(path.read_bytes())
        server.file(f"/release/{name}.csv", body, etag=f'"{name}"')
        names.append(name)
    return {"url": f"{server.url}/release/{{name}}.csv", "query": {"names": names}}
