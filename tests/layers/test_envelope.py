import pytest
import torch

from seqshift.layers.envelope import Envelope
from seqshift.windows import Shape

SHAPE = Shape(lags=4, features=2, calendar=4, entities=3, horizons=1, outputs=1)
SPEC = {
    "width": 8,
    "heads": 2,
    "feedforward": 16,
    "embedding": 3,
    "dropout": 0.0,
    "entity_dropout": 0.0,
    "positions": True,
    "calendar": "rows",
}


def test_positions_can_be_left_out():
    tables = [Envelope(SHAPE, SPEC | {"positions": p}, [None]) for p in (True, False)]
    sizes = [sum(p.numel() for p in table.parameters()) for table in tables]
    assert tables[1].positions is None
    assert sizes[0] - sizes[1] == 4 * 8


def test_one_block_is_made_for_every_entry_of_extras():
    extras = [None, torch.nn.Identity(), None]
    blocks = Envelope(SHAPE, SPEC, extras).blocks
    assert [block.extra for block in blocks] == extras


@pytest.mark.parametrize("key", sorted(SPEC))
def test_no_value_of_the_spec_has_a_default(key):
    spec = {name: value for name, value in SPEC.items() if name != key}
    with pytest.raises(KeyError, match=key):
        Envelope(SHAPE, spec, [None])
