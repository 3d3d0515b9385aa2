"""Write the tables of gains, controls, parts, the leak and recovery."""

from seqshift import job, storage
from seqshift.schemas.findings import CONTROLS, LEAKS, RECOVERY, TESTS
from seqshift.softgroup.findings import reading, recovery, tabulation

job.log_to(snakemake.log[0])
params, inputs, output = snakemake.params, snakemake.input, snakemake.output
names = ("tests", "family", "agreement", "leak")
tests, family, agreement, leak = reading.named({n: inputs[n] for n in names}).values()
planned, rules = storage.read_json(inputs.cells)["planned"], params.statistics
units = reading.by_cell(inputs.units, "units")
storage.write_csv(tabulation.gains(tests, family, planned), output.gains, TESTS)
storage.write_csv(tabulation.controls(tests, agreement), output.controls, CONTROLS)
storage.write_csv(tabulation.parts(tests, family, planned), output.parts, TESTS)
storage.write_csv(tabulation.leaks(leak, tests, planned, rules), output.leaks, LEAKS)
recovered = recovery.table(units, tests, planned, rules)
storage.write_csv(recovered, output.recovery, RECOVERY)
