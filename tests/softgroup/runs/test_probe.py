"""The probe: no arm sees what comes after its origin, and the leak does."""

import pytest

from seqshift.errors import BadInput
from seqshift.schemas.softgroup import PROBE
from seqshift.softgroup.runs import arms, probe, study
from seqshift.softgroup.runs.forecaster import Forecaster
from softmodels import pipeline
from softwindows import windows

SET = {
    "single": {"corr-abs": [1], "corr-affine": [5], "dist": [2], "corrdiff-abs": [1]},
    "wrong": {"corr-abs": [1]},
    "controls": [1],
}
RUN = {"backbone": "nano", "seed": 0}
MODEL = pipeline(context=64)


def make(data, kind=Forecaster):
    return kind(MODEL, data, 10**6, 16, 0)


def planned(data):
    selected = {"single": "soft_single_dist_b2", "wrong": "soft_wrong_corr-abs_b1"}
    return arms.plan(SET, study.rows_of(data, 16), selected)


@pytest.mark.parametrize("dated", [True, False])
def test_no_arm_sees_the_future_and_the_leak_does(dated):
    data = windows(origins=6, lags=64, horizon=30, dated=dated)
    found = PROBE.validate(probe.probe(make, data, planned(data), 2, RUN))
    assert (found.loc[found["leak"] == 0, "difference"] == 0).all()
    assert (found.loc[found["leak"] == 1, "difference"] > 1e-3).all()
    assert found.loc[found["leak"] == 1, "arm"].unique() == ["leak_all"]
    assert {arm.id for arm in planned(data)} < set(found["arm"])
    assert found["origin"].nunique() == 2


def test_no_mask_sees_the_future_of_an_unrolled_horizon():
    data = windows(origins=3, lags=64, horizon=40)
    some = [arm for arm in planned(data) if arm.id in ("hard_joint", "seed", "oracle")]
    found = dict(probe.differences(make, data, 0, some))
    assert found.pop("leak_all") > 1e-3
    assert found == {"hard_joint": 0, "seed": 0, "oracle": 0}


class Peeping(Forecaster):
    """A forecaster that takes all rows of a batch for one unit."""

    def __init__(self, *args):
        super().__init__(*args)
        for batch in self.batches:
            batch.unit[:] = 0


def test_an_arm_that_sees_the_future_is_named():
    data = windows(origins=6, lags=64, horizon=20)
    with pytest.raises(BadInput, match="waves, origin .*hard_right change by"):
        probe.probe(lambda one: make(one, Peeping), data, planned(data), 1, RUN)


def test_a_backbone_that_never_shares_proves_nothing():
    data = windows(origins=6, lags=64, horizon=20)

    for block in (deaf := pipeline(context=64)).model.encoder.block:
        block.layer[1].self_attention.o.weight.data.zero_()
    with pytest.raises(BadInput, match="the probe proves nothing"):
        build = lambda one: Forecaster(deaf, one, 10**6, 16, 0)  # noqa: E731
        probe.probe(build, data, planned(data)[:1], 1, RUN)
