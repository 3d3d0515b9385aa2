"""Who has too many missing or repaired days."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import gridworld
from seqshift import audit, coverage, dataset, raw, splits, storage
from seqshift.domains import energy
from seqshift.errors import BadInput
from seqshift.schemas.features import features as schema
from seqshift.schemas.results import COVERAGE


@pytest.fixture
def spec(spec):
    return spec | {"max_repaired": 0.05}


@pytest.fixture
def features(features):
    return features.assign(repaired=0.0)


def without(features, entity, start, end):
    """Drop the days of one entity within a span."""
    gone = (features["entity"] == entity) & features["date"].between(start, end)
    return features[~gone].reset_index(drop=True)


def measure(features, spec) -> pd.DataFrame:
    """Return the validated coverage by entity and era."""
    table = storage.validate(coverage.measure(features, spec), COVERAGE, "coverage")
    return table.set_index(["entity", "era"])


def test_a_whole_table_misses_nothing_and_excludes_nobody(features, spec):
    table = measure(features, spec)
    assert (table["share"] == 0).all() and not table["excluded"].any()
    assert (table["reason"] == "").all()
    days = [1095, 366, 730, 1095 + 366 + 730]
    eras = ["train", "val", "test", "all"]
    assert table.loc["AA", "expected"].to_dict() == dict(zip(eras, days, strict=True))


def test_days_that_are_not_there_count_as_missing(features, spec):
    holed = without(features, "BB", "2003-02-01", "2003-02-10")
    table = measure(holed, spec)
    assert table.loc[("BB", "train"), "missing"] == 10
    assert table.loc[("BB", "all"), "missing"] == 10
    assert table.loc[("AA", "train"), "missing"] == 0
    assert table.loc[("BB", "train"), "share"] == pytest.approx(10 / 1095)


def test_nothing_is_missing_before_the_first_day_but_all_after_the_last(features, spec):
    late = without(features, "AA", "2001-01-01", "2003-10-31")
    late = without(late, "CC", "2006-03-01", "2006-12-31")
    table = measure(late, spec)
    assert table.loc[("AA", "train"), "expected"] == 61
    assert table.loc[("CC", "test"), "expected"] == 365 + 365
    assert table.loc[("CC", "test"), "missing"] == 365 - 59
    assert (table.drop("CC")["missing"] == 0).all()
    assert table.loc[("CC", "all"), "excluded"]


def test_a_source_that_was_cut_is_refused(features, spec):
    cut = features[features["date"] < "2006-03-01"]
    with pytest.raises(BadInput, match="splits.test ends on 2006-12-31.*2006-02-28"):
        coverage.measure(cut, spec)


def test_a_hole_at_the_edge_of_an_era_is_missing(features, spec):
    holed = without(features, "AA", "2003-12-01", "2004-01-31")
    table = measure(holed, spec)
    assert table.loc["AA", "missing"].tolist() == [31, 31, 0, 62]


def test_an_era_before_the_first_day_expects_nothing(features, spec):
    late = without(features, "AA", "2001-01-01", "2004-06-30")
    row = measure(late, spec).loc[("AA", "train")]
    assert row[["expected", "missing", "share"]].tolist() == [0, 0, 0.0]


def test_parts_of_days_that_were_repaired_add_up(features, spec):
    mine = (features["entity"] == "CC") & (features["date"].dt.year == 2004)
    features.loc[mine, "repaired"] = np.where(np.arange(366) < 100, 0.125, 0.0)
    table = measure(features, spec)
    assert table.loc[("CC", "val"), "repaired"] == 12.5
    assert table.loc[("CC", "val"), "share"] == pytest.approx(12.5 / 366)
    assert not table["excluded"].any()


def test_an_entity_above_the_limit_in_one_era_is_excluded_with_the_reason(
    features, spec
):
    holed = without(features, "BB", "2004-03-01", "2004-03-31")
    table = measure(holed, spec)
    assert table.index[table["excluded"]].tolist() == [("BB", "val"), ("BB", "all")]
    reason = table.loc[("BB", "all"), "reason"]
    assert reason == (
        "8.5% of its 366 val days are missing (31) or repaired (0.0), more than 5.0%"
    )
    found = coverage.excluded(table.reset_index(), spec["entities"])
    assert found == {"BB": reason}
    table = measure(holed, spec | {"max_repaired": 0.1})
    assert coverage.excluded(table.reset_index(), spec["entities"]) == {}


def test_the_table_survives_its_file(features, spec, tmp_path):
    table = coverage.measure(without(features, "BB", "2004-03-01", "2004-03-31"), spec)
    storage.write_csv(table, tmp_path / "coverage.csv", COVERAGE)
    back = storage.read_csv(tmp_path / "coverage.csv", COVERAGE)
    pd.testing.assert_frame_equal(back, table)


@pytest.mark.parametrize(
    ("names", "group"), [(["AA", "BB", "CC"], "seen"), (["DD"], "unseen")]
)
def test_a_group_without_any_entity_left_is_refused(features, spec, names, group):
    for name in names:
        features = without(features, name, "2004-03-01", "2004-03-31")
    table = coverage.measure(features, spec)
    words = f"every {group} entity would be left out .{names[0]}: 8.5%.*max_repaired"
    with pytest.raises(BadInput, match=words) as caught:
        coverage.excluded(table, spec["entities"])
    assert "\n" not in str(caught.value)


def test_an_excluded_entity_has_no_role_and_is_listed(features, spec):
    holed = without(features, "BB", "2004-03-01", "2004-03-31")
    reasons = coverage.excluded(coverage.measure(holed, spec), spec["entities"])
    left = coverage.kept(holed, reasons)
    manifest = splits.make(left, spec, reasons)
    audit.audit(manifest, left, spec)
    assert sorted(manifest["entities"]) == ["AA", "CC", "DD"]
    assert list(manifest["excluded"]) == ["BB"]
    assert splits.roles(manifest, left).index.equals(left.index)


def test_leaving_one_out_changes_no_role_of_the_others(features, spec):
    left = coverage.kept(features, ["BB"])
    some, all_ = (splits.make(rows, spec)["entities"] for rows in (left, features))
    assert some == {name: all_[name] for name in ("AA", "CC", "DD")}


ZONE = {"timezone": "America/Chicago", "states": ["TX"], "stations": {}}
GRID = {
    "sources": {"load": ["load"]},
    "entities": {"seen": gridworld.NAMES, "unseen": []},
    "regions": {name: ZONE | {"series": {"load": [name]}} for name in gridworld.NAMES},
    "start": "2015-01-01",
    "end": "2017-12-31",
    "features": ["load", "is_holiday"],
    "own": ["load"],
    "led": ["is_holiday"],
    "raw": ["is_holiday"],
    "target": {"name": "load", "horizons": [1], "span": 1, "centred": True},
    "min_train_days": 100,
    "max_repaired": 0.05,
    "window": {"lags": 14},
    "splits": {
        "train": ["2015-01-01", "2015-12-31"],
        "val": ["2016-01-01", "2016-12-31"],
        "test": ["2017-01-01", "2017-12-31"],
        "embargo": 14,
        "block": 28,
        "fraction": 0.1,
        "seed": 0,
        "slices": {},
    },
}


def simulated(folder, defects) -> pd.DataFrame:
    """Return the features of a grid whose load files have these defects."""
    spec = {"kind": "eia930", "origin": "simulate", "licence": "", "files": []}
    spec["redistributable"] = True
    world = gridworld.spec(defects=defects)
    raw.obtain(spec, world, None, folder / "load")
    table = raw.read(spec, folder / "load" / "manifest.json")
    return energy.features({"load": {"load": table}}, GRID)


def test_a_world_without_defects_is_whole(tmp_path):
    table = measure(simulated(tmp_path, "none"), GRID)
    assert (table["share"] == 0).all()


def test_the_worst_entity_of_a_spoiled_world_is_left_out_of_all_that_follows(tmp_path):
    features = simulated(tmp_path, "real")
    table = coverage.measure(features, GRID)
    whole = table[table["era"] == "all"].set_index("entity")
    assert (whole["repaired"] > 0).all() and (whole["missing"] > 0).all()
    assert not whole["excluded"].any()
    eras = table[table["era"] != "all"].groupby("entity")["share"].max().sort_values()
    worst, limit = eras.index[-1], eras.iloc[-2:].mean()
    table = coverage.measure(features, GRID | {"max_repaired": limit})
    reasons = coverage.excluded(table, GRID["entities"])
    assert list(reasons) == [worst]
    left = coverage.kept(features, reasons)
    manifest = splits.make(left, GRID, reasons)
    audit.audit(manifest, left, GRID)
    paths = SimpleNamespace(
        features=tmp_path / "features.parquet", splits=tmp_path / "splits.json"
    )
    form = schema(GRID["features"], [1])
    storage.write_table(features, paths.features, form)
    storage.write_json(manifest, paths.splits)
    data = dataset.load(paths, GRID)
    others = [name for name in gridworld.NAMES if name != worst]
    assert sorted(data.scaler["target"]) == others
    windows, frame = data.cut("train", "val", "temporal_test")
    assert sorted(frame["entity"].unique()) == others
    assert set(windows.entity) == {gridworld.NAMES.index(name) + 1 for name in others}
