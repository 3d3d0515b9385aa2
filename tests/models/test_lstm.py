import pytest
import torch


@pytest.mark.parametrize(("projection", "width"), [(0, 16), (12, 12)])
def test_the_projection_sets_the_width_of_the_readout(build, draw, projection, width):
    model = build("lstm", projection=projection)
    assert model.head.linear.in_features == width
    assert model(*draw().inputs()).shape == (8, 1, 1)


def test_the_readout_is_the_last_valid_state(build, draw):
    model, batch = build("lstm").eval(), draw(ragged=True)
    x = torch.where(batch.valid[..., None], batch.x, 0)
    rows = model.rows(x, batch.valid, batch.calendar, batch.entity)
    for sample, length in enumerate(batch.valid.sum(1)):
        states, _ = model.lstm(rows[sample : sample + 1, :length])
        torch.testing.assert_close(
            model(*batch.inputs())[sample], model.head(states[:, -1])[0]
        )


def test_one_layer_gives_no_warning_about_dropout(build, recwarn):
    build("lstm", layers=1)
    assert not recwarn.list
