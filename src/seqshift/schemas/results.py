"""Tables of one run and of an experiment: columns, types, units and keys."""

import pandera.pandas as pa

RUN = ("domain", "modality", "model")
KEY = (*RUN, "seed", "entity")
ROLES = (
    "train id_test val temporal_test spatial_test spatiotemporal_test "
    "extreme_holdout embargo unused"
).split()
FORECAST_SLICES = ("", "crash", "heat", "cold")
AXES = ("temporal", "spatial", "extreme", "overall")
COLUMNS = ("seed", "corr", "info")
STATUSES = ("ok", "low_n", "underfit", "not_testable", "invalid", "attr_mass_low")
FAMILIES = ("all", "secondary")
VERDICTS = ("fails", "does not fail", "undecided")


def _names(names: tuple[str, ...]) -> dict[str, pa.Column]:
    return {name: pa.Column(str, pa.Check.ne(""), coerce=True) for name in names}


def _texts(names: tuple[str, ...]) -> dict[str, pa.Column]:
    # An empty text read back from csv arrives as missing: the default restores it.
    return {name: pa.Column(str, coerce=True, default="") for name in names}


def _choice(names: tuple[str, ...]) -> pa.Column:
    default = "" if "" in names else None
    return pa.Column(str, pa.Check.isin(names), coerce=True, default=default)


def _counts(names: tuple[str, ...], least: int = 0) -> dict[str, pa.Column]:
    return {name: pa.Column("int64", pa.Check.ge(least)) for name in names}


def _floats(names: tuple[str, ...], nullable: bool = True) -> dict[str, pa.Column]:
    return {name: pa.Column("float64", nullable=nullable) for name in names}


def _shares(names: tuple[str, ...]) -> dict[str, pa.Column]:
    check = pa.Check.in_range(0, 1)
    return {name: pa.Column("float64", check, nullable=True) for name in names}


def _moments(names: tuple[str, ...]) -> dict[str, pa.Column]:
    return {name: pa.Column("datetime64[ns]", coerce=True) for name in names}


def _optional(columns: dict[str, pa.Column]) -> dict[str, pa.Column]:
    for column in columns.values():
        column.required = False
    return columns


def _table(columns: dict, unique: list[str], csv: bool = False) -> pa.DataFrameSchema:
    if csv:
        # A csv keeps no types: a column of whole numbers comes back as integers.
        for column in columns.values():
            column.coerce = column.coerce or str(column.dtype) == "float64"
    return pa.DataFrameSchema(columns, strict=True, unique=unique)


FORECASTS = _table(
    {
        **_names(RUN),
        **_counts(("seed",)),
        **_names(("entity",)),
        "split": _choice(ROLES),
        "id_dates": pa.Column(bool),
        "slice": _choice(FORECAST_SLICES),
        **_moments(("origin", "target_time")),
        **_counts(("horizon",), least=1),
        **_shares(("quantile",)),
        **_floats(("forecast", "actual", "naive")),
    },
    unique=[*KEY, "origin", "target_time", "horizon", "quantile"],
)

HISTORY = _table(
    {
        **_counts(("epoch",)),
        **_floats(("train_loss", "val_loss", "learning_rate")),
    },
    unique=["epoch"],
    csv=True,
)

HISTORIES = _table(
    {**_names(RUN), **_counts(("seed",)), **HISTORY.columns},
    unique=[*RUN, "seed", "epoch"],
)

SCORES = _table(
    {
        **_names(RUN),
        **_counts(("seed",)),
        **_names(("entity",)),
        "axis": _choice(AXES),
        **_texts(("slice", "period")),
        **_names(("metric",)),
        "column": _choice(COLUMNS),
        **_floats(("value",)),
        **_counts(("count",)),
        "status": _choice(STATUSES),
    },
    unique=[*KEY, "axis", "slice", "period", "metric", "column"],
)

RESAMPLES = _table(
    {
        **_names(RUN),
        **_counts(("seed",)),
        **_names(("metric",)),
        "column": _choice(COLUMNS),
        "axis": _choice(AXES),
        **_texts(("slice",)),
        **_counts(("replicate",)),
        **_floats(("value",)),
        **_counts(("blocks",)),
    },
    unique=[*RUN, "seed", "metric", "column", "axis", "slice", "replicate"],
)

DRIFT = _table(
    {
        **_names(RUN),
        **_counts(("seed",)),
        **_names(("entity", "variant")),
        "axis": _choice(AXES),
        **_texts(("slice",)),
        **_floats(("drift", "null_mean", "null_sd", "z")),
        **_shares(("p",)),
        **_counts(("reference_periods", "test_periods")),
        **_floats(("mass",)),
        "status": _choice(STATUSES),
    },
    unique=[*KEY, "variant", "axis", "slice"],
)

RANKS = _table(
    {
        **_names(RUN),
        **_counts(("seed",)),
        **_texts(("entity",)),
        "level": _choice(("feature", "cell")),
        **_names(("name",)),
        **_floats(("reference", "test"), nullable=False),
        **_counts(("reference_rank", "test_rank"), least=1),
    },
    unique=[*KEY, "level", "name"],
)

TESTS = _table(
    {
        **_names(RUN),
        "axis": _choice(AXES),
        **_texts(("slice", "controls")),  # controls: those that failed, with + between
        **_names(("metric",)),
        "family": _choice(FAMILIES),
        **_floats(("estimate", "low", "high")),
        **_floats(("estimate_seed", "low_seed", "high_seed")),
        **_shares(("p", "q", "p_seed", "p_corr", "p_window", "q_metric")),
        **_floats(("detectable",)),
        "verdict": _choice(VERDICTS),
        "status": _choice(STATUSES),
        **_counts(("seeds", "entities", "blocks")),
        **_floats(("threshold",), nullable=False),
        # p_ok, q_ok: the test of "does not fail"; detectable_high: at the higher power;
        # _by: by Benjamini and Yekutieli, a sensitivity that decides nothing.
        **_optional(_shares(("p_ok", "q_ok", "q_by", "q_ok_by"))),
        **_optional(_floats(("detectable_high",))),
    },
    unique=[*RUN, "axis", "slice", "metric"],
    csv=True,
)

QUALITY = _table(
    {
        **_names(("source", "entity")),
        **_counts(("year",)),  # 0 where the source gives no date
        **_texts(("rule",)),
        "action": _choice(("", "repaired", "removed", "kept")),
        **_counts(("rows", "checked")),
    },
    unique=["source", "entity", "year", "rule"],
)

COVERAGE = _table(
    {
        **_names(("entity",)),
        "era": _choice(("train", "val", "test", "all")),
        **_counts(("expected", "missing")),
        **_floats(("repaired", "share"), nullable=False),
        "excluded": pa.Column(bool),
        **_texts(("reason",)),
    },
    unique=["entity", "era"],
    csv=True,
)
