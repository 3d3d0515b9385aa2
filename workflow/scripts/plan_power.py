"""Plan how many seeds the comparisons need, and say it in words."""

from seqshift import job, planning, storage
from seqshift.schemas.planning import POWER
from seqshift.schemas.results import RESAMPLES, SCORES
from seqshift.statistics import power

job.log_to(snakemake.log[0])
scores = storage.read_table(snakemake.input.scores, SCORES)
resamples = storage.read_table(snakemake.input.resamples, RESAMPLES)
params = snakemake.params
table = power.plan(scores, resamples, params.statistics, params.baselines)
storage.write_csv(table, snakemake.output.power, POWER)
storage.write_text(planning.sentence(table), snakemake.output.sentence)
