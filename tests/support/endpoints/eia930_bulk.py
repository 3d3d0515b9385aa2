"""The bulk folder of the EIA: the zip and the manifest of all data sets."""

import json

from seqshift.sources import eia930_bulk

UPDATED = "2024-06-03T05:12:40-04:00"


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    address = f"/opendata/bulk/{eia930_bulk.FILE}"
    server.file(address, (folder / eia930_bulk.FILE).read_bytes(), etag='"EBA"')
    listed = {"EBA": {"last_updated": UPDATED, "accessURL": server.url + address}}
    listed["ELEC"] = {"last_updated": "2024-05-01T00:00:00-04:00"}
    manifest = json.dumps({"dataset": listed}).encode()
    server.file("/opendata/bulk/manifest.txt", manifest)
    return {"url": f"{server.url}{address}"}
