"""From the file of attributions to vectors of years."""

from dataclasses import asdict

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attributions import SPEC, dataset, random_run, sides
from panel import describe, small_panel
from seqshift import attribution, registry, storage
from seqshift.drift import axes, explained
from seqshift.drift.evidence import evidence
from seqshift.drift.quarters import quarters
from seqshift.drift.ranks import ranks

COUNTS = st.lists(st.integers(0, 40), min_size=4, max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.lists(COUNTS, min_size=2, max_size=5), st.integers(0, 1000))
def test_a_year_is_the_mean_over_its_windows(counts, seed):
    """The windows are made one by one; the file holds their means by quarter."""
    rng = np.random.default_rng(seed)
    counts = np.array([[9, 9, 9, 9], *counts])  # (year, quarter)
    windows = [[rng.gamma(2, size=(n, 2, 3)) for n in year] for year in counts]
    values = np.full((1, len(counts), 4, 2, 3), np.nan)
    for at in np.argwhere(counts):
        values[0, at[0], at[1]] = windows[at[0]][at[1]].mean(axis=0)
    data = dataset(values, [sides(1, len(counts) - 1)])
    data["windows"][:] = counts.reshape(1, -1)
    run = explained.read(data)
    found = explained.years(run, explained.flat(run.magnitude["ig"]))
    for at, own in enumerate(windows):
        every = np.concatenate(own)
        if not len(every):
            assert found.role[0, at] == "" and np.isnan(found.vectors[0, at]).all()
            continue
        np.testing.assert_allclose(found.vectors[0, at], every.mean(axis=0).ravel())
        assert found.role[0, at] == ("reference" if at == 0 else "test")


def test_quarters_of_unequal_size_do_not_weigh_the_same():
    values = np.array([[[[[1.0]], [[3.0]], [[9.0]], [[9.0]]]]])
    data = dataset(values, [["reference"]], exogenous=())
    data["windows"][:] = [[3, 1, 0, 0]]
    run = explained.read(data)
    found = explained.years(run, explained.flat(run.magnitude["ig"]))
    assert found.vectors.item() == 1.5


def test_years_that_a_variant_lacks_have_no_role_in_it():
    shifted = np.full((4, 13, 2, 3), np.nan)
    shifted[:, 1:9:2] = 1
    run = explained.read(random_run(0, others={"shift-1": shifted}))
    found = explained.years(run, explained.flat(run.magnitude["shift-1"]))
    assert (found.role != "").sum(axis=1).tolist() == [4] * 4
    assert set(found.role[0, 1:9:2]) == {"reference"}


def test_shifts_are_read_from_the_names_of_variants_in_order():
    one = np.ones((4, 13, 2, 3))
    others = {name: one for name in ("shift-2", "untrained", "shift-0.5")}
    run = explained.read(random_run(0, others=others))
    assert list(run.shifts.items()) == [(0.5, "shift-0.5"), (2.0, "shift-2")]


def test_the_order_of_dimensions_does_not_matter():
    data = random_run(0, unseen=1)
    turned = data.transpose("feature", "lag", "period", "entity", "variant", "sample")
    one, other = (explained.read(d) for d in (data, turned))
    np.testing.assert_array_equal(one.magnitude["ig"], other.magnitude["ig"])
    np.testing.assert_array_equal(one.role, other.role)


@pytest.mark.parametrize(("text", "expected"), [("f0,f2", [1, 0, 1]), ("", [0, 0, 0])])
def test_the_exogenous_columns_are_those_the_file_names(text, expected):
    run = explained.read(random_run(0).assign_attrs(exogenous=text))
    assert run.exogenous.tolist() == [bool(one) for one in expected]


def test_the_file_of_a_real_model_is_read_into_every_table(tmp_path):
    """All variants of a small untrained net: what it writes, every table takes."""
    panel = small_panel()
    torch.manual_seed(0)
    spec = panel.models["mlp"] | {"entity_dropout": 0.1}
    model = registry.load("models", "mlp").Model(panel.shape, spec)
    every = [*explained.METHODS, "shift-1"]
    rule = panel.spec["attribution"] | {"variants": every}
    meta = describe() | {"kind": "mlp", "spec": spec, "shape": asdict(panel.shape)}
    data = attribution.attribute(
        model, meta, panel.features, panel.roles, panel.spec | {"attribution": rule},
        panel.drift,
    )  # fmt: skip
    storage.write_array(data, tmp_path / "attributions.nc")
    run = explained.read(storage.read_array(tmp_path / "attributions.nc"))
    assert list(run.shifts) == [1.0] and run.exogenous.any()
    measured = axes.measure(run, SPEC)
    assert {"ig", "signed", *explained.METHODS} <= set(measured["variant"])
    assert measured.loc[measured["variant"] == "ig", "drift"].notna().any()
    assert quarters(run, SPEC)["drift"].notna().any()
    assert not ranks(run).empty
    assert set(evidence(run, SPEC)["control"]) >= {"randomised", "completeness"}
