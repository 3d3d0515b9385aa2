"""The trials of all studies."""

import numpy as np

import resulttables
from seqshift.plotting import style, tuning


def trials():
    made = resulttables.make(domains=("energy",), models=("mlp",))["trials"]
    return made.reset_index(drop=True)


def words(panel):
    return [text.get_text() for text in panel.texts]


def test_whole_trials_are_filled_and_others_hollow():
    frame = trials()
    (panel,) = tuning.draw({"trials": frame}).axes
    whole = frame["state"] == "complete"
    for face, rows in ((style.BLUE, whole), (style.PAPER, ~whole)):
        (dots,) = [
            one
            for one in panel.lines
            if one.get_marker() == "o" and one.get_markerfacecolor() == face
        ]
        np.testing.assert_array_equal(dots.get_xdata(), frame.loc[rows, "trial"])
        np.testing.assert_array_equal(dots.get_ydata(), frame.loc[rows, "val_loss"])


def test_the_line_is_the_least_loss_of_the_whole_trials_so_far():
    frame = trials().head(3).assign(state=["complete", "pruned", "complete"])
    frame["val_loss"] = [2.0, 1.0, 1.5]
    (panel,) = tuning.draw({"trials": frame}).axes
    (line,) = [one for one in panel.lines if one.get_drawstyle() == "steps-post"]
    assert list(line.get_ydata()) == [2.0, 2.0, 1.5]


def test_the_label_names_the_chosen_trial_and_its_values_at_an_edge():
    frame = trials().head(2).assign(state="complete", val_loss=[2.0, 1.0])
    frame["at_edge"] = ["dropout", ""]
    (panel,) = tuning.draw({"trials": frame}).axes
    assert words(panel) == ["trial 1"]
    frame["at_edge"] = ["", "learning_rate weight_decay"]
    (panel,) = tuning.draw({"trials": frame}).axes
    assert words(panel) == ["trial 1\nrate at edge\ndecay at edge"]


def test_a_study_without_a_loss_gets_a_note():
    frame = trials().assign(val_loss=np.nan, state="diverged")
    (panel,) = tuning.draw({"trials": frame}).axes
    assert words(panel) == ["no finite loss"]


def test_a_single_trial_is_drawn():
    frame = trials().head(1).assign(state="complete", val_loss=0.4)
    figure = tuning.draw({"trials": frame})
    figure.draw_without_rendering()
    low, high = figure.axes[0].get_ylim()
    assert low < high
