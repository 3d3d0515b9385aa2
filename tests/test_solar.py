import numpy as np
import pandas as pd
import pytest

from seqshift import solar
from seqshift.errors import BadInput

DAYS = pd.date_range("2016-01-01", "2016-12-31", unit="ns")


def monthly(first="2015-01-01", months=24, **states):
    """Return rows of states; each state gives its columns."""
    index = pd.date_range(first, periods=months, freq="MS", unit="ns")
    frames = [
        pd.DataFrame({"state": state, "month": index, **columns})
        for state, columns in states.items()
    ]
    return pd.concat(frames, ignore_index=True)


def plants(pv, total=np.nan, **when):
    return monthly(**when, TX={"pv_mw": pv, "total_mw": total})


def sold(mwh=72_000.0):
    return monthly(TX={"mwh": mwh})


def share(capacity, sales=(), states=("TX",)):
    return solar.share(list(states), DAYS, capacity, list(sales))


def test_the_share_of_all_power_needs_no_sales():
    power = np.r_[np.zeros(14), 30.0, np.full(9, 60.0)]  # first plant in March 2016
    found = share([plants(power, 120.0)])
    assert found["2016-03-31"] == 0.0
    assert found["2016-04-30"] == 0.25 and found["2016-05-01"] == 0.5


def test_both_sums_run_over_the_states_of_a_region():
    both = [
        plants(10.0, 100.0),
        monthly(OK={"pv_mw": 30.0, "total_mw": 60.0}),
    ]
    assert (share(both, states=["TX", "OK"]) == 0.25).all()


def test_power_is_that_of_the_first_month_before_it_and_the_last_after_it():
    found = share([plants(20.0, 80.0, first="2016-05-01", months=3)])
    assert (found[:"2016-05-31"] == 0.0).all() and (found["2016-06-01":] == 0.25).all()


def test_without_all_power_the_share_is_of_mean_load():
    partly = plants(10.0, 100.0)
    partly.loc[3, "total_mw"] = np.nan
    for capacity in (plants(10.0), partly):
        found = share([capacity], [sold()])
        assert found["2016-05-01"] == 10 / (72_000 / 720)  # of April
    state_unknown = share(
        [plants(10.0, 100.0)], [sold(), monthly(OK={"mwh": 1.0})], ["TX", "OK"]
    )
    assert state_unknown["2016-05-01"] == pytest.approx(10 / (100 + 1 / 720))


@pytest.mark.parametrize(
    ("capacity", "words"),
    [
        (plants(10.0), "do not give the power of all generators, so the role sales"),
        (plants(90.0, 80.0), "PV power in 2015-12 is no part of the power"),
        (plants(0.0, 0.0), "PV power in 2015-12 is no part of the power"),
    ],
)
def test_a_share_that_cannot_be_made_is_refused(capacity, words):
    with pytest.raises(BadInput, match=words):
        share([capacity])


def test_a_state_without_sales_is_refused():
    with pytest.raises(BadInput, match="unknown state in the sales 'OK'"):
        share([plants(1.0)], [sold()], ["TX", "OK"])
