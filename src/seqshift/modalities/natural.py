"""The natural training set: the real train windows as they are."""

from seqshift.windows import Windows


def make(train: Windows, domain: dict, spec: dict) -> Windows:
    """Return the natural windows."""
    return train
