"""Fit error against the number of training windows, with and without a floor."""

from seqshift import job, storage, tables
from seqshift.schemas.comparisons import CURVES, POINTS, SCALING
from seqshift.schemas.results import SCORES
from seqshift.statistics import curves

job.log_to(snakemake.log[0])
inputs, outputs, params = snakemake.input, snakemake.output, snakemake.params
scores = tables.join(inputs.scores, SCORES)
windows = tables.windows(inputs.train)
points = curves.points(scores, windows, params.budgets)
fits, lines = curves.fit(points, params.statistics)
storage.write_csv(points, outputs.points, POINTS)
storage.write_csv(fits, outputs.scaling, SCALING)
storage.write_csv(lines, outputs.curves, CURVES)
