"""Score and probe all arms of one backbone on test windows."""

from pathlib import Path

from seqshift import job, storage
from seqshift.schemas.softgroup import AGREEMENT, LOSSES, PROBE
from seqshift.softgroup import scoring, selection

job.log_to(snakemake.log[0])
paths, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
run = {"backbone": wildcards.backbone, "seed": int(wildcards.seed)}
model = scoring.load(Path(paths.weights).parent, params.device)
windows = [storage.read_array(path) for path in (paths.windows, paths.validation)]
selected = selection.selected(storage.read_json(paths.selected))
losses, facts, probe = scoring.score(model, *windows, params.arms, selected, run)
storage.write_table(losses, snakemake.output.losses, LOSSES)
storage.write_csv(facts, snakemake.output.agreement, AGREEMENT)
storage.write_csv(probe, snakemake.output.probe, PROBE)
