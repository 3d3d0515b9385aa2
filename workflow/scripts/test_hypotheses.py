"""Test every metric over seeds and entities; correct for multiplicity; judge."""

from seqshift import job, storage
from seqshift.schemas.controls import CONTROLS
from seqshift.schemas.results import RESAMPLES, SCORES, TESTS
from seqshift.statistics.tests import test_hypotheses

job.log_to(snakemake.log[0])
scores = storage.read_table(snakemake.input.scores, SCORES)
resamples = storage.read_table(snakemake.input.resamples, RESAMPLES)
controls = storage.read_csv(snakemake.input.controls, CONTROLS)
statistics, baselines = snakemake.params.statistics, snakemake.params.baselines
tests = test_hypotheses(scores, resamples, statistics, baselines, controls)
storage.write_csv(tests, snakemake.output.tests, TESTS)
