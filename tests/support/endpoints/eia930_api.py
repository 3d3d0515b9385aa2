"""The route region-data of the EIA API."""

import eiaserver
from seqshift.sources import eia930_api

PATH = "/v2/electricity/rto/region-data/data"


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    envelope = eia930_api.ENVELOPE
    told = eiaserver.serve(server, folder, PATH, "respondent", "value", envelope)
    days = {key: told["query"][key][:10] for key in ("start", "end")}
    return told | {"query": told["query"] | days}
