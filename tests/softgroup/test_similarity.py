"""Similarities of contexts, compared with pandas and by hand."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift.errors import BadInput
from seqshift.softgroup import similarity

EVERY_KIND = pytest.mark.parametrize("kind", similarity.KINDS)


def ragged(seed: int, rows: int = 6, steps: int = 90) -> torch.Tensor:
    """Return related walks (row, step) with short rows, gaps and single NaN."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, steps)).cumsum(1) * rng.lognormal(size=(rows, 1)) * 10
    x[1] += x[0]
    for row in range(rows):
        x[row, : rng.integers(0, steps - 10)] = np.nan
    x[rng.random(x.shape) < 0.05] = np.nan
    x[0], x[:, -1] = rng.normal(size=steps), 1.0
    return torch.from_numpy(x)


@given(st.integers(0, 2**32 - 1), st.integers(2, 40))
@settings(max_examples=40, deadline=None)
def test_the_correlation_is_that_of_pandas(seed, least):
    x = ragged(seed)
    expected = pd.DataFrame(x.numpy().T).corr(min_periods=least).to_numpy().copy()
    np.fill_diagonal(expected, 1)
    r = similarity.correlation(x, min_overlap=least).numpy()
    known = ~np.isnan(expected)
    np.testing.assert_allclose(r[known], expected[known], rtol=0, atol=1e-12)
    assert (r[~known] == 0).all()


@pytest.mark.parametrize(
    ("on", "season", "by_hand"),
    [
        ("diff", None, lambda frame: frame.diff()),
        ("seasonal_diff", 7, lambda frame: frame.diff(7)),
    ],
)
def test_differences_are_taken_first(on, season, by_hand):
    x = ragged(3)
    expected = by_hand(pd.DataFrame(x.numpy().T)).corr(min_periods=8).fillna(0)
    np.fill_diagonal(expected := expected.to_numpy().copy(), 1)
    r = similarity.correlation(x, 8, on, season)
    np.testing.assert_allclose(r.numpy(), expected, rtol=0, atol=1e-12)


def test_the_cosine_is_taken_on_the_overlap():
    x = ragged(5)
    r = similarity.cosine(x, min_overlap=5)
    both = ~(x[0].isnan() | x[1].isnan())
    a, b = x[0][both], x[1][both]
    torch.testing.assert_close(r[0, 1], a @ b / (a.norm() * b.norm()))


def test_the_distance_is_the_gaussian_of_z_scores_apart():
    x = ragged(6)
    z = (x - x.nanmean(1, True)) / (x - x.nanmean(1, True)).square().nanmean(
        1, True
    ) ** (1 / 2)
    apart = torch.stack([(z - row).square().nanmean(1).sqrt() for row in z])
    pairs = apart[np.triu_indices(6, 1)]
    expected = (-apart.square() / (2 * pairs.median() ** 2)).exp()
    torch.testing.assert_close(similarity.distance(x, min_overlap=2), expected)


def test_the_distance_orders_complete_rows_as_the_correlation_does():
    x = torch.from_numpy(np.random.default_rng(0).normal(size=(8, 60)).cumsum(1))
    upper = np.triu_indices(8, 1)
    r = similarity.correlation(x)[upper].argsort()
    assert torch.equal(similarity.distance(x)[upper].argsort(), r)


def test_the_distance_of_the_first_study_scales_rows_to_the_unit_range():
    x = torch.from_numpy(np.random.default_rng(0).normal(size=(3, 40)))
    low, high = x.amin(1, True), x.amax(1, True)
    expected = (-torch.cdist((x - low) / (high - low), (x - low) / (high - low))).exp()
    torch.testing.assert_close(similarity.distance_seed(x), expected)


@pytest.mark.parametrize(
    ("how", "expected"),
    [("abs", [1, 0.5, 0]), ("clip", [0, 0.5, 0]), ("affine", [0, 0.75, 0.5])],
)
def test_maps_send_correlations_to_the_unit_interval(how, expected):
    r = torch.tensor([-1, 0.5, 0], dtype=torch.float64)
    assert similarity.to_unit(r, how).tolist() == expected


@EVERY_KIND
@pytest.mark.parametrize("how", similarity.MAPS)
def test_rows_that_cannot_be_compared_share_nothing_under_any_map(kind, how):
    x = torch.from_numpy(np.random.default_rng(1).normal(size=(5, 50)))
    x[4] += x[0]
    x[1] = 7.0  # constant
    x[2, :30] = torch.nan  # 20 steps: too few
    x[3] = 1e9 + 1e-3 * x[3]  # constant for its level
    S = similarity.of(x, kind, how)
    apart = torch.ones(5, 5, dtype=torch.bool).fill_diagonal_(False)
    apart[0, 4] = apart[4, 0] = False
    assert (S[apart] == 0).all() and (S.diagonal() == 1).all() and S[0, 4] > 0


@EVERY_KIND
def test_one_shared_step_or_none_is_never_enough(kind):
    x = torch.from_numpy(np.random.default_rng(3).normal(size=(3, 40)))
    x[0, 20:], x[1, :19], x[2, :20] = torch.nan, torch.nan, torch.nan
    S = similarity.of(x, kind, min_overlap=0)
    assert S[0, 1] == S[0, 2] == 0 and S[1, 2] > 0


