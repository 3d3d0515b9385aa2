"""Path integrals of gradients: exact where they can be, complete everywhere."""

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients

from nets import KINDS, Linear, build
from panel import small_panel
from seqshift import explaining


@pytest.fixture(scope="module")
def panel():
    return small_panel()


def test_a_linear_model_has_its_closed_form(panel):
    model, cut = Linear(), panel.cut("val")[0]
    values, gaps = explaining.integrate(model, cut, 5, 256)
    expected = cut.x * model.weight.detach().numpy()
    np.testing.assert_allclose(values, expected, atol=1e-5)
    assert gaps.max() < 1e-5


@pytest.mark.parametrize("kind", ["mlp", "lstm", "transformer", "memory"])
def test_attributions_of_a_smooth_net_add_up(panel, kind):
    cut = panel.cut("temporal_test")[0].take(np.arange(0, 900, 30))
    _, gaps = explaining.integrate(build(kind), cut, 50, 4096)
    assert len(gaps) == len(cut)
    assert gaps.max() <= 1e-5


def test_attributions_of_a_date_add_up_to_the_change_of_its_sum(panel):
    model = build("cross-entity")
    cut, _ = panel.cut("train", "spatial_test")
    dates = np.unique(cut.date)[::120]
    cut = cut.take(np.flatnonzero(np.isin(cut.date, dates)))
    values, gaps = explaining.integrate(model, cut, 50, 4096)
    assert len(gaps) == len(dates)
    assert gaps.max() <= 1e-5
    data = cut.batch()
    with torch.no_grad():
        start = model(torch.zeros_like(data.x), *data.inputs()[1:])
        change = (model(*data.inputs()) - start)[:, 0, 0].numpy()
    own = np.abs(values.sum((1, 2)) - change)
    total = values.sum((1, 2))
    sums = [
        np.bincount(np.unique(cut.date, return_inverse=True)[1], part)
        for part in (total, change)
    ]
    np.testing.assert_allclose(sums[0], sums[1], atol=1e-4)
    assert own.max() > 1e-3  # an entity's own cells also move the others


@pytest.mark.parametrize("kind", ["mlp", "cross-entity"])
def test_attributions_do_not_depend_on_the_size_of_batches(panel, kind):
    model = build(kind)
    cut = panel.cut("train", "spatial_test")[0]
    dates = np.unique(cut.date)[::150]
    cut = cut.take(np.flatnonzero(np.isin(cut.date, dates)))
    few, gaps = explaining.integrate(model, cut, 8, 1)
    many, again = explaining.integrate(model, cut, 8, 100_000)
    np.testing.assert_allclose(few, many, atol=2e-6)
    np.testing.assert_allclose(gaps, again, atol=1e-5)


def test_the_median_of_quantiles_is_explained(panel):
    class Levels(Linear):
        def forward(self, *inputs):
            middle = super().forward(*inputs)
            return torch.cat((middle - 5, middle, 3 * middle), dim=2)

    cut = panel.cut("val")[0]
    values, _ = explaining.integrate(Levels(), cut, 5, 256)
    plain, _ = explaining.integrate(Linear(), cut, 5, 256)
    np.testing.assert_allclose(values, plain, atol=1e-6)


def test_dropout_is_off_while_a_model_is_explained(panel):
    model = build("mlp").train()
    cut = panel.cut("val")[0]
    one, _ = explaining.integrate(model, cut, 4, 256)
    two, _ = explaining.integrate(model, cut, 4, 256)
    assert np.array_equal(one, two)


