"""The levels of the quantiles that a forecast has."""

import numpy as np

LEVELS = np.arange(1, 10) / 10
MEDIAN, LOW, HIGH = 4, 0, 8  # places of .5, .1 and .9 in LEVELS
