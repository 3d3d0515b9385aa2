"""Judge the pre-registered claims by the tables of the study."""

from seqshift import claims, claimsfile, job, storage, tables
from seqshift.schemas.planning import CLAIMS

job.log_to(snakemake.log[0])
statistics, path = snakemake.params.statistics, snakemake.input.claims
registered = claimsfile.read(path)
claimsfile.check_thresholds(registered, statistics["thresholds"])
paths = {k: v for k, v in snakemake.input.items() if k != "claims"}
evidence = tables.read_all(paths)
sha256 = claimsfile.digest(path)
judged = claims.judge(registered, evidence, statistics["alpha"], sha256)
storage.write_csv(judged, snakemake.output.claims, CLAIMS)
