"""Small Chronos-2 models with random weights."""

import pytest

chronos2 = pytest.importorskip("chronos.chronos2")
