"""HAR against a regression written out day by day."""

import numpy as np
import pytest
import statsmodels.formula.api as formula

import beside
from seqshift.baselines import har
from seqshift.dataset import Dataset
from seqshift.errors import BadInput

SPEC = {"means": [10, 22]}


def written_out(data: Dataset, frame):
    """Return the inputs of each row of a frame, looked up by date."""
    rows = []
    tables = {
        name: part.reset_index(drop=True)
        for name, part in data.features.groupby("entity")
    }
    for line in frame.itertuples():
        own = tables[line.entity]
        at = int(own.index[own["date"] == line.date][0])
        known = [own["naive_1"][max(at - n + 1, 0) : at + 1] for n in (10, 22)]
        means = [part.dropna().mean() for part in known]
        rows.append((own["naive_1"][at], *means, np.log(own["vix"][at - 1])))
    return frame.assign(
        **dict(zip(("d", "w", "m", "v"), np.transpose(rows), strict=True))
    )


def test_the_forecast_is_that_of_a_regression_on_the_past_written_out():
    data = beside.volatility()
    frame, found = beside.predict(har, data, SPEC)
    fitted = formula.ols("target_1 ~ d + w + m + v", written_out(
        data, data.cut("train")[1])).fit()  # fmt: skip
    some = frame.iloc[:: len(frame) // 200]
    expected = fitted.predict(written_out(data, some))
    np.testing.assert_allclose(found[some.index, 0], expected, rtol=1e-9)


def test_means_at_the_beginning_are_over_what_there_is():
    data = beside.volatility()
    frame = data.cut("train")[1]
    inputs = har.regressors(data, frame, SPEC["means"])
    assert inputs.shape == (len(frame), 5) and np.isfinite(inputs).all()
    first = data.features.query("entity == 'AA'")["naive_1"]
    begins = frame.index[frame["entity"] == "AA"][0]
    assert frame["date"][begins] == data.features["date"][14]
    assert inputs[begins, 2] == pytest.approx(first[5:15].mean())
    assert inputs[begins, 3] == pytest.approx(first[:15].dropna().mean())


def test_means_step_over_a_gap_in_the_sessions():
    data = beside.volatility()
    gap = data.features["step"].isin(range(200, 205))
    holed = Dataset(data.features[~gap], data.roles[~gap], data.scaler, data.spec)
    frame = holed.cut("train")[1]
    inputs = har.regressors(holed, frame, SPEC["means"])
    own = holed.features.query("entity == 'AA'").set_index("step")["naive_1"]
    place = frame.index[frame["entity"] == "AA"]
    step = holed.features.set_index(["entity", "date"])["step"]
    at = [int(step["AA", day]) for day in frame["date"][place]]
    row = at.index(219)  # the first window after the gap
    assert inputs[place[row], 3] == pytest.approx(own.loc[198:219].mean())
    assert len(own.loc[198:219]) == 17


def test_an_equation_that_made_the_data_is_found_again():
    draw = np.random.default_rng(3)
    data = beside.volatility()
    table = data.features.copy()
    inputs = har.regressors(data, table, SPEC["means"])
    weights = np.array([0.3, 0.4, 0.3, 0.15, 0.1])
    table["target_1"] = inputs @ weights + 1e-3 * draw.normal(size=len(table))
    made = Dataset(table, data.roles, data.scaler, data.spec)
    frame, found = beside.predict(har, made, SPEC)
    np.testing.assert_allclose(found[:, 0], frame["target_1"], atol=6e-3)


def test_har_beats_the_last_value_where_volatility_reverts():
    frame, found = beside.predict(har, beside.volatility(), SPEC)
    test = (frame["role"] == "temporal_test").to_numpy()
    error = np.square(found[test, 0] - frame["target_1"][test]).mean()
    assert error < 0.9 * np.square(frame["naive_1"] - frame["target_1"])[test].mean()


def test_another_target_is_refused():
    with pytest.raises(BadInput, match="har forecasts log_volatility.*load; take"):
        beside.predict(har, beside.load(), SPEC)
