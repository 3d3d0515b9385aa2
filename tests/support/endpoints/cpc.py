"""The folders of the Climate Prediction Center: two files a year."""


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return their address and what to ask for."""
    years = set()
    for path in sorted(folder.glob("*.txt")):
        year, _, name = path.name.partition(".")
        server.file(f"/daily/{year}/{name}", path.read_bytes(), etag=f'"{path.stem}"')
        years.add(year)
    query = {"start": f"{min(years)}-01-01", "end": f"{max(years)}-12-31"}
    return {
        "url": f"{server.url}/daily/{{year}}/StatesCONUS.{{kind}}.txt",
        "query": query,
    }
