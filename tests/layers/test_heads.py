import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift.errors import BadInput
from seqshift.layers.heads import (
    PointHead,
    QuantileHead,
    head,
    loss,
    pinball_loss,
    point_loss,
    spread,
)

numbers = st.floats(-1e6, 1e6, width=32)


@settings(max_examples=60, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=9))
def test_spread_never_decreases_and_keeps_the_median(raw):
    values = spread(torch.tensor(raw))
    assert len(values) == len(raw)
    assert (values.diff() >= 0).all()
    middle = (len(raw) - 1) // 2
    assert values[middle] == torch.tensor(raw)[middle]


def test_spread_sums_softplus_steps_away_from_the_median():
    raw = torch.tensor([0.0, 0.0, 5.0, 0.0, 0.0])
    step = torch.tensor(2.0).log()  # softplus(0)
    expected = 5 + step * torch.tensor([-2, -1, 0, 1, 2])
    torch.testing.assert_close(spread(raw), expected)


def test_the_number_of_outputs_chooses_the_head():
    assert isinstance(head(8, 2, 1), PointHead)
    assert isinstance(head(8, 2, 7), QuantileHead)


@pytest.mark.parametrize("outputs", [1, 2, 7])
def test_a_head_gives_batch_by_horizon_by_output(outputs):
    assert head(8, 3, outputs)(torch.randn(5, 8)).shape == (5, 3, outputs)


def test_horizons_do_not_share_their_quantiles():
    layer = head(4, 2, 3)
    x = torch.randn(6, 4)
    before = layer(x)
    layer.linear.bias.data[:3] += 1  # the rows of the first horizon
    changed = (layer(x) != before).any(-1).all(0)
    assert torch.equal(changed, torch.tensor([True, False]))


def test_the_point_loss_is_the_mean_squared_error():
    prediction, target = torch.tensor([[[1.0]], [[4.0]]]), torch.tensor([[0.0], [2.0]])
    assert point_loss(prediction, target) == 2.5
    assert loss(prediction, target, None) == loss(prediction, target, []) == 2.5


def test_the_pinball_loss_weighs_under_and_over_prediction():
    prediction = torch.tensor([[[0.0, 2.0]]])
    target = torch.tensor([[1.0]])
    expected = (0.1 * 1 + (1 - 0.9) * 1) / 2
    assert pinball_loss(prediction, target, (0.1, 0.9)) == pytest.approx(expected)
    assert loss(prediction, target, (0.1, 0.9)) == pytest.approx(expected)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([0.05, 0.25, 0.5, 0.9]))
def test_the_pinball_loss_is_least_at_the_empirical_quantile(seed, level):
    target = torch.randn(201, 1, generator=torch.Generator().manual_seed(seed))
    grid = torch.linspace(-3, 3, 601)
    best = target.quantile(level)

    def at(value):
        return pinball_loss(value.expand(201, 1, 1), target, (level,))

    assert at(best) <= min(at(value) for value in grid) + 1e-6


@pytest.mark.parametrize(
    ("prediction", "quantiles"),
    [((4, 1), None), ((4, 1, 3), None), ((4, 1, 3), (0.1, 0.9)), ((4, 2, 1), None)],
)
def test_shapes_that_would_broadcast_are_refused(prediction, quantiles):
    with pytest.raises(BadInput, match="does not fit target"):
        loss(torch.zeros(prediction), torch.zeros(4, 1), quantiles)
