"""Judge the headline again under other thresholds, eras, entities and corrections."""

from seqshift import job, storage
from seqshift.multiverse import effects, verdicts
from seqshift.schemas.planning import SENSITIVITY
from seqshift.schemas.results import DRIFT

job.log_to(snakemake.log[0])
splits, statistics = snakemake.params.splits, snakemake.params.statistics
cells = effects.of_runs(snakemake.input.forecasts, splits, statistics)
drift = storage.read_table(snakemake.input.drift, DRIFT)
table = verdicts.table(cells, drift, statistics)
storage.write_csv(table, snakemake.output.sensitivity, SENSITIVITY)
