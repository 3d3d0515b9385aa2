"""Choose hyper-parameters on validation windows; a killed study goes on."""

from seqshift import job, journal, storage, studies
from seqshift.schemas.studies import TRIALS

job.log_to(snakemake.log[0])
output = snakemake.output
hparams, trials = studies.tune(snakemake.input, snakemake.params, output.trials)
storage.write_csv(trials, output.trials, TRIALS)
storage.write_json(hparams, output.hparams)
journal.drop(journal.path_beside(output.trials))
