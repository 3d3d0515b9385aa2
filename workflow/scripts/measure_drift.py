"""Measure Cos-Drift and rank changes of one run."""

from seqshift import drift, job, storage
from seqshift.schemas.results import DRIFT, RANKS

job.log_to(snakemake.log[0])
attributions = storage.read_array(snakemake.input.attributions)
measured, ranks = drift.measure(attributions, snakemake.params.drift)
storage.write_table(measured, snakemake.output.drift, DRIFT)
storage.write_table(ranks, snakemake.output.ranks, RANKS)
