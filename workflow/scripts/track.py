"""Send the learning curves of all runs to Weights & Biases, each once."""

from seqshift import job, tracking

job.log_to(snakemake.log[0])
settings = snakemake.params.tracking
sent = tracking.send(snakemake.input.history, settings, tracking.FOLDER)
print(f"{sent} new runs tracked ({settings['mode']})", file=job.console())
