import numpy as np
import pandas as pd
import pytest

import panelworlds
from seqshift.errors import BadInput
from seqshift.softgroup.data.datasets import ett
from seqshift.sources import ett as source

COLUMNS = ["HUFL", "HULL", "LUFL", "LULL", "MUFL", "MULL", "OT"]  # as sorted
SPEC = {"source": "ett", "file": "ETTh1", "cadence": "native", "seed": 0}
SPEC |= {"bounds": [240, 360, 600], "stride": 24, "season": 24, "context": 120}
REAL = SPEC | {"bounds": [8640, 11520, 14400], "context": 512}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return panelworlds.table(source, tmp_path_factory.mktemp("ett"), panelworlds.METERS)


@pytest.fixture(scope="module")
def real(mirror):
    return panelworlds.parsed(source, mirror / "bench_ett")


def test_the_groupings_are_those_of_names(table):
    made = ett.windows(table, SPEC, "test", 96)
    assert made["series"].values.tolist() == COLUMNS
    groups = {
        name: made["group"].sel(grouping=name).values
        for name in made["grouping"].values
    }

    def sets(name):
        one = pd.Series(COLUMNS).groupby(groups[name])
        return {frozenset(members) for _, members in one}

    assert sets("type") == {
        frozenset({"HUFL", "MUFL", "LUFL"}),
        frozenset({"HULL", "MULL", "LULL"}),
        frozenset({"OT"}),
    }
    assert {frozenset({"HUFL", "HULL"}), frozenset({"OT"})} < sets("level")
    assert sorted(map(len, sets("random"))) == [1, 2, 2, 2]
    assert sets("random") != sets("level") and len(sets("joint")) == 1
    assert (ett.RIGHT, ett.WRONG) == ("type", "level")


def test_simulated_variables_of_a_type_are_related_and_others_less(table):
    made = ett.windows(table, SPEC | {"context": 240}, "test", 96)
    r = np.abs(np.mean([np.corrcoef(c) for c in made["context"].values], axis=0))
    kind = made["group"].sel(grouping="type").values
    same = kind[:, None] == kind
    off = ~np.eye(7, dtype=bool)
    assert r[same & off].mean() > r[~same].mean() + 0.2


def test_a_file_that_the_source_lacks_is_named(table):
    words = "source ett has no file ETTh2, it has ETTh1; correct the key file"
    with pytest.raises(BadInput, match=words):
        ett.windows(table, SPEC | {"file": "ETTh2"}, "test", 96)


def test_variables_of_unequal_length_are_refused(table):
    gone = table[(table["series"] != "ETTh1:OT") | (table["step"] < 500)]
    with pytest.raises(BadInput, match="series ETTh1:OT runs from .* and ETTh1:HUFL"):
        ett.windows(gone, SPEC, "test", 96)


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("horizon", "count", "mase", "mse", "mae"),
    [
        (96, 117, 1.0499, 0.5117, 0.4333),
        (192, 113, 1.1430, 0.5834, 0.4698),
        (336, 107, 1.2212, 0.6498, 0.5012),
        (720, 91, 1.2494, 0.6548, 0.5143),
    ],
)
def test_the_seasonal_naive_forecast_errs_on_etth1_as_known(
    real, horizon, count, mase, mse, mae
):
    made = ett.windows(real, REAL, "test", horizon)
    assert made.sizes["origin"] == count
    naive = made["context"].values[:, :, -24:][:, :, np.arange(horizon) % 24]
    error = made["target"].values.astype(float) - naive
    scaled = np.abs(error).mean(axis=2) / made["scale"].values
    z = error / made["sd"].values[..., None]
    found = [scaled.mean(), (z**2).mean(), np.abs(z).mean()]
    np.testing.assert_allclose(found, [mase, mse, mae], atol=1e-4)


@pytest.mark.mirror
def test_the_scales_of_etth1_are_those_known(real):
    made = ett.windows(real, REAL, "test", 96).isel(origin=0)
    known = [2.3545, 0.8370, 2.0559, 0.7104, 0.7348, 0.2534, 2.5533]
    order = ["HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"]
    found = made["scale"].sel(series=made["series"].isin(order)).to_series()[order]
    np.testing.assert_allclose(found, known, atol=5e-5)
    assert not (ett.windows(real, REAL, "test", 96)["context"].std("lag") == 0).any()


@pytest.mark.mirror
def test_etth1_has_103_whole_weeks(real):
    spec = REAL | {"cadence": "weekly", "bounds": [52, 60, 103], "stride": 1}
    made = ett.windows(real, spec | {"season": 1, "context": 52}, "test", 8)
    assert made.sizes["origin"] == 36
    last = made["origin_time"].values[-1] + np.timedelta64(7 * 8, "D")
    assert last == np.datetime64("2018-06-24")
