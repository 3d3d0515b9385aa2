"""The file of attributions: what is explained, and how it is averaged."""

import numpy as np
import pytest
import xarray as xr

from nets import Linear, build
from panel import describe, small_panel
from seqshift import (
    attribution,
    forecasting,
    sampling,
    storage,
    variants,
)
from seqshift.errors import BadInput


@pytest.fixture(scope="module")
def panel():
    return small_panel()


def attribute(panel, model, meta=None, **rule):
    spec = panel.spec | {"attribution": panel.spec["attribution"] | rule}
    meta = meta or describe()
    return attribution.attribute(
        model, meta, panel.features, panel.roles, spec, panel.drift
    )


def drawn_by(panel, by_date=False):
    """Return the windows and the drawn rows of a run on the panel."""
    cut, frame = panel.cut(*sampling.SIDE)
    found = sampling.eligible(frame, panel.spec, panel.drift)
    known = cut.entity > 0
    return cut, sampling.sample(found, known, panel.spec, panel.drift, by_date)


def test_periods_hold_the_means_of_their_windows(panel):
    model = Linear()
    found = attribute(panel, model).sel(variant="ig")
    cut, drawn = drawn_by(panel)
    exact = cut.x * model.weight.detach().numpy()
    for (entity, year, label, quarter), group in drawn.groupby(sampling.GROUP):
        period = f"{year}/{label}" if label else f"{year}Q{quarter}"
        cell = found.sel(entity=entity, period=period)
        rows = exact[group["row"]]
        np.testing.assert_allclose(cell["magnitude"], np.abs(rows).mean(0), atol=1e-5)
        np.testing.assert_allclose(cell["signed"], rows.mean(0), atol=1e-5)
        assert cell["windows"] == len(group)
        assert cell["role"] == group["role"].iloc[0]
    assert int(found["windows"].sum()) == len(drawn)
    assert np.isfinite(found["magnitude"]).sum() == 12 * (found["windows"] > 0).sum()


def test_single_windows_are_summed_over_lags(panel):
    model = Linear()
    found = attribute(panel, model)
    cut, drawn = drawn_by(panel)
    plain = drawn[drawn["slice"] == ""].reset_index(drop=True)
    exact = (cut.x * model.weight.detach().numpy()).sum(1)[plain["row"]]
    np.testing.assert_allclose(found["explained"], exact, atol=1e-5)
    assert found["sample_entity"].values.tolist() == plain["entity"].tolist()
    assert (found["sample_date"].values == plain["date"].to_numpy()).all()
    assert found["sample_role"].values.tolist() == plain["role"].tolist()


def test_the_dataset_says_what_each_period_is(panel, tmp_path):
    found = attribute(panel, Linear())
    assert found["magnitude"].dims == ("variant", "entity", "period", "lag", "feature")
    assert found["variant"].values.tolist() == ["ig"]
    assert found["entity"].values.tolist() == ["EAST", "NORTH", "WEST", "SOUTH"]
    assert found["lag"].values.tolist() == [4, 3, 2, 1]
    assert found["feature"].values.tolist() == panel.spec["features"]
    labels = "2001Q1 2001Q2 2001Q3 2001Q4 2001/crash 2001/heat 2002Q1"
    assert found["period"].values.tolist()[:7] == labels.split()
    assert found["year"].sel(period="2002/heat") == 2002
    assert found["quarter"].sel(period=["2002/heat", "2002Q3"]).values.tolist() == [
        0,
        3,
    ]
    assert found["slice"].sel(period=["2002/heat", "2002Q3"]).values.tolist() == [
        "heat",
        "",
    ]
    south = found.sel(variant="ig", entity="SOUTH")
    assert south["role"].sel(period="2004Q1") == ""
    assert np.isnan(south["magnitude"].sel(period="2004Q1")).all()
    assert south["role"].sel(period="2001Q1") == "test"
    assert found["role"].sel(entity="EAST", period="2001Q1") == "reference"
    assert (found.attrs["steps"], found.attrs["control_steps"]) == (12, 6)
    assert found.attrs["exogenous"] == "temp,flag"
    storage.write_array(found, tmp_path / "attributions.nc")
    back = storage.read_array(tmp_path / "attributions.nc")
    assert back.equals(found)
    assert dict(back.attrs) == found.attrs


def test_every_variable_of_the_file_has_a_meaning_and_every_number_a_unit(
    panel, tmp_path
):
    storage.write_array(attribute(panel, Linear()), tmp_path / "attributions.nc")
    with xr.open_dataset(tmp_path / "attributions.nc", decode_cf=False) as found:
        for name, variable in found.variables.items():
            assert variable.attrs["long_name"], name
            assert "units" in variable.attrs or variable.dtype.kind in "OU", name
        assert found["magnitude"].dtype == found["explained"].dtype == np.float32
        assert found["magnitude"].encoding["complevel"] > 0


def test_the_same_run_is_the_same_file(panel, tmp_path):
    texts = []
    for name in ("one.nc", "two.nc"):
        every = list(variants.VARIANTS)[1:]
        made = attribute(panel, build("mlp"), variants=every)
        storage.write_array(made, tmp_path / name)
        texts.append((tmp_path / name).read_bytes())
    assert texts[0] == texts[1]


def test_a_cross_entity_model_is_explained_on_whole_dates(panel, monkeypatch):
    model = build("cross-entity")
    taken = {}

    def explain(model, cut, steps, batch_size):
        taken["cut"] = cut
        return untouched(model, cut, steps, batch_size)

    untouched = variants.integrate
    monkeypatch.setattr(variants, "integrate", explain)
    found = attribute(panel, model, describe("cross-entity"))
    dates, counts = np.unique(taken["cut"].date, return_counts=True)
    scored = panel.cut(*forecasting.SCORED)[0]
    every = dict(zip(*np.unique(scored.date, return_counts=True), strict=True))
    assert [every[date] for date in dates] == counts.tolist()
    plain = found.sel(period=found["slice"] == "")
    role = plain["role"].values
    assert (plain["windows"].values[role != ""] == 2).all()


def test_runs_of_one_domain_explain_the_same_windows(panel):
    one = attribute(panel, build("mlp", 1), describe(seed=1))
    two = attribute(panel, build("mlp", 2), describe(seed=2))
    assert one["windows"].equals(two["windows"])
    assert one["role"].equals(two["role"])
    again = attribute(panel, build("mlp", 1), describe(seed=1))
    assert again.identical(one)


def test_a_rough_path_leaves_a_gap(panel):
    class Rough(Linear):
        def forward(self, x, *rest):
            return super().forward((20 * x).relu() - (20 * x - 3).relu(), *rest)

    rough, smooth = (attribute(panel, m, steps=3) for m in (Rough(), Linear()))
    assert rough.attrs["completeness_p99"] > 1e-3 > smooth.attrs["completeness_p99"]


def test_too_few_windows_everywhere_are_refused(panel):
    with pytest.raises(BadInput, match="lower attribution.min_windows"):
        attribute(panel, Linear(), min_windows=500, min_slice_windows=500)


def test_an_entity_that_was_left_out_has_no_row(panel):
    rows = panel.features["entity"] != "NORTH"
    found = attribution.attribute(
        Linear(), describe(), panel.features[rows], panel.roles[rows],
        panel.spec, panel.drift,
    )  # fmt: skip
    assert found["entity"].values.tolist() == ["EAST", "WEST", "SOUTH"]
