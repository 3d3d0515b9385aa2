"""Write the self-contained page that shows tables and figures."""

from pathlib import Path

from seqshift import job, repairs, report, storage, tables

job.log_to(snakemake.log[0])
inputs, about = snakemake.input, snakemake.params.about
names = {"tests": inputs.tests, "scores": inputs.scores}
figures = {
    Path(png).stem: (Path(png), Path(caption).read_text())
    for png, caption in zip(inputs.figures, inputs.captions, strict=True)
}
report.write(
    snakemake.output.report,
    tables.read_all(names) | {"quality": tables.read_quality(inputs.quality)},
    figures,
    about
    | {"provenance": storage.read_json(inputs.provenance), "rules": repairs.MEANING},
)
