"""Tables of the study of soft group masks: columns, units and keys."""

import pandera.pandas as pa

from seqshift.schemas import columns

RUN = ("backbone", "seed", "dataset", "H")
SPLITS = ("val", "test")
BATCHES = ("block", "short", "replica", "first")
VARIANTS = ("hard", "all", "past", "future", "hard_longctx")
SAMPLINGS = ("first", "blocks")


def _losses(*names: str, nullable: bool = False) -> dict[str, pa.Column]:
    at_least_0 = pa.Check.in_range(0, float("inf"), include_max=False)
    return {
        name: pa.Column("float64", at_least_0, nullable=nullable, coerce=True)
        for name in names
    }


def _shares(*names: str, nullable: bool = False) -> dict[str, pa.Column]:
    share = pa.Check.in_range(0, 1)
    return {
        name: pa.Column("float64", share, nullable=nullable, coerce=True)
        for name in names
    }


def _betas(*names: str) -> dict[str, pa.Column]:
    # Infinite at one end, missing where an arm has no similarity.
    return {
        name: pa.Column("float64", pa.Check.ge(0), nullable=True, coerce=True)
        for name in names
    }


def _run() -> dict[str, pa.Column]:
    return {
        **columns.names("backbone"),
        **columns.counts("seed"),
        **columns.names("dataset"),
        **columns.counts("H", least=1),
    }


def _leak() -> dict[str, pa.Column]:
    return {"leak": pa.Column("int64", pa.Check.isin([0, 1]))}


# One row per window and band of steps. The bands part the horizon: a mean over it is
# the mean of its bands weighted by n_steps, and the sum of wql_num and of wql_den.
# width80 and the means sql, mase are in units of the MASE scale, *_z in deviations of
# the training era (missing where there is none), wql_* in the unit of the series.
LOSSES = pa.DataFrameSchema(
    {
        **_run(),
        **columns.names("arm"),
        **_leak(),
        "split": columns.choice(*SPLITS),
        "origin": pa.Column("int64"),
        "origin_time": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        **columns.names("series", "group", "step_band"),
        **columns.counts("n_steps", least=1),
        **_losses("mase", "sql", "wql_num", "wql_den"),
        **_losses("mae_z", "mse_z", nullable=True),
        **_shares("cover80"),
        **_losses("width80"),
    },
    strict=True,
    unique=[*RUN, "arm", "split", "origin", "series", "step_band"],
)

# One row per arm: what it is, how its batches were made, and how far its medians are
# from those of hard_single. `of` is the arm that a control imitates. `mass` and
# `level` are of ctrl_dose (the matched mass and the constant that has it), `weight`
# is the lambda of ctrl_mix. `temperature` is 1 / beta.
AGREEMENT = pa.DataFrameSchema(
    {
        **_run(),
        **columns.names("arm", "groups", "kind"),
        **columns.texts("how", "on", "control", "of"),
        **_betas("beta", "temperature"),
        **_shares("agreement", nullable=True),
        **columns.floats("pearson"),
        **_losses("mass", "level", "weight", nullable=True),
        **columns.counts("batches", "units", "rows", least=1),
        **columns.names("row_order"),
    },
    strict=True,
    unique=[*RUN, "arm"],
)

# One row per batch, series and variant; errors in deviations of the training era.
# `lead` limits how many origins a neighbour may lie ahead or behind (0: no limit);
# mae_first and mae_last are of the first and last 64 windows of a batch. `improved`,
# `pearson`, `gain_mean` and `gain_sd` compare with `hard` window by window; the last
# two and `mase_seed` are in the metric whose scale is the mean step of the target.
LEAK = pa.DataFrameSchema(
    {
        **_run(),
        **_leak(),
        "design": columns.choice(*BATCHES),
        **columns.names("series"),
        **columns.counts("block"),
        "variant": columns.choice(*VARIANTS),
        **columns.counts("lead"),
        **columns.counts("context", "windows", least=1),
        **_losses("mae_z", "mae_first", "mae_last"),
        **_shares("improved"),
        **columns.floats("pearson"),
        **_losses("mase_seed"),
        **columns.floats("gain_mean", "gain_sd"),
    },
    strict=True,
    unique=[*RUN, "design", "series", "block", "variant", "lead"],
)

# One row per arm, sampling, size and draw; gains in % of the base loss (SQL).
CURVE = pa.DataFrameSchema(
    {
        **_run(),
        **columns.names("arm", "base"),
        **_leak(),
        "sampling": columns.choice(*SAMPLINGS),
        **columns.counts("windows", "origins", least=1),
        **columns.counts("draw"),
        **columns.floats("gain_pct", "low", "high", "naive_t"),
    },
    strict=True,
    unique=[*RUN, "arm", "sampling", "windows", "draw"],
)

# Mean share of attention that goes to other groups, over rows, heads and patches.
MASS = pa.DataFrameSchema(
    {
        **_run(),
        **columns.names("arm", "kind"),
        **columns.texts("how", "on"),
        **_betas("beta"),
        **columns.counts("layer"),
        **_shares("mass"),
    },
    strict=True,
    unique=[*RUN, "arm", "layer"],
)

# Largest change of a forecast when all values after its origin change.
PROBE = pa.DataFrameSchema(
    {
        **_run(),
        **columns.names("arm"),
        **_leak(),
        "origin": pa.Column("int64"),
        **_losses("difference"),
    },
    strict=True,
    unique=[*RUN, "arm", "origin"],
)

# Mean |r| of pairs of one group of the grouping and of pairs of two groups.
SIMILARITY = pa.DataFrameSchema(
    {
        **columns.names("dataset"),
        **columns.counts("H", least=1),
        **columns.names("grouping", "on"),
        "origin": pa.Column("int64"),
        **_shares("within", "across", nullable=True),
    },
    strict=True,
    unique=["dataset", "H", "grouping", "on", "origin"],
)
