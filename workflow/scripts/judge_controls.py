"""Judge the controls of every run of an experiment over its seeds."""

from seqshift import job, storage, tables
from seqshift.schemas.controls import CONTROLS, EVIDENCE
from seqshift.statistics import controls

job.log_to(snakemake.log[0])
inputs = snakemake.input
evidence = tables.join(inputs.evidence, EVIDENCE)
read = tables.read_all({name: inputs[name] for name in ("drift", "ranks")})
judged = controls.judge(evidence, **read, rules=snakemake.params.rules)
storage.write_csv(judged, snakemake.output.controls, CONTROLS)
