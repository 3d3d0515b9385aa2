"""Average the losses of all seeds into the units that count as observations."""

from seqshift import job, storage
from seqshift.schemas.findings import UNITS
from seqshift.softgroup.findings import observations, reading

job.log_to(snakemake.log[0])
params, wildcards, inputs = snakemake.params, snakemake.wildcards, snakemake.input
names = wildcards.backbone, wildcards.dataset, wildcards.horizon
cell = reading.cell(inputs.cells, *names)
family = reading.one(inputs.family, reading.SCHEMAS["family"])
declared = family[(family["dataset"] == cell["dataset"]) & (family["H"] == cell["H"])]
windows = storage.read_array(inputs.windows)
about = observations.series(windows, cell["part"], params.alike)
arms = declared["arm"].unique().tolist()
losses = storage.read_table(inputs.losses, reading.SCHEMAS["losses"])
units = observations.averaged(losses, about, cell["unit"], arms)
storage.write_table(units, snakemake.output.units, UNITS)
