"""Assign roles, audit them, and write the manifest."""

from seqshift import audit, job, splits, storage
from seqshift.schemas.features import features as schema

job.log_to(snakemake.log[0])
spec = snakemake.params.spec
form = schema(spec["features"], spec["target"]["horizons"])
features = storage.read_table(snakemake.input.features, form)
manifest = splits.make(features, spec)
manifest["counts"] = audit.audit(manifest, features, spec)
print(manifest["counts"])
storage.write_json(manifest, snakemake.output.splits)
