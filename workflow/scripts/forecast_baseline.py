"""Write the forecasts of a baseline, so that it is scored like a model."""

from seqshift import dataset, forecasting, job, storage
from seqshift.schemas.results import FORECASTS

job.log_to(snakemake.log[0])
spec, names = snakemake.params.spec, snakemake.wildcards
data = dataset.load(snakemake.input, snakemake.params.domain)
table = forecasting.baseline(names.baseline, spec, data, names.domain)
storage.write_table(table, snakemake.output.forecasts, FORECASTS)
