"""Colours, marks and files."""

import subprocess
import sys

import matplotlib as mpl
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift.plotting import style

NAMES = [*style.KNOWN, *style.BASELINES, "gru", "transformer-2l"]


def test_importing_the_figures_opens_no_window_and_no_pyplot():
    code = (
        f"import sys; sys.path[:0] = {sys.path!r}; "
        "from seqshift.plotting import g_ratio, cos_drift; "
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(NAMES)))
def test_known_models_keep_their_colour_in_any_company(names):
    table = style.colours(names)
    whole = style.colours(style.KNOWN)
    assert all(table[name] == whole[name] for name in style.KNOWN)
    assert names <= set(table)
    known = [table[name] for name in (*style.KNOWN, *style.BASELINES)]
    assert len(set(known)) == len(known)


def test_baselines_come_last_the_naive_forecast_at_the_end_and_strangers_before():
    names = ["naive", "seasonal-naive", "ridge", "gru", "lstm", "mlp"]
    expected = ["mlp", "lstm", "gru", "ridge", "seasonal-naive", "naive"]
    assert style.order(names) == expected


def test_each_modality_has_a_marker_of_its_own():
    names = [*style.MARKS, "unheard-of"]
    marks = [style.mark(name, names)[0] for name in names]
    assert len(set(marks)) == len(marks)


def test_settings_of_the_user_change_no_figure(tmp_path):
    def image(name):
        figure = style.empty("nothing")
        style.save(figure, tmp_path / f"{name}.pdf", tmp_path / f"{name}.png")
        return (tmp_path / f"{name}.png").read_bytes()

    plain = image("plain")
    with mpl.rc_context({"font.size": 20, "savefig.facecolor": "red"}):
        assert image("other") == plain


def test_a_saved_image_has_200_dots_an_inch(tmp_path):
    style.save(style.empty("nothing"), tmp_path / "one.pdf", tmp_path / "one.png")
    data = (tmp_path / "one.png").read_bytes()
    assert int.from_bytes(data[16:20], "big") == round(style.DOUBLE * 200)
