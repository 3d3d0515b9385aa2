"""Settings of a soft group mask, and how a call changes them."""

import numpy as np
import pytest
import torch

from seqshift.errors import BadInput
from seqshift.softgroup import similarity
from seqshift.softgroup.settings import SoftGroups, chosen


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "dtw"}, "unknown similarity 'dtw'"),
        ({"how": "square"}, "double beta"),
        ({"how": "cube"}, "unknown map"),
        ({"on": "log"}, "unknown value of 'on' 'log'"),
        ({"on": "seasonal_diff"}, "needs a season of at least 1 step and got None"),
        ({"on": "seasonal_diff", "season": 0}, "got 0"),
        ({"beta": -1}, "beta = -1"),
        ({"scope": "rows"}, "unknown scope 'rows'"),
    ],
)
def test_settings_that_mean_nothing_are_refused_at_once(settings, words):
    with pytest.raises(BadInput, match=words):
        SoftGroups(**settings)


def test_a_call_changes_what_it_names_and_keeps_the_rest():
    own = SoftGroups(kind="corr", how="clip", beta=3, on="diff")
    changed = chosen(own, "cosine", beta=2.0, scope=None)
    assert (changed.kind, changed.how, changed.beta) == ("cosine", "clip", 2.0)
    assert (changed.on, changed.scope) == ("diff", "targets")
    assert chosen(own, None, beta=None) is own and chosen(None, None) is None
    assert chosen(own, SoftGroups(beta=5)).how == "abs"
    assert chosen(None, np.eye(2)).S.shape == (2, 2)
    assert chosen(SoftGroups(S=np.eye(2)), "dist").S is None


@pytest.mark.parametrize("kind", similarity.KINDS)
def test_rows_of_one_origin_do_not_depend_on_those_of_another(kind):
    x = torch.from_numpy(np.random.default_rng(0).normal(size=(6, 50)).cumsum(1))
    origins = torch.tensor([0, 0, 0, 1, 1, 1])
    shares = torch.tensor([True, True, True, True, True, False])
    soft = SoftGroups(kind=kind)
    before = soft.similarity_of(x, origins, shares)
    x[3:] = x[3:].flip(1) ** 2
    after = soft.similarity_of(x, origins, shares)
    assert torch.equal(before[:3, :3], after[:3, :3])
    assert torch.equal(before[:3, :3], similarity.of(x[:3], kind))
    assert not torch.equal(before, after)
    apart = (origins[:, None] != origins[None, :]) | ~(shares & shares[:, None])
    assert (after[apart.fill_diagonal_(False)] == 0).all()
