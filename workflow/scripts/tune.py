"""Choose hyper-parameters on validation windows; a killed sweep goes on."""

from seqshift import job, run, storage

job.log_to(snakemake.log[0])
hparams = run.tune(snakemake.input, snakemake.params, snakemake.output.hparams)
storage.write_json(hparams, snakemake.output.hparams)
