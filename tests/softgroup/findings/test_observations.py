"""Losses averaged into units: by hand, and what never reaches a unit."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import softgrouptables as made
from seqshift import storage
from seqshift.schemas.findings import UNITS
from seqshift.softgroup.findings import observations

CELL = made.ETTH1 | {"seeds": [0]}
ARMS = {"hard_joint": 1.0, "seed": 0.0}


@pytest.fixture(scope="module")
def losses():
    return made.losses(CELL, 0, ARMS)


def units(losses, cell=CELL):
    return observations.averaged(losses, made.about(cell), cell["unit"], ["seed"])


def test_a_unit_is_the_mean_over_series_and_steps_of_an_origin(losses):
    found = units(losses)
    storage.validate(found, UNITS, "units")
    own = losses[(losses["arm"] == "seed") & (losses["origin"] == 148)]
    by_hand = np.average(own["sql"], weights=own["n_steps"])
    whole = found[(found["scope"] == "all") & (found["arm"] == "seed")]
    assert whole.set_index("unit").loc[148, "sql"] == pytest.approx(by_hand)
    part = found[(found["scope"] == "part") & (found["arm"] == "seed")]
    oil = part[(part["part"] == "OT") & (part["unit"] == 148)]["sql"].item()
    one = own[own["series"] == "OT"]
    assert oil == pytest.approx(np.average(one["sql"], weights=one["n_steps"]))


def test_the_mean_over_units_is_the_weighted_quantile_loss_of_each_series(losses):
    found = units(losses)
    whole = found[(found["scope"] == "all") & (found["arm"] == "hard_joint")]
    own = losses[losses["arm"] == "hard_joint"].groupby("series")
    by_hand = (own["wql_num"].sum() / own["wql_den"].sum()).mean()
    assert whole["wql"].mean() == pytest.approx(by_hand)


def test_series_as_units_pool_the_weighted_quantile_loss():
    cell = made.M4 | {"seeds": [0]}
    losses = made.losses(cell, 0, ARMS)
    losses["wql_den"] *= 1 + losses["series"].str[1:].astype(int)
    found = units(losses, cell)
    whole = found[(found["scope"] == "all") & (found["arm"] == "seed")]
    own = losses[losses["arm"] == "seed"]
    pooled = own["wql_num"].sum() / own["wql_den"].sum()
    assert whole["wql"].mean() == pytest.approx(pooled)
    assert len(whole) == own["series"].nunique()
    assert set(whole["stratum"]) == {"length class 1", "length class 2"}


def test_rows_of_a_leak_and_of_validation_are_no_units(losses):
    leaking = losses[losses["arm"] == "seed"].assign(arm="leak_all", leak=1)
    others = losses.assign(split="val", sql=9.0)
    found = units(pd.concat([losses, leaking, others], ignore_index=True))
    pd.testing.assert_frame_equal(found, units(losses))


def test_only_declared_arms_are_kept_by_part_and_band(losses):
    found = units(losses)
    assert set(found.loc[found["scope"] == "cell", "arm"]) == {"hard_single", "seed"}
    assert set(found.loc[found["scope"] == "band", "band"]) == {
        "1-24",
        "25-48",
        "49-72",
        "73-96",
    }


def test_series_that_move_together_are_one_cluster():
    r = np.array([[1, 0.95, 0.2], [0.95, 1, -0.93], [0.2, -0.93, 1.0]])
    assert len(set(observations.alike(r, 0.9))) == 1
    assert len(set(observations.alike(r, 0.94))) == 2
    r[0, 1] = r[1, 0] = np.nan
    assert len(set(observations.alike(r, 0.9))) == 2


def test_windows_tell_parts_strata_and_clusters_of_series():
    rng = np.random.default_rng(0)
    context = rng.standard_normal((2, 4, 64)).astype("float32")
    context[:, 1] = -context[:, 0]
    context[:, 2, :50] = np.nan
    windows = xr.Dataset(
        {
            "context": (("origin", "series", "lag"), context),
            "group": (("grouping", "series"), [[0, 0, 1, 1]]),
        },
        coords={"series": list("abcd"), "grouping": ["length"]},
        attrs={"unit": "series"},
    )
    about = observations.series(windows, "length", 0.9)
    assert about["stratum"].tolist() == ["length class 1"] * 2 + ["length class 2"] * 2
    assert about.loc["a", "cluster"] == about.loc["b", "cluster"]
    assert about["cluster"].nunique() == 3
    assert about["cluster"].dtype == "int64"  # as in UNITS
    windows.attrs["unit"] = "origin"
    parents = windows.assign_coords(series=["PJM-A", "PJM-B", "NYIS-A", "NYIS-B"])
    about = observations.series(parents, "parent", 0.9)
    assert about["part"].tolist() == ["PJM", "PJM", "NYIS", "NYIS"]
    assert about["cluster"].nunique() == 4
