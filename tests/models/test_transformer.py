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
def test_positions_make_the_order_matter(build, draw, kind):
    model, batch = build(kind).eval(), draw(ragged=True)
    change = (_permuted(model, batch) - model(*batch.inputs())).abs()
    assert change.amax() > 1e-4