def test_rows_constant_on_their_overlap_only_have_no_correlation():
    x = torch.from_numpy(np.random.default_rng(2).normal(size=(2, 80)))
    x[0, :40] = 0.1
    x[1, 40:] = torch.nan
    assert similarity.correlation(x)[0, 1] == 0
    for how in similarity.MAPS:
        assert similarity.of(x, "corr", how)[0, 1] == 0


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_levels_and_scales_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    x = ragged(seed).float()
    scale = torch.from_numpy(rng.lognormal(sigma=2, size=(6, 1)))
    level = torch.from_numpy(rng.normal(size=(6, 1)))
    changed = (x * scale + level).float()
    r, again = (similarity.correlation(rows) for rows in (x, changed))
    torch.testing.assert_close(again, r, rtol=0, atol=1e-4)


@EVERY_KIND
@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_every_similarity_is_symmetric_in_the_unit_interval(kind, seed):
    S = similarity.of(ragged(seed), kind, min_overlap=4)
    assert S.dtype == torch.float64 and S.isfinite().all()
    assert (S >= 0).all() and (S <= 1).all() and torch.equal(S, S.T)


@EVERY_KIND
def test_a_row_alone_is_like_itself(kind):
    assert similarity.of(torch.arange(40.0)[None], kind).tolist() == [[1.0]]


@EVERY_KIND
def test_equal_rows_are_as_similar_as_can_be(kind):
    row = torch.from_numpy(np.random.default_rng(4).normal(size=40))
    S = similarity.of(row.repeat(3, 1), kind)
    torch.testing.assert_close(S, torch.ones_like(S), rtol=0, atol=1e-7)


@pytest.mark.parametrize("signed", [similarity.correlation, similarity.cosine])
def test_rounding_leaves_no_value_beyond_one(signed):
    x = torch.from_numpy(np.random.default_rng(5).normal(size=(40, 33)))
    x[0] = 3.0
    r = signed(torch.cat([x, 7 * x, -x]))
    assert r.abs().max() == 1 and (r.diagonal() == 1).all()


def test_independent_walks_correlate_on_levels_and_not_on_differences():
    x = torch.from_numpy(np.random.default_rng(0).normal(size=(60, 256)).cumsum(1))
    upper = np.triu_indices(60, 1)
    level, diff = (
        float(similarity.correlation(x, on=on)[upper].abs().mean())
        for on in ("level", "diff")
    )
    assert level == pytest.approx(0.42, abs=0.05)
    assert diff == pytest.approx(0.05, abs=0.01)


CONTROLS = [similarity.permute, similarity.shuffle, similarity.random_like]


@pytest.mark.parametrize("control", CONTROLS)
def test_controls_are_symmetric_repeatable_and_keep_the_diagonal(control):
    S = similarity.of(ragged(8), "corr", min_overlap=4)
    one, again = (control(S, np.random.default_rng(3)) for _ in range(2))
    assert torch.equal(one, again) and torch.equal(one, one.T)
    assert (one.diagonal() == 1).all() and not torch.equal(one, S)
    assert one.min() >= 0 and one.max() <= 1


def test_permuting_keeps_structure_and_shuffling_keeps_values():
    S = similarity.of(ragged(8), "corr", min_overlap=4)
    rng = np.random.default_rng(3)
    permuted, shuffled = similarity.permute(S, rng), similarity.shuffle(S, rng)
    for other in (permuted, shuffled):
        assert torch.equal(other.flatten().sort()[0], S.flatten().sort()[0])
    spectra = [torch.linalg.eigvalsh(matrix) for matrix in (S, permuted, shuffled)]
    torch.testing.assert_close(spectra[1], spectra[0])
    assert (spectra[2] - spectra[0]).abs().max() > 1e-3


def test_shuffling_keeps_the_two_directions_of_a_pair_together():
    S = torch.tensor([[1, 0.1, 0.2], [0.3, 1, 0.4], [0.5, 0.6, 1]])
    shuffled = similarity.shuffle(S, np.random.default_rng(1))
    upper = np.triu_indices(3, 1)
    pairs = {(0.1, 0.3), (0.2, 0.5), (0.4, 0.6)}
    found = {
        (round(float(shuffled[i, j]), 3), round(float(shuffled[j, i]), 3))
        for i, j in zip(*upper, strict=True)
    }
    assert found == pairs


def test_a_constant_matrix_has_one_value_beside_its_diagonal():
    S = similarity.constant(torch.eye(3), 0.25)
    assert S.tolist() == [[1, 0.25, 0.25], [0.25, 1, 0.25], [0.25, 0.25, 1]]


ROWS = torch.arange(80.0).reshape(2, 40)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"kind": "corr", "how": "square"}, "so choose 'abs' and double beta"),
        ({"kind": "corr", "how": "cube"}, "'cube': choose one of abs, affine, clip"),
        ({"kind": "dtw"}, "unknown similarity 'dtw': choose one of corr, cosine"),
        ({"kind": "corr", "on": "log"}, "'log': choose one of diff, level"),
        ({"kind": "corr", "on": "seasonal_diff"}, "season of at least 1 step"),
        ({"kind": "dist", "on": "seasonal_diff", "season": 40}, "looks back 40 steps"),
        ({"kind": "corr", "x": ROWS[0]}, r"have shape \(40,\)"),
        ({"kind": "corr", "x": ROWS * torch.inf}, "row 0 .* infinite"),
    ],
)
def test_what_no_similarity_can_be_is_refused(arguments, words):
    with pytest.raises(BadInput, match=words) as error:
        similarity.of(**{"x": ROWS} | arguments)
    assert "\n" not in str(error.value)


@EVERY_KIND
def test_a_series_without_a_value_is_refused(kind):
    x = ROWS.clone()
    x[1] = torch.nan
    with pytest.raises(BadInput, match=r"row 1 .* no observed value .*; drop"):
        similarity.of(x, kind)
