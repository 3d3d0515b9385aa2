import numpy as np
import pytest

from seqshift import scaling, splits, windows
from seqshift.errors import BadInput
from seqshift.modalities import mixup, natural

SPEC = {"kind": "mixup", "alpha": 0.4, "noise": 0.0, "seed": 3}


@pytest.fixture
def train(features, spec):
    roles = splits.roles(splits.make(features, spec), features)
    scaler = scaling.fit_scaler(features, roles, spec)
    seen = spec["entities"]["seen"]
    return windows.cut(features, roles, spec, scaler, seen, ["train"])[0]


def test_natural_windows_are_left_alone(train, spec):
    assert natural.make(train, spec, {"kind": "natural"}) is train


@pytest.mark.parametrize("mixing", ["date", "season"])
def test_a_mixture_lies_between_its_pair_and_keeps_calendar_and_entity(
    train, spec, mixing
):
    spec["mixing"] = mixing
    made = mixup.make(train, spec, SPEC)
    np.testing.assert_array_equal(made.day, train.day)
    np.testing.assert_array_equal(made.entity, train.entity)
    np.testing.assert_array_equal(made.x[..., 2], train.x[..., 2])  # is_holiday
    moved = np.abs(made.target - train.target).max(axis=1) > 0
    assert moved.mean() > 0.9
    gain = (made.target * train.target).mean() / (train.target**2).mean()
    assert 0.5 < gain < 1.2  # the window itself keeps the larger share


def test_season_partners_are_the_same_entity_season_and_another_year(train):
    draw = np.random.default_rng(0)
    partner = mixup._partner_in_season(train, draw)
    found = partner != np.arange(len(train))
    assert found.mean() > 0.8
    np.testing.assert_array_equal(train.entity[partner], train.entity)
    apart = np.abs(train.date[partner] - train.date)[found]
    away = np.abs(apart - 365.25 * np.round(apart / 365.25))
    assert (apart > 300).all() and (away <= mixup.SEASON + 1).all()


def test_date_partners_are_other_entities_of_the_same_date(train):
    partner = mixup._partner_on_date(train, np.random.default_rng(0))
    np.testing.assert_array_equal(train.date[partner], train.date)
    assert (train.entity[partner] != train.entity).all()


def test_rescaling_keeps_the_variance_of_unrelated_columns(train, spec):
    spec["mixing"] = "date"
    made = mixup.make(train, spec, SPEC)
    ratio = made.x[..., 1].std() / train.x[..., 1].std()
    assert 0.95 < ratio < 1.05


def test_rescaling_keeps_the_variance_of_columns_that_pairs_share(train, spec):
    spec["mixing"] = "date"
    for entity in np.unique(train.entity):
        own = train.entity == entity
        train.x[own, :, 1] = train.date[own, None] % 7  # one value a date
    made = mixup.make(train, spec, SPEC)
    np.testing.assert_allclose(made.x[..., 1], train.x[..., 1], atol=1e-3)


def test_the_same_seed_gives_the_same_bytes(train, spec):
    noisy = SPEC | {"noise": 0.01}
    first, again = (mixup.make(train, spec, noisy) for _ in range(2))
    np.testing.assert_array_equal(first.x, again.x)
    other = mixup.make(train, spec, noisy | {"seed": 4})
    assert not np.array_equal(first.x, other.x)


def test_a_target_over_several_days_is_refused(train, spec):
    spec["target"]["span"] = 5
    with pytest.raises(BadInput, match="spans 5 days and cannot be mixed"):
        mixup.make(train, spec, SPEC)
