"""What all five architectures promise."""

import dataclasses
import io

import pytest
import torch

from seqshift.layers.heads import loss

KINDS = ("mlp", "lstm", "transformer", "cross-entity", "memory")
SEQUENCE = KINDS[1:]
every_model = pytest.mark.parametrize("kind", KINDS)


def _poison(batch, value):
    """Put `value` into the features and nonsense into the calendar of padding."""
    x = torch.where(batch.valid[..., None], batch.x, value)
    calendar = torch.where(batch.valid[..., None], batch.calendar, 99)
    return dataclasses.replace(batch, x=x, calendar=calendar)


@every_model
@pytest.mark.parametrize(("horizons", "outputs"), [(1, 1), (2, 3)])
def test_the_output_is_batch_by_horizon_by_output(build, draw, kind, horizons, outputs):
    model = build(kind, horizons, outputs)
    assert model(*draw().inputs()).shape == (8, horizons, outputs)


@every_model
def test_gradients_are_finite_and_reach_every_parameter(build, draw, kind):
    batch = draw(ragged=True)
    batch.valid[3] = False
    batch = _poison(batch, float("nan"))
    model = build(kind, dropout=0.0)
    loss(model(*batch.inputs()), batch.target, None).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.isfinite().all(), name
        # The bias of a key shifts all scores of a query alike: no gradient.
        assert parameter.grad.any() or name.endswith("key.bias"), name


@every_model
@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30, -7.0])
def test_a_padded_bar_changes_nothing_exactly(build, draw, kind, value):
    model, batch = build(kind).eval(), draw(ragged=True)
    before = model(*batch.inputs())
    assert torch.equal(model(*_poison(batch, value).inputs()), before)


@every_model
def test_every_valid_bar_changes_the_output(build, draw, kind):
    model, batch = build(kind).eval(), draw(ragged=True)
    before = model(*batch.inputs())
    for time in range(batch.valid.shape[1]):
        x = batch.x.clone()
        x[:, time] += 1
        after = model(*dataclasses.replace(batch, x=x).inputs())
        changed = (after != before).flatten(1).all(1)
        assert torch.equal(changed | ~batch.valid[:, time], torch.ones(8).bool())
        if kind != "cross-entity":  # there the other entities answer too
            assert torch.equal(changed, batch.valid[:, time])


@every_model
def test_an_inverted_mask_is_noticed(build, draw, kind):
    model, batch = build(kind).eval(), draw()
    before = model(*batch.inputs())
    inverted = dataclasses.replace(batch, valid=~batch.valid)
    assert (model(*inverted.inputs()) - before).abs().max() > 1e-3


@pytest.mark.parametrize("kind", SEQUENCE)
def test_cutting_the_padding_off_equals_padding(build, draw, kind):
    model, batch = build(kind).eval(), draw()
    batch.valid[:, 4:] = False
    short = [tensor[:, :4] for tensor in (batch.x, batch.valid, batch.calendar)]
    torch.testing.assert_close(
        model(*short, batch.entity, batch.group),
        model(*batch.inputs()),
        rtol=0,
        atol=1e-6,
    )


@every_model
def test_a_forecast_does_not_depend_on_the_rest_of_the_batch(build, draw, kind):
    model, batch = build(kind).eval(), draw(ragged=True)
    whole = model(*batch.inputs())
    by_date = [(batch.group == date).nonzero()[:, 0] for date in batch.group.unique()]
    parts = by_date if model.by_date else torch.arange(8)[:, None]
    for rows in parts:
        alone = model(*(tensor[rows] for tensor in batch.inputs()))
        torch.testing.assert_close(alone, whole[rows], rtol=0, atol=1e-6)


@every_model
def test_the_calendar_and_the_entity_change_the_output(build, draw, kind):
    model, batch = build(kind).eval(), draw()
    before = model(*batch.inputs())
    calendar = batch.calendar + torch.tensor([0, 0, 0, 90])
    for change in ({"calendar": calendar}, {"entity": batch.entity % 5 + 1}):
        after = model(*dataclasses.replace(batch, **change).inputs())
        assert (after != before).flatten(1).any(1).all()


@every_model
def test_an_unknown_entity_never_reads_a_trained_row(build, draw, kind):
    model, batch = build(kind).eval(), draw()
    unknown = dataclasses.replace(batch, entity=torch.zeros_like(batch.entity))
    before = model(*unknown.inputs())
    _table(model).data[1:] = float("nan")
    assert torch.equal(model(*unknown.inputs()), before)
    assert model(*batch.inputs()).isnan().all()


@every_model
def test_the_unknown_row_learns_through_entity_dropout(build, draw, kind):
    batch = draw()
    for rate, learns in ((0.0, False), (0.5, True)):
        model = build(kind, entity_dropout=rate)
        loss(model(*batch.inputs()), batch.target, None).backward()
        assert bool(_table(model).grad[0].any()) == learns


@every_model
def test_full_entity_dropout_makes_the_output_blind_to_ids(build, draw, kind):
    model, batch = build(kind, entity_dropout=1.0, dropout=0.0).train(), draw()
    other = dataclasses.replace(batch, entity=batch.entity.flip(0))
    assert torch.equal(model(*batch.inputs()), model(*other.inputs()))


@every_model
def test_the_seed_fixes_weights_and_dropout(build, draw, kind):
    batch = draw()
    first, second = (build(kind).train()(*batch.inputs()) for _ in range(2))
    assert torch.equal(first, second)
    model = build(kind).train()
    assert not torch.equal(model(*batch.inputs()), model(*batch.inputs()))


@every_model
def test_evaluation_repeats_bit_by_bit(build, draw, kind):
    model, batch = build(kind).eval(), draw()
    assert torch.equal(model(*batch.inputs()), model(*batch.inputs()))


@every_model
def test_a_saved_model_forecasts_the_same(build, draw, kind):
    model, batch, file = build(kind).eval(), draw(), io.BytesIO()
    torch.save(model.state_dict(), file)
    torch.manual_seed(1)
    other = build(kind).eval()
    for parameter in other.parameters():
        parameter.data.normal_()
    file.seek(0)
    other.load_state_dict(torch.load(file, weights_only=True))
    assert torch.equal(other(*batch.inputs()), model(*batch.inputs()))


@every_model
def test_quantiles_never_cross(build, draw, kind):
    batch, levels = draw(), (0.1, 0.5, 0.9)
    model = build(kind, horizons=2, outputs=3)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    for _ in range(5):
        prediction = model(*batch.inputs())
        assert (prediction.diff(dim=-1) >= 0).all()
        optimizer.zero_grad()
        loss(prediction, batch.target.expand(-1, 2), levels).backward()
        optimizer.step()


@every_model
def test_sixty_four_windows_can_be_learned_by_heart(build, draw, kind):
    batch = draw(batch=64, dates=8)
    changes = {"widths": [64, 64]} if kind == "mlp" else {"width": 32}
    model = build(kind, dropout=0.0, entity_dropout=0.0, **changes)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(300):
        error = loss(model(*batch.inputs()), batch.target, None)
        if error < 0.05 * batch.target.var():
            return
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    pytest.fail(f"{error.item() / batch.target.var().item():.0%} of variance left")


def _table(model):
    """Weights of the model's only entity embedding."""
    names = [
        n for n, _ in model.named_parameters() if n.endswith("entity.table.weight")
    ]
    assert len(names) == 1
    return model.get_parameter(names[0])
