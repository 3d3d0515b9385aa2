"""Score and probe all arms of one backbone on test windows."""

from seqshift import job, storage
from seqshift.schemas.softgroup import AGREEMENT, LOSSES, PROBE
from seqshift.softgroup.runs import scoring, selection

job.log_to(snakemake.log[0])
paths, params = snakemake.input, snakemake.params
models = (paths.weights, snakemake.wildcards.backbone, params.device)
windows = [storage.read_array(path) for path in (paths.windows, paths.validation)]
how = (*windows, params.arms, selection.selected(storage.read_json(paths.selected)))
losses, facts, probe = scoring.each_seed(
    *models, lambda model, run: scoring.score(model, *how, run)
)
storage.write_table(losses, snakemake.output.losses, LOSSES)
storage.write_csv(facts, snakemake.output.agreement, AGREEMENT)
storage.write_csv(probe, snakemake.output.probe, PROBE)
