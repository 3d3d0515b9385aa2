"""The folders of EIA-860M: the newest month beside the archive, which lacks it."""

from seqshift.sources import eia860m


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    path = max(folder.glob("*.xlsx"), key=lambda book: eia860m.month_of(book.name))
    server.file(f"/eia860m/xls/{path.name}", path.read_bytes(), etag='"book"')
    form = "xls/{month}_generator{year}.xlsx"
    return {
        "url": f"{server.url}/eia860m/{form}",
        "archive": f"{server.url}/eia860m/archive/{form}",
        "query": {"end": f"{eia860m.month_of(path.name):%Y-%m-%d}"},
    }
