"""Train one run; a killed run goes on from its last epoch."""

from seqshift import checkpoints, job, run, storage
from seqshift.schemas.results import HISTORY

job.log_to(snakemake.log[0])
fit, meta = run.train(snakemake.input, snakemake.params, snakemake.output.checkpoint)
storage.write_csv(fit.history, snakemake.output.history, HISTORY)
checkpoints.write(snakemake.output.checkpoint, fit.state, meta)
checkpoints.drop_resume(checkpoints.resume_path(snakemake.output.checkpoint))
