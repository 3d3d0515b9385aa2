import numpy as np
import pandas as pd
import pytest

import panelworlds
from seqshift.errors import BadInput
from seqshift.softgroup.data.datasets import m4
from seqshift.sources import m4 as source

SPEC = {"source": "m4", "seed": 0, "series": 414, "skip": 0, "batch": 414}
SPEC |= {"partitions": 1, "season": 24, "context": 512}
NAMES = [f"H{number}" for number in range(1, 13)]


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    world = {"kind": "series", "seed": 4, "entities": NAMES, "days": 42}
    folder = tmp_path_factory.mktemp("m4")
    return panelworlds.table(source, folder, world | {"start": "2015-07-01"})


@pytest.fixture(scope="module")
def real(mirror):
    return panelworlds.parsed(source, mirror / "bench_m4_hourly")


def values(table, name):
    return table.loc[table["series"] == name, "value"].to_numpy()


def test_series_stand_in_the_order_of_their_numbers(table):
    made = m4.windows(table, SPEC, "test", 48)
    assert made["series"].values.tolist() == NAMES
    first = m4.windows(table, SPEC | {"series": 5}, "test", 48)
    assert first["series"].values.tolist() == NAMES[:5]
    assert np.isnat(made["origin_time"].values).all() and m4.CALENDAR == "none"


def test_targets_are_the_last_steps_and_of_the_validation_those_before(table):
    made = {
        split: m4.windows(table, SPEC, split, 48) for split in ("test", "validation")
    }
    for place, name in enumerate(NAMES):
        own = values(table, name).astype(np.float32)
        test, early = (made[split].isel(origin=0, series=place) for split in made)
        np.testing.assert_array_equal(test["target"], own[-48:])
        np.testing.assert_array_equal(test["context"], own[-560:-48])
        np.testing.assert_array_equal(early["target"], own[-96:-48])
        np.testing.assert_array_equal(early["context"], own[-608:-96])


def test_skipped_steps_are_seen_by_nothing(table):
    other = table.copy()
    last = other.groupby("series").cumcount(ascending=False) < 48
    other.loc[last, "value"] = 50 - other.loc[last, "value"]
    for split in ("test", "validation"):
        spec = SPEC | {"skip": 48}
        made = m4.windows(table, spec, split, 48)
        assert made.equals(m4.windows(other, spec, split, 48))
    own = values(table, "H3").astype(np.float32)
    found = m4.windows(table, SPEC | {"skip": 48}, "test", 48).isel(origin=0, series=2)
    np.testing.assert_array_equal(found["target"], own[-96:-48])


def test_a_short_history_begins_with_missing_values(table):
    cut = table[(table["series"] != "H2") | (table["step"] >= 600)]
    made = m4.windows(cut, SPEC, "test", 48).isel(origin=0, series=1)
    known = values(cut, "H2")
    assert np.isnan(made["context"].values).sum() == 512 - (len(known) - 48)
    np.testing.assert_array_equal(made["target"], known[-48:].astype(np.float32))


def test_a_row_that_is_too_short_is_named(table):
    cut = table[(table["series"] != "H2") | (table["step"] < 72)]
    words = "source m4: series H2 has 72 steps, and 73 are needed for a target of 48"
    with pytest.raises(BadInput, match=words):
        m4.windows(cut, SPEC, "test", 48)


def test_a_partition_deals_all_series_into_batches(table):
    made = m4.windows(table, SPEC | {"batch": 5, "partitions": 20}, "test", 48)
    assert made.sizes["origin"] == 20
    batch = made["batch"].values
    assert [np.bincount(row).tolist() for row in batch] == [[5, 5, 2]] * 20
    assert len(np.unique(batch, axis=0)) > 15
    assert (m4.windows(table, SPEC, "test", 48)["batch"].values == 0).all()
    context = made["context"].values
    np.testing.assert_array_equal(context[0], context[19])


def test_series_are_grouped_by_length(table):
    groups = m4.windows(table, SPEC, "test", 48)["group"]
    length = [len(values(table, name)) for name in NAMES]
    sizes = pd.Series(length).groupby(groups.sel(grouping="length").values).nunique()
    assert sizes.tolist() == [1, 1]
    assert sorted(groups["grouping"].values) == ["joint", "length", "random"]


@pytest.mark.mirror
def test_the_seasonal_naive_forecast_has_the_published_mase(real):
    made = m4.windows(real, SPEC, "test", 48).isel(origin=0)
    assert made.sizes["series"] == 414 and not np.isnan(made["context"]).any()
    naive = made["context"].values[:, -24:][:, np.arange(48) % 24].astype(float)
    error = np.abs(made["target"].values - naive).mean(axis=1)
    mase = (error / made["scale"].values).mean()
    assert abs(mase - 1.1932102) < 1e-6


@pytest.mark.mirror
def test_the_real_series_have_two_lengths_and_eighteen_batches_of_24(real):
    made = m4.windows(real, SPEC | {"batch": 24, "partitions": 20}, "test", 48)
    assert np.bincount(made["group"].sel(grouping="length")).tolist() == [245, 169]
    assert np.bincount(made["batch"].values[7]).tolist() == [24] * 17 + [6]
