"""Forecast origins: no row may see another row's future."""

import numpy as np
import pandas as pd
import pytest
import torch

from seqshift.errors import BadInput
from seqshift.softgroup import origins, similarity

LENGTH, HORIZON = 64, 40


@pytest.mark.parametrize(
    "stamps",
    [
        pd.to_datetime(["2024-01-02", "2024-01-01", "2024-01-02"]),
        [7, 5, 7],
        np.array(["2024-01-02", "2024-01-01", "2024-01-02"], "datetime64[h]"),
    ],
)
def test_ids_are_equal_exactly_where_the_last_time_stamps_are(stamps):
    assert origins.origin_ids(stamps).tolist() == [1, 0, 1]
    assert origins.origin_ids(stamps).dtype == torch.int64


def test_a_missing_time_stamp_is_refused():
    with pytest.raises(BadInput, match="row 1 has no last time stamp"):
        origins.origin_ids([pd.Timestamp("2024-01-01"), pd.NaT])


def test_one_origin_passes_and_two_are_named():
    day = pd.Timestamp("2024-01-01")
    origins.assert_same_origin([day, day])
    origins.assert_same_origin([])
    later = [day, day, day + pd.Timedelta("1h")]
    with pytest.raises(origins.MixedOriginError) as error:
        origins.assert_same_origin(later, ["item a", "item b", "item c"])
    assert str(error.value).startswith(
        "item a ends at 2024-01-01 00:00:00 and item c at 2024-01-01 01:00:00, so"
    )
    with pytest.raises(origins.MixedOriginError, match="row 0 .* and row 2"):
        origins.assert_same_origin(later)


@pytest.fixture(scope="module")
def panel() -> np.ndarray:
    """Return related walks (series, time)."""
    rng = np.random.default_rng(0)
    walk = rng.normal(size=(5, 200)).cumsum(1)
    walk[1] += walk[0]
    return walk


def window(panel: np.ndarray, origin: int) -> torch.Tensor:
    return torch.tensor(panel[:, origin - LENGTH + 1 : origin + 1]).float()


CLUSTERS = torch.tensor([0, 0, 1, 1, 2])
ARMS = {
    "hard": lambda S: (CLUSTERS, None),
    "joint": lambda S: (0 * CLUSTERS, None),
    "soft": lambda S: (torch.arange(5), S),
    "oracle": lambda S: (
        torch.arange(5),
        (CLUSTERS[:, None] == CLUSTERS[None, :]).double(),
    ),
    "permuted": lambda S: (
        torch.arange(5),
        similarity.permute(S, np.random.default_rng(1)),
    ),
    "shuffled": lambda S: (
        torch.arange(5),
        similarity.shuffle(S, np.random.default_rng(1)),
    ),
    "random": lambda S: (
        torch.arange(5),
        similarity.random_like(S, np.random.default_rng(1)),
    ),
    "constant": lambda S: (torch.arange(5), similarity.constant(S, 0.3)),
}


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("kind", similarity.KINDS)
def test_the_future_moves_no_forecast_of_one_origin(pipeline, panel, arm, kind):
    from seqshift.softgroup.pipeline import forecast

    def of_arm(panel, origin, horizon):
        x = window(panel, origin)
        ids, S = ARMS[arm](similarity.of(x, kind))
        return forecast(pipeline, x, horizon, ids, S, 1.0)

    assert origins.future_probe(of_arm, panel, 130, HORIZON) == 0


STEPS = torch.arange(0, 32, 8)
WAYS = {
    "exempt": {},
    "origins": {"origin_ids": STEPS},
    "past": {"allowed": STEPS[None, :] <= STEPS[:, None]},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize("kind", similarity.KINDS)
def test_the_future_leaks_between_origins_that_share(pipeline, panel, kind, joint, way):
    """Rows are windows of one series at successive origins, as in the first study."""
    from seqshift.softgroup.pipeline import forecast

    ids = torch.zeros(4, dtype=torch.int64) if joint else torch.arange(4)

    def of_batch(panel, origin, horizon):
        x = torch.cat([window(panel[:1], origin + int(step)) for step in STEPS])
        S = similarity.of(x, kind, "affine")
        return forecast(pipeline, x, horizon, ids, S, 1.0, **WAYS[way])[0]

    change = origins.future_probe(of_batch, panel, 130, HORIZON)
    assert change > 0 if way == "exempt" else change == 0


def test_a_probe_that_changes_nothing_proves_nothing(panel):
    with pytest.raises(BadInput, match="no value to change after position 199"):
        origins.future_probe(lambda *_: 0, panel, 199, HORIZON)
    with pytest.raises(BadInput, match="no value to change"):
        origins.future_probe(lambda *_: 0, np.full((2, 9), 25.0), 4, HORIZON)


def test_a_probe_leaves_the_panel_as_it_was(panel):
    before = panel.copy()

    def spoil(panel, origin, horizon):
        panel *= 2
        return panel[:, : origin + 1]

    assert origins.future_probe(spoil, panel, 100, HORIZON) == 0
    assert np.array_equal(panel, before)
