"""Train one run; a killed run goes on from its last epoch."""

from seqshift import checkpoints, dataset, job, meter, run, storage, trainset
from seqshift.schemas.results import HISTORY

job.log_to(snakemake.log[0])
inputs, params = snakemake.input, snakemake.params
with meter.measure() as reading:
    fit, meta = run.train(inputs, params, snakemake.output.checkpoint)
storage.write_csv(fit.history, snakemake.output.history, HISTORY)
held = len(dataset.load(inputs, params.domain, meta["scaler"]).windows("val"))
windows = trainset.count(inputs.train)
meter.write(snakemake, reading, windows, held, passes=len(fit.history))
checkpoints.write(snakemake.output.checkpoint, fit.state, meta)
checkpoints.drop_resume(checkpoints.resume_path(snakemake.output.checkpoint))
