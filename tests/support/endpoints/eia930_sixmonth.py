"""The half-year files of the grid monitor."""

STARTS = {"Jan_Jun": "01-01", "Jul_Dec": "07-01"}
ENDS = {"Jan_Jun": "06-30", "Jul_Dec": "12-31"}


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    halves = []
    for path in sorted(folder.glob("EIA930_BALANCE_*.csv")):
        server.file(
            f"/sixMonthFiles/{path.name}", path.read_bytes(), etag=f'"{path.stem}"'
        )
        halves.append(path.stem.removeprefix("EIA930_BALANCE_").split("_", 1))
    (first, start), (last, end) = halves[0], halves[-1]
    query = {"start": f"{first}-{STARTS[start]}", "end": f"{last}-{ENDS[end]}"}
    url = f"{server.url}/sixMonthFiles/EIA930_BALANCE_{{half}}.csv"
    return {"url": url, "query": query}
