import gzip

import numpy as np
import pandas as pd
import pytest

import panelworlds
from seqshift.errors import BadInput
from seqshift.simulate import series
from seqshift.softgroup.data import panels
from seqshift.softgroup.data.datasets import eia930
from seqshift.sources import eia930 as source

SPEC = {"source": "subregions", "cadence": "native", "seed": 0, "max_imputed": 0.05}
SPEC |= {"bounds": [600, 900, 1440], "stride": 168, "season": 24, "context": 256}
NAMES = [f"{parent}-{sub}" for parent in ("EAST", "WEST") for sub in "ABC"]
WORLD = {"kind": "series", "seed": 5, "entities": NAMES, "start": "2020-01-01"}
WORLD |= {"days": 60, "sectors": {name: name[0] for name in NAMES}}
DAYS = SPEC | {"cadence": "daily", "bounds": [25, 37, 60], "stride": 1}
DAYS |= {"season": 7, "context": 20}
PARENTS = "CISO-[!V]* ERCO-* ISNE-* MISO-* NYIS-* PJM-* SWPP-*".split()
COUNTS = {"CISO": 3, "ERCO": 8, "ISNE": 8, "MISO": 6, "NYIS": 11, "PJM": 19, "SWPP": 17}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return panelworlds.table(source, tmp_path_factory.mktemp("eia930"), WORLD)


def test_groups_are_the_parents_and_the_wrong_ones_have_their_sizes(table):
    made = eia930.windows(table, SPEC, "test", 96)
    assert made["series"].values.tolist() == NAMES
    groups = {
        name: row.tolist()
        for name, row in zip(made["grouping"].values, made["group"].values, strict=True)
    }
    assert groups["right"] == [0, 0, 0, 1, 1, 1] and groups["joint"] == [0] * 6
    assert sorted(groups["wrong"]) == groups["right"] != groups["wrong"]


def test_simulated_parts_of_a_region_are_related_and_others_less(table):
    made = eia930.windows(table, SPEC, "test", 96)
    r = np.abs(np.mean([np.corrcoef(c) for c in made["context"].values], axis=0))
    assert r[:3, :3].mean() > r[:3, 3:].mean() + 0.2


def test_a_target_with_imputed_hours_is_left_out(table):
    spoiled = table.copy()
    rows = spoiled.index[spoiled["series"] == "WEST-B"]
    spoiled.loc[rows[900:905], "flag"] = "E17"  # 5 of 96 hours are more than 5 %
    spoiled.loc[rows[1068:1072], "flag"] = "E17+E1c"  # 4 are not
    made = eia930.windows(spoiled, SPEC, "test", 96)
    gone = np.isnan(made["target"].values).all(axis=2)
    assert np.argwhere(gone).tolist() == [[0, 4]] and made.attrs["dropped"] == 1
    seen = np.isnan(made["context"].values)  # at 899, 1067 and 1235
    assert seen.sum(axis=2)[:, 4].tolist() == [0, 5, 4] and seen.sum() == 9


def test_marks_of_other_rules_do_not_count(table):
    marked = table.assign(flag="E1c")
    assert eia930.windows(marked, SPEC, "test", 96).attrs["dropped"] == 0


def test_hours_that_miss_count_as_imputed_and_stay_missing(table):
    own = table.index[table["series"] == "EAST-A"]
    made = eia930.windows(table.drop(own[1000:1010]), SPEC, "test", 96)
    seen = np.isnan(made["context"].values)
    assert seen[1, 0].sum() == 10 and seen[:, 1:].sum() == 0
    gone = eia930.windows(table.drop(own[1000:1010]), DAYS, "test", 7)
    # day 41 lacks 8 hours and day 42 two: of a week with both more than 5 %
    found = np.isnan(gone["target"].values).all(axis=2)
    assert found[:, 0].nonzero()[0].tolist() == [0, 1, 2, 3, 4]  # weeks from day 37 on
    assert not found[:, 1:].any()
    seen = np.isnan(gone["context"].values)
    assert seen[:, 0].sum(axis=1).max() == 2 and not seen[:, 1:].any()
    assert seen[5, 0].nonzero()[0].tolist() == [19]  # day 41, at its own origin


def test_a_mean_in_a_context_is_that_of_the_observed_hours(table):
    own = table.index[table["series"] == "EAST-A"]
    filled = table.copy()
    filled.loc[own[36 * 24], ["mw", "flag"]] = [1e6, "E17"]  # 1 of 24 hours
    made = eia930.windows(filled, DAYS, "test", 7)
    day = table.loc[own[36 * 24 + 1 : 37 * 24], "mw"]
    assert made["context"].values[0, 0, -1] == pytest.approx(day.mean())


