"""The two trees of nClimGrid-Daily averages: the older one ends before the newer."""

OLD, NEW = "/pub/averages", "/access/averages"


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return the addresses and what to ask for."""
    paths = sorted(folder.glob("*.csv"))
    months = sorted({path.name[5:11] for path in paths})
    for path in paths:
        tree = NEW if path.name[5:11] == months[-1] else OLD
        place = f"{tree}/{path.name[5:9]}/{path.name}"
        server.file(place, path.read_bytes(), etag=f'"{path.stem}"')
    name = "{year}/{variable}-{year}{month}-ste-scaled.csv"
    return {
        "url": f"{server.url}{OLD}/{name}",
        "archive": f"{server.url}{NEW}/{name}",
        "query": {
            "start": f"{months[0][:4]}-{months[0][4:]}-01",
            "end": f"{months[-1][:4]}-{months[-1][4:]}-28",
        },
    }
