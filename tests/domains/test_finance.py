import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from seqshift import storage
from seqshift.domains import finance
from seqshift.errors import BadInput
from seqshift.schemas.features import features as schema

SPEC = {
    "kind": "finance",
    "entities": {"seen": ["BBB", "AAA"], "unseen": []},
    "start": "2020-01-01",
    "end": "2020-12-31",
    "features": ["log_return", "volatility", "vix"],
    "target": {"name": "log_return", "horizons": [1], "span": 1},
}
DAYS = pd.bdate_range("2020-01-02", periods=30, unit="ns")
LOG_VOLATILITY = {"name": "log_volatility", "horizons": [1], "span": 5}


def bars(closes, days=DAYS):
    """Return a price table of ticker -> adjusted closes; NaN leaves a row out."""
    frames = [
        pd.DataFrame({"entity": name, "date": days, "close_adj": values, "flag": ""})
        for name, values in closes.items()
    ]
    return pd.concat(frames, ignore_index=True).dropna().astype({"entity": "str"})


def index(days=DAYS, values=None):
    closes = np.arange(len(days)) + 15.0 if values is None else values
    return pd.DataFrame({"date": days, "close": closes, "flag": ""})


def walk(seed=0, size=30):
    draws = np.random.default_rng(seed).normal(0, 0.02, size)
    return 50 * np.exp(np.cumsum(draws))


def make(prices, vix=None, **changes):
    tables = {"prices": {"prices": prices}}
    tables["index"] = {"vix": index() if vix is None else vix}
    spec = SPEC | changes
    frame = finance.features(tables, spec)
    horizons = spec["target"]["horizons"]
    return storage.validate(frame, schema(spec["features"], horizons), "features")


def test_log_returns_and_volatility_follow_their_formulas():
    closes = np.array([10.0, 11.0, 12.1, 11.0])
    prices = bars({"AAA": closes, "BBB": closes[::-1]}, DAYS[:4])
    frame = make(prices).query("entity == 'AAA'")
    up, down = np.log(1.1), np.log(11.0 / 12.1)
    assert np.allclose(frame["log_return"], [up, up, down])
    last = np.sqrt(0.94 * up**2 + 0.06 * down**2)
    assert np.allclose(frame["volatility"], [up, up, last])
    assert frame["vix"].tolist() == [16.0, 17.0, 18.0]
    assert frame["step"].tolist() == [1, 2, 3]
    assert np.allclose(frame["target_1"], frame["log_return"])
    assert (frame["naive_1"] == 0).all()


def test_rows_are_sorted_by_entity_and_date():
    prices = bars({"BBB": walk(1), "AAA": walk(2)}).sample(frac=1, random_state=0)
    frame = make(prices)
    assert_frame_equal(frame, frame.sort_values(["entity", "date"], ignore_index=True))
    assert frame["entity"].unique().tolist() == ["AAA", "BBB"]


def test_a_hole_gives_a_missing_return_and_a_gap_in_the_steps():
    holed = walk(1)
    holed[10] = np.nan
    frame = make(bars({"AAA": holed, "BBB": walk(2)})).query("entity == 'AAA'")
    assert frame["step"].tolist() == [*range(1, 10), *range(12, 30)]
    squares = frame["log_return"].to_numpy() ** 2
    variance = squares[0]
    for square in squares[1:]:
        variance = 0.94 * variance + 0.06 * square
    assert np.isclose(frame["volatility"].iloc[-1], np.sqrt(variance))


def test_a_session_is_a_day_of_the_exchange_or_of_some_company():
    holed = walk(1)
    holed[10] = np.nan
    other = np.full(30, np.nan)
    other[10] = 5.0
    prices = bars({"AAA": holed, "BBB": holed, "ZZZ": other})
    assert set(range(1, 30)) - set(make(prices)["step"]) == {10, 11}
    without = make(bars({"AAA": holed, "BBB": holed}))
    assert set(range(1, 30)) - set(without["step"]) == {10, 11}
    weekend = pd.DatetimeIndex(["2020-01-04"]).as_unit("ns")
    more = pd.concat([prices, bars({"ZZZ": np.array([5.0])}, weekend)])
    assert make(more)["step"].max() == make(prices)["step"].max() + 1


def test_days_without_session_are_dropped_from_the_index():
    every = pd.date_range("2020-01-01", "2020-03-01", unit="ns")
    prices = bars({"AAA": walk(1), "BBB": walk(2)})
    frame = make(prices, index(every))
    assert set(frame["date"]) == set(DAYS[1:])
    expected = (frame["date"] - every[0]).dt.days + 15.0
    assert (frame["vix"] == expected).all()


def test_a_session_without_index_value_has_no_row():
    frame = make(bars({"AAA": walk(1), "BBB": walk(2)}), index(DAYS.delete(7)))
    assert DAYS[7] not in set(frame["date"])
    assert set(frame["step"]) == set(range(1, 30)) - {7}


def test_only_the_days_from_start_to_end_are_used():
    prices = bars({"AAA": walk(1), "BBB": walk(2)})
    first, last = DAYS[5], DAYS[20]
    frame = make(prices, start=f"{first:%Y-%m-%d}", end=f"{last:%Y-%m-%d}")
    assert frame["date"].min() == DAYS[6]
    assert frame["date"].max() == last
    assert frame["step"].min() == 1


