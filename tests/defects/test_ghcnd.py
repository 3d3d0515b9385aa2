import numpy as np

import gridworld
from seqshift.defects import ghcnd as defects
from seqshift.sources import ghcnd


def test_the_planted_defects_are_found_to_the_row(tmp_path):
    ghcnd.simulate(gridworld.world(), {}, tmp_path)
    expected = defects.spoil(tmp_path, np.random.default_rng(0))
    table = gridworld.read(ghcnd, tmp_path)
    assert expected == {"W2": 18, "W1": 18}
    assert gridworld.rules(table) == expected


def test_the_places_depend_on_the_generator_alone(tmp_path):
    texts = []
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        (tmp_path / name).mkdir()
        ghcnd.simulate(gridworld.world(), {}, tmp_path / name)
        defects.spoil(tmp_path / name, np.random.default_rng(seed))
        texts.append((tmp_path / name / "EAST.dly").read_bytes())
    assert texts[0] == texts[1] != texts[2]
