"""Choose hyper-parameters on validation windows; a killed study goes on."""

from seqshift import dataset, job, journal, meter, storage, studies, tuning
from seqshift.schemas.studies import TRIALS

job.log_to(snakemake.log[0])
inputs, output, params = snakemake.input, snakemake.output, snakemake.params
with meter.measure(params.training["precision"]) as reading:
    hparams, trials = studies.tune(inputs, params, output.trials)
storage.write_csv(trials, output.trials, TRIALS)
held = len(dataset.load(inputs, params.domain).windows("val")) if len(trials) else 0
sizes = (storage.count_rows(inputs.train), held, int(trials["epochs"].sum()))
meter.write(snakemake, reading, *sizes, modality="natural", seed=tuning.MODEL_SEED)
storage.write_json(hparams, output.hparams)
journal.drop(journal.path_beside(output.trials))
