"""Score one run: every metric per entity, and its date resamples."""

from seqshift import job, storage
from seqshift.metrics.score import score
from seqshift.schemas.results import FORECASTS, RESAMPLES, SCORES

job.log_to(snakemake.log[0])
forecasts = storage.read_table(snakemake.input.forecasts, FORECASTS)
scores, resamples = score(forecasts, snakemake.params.spec, snakemake.params.statistics)
storage.write_table(scores, snakemake.output.scores, SCORES)
storage.write_table(resamples, snakemake.output.resamples, RESAMPLES)