def some(panel, count):
    """Return the windows of all entities on a few dates."""
    cut = panel.cut("train", "spatial_test")[0]
    dates = np.unique(cut.date)
    few = dates[:: len(dates) // count][:count]
    return cut.take(np.flatnonzero(np.isin(cut.date, few)))


def riemann(model, cut, steps):
    """Return captum's midpoint rule, one window or date after the other."""
    data, found = cut.batch(), np.empty(cut.x.shape, np.float32)
    groups = [np.flatnonzero(cut.date == date) for date in np.unique(cut.date)]
    if not model.by_date:
        groups = [[row] for row in range(len(cut))]
    for rows in groups:
        x, *fixed = (part[rows] for part in data.inputs())

        def output(x, fixed=fixed):  # x: (point, row, lag, feature)
            count, size = x.shape[:2]
            inputs = [part.repeat(count, *[1] * (part.dim() - 1)) for part in fixed]
            inputs[-1] = torch.arange(count).repeat_interleave(size)  # group
            return model(x.flatten(0, 1), *inputs).view(count, size).sum(1)

        method = IntegratedGradients(output)
        values = method.attribute(
            x[None], n_steps=steps, method="riemann_middle", internal_batch_size=500
        )
        found[rows] = values[0].detach().numpy()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_attributions_are_those_of_a_fine_midpoint_rule(panel, kind):
    # The midpoint rule of 2,000 points errs by some 1e-7 of the largest attribution,
    # sums of that many float32 terms by some 1e-6.
    model, cut = build(kind).eval(), some(panel, 2)
    expected = riemann(model, cut, 2_000)
    values, _ = explaining.integrate(model, cut, 50, 4096)
    scale = np.abs(expected).max()
    assert scale > 1e-3
    np.testing.assert_allclose(values, expected, atol=1e-5 * scale, rtol=0)


def test_dates_of_unequal_size_keep_their_own_paths(panel):
    model, cut = build("cross-entity"), some(panel, 4)
    keep = np.ones(len(cut), bool)
    keep[np.flatnonzero(cut.date == cut.date.min())[0]] = False
    cut = cut.take(np.flatnonzero(keep))
    values, gaps = explaining.integrate(model, cut, 20, 4096)
    assert len(gaps) == 4 and gaps.max() <= 1e-5
    for date in np.unique(cut.date):
        rows = np.flatnonzero(cut.date == date)
        alone, _ = explaining.integrate(model, cut.take(rows), 20, 4096)
        np.testing.assert_allclose(values[rows], alone, atol=1e-6)


def test_expected_gradients_of_a_linear_model_are_those_from_its_baselines(panel):
    model, cut = Linear(), panel.cut("val")[0]
    weight = model.weight.detach().numpy()
    one = explaining.expect(model, cut, cut.x[:1], 3, 256, seed=0)
    np.testing.assert_allclose(one, (cut.x - cut.x[0]) * weight, atol=1e-5)
    bank = cut.x[::40]
    many = explaining.expect(model, cut.take(np.arange(9)), bank, 20_000, 10**6, seed=0)
    expected = (cut.x[:9] - bank.mean(0)) * weight
    error = 5 * (bank.std(0) * np.abs(weight)).max() / np.sqrt(20_000)
    np.testing.assert_allclose(many, expected, atol=error)


@pytest.mark.parametrize("kind", ["mlp", "cross-entity"])
def test_expected_gradients_add_up_to_the_mean_change_of_a_path(panel, kind):
    model, cut = build(kind), some(panel, 2)
    bank = panel.train.x[:1]
    values = explaining.expect(model, cut, bank, 4_000, 10**5, seed=1)
    data = cut.batch()
    with torch.no_grad():
        start = model(torch.from_numpy(bank).expand_as(data.x), *data.inputs()[1:])
        change = (model(*data.inputs()) - start)[:, 0, 0].numpy()
    total = values.sum((1, 2))
    if model.by_date:
        code = np.unique(cut.date, return_inverse=True)[1]
        total, change = np.bincount(code, total), np.bincount(code, change)
    np.testing.assert_allclose(total, change, atol=0.05 * np.abs(change).max())


def test_random_points_repeat_and_leave_the_global_source_alone(panel):
    model, cut = build("mlp"), some(panel, 2)
    np.random.seed(5)
    before = np.random.get_state()[1]
    one, two, other = (
        explaining.expect(model, cut, panel.train.x[:9], 4, 256, seed=seed)
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one, two) and not np.array_equal(one, other)
    assert np.array_equal(np.random.get_state()[1], before)
