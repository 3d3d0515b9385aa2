"""Measure Cos-Drift of years and quarters, rank changes and controls of one run."""

from seqshift import job, storage
from seqshift.drift import axes, evidence, explained, quarters, ranks
from seqshift.schemas import controls, results

job.log_to(snakemake.log[0])
output, spec = snakemake.output, snakemake.params.drift
run = explained.read(storage.read_array(snakemake.input.attributions))
storage.write_table(axes.measure(run, spec), output.drift, results.DRIFT)
quarterly = quarters.quarters(run, spec)
storage.write_table(quarterly, output.quarters, controls.QUARTERS)
storage.write_table(ranks.ranks(run), output.ranks, results.RANKS)
found = evidence.evidence(run, spec)
storage.write_table(found, output.evidence, controls.EVIDENCE)
