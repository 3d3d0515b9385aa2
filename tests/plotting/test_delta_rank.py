"""The figure of attribution ranks."""

from scipy import stats

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


def test_the_agreement_below_a_panel_is_that_of_all_cells():
    tables = resulttables.make(
        domains=("finance",), modalities=("natural",), models=("mlp",), seeds=1
    )
    ranks = tables["ranks"]
    cells = ranks[ranks["level"] == "cell"].set_index("name")
    expected = stats.spearmanr(cells["reference"], cells["test"]).statistic
    top = [set(cells[side].nlargest(10).index) for side in ("reference", "test")]
    (panel,) = delta_rank.draw({"ranks": ranks}).axes
    kept = len(top[0] & top[1])
    assert panel.get_xlabel() == f"ρ = {expected:.2f}; {kept} of 10 stay"
    assert 0 < kept < 10
