"""Test every comparison of arms in every cell."""

from seqshift import job, storage
from seqshift.schemas.findings import TESTS
from seqshift.softgroup.findings import hypotheses, reading

job.log_to(snakemake.log[0])
params, inputs = snakemake.params, snakemake.input
read = reading.named({name: inputs[name] for name in ("family", "agreement")})
units = reading.by_cell(inputs.units, "units")
selected = reading.selections(inputs.selected)
planned = storage.read_json(inputs.cells)["planned"]
tables = units, read["agreement"], selected, read["family"]
tests = hypotheses.table(*tables, planned, params.statistics)
storage.write_csv(tests, snakemake.output.tests, TESTS)
