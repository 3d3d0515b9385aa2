"""The files of ETT in a repository."""


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    paths = sorted(folder.glob("*.csv"))
    for path in paths:
        server.file(f"/ett/{path.name}", path.read_bytes(), etag=f'"{path.stem}"')
    query = {"names": [path.stem for path in paths]}
    return {"url": f"{server.url}/ett/{{name}}.csv", "query": query}
