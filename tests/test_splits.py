import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worlds
from seqshift import audit, splits
from seqshift.errors import BadInput


@pytest.fixture
def manifest(features, spec):
    return splits.make(features, spec)


def test_every_row_has_one_role_and_the_audit_counts_them(manifest, features, spec):
    counts = audit.audit(manifest, features, spec)
    roles = splits.roles(manifest, features)
    assert roles.index.equals(features.index)
    total = sum(n for role, n in counts.items() if not role.startswith("slice"))
    assert total == len(features)
    assert counts["slice heat"] > 0


def test_unseen_entities_are_never_fitted(manifest, features):
    roles = splits.roles(manifest, features)
    mine = set(roles.loc[features["entity"] == "DD", "role"])
    assert mine <= {"spatial_test", "spatiotemporal_test", "embargo", "unused"}
    flagged = roles["id_dates"] & (features["entity"] == "DD")
    seen = roles["id_dates"] & (features["entity"] == "AA")
    dates = features["date"]
    assert set(dates[flagged]) == set(dates[seen])
    assert set(roles.loc[seen, "role"]) == {"id_test"}


@settings(max_examples=20, deadline=None)
@given(
    block=st.integers(10, 60),
    lags=st.integers(2, 20),
    span=st.integers(1, 5),
    horizon=st.integers(1, 6),
    seed=st.integers(0, 99),
)
def test_windows_of_two_roles_never_share_a_day(block, lags, span, horizon, seed):
    features, spec = worlds.small_features(), worlds.small_spec()
    features = features[features["entity"] == "AA"]
    spec["window"]["lags"] = lags
    spec["target"] |= {"span": span, "horizons": [1, horizon]}
    spec["splits"] |= {
        "embargo": lags + span + horizon - 2,
        "block": block,
        "seed": seed,
        "slices": {
            "crash": {"dates": [["2002-03-01", "2002-05-01"]], "hold_out": True}
        },
    }
    role = splits.roles(splits.make(features, spec), features)["role"].to_numpy()
    owner = {}
    for day in np.flatnonzero(~np.isin(role, ["embargo", "unused"])):
        for used in range(day - lags, day + span + horizon - 1):
            assert owner.setdefault(used, role[day]) == role[day]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_values_outside_the_train_era_change_no_role_and_no_threshold(seed):
    draw = np.random.default_rng(seed)
    features, spec = worlds.small_features(), worlds.small_spec()
    before = splits.make(features, spec)
    roles = splits.roles(before, features)["role"]
    outside = features.index[~roles.isin(["train", "spatial_test"])]
    chosen = draw.choice(outside, size=20)
    features.loc[chosen, "temp_mean"] = draw.normal(scale=1e3, size=20)
    assert splits.make(features, spec) == before


def test_a_held_out_crash_is_neither_trained_nor_near_training(features, spec):
    spec["splits"]["slices"]["crash"] = {
        "dates": [["2002-09-01", "2002-10-15"], ["2005-03-01", "2005-04-01"]],
        "hold_out": True,
    }
    manifest = splits.make(features, spec)
    audit.audit(manifest, features, spec)
    roles = splits.roles(manifest, features)
    inside = features["date"].between("2002-08-19", "2002-10-28")
    assert "train" not in set(roles.loc[inside, "role"])
    crash = roles[(roles["slice"] == "crash") & (features["entity"] == "AA")]
    assert set(crash["role"]) == {"extreme_holdout", "temporal_test"}


def test_an_empty_slice_is_refused(features, spec):
    spec["splits"]["slices"]["crash"] = {
        "dates": [["1999-01-01", "1999-02-01"]],
        "hold_out": True,
    }
    with pytest.raises(BadInput, match="slice crash holds no test day"):
        audit.audit(splits.make(features, spec), features, spec)


def test_a_block_longer_than_its_stratum_is_refused(features, spec):
    spec["splits"]["block"] = 1080
    with pytest.raises(BadInput, match="no block of 1080 days"):
        splits.make(features, spec)


def test_an_entity_with_too_short_a_history_is_named(features, spec):
    late = (features["entity"] == "BB") & (features["date"] < "2003-06-01")
    with pytest.raises(BadInput, match="BB has .* fewer than min_train_days = 400"):
        audit.audit(splits.make(features[~late], spec), features[~late], spec)


def test_a_domain_without_unseen_entities_passes(features, spec):
    spec["entities"]["unseen"] = []
    seen = features[features["entity"] != "DD"]
    counts = audit.audit(splits.make(seen, spec), seen, spec)
    assert "spatial_test" not in counts


def test_the_audit_finds_a_leak_made_by_hand(manifest, features, spec):
    intervals = manifest["entities"]["AA"]["intervals"]
    position = next(i for i, part in enumerate(intervals) if part[2] == "embargo")
    intervals[position][2] = "train"
    with pytest.raises(BadInput, match="share days at"):
        audit.audit(manifest, features, spec)


def test_the_audit_finds_an_unseen_entity_in_training(manifest, features, spec):
    for interval in manifest["entities"]["DD"]["intervals"]:
        interval[2] = "train" if interval[2] == "spatial_test" else interval[2]
    with pytest.raises(BadInput, match="unseen DD"):
        audit.audit(manifest, features, spec)


def test_the_audit_finds_a_threshold_fitted_on_all_days(manifest, features, spec):
    everything = features.groupby("entity")["temp_mean"].quantile(0.98).to_dict()
    manifest["thresholds"]["heat"]["values"] = everything
    with pytest.raises(BadInput, match="depends on days outside"):
        audit.audit(manifest, features, spec)
