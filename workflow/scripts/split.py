"""Assign roles, audit them, and write the manifest."""

from seqshift import audit, coverage, job, splits, storage
from seqshift.schemas.features import features as schema
from seqshift.schemas.results import COVERAGE

job.log_to(snakemake.log[0])
spec = snakemake.params.spec
form = schema(spec["features"], spec["target"]["horizons"])
features = storage.read_table(snakemake.input.features, form)
measured = storage.read_csv(snakemake.input.coverage, COVERAGE)
excluded = coverage.excluded(measured, spec["entities"])
features = coverage.kept(features, excluded)
manifest = splits.make(features, spec, excluded)
manifest["counts"] = audit.audit(manifest, features, spec)
print(manifest["counts"])
storage.write_json(manifest, snakemake.output.splits)
