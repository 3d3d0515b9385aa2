"""Compare a run with its natural twin, block by block of the test era."""

from seqshift import job, storage
from seqshift.metrics.collapse import collapse
from seqshift.schemas.results import FORECASTS, RESAMPLES, SCORES

job.log_to(snakemake.log[0])
runs = [
    storage.read_table(snakemake.input[name], FORECASTS)
    for name in ("synthetic", "natural", "twin")
]
scores, resamples = collapse(*runs, snakemake.params.spec, snakemake.params.statistics)
storage.write_table(scores, snakemake.output.scores, SCORES)
storage.write_table(resamples, snakemake.output.resamples, RESAMPLES)
