"""Write the forecasts of a baseline, so that it is scored like a model."""

from seqshift import baselines, dataset, job, storage
from seqshift.schemas.results import FORECASTS

job.log_to(snakemake.log[0])
data = dataset.load(snakemake.input, snakemake.params.domain)
table = baselines.forecast(
    snakemake.wildcards.baseline, data, snakemake.wildcards.domain
)
storage.write_table(table, snakemake.output.forecasts, FORECASTS)
