"""The folder of GHCN-Daily, one plain file a station."""


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    paths = sorted(folder.glob("*.dly"))
    for path in paths:
        server.file(f"/daily/{path.name}", path.read_bytes(), etag=f'"{path.stem}"')
    query = {"names": [path.stem for path in paths]}
    return {"url": f"{server.url}/daily/{{station}}.dly", "query": query}
