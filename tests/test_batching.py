"""Batches of single windows and of whole dates."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from panel import small_panel
from seqshift import batching, registry

GROUPS = st.lists(st.integers(0, 12), min_size=1, max_size=60)
SIZES = st.integers(1, 20)


@pytest.fixture(scope="module")
def panel():
    return small_panel()


@given(GROUPS, SIZES, st.booleans(), st.sampled_from([None, 0, 1]))
@settings(max_examples=60, deadline=None)
def test_every_row_is_in_exactly_one_batch(group, size, by_date, seed):
    generator = None if seed is None else torch.Generator().manual_seed(seed)
    parts = batching.batches(torch.tensor(group), size, by_date, generator)
    assert sorted(torch.cat(parts).tolist()) == list(range(len(group)))
    assert all(len(part) for part in parts)


@given(GROUPS, SIZES, st.sampled_from([None, 0, 1]))
@settings(max_examples=60, deadline=None)
def test_a_date_is_never_split(group, size, seed):
    group = torch.tensor(group)
    generator = None if seed is None else torch.Generator().manual_seed(seed)
    parts = batching.batches(group, size, True, generator)
    dates = [set(group[part].tolist()) for part in parts]
    assert sum(len(found) for found in dates) == len(set(group.tolist()))
    largest = int(torch.bincount(group).max())
    assert all(len(part) < size + largest for part in parts)


def test_batches_of_dates_have_about_the_wanted_size():
    group = torch.arange(100).repeat(5)
    generator = torch.Generator().manual_seed(0)
    sizes = [len(part) for part in batching.batches(group, 20, True, generator)]
    assert set(sizes) == {20}


@pytest.mark.parametrize("by_date", [False, True])
def test_the_order_is_that_of_the_generator(by_date):
    group = torch.arange(40).repeat(3)

    def order(seed):
        generator = torch.Generator().manual_seed(seed)
        return torch.cat(batching.batches(group, 7, by_date, generator)).tolist()

    assert order(1) == order(1) != order(2)


def test_without_a_generator_dates_come_in_order():
    parts = batching.batches(torch.tensor([3, 1, 3, 2]), 2, True, None)
    assert torch.cat(parts).tolist() == [1, 3, 0, 2]


@pytest.mark.parametrize("kind", ["mlp", "lstm", "cross-entity"])
def test_a_prediction_does_not_depend_on_its_batch(panel, kind):
    torch.manual_seed(0)
    spec = panel.models[kind] | {"entity_dropout": 0.5}
    model = registry.load("models", kind).Model(panel.shape, spec)
    data = panel.cut("id_test", "spatial_test")[0].batch()
    whole = batching.predict(model, data, 10_000)
    assert not model.training
    shuffled = torch.randperm(len(data.group), generator=torch.Generator())
    part = batching.rows(data, shuffled)
    found = batching.predict(model, part, 33)
    np.testing.assert_allclose(found, whole[shuffled], atol=2e-6)
