"""Write the self-contained page that shows tables and figures."""

from pathlib import Path

from seqshift import job, quality, report, storage, tables
from seqshift.schemas import results

job.log_to(snakemake.log[0])
inputs, about = snakemake.input, snakemake.params.about
names = ("tests", "scores", "ablations", "scaling")
shown = tables.read_all({name: inputs[name] for name in names})
counts = tables.join_domains(inputs.quality, results.QUALITY)
shown["quality"] = quality.summary(counts)
shown["coverage"] = tables.join_domains(inputs.coverage, results.COVERAGE)
figures = {
    Path(png).stem: (Path(png), Path(caption).read_text())
    for png, caption in zip(inputs.figures, inputs.captions, strict=True)
}
facts = about | {"provenance": storage.read_json(inputs.provenance)}
report.write(snakemake.output.report, shown, figures, facts)
