import pytest
import torch

ORDER = torch.tensor([4, 2, 0, 5, 1, 3])


def _permuted(model, batch):
    x, valid, calendar = (
        tensor[:, ORDER] for tensor in (batch.x, batch.valid, batch.calendar)
    )
    return model(x, valid, calendar, batch.entity, batch.group)


@pytest.mark.parametrize("kind", ["transformer", "cross-entity", "memory"])
def test_without_positions_only_the_calendar_orders_the_rows(build, draw, kind):
    model, batch = build(kind, positions=False).eval(), draw(ragged=True)
    torch.testing.assert_close(
        _permuted(model, batch), model(*batch.inputs()), rtol=0, atol=1e-6
    )


@pytest.mark.parametrize("kind", ["transformer", "cross-entity", "memory"])
def test_without_positions_and_past_calendar_nothing_orders_the_rows(build, draw, kind):
    model = build(kind, positions=False, calendar="target").eval()
    batch = draw()
    plain = model(*batch.inputs())
    x, valid, calendar, entity, group = batch.inputs()
    past = calendar.clone()
    past[:, :-1] = past[:, ORDER[:-1] % 5]  # whatever the other rows' days are
    shuffled = model(x[:, ORDER], valid, past, entity, group)
    torch.testing.assert_close(shuffled, plain, rtol=0, atol=1e-6)
    later = calendar.clone()
    later[:, -1, 3] = (later[:, -1, 3] + 180) % 366 + 1
    assert (model(x, valid, later, entity, group) - plain).abs().amax() > 1e-4


@pytest.mark.parametrize("kind", ["transformer", "cross-entity", "memory"])
def test_a_calendar_in_every_row_gives_the_order_away(build, draw, kind):
    model, batch = build(kind, positions=False).eval(), draw()
    x, valid, calendar, entity, group = batch.inputs()
    change = model(x[:, ORDER], valid, calendar, entity, group)
    assert (change - model(*batch.inputs())).abs().amax() > 1e-4


@pytest.mark.parametrize("kind", ["transformer", "cross-entity", "memory"])
def test_positions_make_the_order_matter(build, draw, kind):
    model, batch = build(kind).eval(), draw(ragged=True)
    change = (_permuted(model, batch) - model(*batch.inputs())).abs()
    assert change.amax() > 1e-4
