import math

import pytest
import torch

from seqshift.layers.embeddings import (
    EntityEmbedding,
    Rows,
    encode_calendar,
    target_day,
)


def _calendar(*rows):
    return torch.tensor(rows)[None]  # (1, time, field)


def _all_valid(calendar):
    return torch.ones(calendar.shape[:2], dtype=torch.bool)


def test_the_year_has_365_and_a_quarter_days_and_the_week_seven():
    calendar = _calendar([0, 2, 15, 100])
    year, week = 2 * math.pi * 100 / 365.25, 2 * math.pi * 2 / 7
    expected = [math.sin(year), math.sin(week), math.cos(year), math.cos(week)]
    encoded = encode_calendar(calendar, _all_valid(calendar))
    torch.testing.assert_close(encoded, torch.tensor([[expected]]))


def test_neighbouring_days_are_near_across_new_year_and_week():
    calendar = _calendar([0, 6, 31, 366], [0, 0, 1, 1])
    year_end, year_start = encode_calendar(calendar, _all_valid(calendar))[0]
    assert (year_end - year_start)[[0, 2]].norm() < 0.02
    one_day = 2 * math.sin(math.pi / 7)
    assert (year_end - year_start)[[1, 3]].norm() == pytest.approx(one_day, abs=1e-6)


def test_bar_and_day_of_month_are_not_encoded():
    calendar = _calendar([0, 2, 15, 100], [287, 2, 3, 100])
    first, second = encode_calendar(calendar, _all_valid(calendar))[0]
    assert torch.equal(first, second)


def test_the_calendar_of_padding_is_zero():
    calendar = _calendar([0, 2, 15, 100], [0, 3, 16, 101])
    encoded = encode_calendar(calendar, torch.tensor([[True, False]]))
    assert encoded[0, 0].all()
    assert not encoded[0, 1].any()


@pytest.mark.parametrize(("rate", "share"), [(0.0, 0.0), (0.3, 0.3), (1.0, 1.0)])
def test_training_hides_the_given_share_of_ids(rate, share):
    torch.manual_seed(0)
    layer = EntityEmbedding(3, 2, rate)
    vectors = layer(torch.ones(20_000, dtype=torch.int64))
    hidden = (vectors == layer.table.weight[0]).all(1).double().mean()
    assert hidden == pytest.approx(share, abs=0.01)


def test_evaluation_hides_no_id():
    layer = EntityEmbedding(3, 2, 1.0).eval()
    entity = torch.tensor([2, 0, 1])
    assert torch.equal(layer(entity), layer.table.weight[entity])


def test_the_default_generator_decides_which_ids_are_hidden():
    layer, entity = EntityEmbedding(3, 2, 0.5), torch.ones(64, dtype=torch.int64)
    draws = []
    for seed in (5, 5, 6):
        torch.manual_seed(seed)
        draws.append(layer(entity))
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


def test_only_rows_that_were_read_get_a_gradient():
    layer = EntityEmbedding(4, 2, 1.0)
    layer(torch.tensor([1, 3])).sum().backward()
    assert torch.equal(
        layer.table.weight.grad.any(1), torch.tensor([1, 0, 0, 0]).bool()
    )


def test_the_calendar_of_the_target_day_is_that_of_the_last_valid_row():
    calendar = _calendar([0, 2, 15, 100], [0, 3, 16, 101], [0, 4, 17, 102])
    valid = torch.tensor([[True, True, False]])
    found = target_day(calendar, valid)
    assert torch.equal(found, calendar[:, [1, 1, 1]])
    assert torch.equal(target_day(calendar, valid | True), calendar[:, [2, 2, 2]])


def test_rows_join_features_calendar_and_entity_in_this_order():
    layer = Rows(features=2, entities=3, width=5, dropout=0.0, calendar="rows")
    calendar = _calendar([0, 2, 15, 100], [0, 3, 16, 101])
    x, valid, entity = torch.randn(1, 2, 2), _all_valid(calendar), torch.tensor([2])
    joined = layer(x, valid, calendar, entity)
    assert joined.shape == (1, 2, layer.width)
    features, encoded, who = joined.split([2, 4, 5], -1)
    assert torch.equal(features, x)
    assert torch.equal(encoded, encode_calendar(calendar, valid))
    assert torch.equal(who[0], layer.entity.table.weight[[2, 2]])
