"""DATASHEET.md: the questions of a datasheet for data sets, answered from the data."""

from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from seqshift import storage
from seqshift.bundle import gate, spec

FILE = "DATASHEET.md"
_WAYS = {
    "simulate": "simulation",
    "mirror": "copy of a folder of real files",
    "download": "download from the official endpoint",
}


def write(description: dict, counts: pd.DataFrame, folder: Path) -> None:
    """Write the datasheet; `counts` are the lines of quality.summary."""
    environment = Environment(
        loader=PackageLoader("seqshift", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    sources, lines = description["sources"], counts.to_dict("records")
    tables = spec.tables(description)
    text = environment.get_template("datasheet.md.j2").render(
        **description,
        tables=tables,
        ways=_WAYS,
        counts=[line for line in lines if line["rule"]],
        untouched={line["source"]: line for line in lines if not line["rule"]},
        simulated=[n for n, s in sources.items() if s["origin"] == "simulate"],
        real=[n for n, s in sources.items() if s["origin"] != "simulate"],
        barred=gate.closed(list(sources), sources),
    )
    storage.write_text(text, folder / FILE)
