"""The folders of ISD-Lite, one a year, each with a listing as a web page."""

import gzip

import pandas as pd

from imitation import Answer

ZONE = "America/Chicago"


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    paths = sorted(folder.glob("*.gz"))
    for path in paths:
        address = f"/isd-lite/{path.stem[-4:]}/{path.name}"
        server.file(address, path.read_bytes(), etag=f'"{path.stem}"')
    for year in {path.stem[-4:] for path in paths}:
        server.route(f"/isd-lite/{year}/", listing(year, paths))
    names = sorted({path.name[:12] for path in paths})
    start, end = span(paths)
    query = {"names": names, "start": start, "end": end}
    query["zones"] = dict.fromkeys(names, ZONE)
    url = f"{server.url}/isd-lite/{{year}}/{{station}}-{{year}}.gz"
    return {"url": url, "query": query}


def listing(year, paths):
    """Return the page that names the files of a year."""
    names = [path.name for path in paths if path.stem.endswith(year)]
    rows = [f'<tr><td><a href="{name}">{name}</a></td></tr>' for name in names]
    page = "<html><body><table>" + "".join(rows) + "</table></body></html>"

    def route(request):
        if not request.path.endswith("/"):
            return Answer(404, b"not found")
        return Answer(200, page.encode(), {"Content-Type": "text/html"})

    return route


def span(paths) -> tuple[str, str]:
    """Return the first and the last local day that the files touch."""
    texts = [gzip.decompress(path.read_bytes()).decode() for path in paths]
    ends = [text[:13] for text in texts] + [text[-62:-49] for text in texts]
    hours = pd.to_datetime([min(ends), max(ends)], format="%Y %m %d %H", utc=True)
    first, last = hours.tz_convert(ZONE)
    return f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"
