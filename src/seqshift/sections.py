"""What the report says of controls and studies, as rows for its templates."""

import pandas as pd

STUDIES = ("ablations", "scaling", "controls", "arena", "transfer", "warning")


def studies(tables: dict[str, pd.DataFrame]) -> dict[str, list[dict]]:
    """Return the rows of each table by name; none where it is absent or empty."""
    return {
        name: tables.get(name, pd.DataFrame()).to_dict("records") for name in STUDIES
    }
