"""What is said when memory runs out."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqshift import capacity

REAL = (
    "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate"
)


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (MemoryError(), True),
        (RuntimeError(REAL), True),
        (RuntimeError("shapes cannot be multiplied"), False),
        (ValueError("not enough memory"), False),
    ],
)
def test_only_a_lack_of_memory_is_taken_for_one(error, found):
    assert capacity.exhausted(error) == found


def test_torchs_own_refusal_is_recognised():
    with pytest.raises(RuntimeError) as refused:
        torch.empty(2**55, dtype=torch.uint8)
    assert capacity.exhausted(refused.value)


@given(st.integers(1, 4096), st.integers(0, 4096))
def test_the_size_that_is_named_fits_and_is_the_first_of_the_halves(size, most):
    tried = []

    def step(rows: int):
        tried.append(rows)
        if rows > most:
            raise MemoryError

    text = str(capacity.advise(size, step))
    halves = [size // 2**power for power in range(1, 13) if size // 2**power]
    fitting = [rows for rows in halves if rows <= most]
    if fitting:
        assert f"; {fitting[0]} fits: set training.batch_size to {fitting[0]}" in text
    else:
        assert "not even one window fits" in text
    assert tried == halves[: len(tried)]


def test_another_error_while_trying_is_not_hidden():
    def step(rows: int):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        capacity.advise(8, step)
