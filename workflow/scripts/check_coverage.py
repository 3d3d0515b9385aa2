"""Measure missing and repaired days of every entity, and leave out the worst."""

from seqshift import coverage, job, storage
from seqshift.schemas.features import features as schema
from seqshift.schemas.results import COVERAGE

job.log_to(snakemake.log[0])
spec = snakemake.params.spec
form = schema(spec["features"], spec["target"]["horizons"])
features = storage.read_table(snakemake.input.features, form)
table = coverage.measure(features, spec)
storage.write_csv(table, snakemake.output.coverage, COVERAGE)
