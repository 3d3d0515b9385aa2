"""Tables of what the study of soft group masks found: columns, units and keys."""

import pandera.pandas as pa

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


def _names(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column(str, pa.Check.ne(""), coerce=True) for name in names}


def _texts(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column(str, coerce=True, default="") for name in names}


def _choice(*names: str) -> pa.Column:
    return pa.Column(str, pa.Check.isin(names), coerce=True)


def _counts(*names: str, least: int = 0) -> dict[str, pa.Column]:
    return {name: pa.Column("int64", pa.Check.ge(least)) for name in names}


def _floats(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("float64", nullable=True, coerce=True) for name in names}


def _shares(*names: str) -> dict[str, pa.Column]:
    check = pa.Check.in_range(0, 1)
    return {n: pa.Column("float64", check, nullable=True, coerce=True) for n in names}


def _losses(*names: str) -> dict[str, pa.Column]:
    check = pa.Check.in_range(0, float("inf"), include_max=False)
    return {name: pa.Column("float64", check, coerce=True) for name in names}


def _cell() -> dict[str, pa.Column]:
    return {**_names("backbone", "dataset"), **_counts("H", least=1)}


# Losses averaged over rows and steps into the units that count as observations; a
# unit of a series belongs to a cluster of series that are drawn together.
UNITS = pa.DataFrameSchema(
    {
        **_cell(),
        **_counts("seed"),
        **_names("arm"),
        "scope": _choice(*SCOPES),
        **_texts("part", "band"),
        **_counts("unit"),
        "time": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        **_texts("stratum"),
        **_counts("cluster"),
        **_losses(*METRICS),
    },
    strict=True,
    unique=[*CELL, "seed", "arm", "scope", "part", "band", "unit"],
)

# Declared from the configuration alone, before a loss is read.
FAMILY = pa.DataFrameSchema(
    {
        **_cell(),
        **_names("arm", "base"),
        "metric": _choice(*METRICS),
        "status": _choice("planned", "descriptive", "not available"),
        **_texts("reason"),
    },
    strict=True,
    unique=[*CELL, "arm"],
)

# Gains, their interval, mde and spread over seeds in % of the loss of the base; those
# of role net in % of that of hard_single, so that they are differences of gains.
TESTS = pa.DataFrameSchema(
    {
        **_cell(),
        "world": _choice("real", "simulated"),
        "unit": _choice(*UNITS_BY_NAME),
        **_counts("seeds"),
        "role": _choice(*ROLES),
        "scope": _choice(*SCOPES),
        **_texts("part", "band"),
        "metric": _choice(*METRICS),
        **_names("arm", "base"),
        **_floats("beta", "temperature"),
        "family": _choice(*FAMILIES),
        "verdict": _choice(*VERDICTS),
        # The wider of the intervals over units and over seeds, and its p.
        **_floats("gain", "low", "high"),
        **_shares("p", "q"),
        **_shares("tost_p"),
        **_floats("mde"),
        # Beside the decision: other tests of the same differences.
        **_shares("unit_p", "bartlett_p", "fixed_b", "pooled_p"),
        **_floats("unit_low", "unit_high", "seed_low", "seed_high", "seed_sd"),
        **_floats("boot_low", "boot_high"),
        **_counts("units", "overlap"),
        **_floats("n_eff", "acf", "base_loss"),
        **_texts("note"),
    },
    strict=True,
    unique=[*CELL, "role", "scope", "part", "band", "metric", "arm", "base"],
)

# T2: what a soft arm gains, and what remains of it against each control.
CONTROLS = pa.DataFrameSchema(
    {
        **_cell(),
        "world": _choice("real", "simulated"),
        **_names("arm", "control"),
        **_counts("seeds"),
        # gain over hard_single of the arm and of its control; net is their difference
        **_floats("arm_gain", "control_gain", "net", "low", "high"),
        **_shares("p", "q"),
        **_floats("mde", "mass", "level", "weight"),
        "verdict": _choice(*VERDICTS),
        **_texts("note"),
    },
    strict=True,
    unique=[*CELL, "arm", "control"],
)

# The share of what the right groups gain that an arm recovers; noise, short, lag and
# rows say how the series of a known world are made, and how many share a batch.
RECOVERY = pa.DataFrameSchema(
    {
        **_cell(),
        "world": _choice("real", "simulated"),
        **_names("arm"),
        **_floats("gain", "right_gain", "recovery", "low", "high"),
        **_floats("noise", "short", "lag", "rows"),
        **_texts("reason"),
    },
    strict=True,
    unique=[*CELL, "arm"],
)

# T4: gain over `hard` in mean |error|, in %, with its interval over blocks of time.
LEAKS = pa.DataFrameSchema(
    {
        **_cell(),
        "world": _choice("real", "simulated"),
        **_names("design", "variant"),
        **_counts("lead", "context", "seeds", "blocks"),
        **_floats("gain", "low", "high", "boot_low", "boot_high"),
        **_floats("seed_low", "seed_high"),
        **_shares("improved", "improved_low", "improved_high"),
        **_floats("gain_first", "gain_last", "pearson"),
        "verdict": _choice("", *CLAIMED),
        **_texts("text"),
    },
    strict=True,
    unique=[*CELL, "design", "variant", "lead"],
)


def _rows(verdicts: tuple[str, ...], first: dict) -> pa.DataFrameSchema:
    """Return the schema of a table of rows that must be answered."""
    columns = {
        **first,
        **_names("data", "backbone"),
        **_counts("n_seeds"),
        **_texts("world", "arm", "base"),
        "verdict": _choice(*verdicts),
        **_floats("estimate_pct", "ci_lo", "ci_hi"),
        **_shares("p_raw", "p_bh", "tost"),
        **_floats("mde_pct"),
        **_counts("n_units"),
        **_floats("n_eff"),
        **_names("text", "source_file"),
    }
    mde = pa.Check(
        lambda rows: (rows["verdict"] != "undecided") | rows["mde_pct"].notna(),
        name="undecided has an MDE",
    )
    return pa.DataFrameSchema(
        columns, strict=True, unique=["id", "data", "backbone"], checks=mde
    )


CLAIMS = _rows(CLAIMED, _names("id", "claim"))
ANSWERS = _rows(ANSWERED, _names("id", "question"))
