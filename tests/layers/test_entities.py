import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift.layers.entities import EntityAttention, arrange

groups = st.lists(st.integers(-3, 4), min_size=1, max_size=12)


def _valid(group, time=3):
    return torch.ones(len(group), time, dtype=torch.bool)


@settings(max_examples=40, deadline=None)
@given(groups)
def test_unfolding_undoes_folding(group):
    group = torch.tensor(group)
    x = torch.randn(len(group), 3, 2)
    dates = arrange(group, _valid(group))
    assert torch.equal(dates.unfold(dates.fold(x), like=x), x)


@settings(max_examples=40, deadline=None)
@given(groups)
def test_a_grid_row_holds_the_entities_of_one_date_and_one_bar(group):
    group = torch.tensor(group)
    bars = torch.arange(3.0).expand(len(group), 3)
    labels = torch.stack((group[:, None].expand(-1, 3).float(), bars), -1)
    dates = arrange(group, _valid(group))
    grid, mask = dates.fold(labels), dates.mask.flatten(1)
    assert mask.sum() == labels[..., 0].numel()
    assert grid.shape == (
        len(group.unique()) * 3,
        int(group.mode()[0].eq(group).sum()),
        2,
    )
    for row, present in zip(grid, mask, strict=True):
        assert len(row[present].unique(dim=0)) == 1
        assert not row[~present].any()


def test_the_mask_hides_padded_bars_and_absent_entities():
    group = torch.tensor([7, 5, 7])
    valid = torch.tensor([[1, 1], [1, 0], [1, 0]]).bool()
    mask = arrange(group, valid).mask
    # rows: date 5 bar 0, date 5 bar 1, date 7 bar 0, date 7 bar 1
    expected = torch.tensor([[1, 0], [0, 0], [1, 1], [1, 0]]).bool()
    assert torch.equal(mask, expected[:, None, None, :])


def test_an_entity_reads_only_valid_bars_of_its_date_at_the_same_time():
    torch.manual_seed(0)
    layer = EntityAttention(4, 2)
    group = torch.tensor([0, 1, 0, 1, 0])
    valid = _valid(group)
    valid[2, 1] = False
    x = torch.randn(5, 3, 4)
    dates = arrange(group, valid)
    before = layer(x, dates)
    for time, reach in ((0, [0, 2, 4]), (1, [2])):
        changed = x.clone()
        changed[2, time] += 1
        moved = (layer(changed, dates) != before).all(-1)
        expected = torch.zeros(5, 3, dtype=torch.bool)
        expected[reach, time] = True
        assert torch.equal(moved, expected)


def test_gradients_flow_back_to_the_row_they_came_from():
    group = torch.tensor([3, 1, 3])
    x = torch.randn(3, 2, 4, requires_grad=True)
    dates = arrange(group, _valid(group, 2))
    weight = torch.randn(3, 2, 4)
    (dates.unfold(dates.fold(x), like=x) * weight).sum().backward()
    assert torch.equal(x.grad, weight)
