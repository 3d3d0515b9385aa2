"""Forecasts: every window once, in raw units, whatever the batch."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from panel import describe, small_panel
from seqshift import forecasting, registry, scaling, storage, windows
from seqshift.errors import BadInput
from seqshift.schemas import results


@pytest.fixture(scope="module")
def panel():
    return small_panel()


class Echo(nn.Module):
    """Forecasts one number made of its inputs."""

    def __init__(self, of, by_date=False):
        super().__init__()
        self.of, self.by_date = of, by_date
        self.unused = nn.Parameter(torch.zeros(1))
        self.batches = []

    def forward(self, x, valid, calendar, entity, group):
        self.batches.append(group.tolist())
        return self.of(x, entity, group)


def entity_of(x, entity, group):
    return entity[:, None, None].float()


@pytest.fixture(scope="module")
def made(panel):
    torch.manual_seed(0)
    spec = panel.models["mlp"] | {"entity_dropout": 0.1}
    return registry.load("models", "mlp").Model(panel.shape, spec)


def forecast(model, panel, meta):
    return forecasting.forecast(model, meta, panel.features, panel.roles, panel.spec)


def test_every_window_is_forecast_once(panel, made, tmp_path):
    found = forecast(made, panel, describe())
    _, frame = panel.cut(*forecasting.SCORED)
    assert len(found) == len(frame)
    key = ["entity", "date", "role", "id_dates", "slice", "target_1", "naive_1"]
    same = ["entity", "target_time", "split", "id_dates", "slice", "actual", "naive"]
    expected = frame[key].set_axis(same, axis=1)
    pd.testing.assert_frame_equal(found[same], expected, check_dtype=False)
    assert set(found["split"]) == set(results.ROLES) - {"embargo", "unused"}
    storage.write_table(found, tmp_path / "forecasts.parquet", results.FORECASTS)


def test_a_table_of_the_same_run_has_the_same_bytes(panel, made, tmp_path):
    for name in ("one", "two"):
        found = forecast(made, panel, describe())
        storage.write_table(found, tmp_path / name, results.FORECASTS)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_unseen_entities_get_the_unknown_id(panel):
    found = forecast(Echo(entity_of), panel, describe())
    scale = {name: panel.scaler["target"][name] for name in set(found["entity"])}
    mean, deviation = (
        found["entity"].map(scale).str[0],
        found["entity"].map(scale).str[1],
    )
    ids = ((found["forecast"] - mean) / deviation).round(6)
    ids = ids.groupby(found["entity"]).unique().map(list).to_dict()
    assert ids == {"EAST": [1.0], "NORTH": [2.0], "WEST": [3.0], "SOUTH": [0.0]}


def test_the_last_value_comes_back_in_raw_units(panel):
    # The scales of load and target are those of the same train days, shifted by one.
    def last_load(x, entity, group):
        return x[:, -1:, :1]

    found = forecast(Echo(last_load), panel, describe())
    gap = (found["forecast"] - found["naive"]).abs() / found["actual"]
    assert gap.max() < 0.01


def test_predictions_stand_in_the_order_of_the_windows(panel):
    cut, _ = panel.cut("val", "spatial_test")

    def first_cell(x, entity, group):
        return x[:, :1, :1]

    for by_date in (False, True):
        found = forecasting.predict(Echo(first_cell, by_date), cut, 50)
        assert found.shape == (len(cut), 1, 1)
        assert np.array_equal(found[:, 0, 0], cut.x[:, 0, 0])


def test_a_date_stays_together_with_its_unseen_entities(panel):
    model = Echo(entity_of, by_date=True)
    found = forecast(model, panel, describe())
    _, frame = panel.cut(*forecasting.SCORED)
    size = frame.groupby("date")["entity"].size()
    whole = pd.Series(np.concatenate(model.batches)).groupby(
        np.repeat(np.arange(len(model.batches)), [len(b) for b in model.batches])
    )
    dates = whole.unique()
    known = (frame["entity"] != "SOUTH").sum()
    assert sum(len(days) for days in dates) == 2 * len(size)
    through = len(np.concatenate(model.batches))
    assert through == len(frame) + known
    assert forecasting.passed(model, describe(), found) == through
    mixed = frame[frame["date"].map(size) == 4]
    assert {"train", "spatial_test"} <= set(mixed["role"])


def test_forecasts_of_seen_entities_do_not_depend_on_the_unseen(panel, monkeypatch):
    torch.manual_seed(1)
    spec = panel.models["cross-entity"] | {"entity_dropout": 0.1}
    model = registry.load("models", "cross-entity").Model(panel.shape, spec)
    first = forecast(model, panel, describe())
    features = panel.features.copy()
    features.loc[features["entity"] == "SOUTH", "load"] *= 1.5
    monkeypatch.setattr(panel, "features", features)
    again = forecast(model, panel, describe())
    changed = (first["forecast"] != again["forecast"]).groupby(first["entity"]).any()
    assert changed.to_dict() == {
        "EAST": False, "NORTH": False, "SOUTH": True, "WEST": False
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["lstm", "cross-entity"])
def test_forecasts_do_not_depend_on_the_size_of_batches(panel, kind):
    torch.manual_seed(1)
    spec = panel.models[kind] | {"entity_dropout": 0.1}
    model = registry.load("models", kind).Model(panel.shape, spec)
    cut, _ = panel.cut("temporal_test", "spatiotemporal_test")
    few, many = (forecasting.predict(model, cut, size) for size in (30, 3000))
    np.testing.assert_allclose(few, many, atol=2e-6)


def test_quantiles_and_horizons_become_rows(panel):
    features = panel.features.copy()
    for name in ("target", "naive"):
        later = features.groupby("entity")[f"{name}_1"].shift(-1)
        features[f"{name}_2"] = later
    spec = panel.spec | {"target": panel.spec["target"] | {"horizons": [1, 2]}}

    def levels(x, entity, group):
        step = torch.tensor([[0.0, 1.0, 2.0], [10.0, 11.0, 12.0]])
        return step.expand(len(x), 2, 3)

    meta = describe(quantiles=[0.1, 0.5, 0.9])
    found = forecasting.forecast(Echo(levels), meta, features, panel.roles, spec)
    results.FORECASTS.validate(found)
    first = found.iloc[:6]
    assert first["quantile"].tolist() == [0.1, 0.5, 0.9] * 2
    assert first["horizon"].tolist() == [1] * 3 + [2] * 3
    z = scaling.unscale(np.array([[0, 1, 2, 10, 11, 12]]), ["EAST"], panel.scaler)
    np.testing.assert_allclose(first["forecast"], z[0])
    ahead = first["target_time"] - first["origin"]
    assert ahead.dt.days.tolist() == first["horizon"].tolist()
    load = panel.features.set_index(["entity", "date"])["load"]
    actual = load.loc[list(zip(found["entity"], found["target_time"], strict=True))]
    np.testing.assert_array_equal(found["actual"], actual)


def test_a_forecast_that_is_not_finite_is_refused(panel):
    def broken(x, entity, group):
        return torch.where(entity == 2, torch.nan, 0.0)[:, None, None]

    with pytest.raises(BadInput, match="forecast for NORTH on 2001-01-05"):
        forecast(Echo(broken), panel, describe())


def test_train_rows_are_natural_windows_in_evaluation_mode(panel, made):
    made.train()
    found = forecast(made, panel, describe())
    train = found[found["split"] == "train"]
    cut, frame = panel.cut("train")
    assert isinstance(cut, windows.Windows)
    assert not made.training
    z = made(*cut.batch().inputs()).detach().numpy()
    raw = scaling.unscale(z[:, 0, 0], frame["entity"], panel.scaler)
    np.testing.assert_allclose(train["forecast"], raw, rtol=1e-5)
