"""The repository of workbooks of EIA-860."""


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    names = [path.name for path in sorted(folder.glob("*.xlsx"))]
    for name in names:
        server.file(f"/eia860/{name}", (folder / name).read_bytes(), etag='"book"')
    return {"url": f"{server.url}/eia860/{{name}}", "query": {"names": names}}
