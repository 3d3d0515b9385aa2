"""Tables of what the study of soft group masks found: columns, units and keys."""

import pandera.pandas as pa

from seqshift.schemas import columns

CELL = ("backbone", "dataset", "H")
UNITS_BY_NAME = ("origin", "replicate", "series")
SCOPES = ("all", "part", "band", "cell")
# What a comparison is for: with hard_single, with a control, of wrong groups soft and
# hard, of kinds of similarity.
ROLES = ("gain", "net", "repair", "kind")
FAMILIES = ("confirmatory", "exploratory")
METRICS = ("sql", "mase", "wql")
JUDGED = ("benefit", "harm", "equivalent", "undecided")
VERDICTS = (*JUDGED, "not testable", "not available")
CLAIMED = ("confirmed", "refuted", "partly", "not testable")
ANSWERED = (*VERDICTS, "yes", "no", "difference", "no difference")


def _losses(*names: str) -> dict[str, pa.Column]:
    check = pa.Check.in_range(0, float("inf"), include_max=False)
    return {name: pa.Column("float64", check, coerce=True) for name in names}


def _cell() -> dict[str, pa.Column]:
    return {**columns.names("backbone", "dataset"), **columns.counts("H", least=1)}


# Losses averaged over rows and steps into the units that count as observations; a
# unit of a series belongs to a cluster of series that are drawn together.
UNITS = pa.DataFrameSchema(
    {
        **_cell(),
        **columns.counts("seed"),
        **columns.names("arm"),
        "scope": columns.choice(*SCOPES),
        **columns.texts("part", "band"),
        **columns.counts("unit"),
        "time": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        **columns.texts("stratum"),
        **columns.counts("cluster"),
        **_losses(*METRICS),
    },
    strict=True,
    unique=[*CELL, "seed", "arm", "scope", "part", "band", "unit"],
)

# Declared from the configuration alone, before a loss is read.
FAMILY = pa.DataFrameSchema(
    {
        **_cell(),
        **columns.names("arm", "base"),
        "metric": columns.choice(*METRICS),
        "status": columns.choice("planned", "descriptive", "not available"),
        **columns.texts("reason"),
    },
    strict=True,
    unique=[*CELL, "arm"],
)

# Gains, their interval, mde and spread over seeds in % of the loss of the base; those
# of role net in % of that of hard_single, so that they are differences of gains.
TESTS = pa.DataFrameSchema(
    {
        **_cell(),
        "world": columns.choice("real", "simulated"),
        "unit": columns.choice(*UNITS_BY_NAME),
        **columns.counts("seeds"),
        "role": columns.choice(*ROLES),
        "scope": columns.choice(*SCOPES),
        **columns.texts("part", "band"),
        "metric": columns.choice(*METRICS),
        **columns.names("arm", "base"),
        **columns.floats("beta", "temperature"),
        "family": columns.choice(*FAMILIES),
        "verdict": columns.choice(*VERDICTS),
        # The wider of the intervals over units and over seeds, and its p.
        **columns.floats("gain", "low", "high"),
        **columns.shares("p", "q"),
        **columns.shares("tost_p"),
        **columns.floats("mde"),
        # Beside the decision: other tests of the same differences.
        **columns.shares("unit_p", "bartlett_p", "fixed_b", "pooled_p"),
        **columns.floats("unit_low", "unit_high", "seed_low", "seed_high", "seed_sd"),
        **columns.floats("boot_low", "boot_high"),
        **columns.counts("units", "overlap"),
        **columns.floats("n_eff", "acf", "base_loss"),
        **columns.texts("note"),
    },
    strict=True,
    unique=[*CELL, "role", "scope", "part", "band", "metric", "arm", "base"],
)

# T2: what a soft arm gains, and what remains of it against each control.
CONTROLS = pa.DataFrameSchema(
    {
        **_cell(),
        "world": columns.choice("real", "simulated"),
        **columns.names("arm", "control"),
        **columns.counts("seeds"),
        # gain over hard_single of the arm and of its control; net is their difference
        **columns.floats("arm_gain", "control_gain", "net", "low", "high"),
        **columns.shares("p", "q"),
        **columns.floats("mde", "mass", "level", "weight"),
        "verdict": columns.choice(*VERDICTS),
        **columns.texts("note"),
    },
    strict=True,
    unique=[*CELL, "arm", "control"],
)

# The share of what the right groups gain that an arm recovers; noise, short, lag and
# rows say how the series of a known world are made, and how many share a batch.
RECOVERY = pa.DataFrameSchema(
    {
        **_cell(),
        "world": columns.choice("real", "simulated"),
        **columns.names("arm"),
        **columns.floats("gain", "right_gain", "recovery", "low", "high"),
        **columns.floats("noise", "short", "lag", "rows"),
        **columns.texts("reason"),
    },
    strict=True,
    unique=[*CELL, "arm"],
)

# T4: gain over `hard` in mean |error|, in %, with its interval over blocks of time.
LEAKS = pa.DataFrameSchema(
    {
        **_cell(),
        "world": columns.choice("real", "simulated"),
        **columns.names("design", "variant"),
        **columns.counts("lead", "context", "seeds", "blocks"),
        **columns.floats("gain", "low", "high", "boot_low", "boot_high"),
        **columns.floats("seed_low", "seed_high"),
        **columns.shares("improved", "improved_low", "improved_high"),
        **columns.floats("gain_first", "gain_last", "pearson"),
        "verdict": columns.choice("", *CLAIMED),
        **columns.texts("text"),
    },
    strict=True,
    unique=[*CELL, "design", "variant", "lead"],
)


def _rows(verdicts: tuple[str, ...], first: dict) -> pa.DataFrameSchema:
    """Return the schema of a table of rows that must be answered."""
    table = {
        **first,
        **columns.names("data", "backbone"),
        **columns.counts("n_seeds"),
        **columns.texts("world", "arm", "base"),
        "verdict": columns.choice(*verdicts),
        **columns.floats("estimate_pct", "ci_lo", "ci_hi"),
        **columns.shares("p_raw", "p_bh", "tost"),
        **columns.floats("mde_pct"),
        **columns.counts("n_units"),
        **columns.floats("n_eff"),
        **columns.names("text", "source_file"),
    }
    mde = pa.Check(
        lambda rows: (rows["verdict"] != "undecided") | rows["mde_pct"].notna(),
        name="undecided has an MDE",
    )
    return pa.DataFrameSchema(
        table, strict=True, unique=["id", "data", "backbone"], checks=mde
    )


CLAIMS = _rows(CLAIMED, columns.names("id", "claim"))
ANSWERS = _rows(ANSWERED, columns.names("id", "question"))
