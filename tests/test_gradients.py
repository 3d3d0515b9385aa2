"""Clipping of stacked gradients."""

import pytest
import torch

from seqshift import gradients


@pytest.mark.parametrize("most", [1e-3, 1e9])
def test_each_seed_is_clipped_on_its_own(most):
    torch.manual_seed(0)
    grads = [torch.randn(2, 3, 4), torch.randn(2, 5) * 10]
    expected = []
    for seed in range(2):
        own = [torch.nn.Parameter(torch.zeros_like(grad[seed])) for grad in grads]
        for weight, grad in zip(own, grads, strict=True):
            weight.grad = grad[seed].clone()
        torch.nn.utils.clip_grad_norm_(own, most)
        expected.append([weight.grad for weight in own])
    gradients.clip(grads, most)
    for seed in range(2):
        for grad, own in zip(grads, expected[seed], strict=True):
            torch.testing.assert_close(grad[seed], own)
