"""The route retail-sales of the EIA API."""

import eiaserver
from seqshift.sources import eia861m_api

PATH = "/v2/electricity/retail-sales/data"


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    envelope = eia861m_api.ENVELOPE
    told = eiaserver.serve(server, folder, PATH, "stateid", "sales", envelope)
    days = {key: f"{told['query'][key]}-01" for key in ("start", "end")}
    return told | {"query": told["query"] | days}
