import dataclasses

import pytest
import torch

from seqshift.errors import BadInput

KIND = "cross-entity"


@pytest.fixture
def model(build):
    return build(KIND).eval()


def _rows(batch, index):
    fields = {f.name: getattr(batch, f.name)[index] for f in dataclasses.fields(batch)}
    return dataclasses.replace(batch, **fields)


def _close(actual, expected):
    torch.testing.assert_close(actual, expected, rtol=0, atol=1e-6)


def test_permuting_the_entities_permutes_the_forecasts(model, draw):
    batch = draw(batch=9, dates=2, ragged=True)
    order = torch.randperm(9, generator=torch.Generator().manual_seed(3))
    whole = model(*batch.inputs())
    _close(model(*_rows(batch, order).inputs()), whole[order])


def test_the_other_entities_of_the_date_are_seen(model, draw):
    batch = draw(batch=6, dates=2)
    x = batch.x.clone()
    x[0] += 1
    before = model(*batch.inputs())
    after = model(*dataclasses.replace(batch, x=x).inputs())
    same_date = batch.group == batch.group[0]
    assert torch.equal((after != before).flatten(), same_date)


def test_a_date_does_not_depend_on_other_dates(model, draw):
    batch = draw(batch=9, dates=3)
    batch.group[5] = batch.group[0]  # dates of 4, 3 and 2 entities
    whole = model(*batch.inputs())
    for date in batch.group.unique():
        rows = (batch.group == date).nonzero()[:, 0]
        _close(model(*_rows(batch, rows).inputs()), whole[rows])


def test_an_absent_entity_equals_a_missing_row(model, draw):
    batch = draw(batch=7, dates=2)
    batch.valid[2] = False
    batch.x[2] = float("nan")
    rest = torch.tensor([0, 1, 3, 4, 5, 6])
    with_absent = model(*batch.inputs())
    assert with_absent.isfinite().all()
    _close(model(*_rows(batch, rest).inputs()), with_absent[rest])


def test_hiding_a_bar_of_one_entity_reaches_the_others(model, draw):
    batch = draw(batch=4, dates=1)
    before = model(*batch.inputs())
    batch.valid[2, 4:] = False
    assert (model(*batch.inputs()) != before).all()


def test_one_entity_alone_works(model, draw):
    batch = draw(batch=3, dates=3)
    whole = model(*batch.inputs())
    assert whole.isfinite().all()
    _close(model(*_rows(batch, torch.tensor([1])).inputs()), whole[1:2])


def test_the_labels_of_dates_carry_no_meaning(model, draw):
    batch = draw(batch=8, dates=3)
    renamed = dataclasses.replace(batch, group=-7 * batch.group)
    _close(model(*renamed.inputs()), model(*batch.inputs()))


def test_only_the_blocks_from_cross_from_on_look_across(build):
    model = build(KIND, layers=4, cross_from=3)
    looks = [block.extra is not None for block in model.envelope.blocks]
    assert looks == [False, False, True, True]


@pytest.mark.parametrize("first", [0, 3])
def test_a_cross_from_beyond_the_blocks_is_refused(build, first):
    with pytest.raises(BadInput, match="cross_from"):
        build(KIND, layers=2, cross_from=first)