def test_log_volatility_looks_ahead_and_its_naive_looks_back():
    prices = bars({"AAA": walk(1), "BBB": walk(2)})
    frame = make(prices, target=LOG_VOLATILITY | {"horizons": [1, 3]})
    rows = frame.query("entity == 'AAA'").reset_index(drop=True)
    returns = rows["log_return"].to_numpy()

    def rv5(first):
        return np.log(np.sqrt(np.mean(returns[first : first + 5] ** 2)) + 1e-4)

    assert np.isclose(rows["target_1"][8], rv5(8))
    assert np.isclose(rows["target_3"][8], rv5(10))
    assert np.isclose(rows["naive_1"][8], rv5(3))
    assert np.isclose(rows["naive_3"][8], rv5(3))
    assert rows["naive_1"][:5].isna().all()
    assert rows["target_1"][-4:].isna().all()
    assert rows["target_1"][:-4].notna().all()
    assert rows["naive_1"][5:].tolist() == rows["target_1"][:-5].tolist()
    assert rows["target_3"][-6:].isna().all()
    assert rows["target_3"][:-6].notna().all()


def test_log_volatility_stays_finite_when_nothing_moves():
    prices = bars({"AAA": np.full(30, 7.0), "BBB": walk(2)})
    frame = make(prices, target=LOG_VOLATILITY).query("entity == 'AAA'")
    assert np.allclose(frame["target_1"].dropna(), np.log(1e-4))


@settings(max_examples=25, deadline=None)
@given(
    at=st.integers(0, 29),
    factors=st.lists(st.floats(0.2, 5.0), min_size=30, max_size=30),
    level=st.floats(5.0, 90.0),
)
def test_later_prices_change_no_earlier_feature(at, factors, level):
    closes = {"AAA": walk(1), "BBB": walk(2)}
    changed = {name: values.copy() for name, values in closes.items()}
    changed["AAA"][at:] *= np.array(factors)[at:]
    later = index().assign(close=np.where(np.arange(30) < at, index()["close"], level))
    before = make(bars(closes), target=LOG_VOLATILITY)
    after = make(bars(changed), later, target=LOG_VOLATILITY)
    causal = ["entity", "date", "step", *SPEC["features"]]
    known = [*causal, "naive_1"]
    early, same = before["date"] < DAYS[at], after["date"] < DAYS[at]
    assert_frame_equal(before[early][known], after[same][known], check_exact=True)
    other = before["entity"] == "BBB"
    prices_only = [*causal[:-1], "naive_1", "target_1"]
    assert_frame_equal(before[other][prices_only], after[other][prices_only])


def test_a_day_is_repaired_if_the_close_of_company_or_index_is():
    prices = bars({"AAA": walk(1), "BBB": walk(2)})
    own = (prices["entity"] == "AAA") & prices["date"].isin(DAYS[[4, 5, 6]])
    prices.loc[own, "flag"] = ["E12", "F2+F4", "F4+E12"]
    vix = index()
    vix.loc[9, "flag"] = "E12"
    frame = make(prices, vix)
    marked = frame[frame["repaired"] == 1]
    assert marked.groupby("entity")["date"].agg(list).to_dict() == {
        "AAA": [DAYS[4], DAYS[6], DAYS[9]],
        "BBB": [DAYS[9]],
    }
    assert set(frame["repaired"]) == {0.0, 1.0}


def test_a_company_without_data_is_named():
    prices = bars({"AAA": walk(1), "BBB": walk(2)})
    with pytest.raises(BadInput, match="no prices of XXX, YYY from 2020-01-01"):
        make(prices, entities={"seen": ["AAA", "XXX"], "unseen": ["YYY"]})
    with pytest.raises(BadInput, match="no prices of AAA, BBB"):
        make(prices, end="2020-01-01")


def test_an_infinite_feature_is_refused():
    prices = bars({"AAA": walk(1), "BBB": walk(2)})
    values = np.full(30, 20.0)
    values[4] = np.inf
    with pytest.raises(BadInput, match="vix of AAA is infinite on 2020-01-08"):
        make(prices, index(values=values))


def test_a_row_in_two_sources_is_refused():
    prices = bars({"AAA": walk(1), "BBB": walk(2)})
    tables = {"prices": {"one": prices, "two": prices}, "index": {"vix": index()}}
    with pytest.raises(BadInput, match="AAA 2020-01-02.*more than one of one, two"):
        finance.features(tables, SPEC)


def test_a_split_between_two_pulls_makes_no_return():
    level = {"AAA": walk(1), "BBB": walk(2)}
    whole = bars(level)
    early = whole[whole["date"] < DAYS[15]]
    late = whole[whole["date"] >= DAYS[15]]
    late = late.assign(close_adj=late["close_adj"] / 10)  # ten for one, known later
    tables = {"prices": {"old": early, "new": late}, "index": {"vix": index()}}
    frame = finance.features(tables, SPEC)
    once = make(whole)
    seam = once["date"] == DAYS[15]
    expected = once.loc[~seam, "log_return"].to_numpy()
    np.testing.assert_allclose(frame["log_return"], expected, rtol=1e-9)
    assert DAYS[15] not in set(frame["date"])


def test_unknown_names_list_the_choices():
    prices = bars({"AAA": walk(1), "BBB": walk(2)})
    with pytest.raises(BadInput, match="log_return, vix, volatility"):
        make(prices, features=["momentum"])
    with pytest.raises(BadInput, match="log_return, log_volatility"):
        make(prices, target={"name": "price", "horizons": [1], "span": 1})
