"""Judge a backbone on series that it was not trained on."""

from pathlib import Path

from seqshift import job, storage
from seqshift.softgroup import backbones
from seqshift.softgroup.pretraining import gate

job.log_to(snakemake.log[0])
params, folder = snakemake.params, Path(snakemake.input.weights).parent
pipeline = backbones.load(folder)
found = gate.judge(pipeline, params.gate, params.clusters, folder)
if params.trained:
    gate.keep(found, params.gate, snakemake.wildcards.backbone)
storage.write_json(found, snakemake.output.gate)
