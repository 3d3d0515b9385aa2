import numpy as np

import gridworld
from seqshift.defects import binance as defects
from seqshift.simulate import intraday
from seqshift.sources import binance

SPEC = {
    "seed": 4,
    "entities": ["BTCUSDT", "ETHUSDT"],
    "start": "2022-01-20",
    "days": 20,
    "test_days": 5,
    "shift": "none",
    "strength": 0.0,
}


def test_the_planted_defects_are_found_to_the_row(tmp_path):
    binance.simulate(intraday.make(SPEC), {}, tmp_path)
    expected = defects.spoil(tmp_path, np.random.default_rng(0))
    table = gridworld.read(binance, tmp_path)
    assert expected["F3"] == 10 and expected["B3"] > 2 * 285
    assert gridworld.rules(table) == expected
