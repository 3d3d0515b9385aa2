"""Choose hyper-parameters on validation windows; a killed sweep goes on."""

from seqshift import dataset, job, meter, run, storage, trainset, tuning

job.log_to(snakemake.log[0])
inputs, params = snakemake.input, snakemake.params
with meter.measure() as reading:
    hparams, epochs = run.tune(inputs, params, snakemake.output.hparams)
storage.write_json(hparams, snakemake.output.hparams)
held = len(dataset.load(inputs, params.domain).windows("val"))
keys = {"modality": "natural", "seed": tuning.MODEL_SEED}
meter.write(snakemake, reading, trainset.count(inputs.train), held, epochs, **keys)
