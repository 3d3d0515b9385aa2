"""The figure of attribution ranks."""

import resulttables
from seqshift.plotting import delta_rank


def test_a_cell_that_leaves_the_first_ten_ends_below_them_without_a_name():
    tables = resulttables.make(
        domains=("finance",), modalities=("natural",), models=("mlp",), seeds=2
    )
    ranks = tables["ranks"]
    first, moved = ranks["name"] == "vix lag 3", ranks["name"] == "vix lag 5"
    ranks.loc[first, ["reference", "test"]] = [9.0, 0.0]
    ranks.loc[moved, ["reference", "test"]] = [0.0, 9.0]
    (panel,) = delta_rank.draw({"ranks": ranks}).axes
    sides = {}
    for text in panel.texts:
        sides.setdefault(text.get_text(), set()).add(text.get_position()[0] > 0.5)
    # log_return, vix, volatility by name: vix is B.
    assert sides["B3"] == {False}
    assert sides["B5"] == {True}


def test_ranks_of_single_entities_do_not_enter():
    tables = resulttables.make(domains=("finance",), models=("mlp",), seeds=1)
    tables["ranks"]["entity"] = "AAA"
    figure = delta_rank.draw(tables)
    assert "No attribution ranks" in figure.axes[0].texts[0].get_text()
