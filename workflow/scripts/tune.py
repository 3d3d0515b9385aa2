"""Choose hyper-parameters on validation windows."""

from seqshift import dataset, job, storage, trainset, tuning

job.log_to(snakemake.log[0])
params = snakemake.params
data = dataset.load(snakemake.input, params.domain)
hparams = tuning.tune(
    trainset.read(snakemake.input.train),
    data.windows("val"),
    data.shape,
    params.spec,
    params.training,
    params.tuning,
    params.domain["target"].get("quantiles"),
)
storage.write_json(hparams, snakemake.output.hparams)
