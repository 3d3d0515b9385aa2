"""Turn the raw tables of a domain into features, targets and naive forecasts."""

from seqshift import job, registry, storage, tables
from seqshift.schemas.features import features as schema

job.log_to(snakemake.log[0])
spec = snakemake.params.spec
by_role = tables.by_role(snakemake.input.tables, spec["sources"])
features = registry.load("domains", spec["kind"]).features(by_role, spec)
form = schema(spec["features"], spec["target"]["horizons"])
storage.write_table(features, snakemake.output.features, form)
