"""The host of the volatility index: one file with an entity tag."""


def mount(server, folder) -> dict:
    """Serve the simulated file of `folder` and return what changes in the source."""
    path = folder / "VIX_History.csv"
    server.file(f"/{path.name}", path.read_bytes(), etag='"1"')
    return {"url": f"{server.url}/{path.name}"}
