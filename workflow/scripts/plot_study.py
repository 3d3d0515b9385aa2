"""Draw one study with Optuna's own plots."""

from seqshift import job, storage
from seqshift.plotting import study, style
from seqshift.schemas.studies import TRIALS

job.log_to(snakemake.log[0])
trials = storage.read_csv(snakemake.input.trials, TRIALS)
for view in study.VIEWS:
    figure = study.draw({"trials": trials}, view, snakemake.params.ranges)
    style.save(figure, snakemake.output[f"{view}_pdf"], snakemake.output[view])