def written(folder, gap, last=None):
    """Write raw files with a gap; all that follows the hour `last` is another load."""
    source.simulate(series.make(WORLD), {}, folder)
    for path in folder.glob("*.gz"):
        frame = pd.read_csv(path)
        if last is not None:
            frame.loc[last + 1 :, "cleaned demand (MW)"] *= 1.4
            frame.loc[last + 9 : last + 12, "category"] = "DELTA"
        if path.name.startswith("EAST-A"):
            frame = frame.drop(index=gap)
        elif path.name.startswith("EAST-B"):  # published as no load, then bridged
            frame.loc[gap, "cleaned demand (MW)"] = 0.0
        elif path.name.startswith("EAST-C"):
            frame.loc[gap, "category"] = "MISSING"
        path.write_bytes(gzip.compress(frame.to_csv(index=False).encode(), mtime=0))
    return panelworlds.parsed(source, folder)


@pytest.mark.parametrize(
    ("spec", "horizon", "last", "gap"),
    [
        (SPEC, 96, 899, [898, 899, 900]),
        (DAYS, 7, 887, [887, 888]),  # the last hour of a day and the first of the next
    ],
)
@pytest.mark.parametrize("split", ["validation", "test"])
def test_windows_do_not_change_with_the_source_after_their_origin(
    tmp_path, spec, horizon, last, gap, split
):
    if split == "validation":  # the first bound takes the place of the second
        _, first, end = spec["bounds"]
        spec = spec | {"bounds": [first, end, end]}
    for name in "ab":
        (tmp_path / name).mkdir()
    made, again = (
        eia930.windows(written(tmp_path / name, gap, after), spec, split, horizon)
        for name, after in (("a", None), ("b", last))
    )
    for name in ("context", "scale", "mean", "sd"):
        first, second = made[name].values[0], again[name].values[0]
        np.testing.assert_array_equal(first, second, err_msg=name)
    assert not np.array_equal(made["target"].values[0], again["target"].values[0])


def test_a_context_of_filled_hours_alone_is_refused_with_its_place(table):
    dead = table.copy()
    own = dead.index[dead["series"] == "WEST-B"]
    dead.loc[own[600:900], "flag"] = "E17"
    made = eia930.windows(dead, SPEC, "test", 96)
    made = made.assign_attrs(dict.fromkeys(panels.ATTRS, "") | made.attrs)
    words = "eia: series WEST-B has no observed value in its context at origin 899"
    with pytest.raises(BadInput, match=words):
        panels.check(made, "eia")


def test_a_series_without_a_parent_is_named(table):
    renamed = table.assign(series=table["series"].replace("WEST-C", "AEC"))
    with pytest.raises(BadInput, match="series AEC is not named PARENT-SUB, so it has"):
        eia930.windows(renamed, SPEC, "test", 96)


@pytest.fixture(scope="module")
def real(mirror, tmp_path_factory):
    folder = tmp_path_factory.mktemp("subregions")
    for pattern in PARENTS:
        for path in (mirror / "energy_eia930_2020_2024").glob(pattern):
            (folder / path.name).symlink_to(path)
    return panelworlds.parsed(source, folder)


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("cadence", "bounds", "context", "horizon", "season", "stride", "count"),
    [
        ("native", [26304, 35064, 43848], 512, 96, 24, 168, 52),
        ("daily", [731, 1096, 1827], 364, 28, 7, 7, 101),
        ("weekly", [104, 156, 260], 104, 8, 52, 4, 25),
    ],
)
def test_the_real_panel_has_the_stated_series_and_origins(
    real, cadence, bounds, context, horizon, season, stride, count
):
    spec = SPEC | {"cadence": cadence, "bounds": bounds, "context": context}
    spec |= {"season": season, "stride": stride}
    made = eia930.windows(real, spec, "test", horizon)
    assert made.sizes["origin"] == count and made.sizes["series"] == 72
    parents = [name.partition("-")[0] for name in made["series"].values]
    assert {name: parents.count(name) for name in COUNTS} == COUNTS
    missing = np.isnan(made["context"].values)
    assert 0 < missing.mean() < 0.03 and not missing.all(axis=2).any()
    assert made.attrs["dropped"] < 0.08 * count * 72
