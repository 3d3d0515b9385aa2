"""Test every ablation against its base, paired by seed and entity."""

from seqshift import job, storage, tables
from seqshift.schemas.comparisons import ABLATIONS
from seqshift.schemas.results import RESAMPLES, SCORES
from seqshift.statistics import ablations

job.log_to(snakemake.log[0])
inputs, params = snakemake.input, snakemake.params
scores = tables.join(inputs.scores, SCORES)
resamples = tables.join(inputs.resamples, RESAMPLES)
found = ablations.compare(scores, resamples, params.bases, params.statistics)
storage.write_csv(found, snakemake.output.ablations, ABLATIONS)
