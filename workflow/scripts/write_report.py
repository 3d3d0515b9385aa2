"""Write the self-contained page that shows tables and figures."""

from pathlib import Path

from seqshift import job, quality, report, sections, storage, tables
from seqshift.schemas import results

job.log_to(snakemake.log[0])
inputs, about = snakemake.input, snakemake.params.about
own = ("tests", "scores", "compute", *sections.STUDIES)
shown = tables.read_all({name: inputs[name] for name in own})
shown["further"] = tables.further(inputs.further, results.SCORES, shown["scores"])
shown["further_tests"] = tables.further(inputs.further_tests, results.TESTS)
shown["quality"] = tables.join_domains(inputs.quality, results.QUALITY)
shown["quality"] = quality.summary(shown["quality"])
shown["coverage"] = tables.join_domains(inputs.coverage, results.COVERAGE)
pairs = zip(map(Path, inputs.figures), map(Path, inputs.captions), strict=True)
figures = {png.stem: (png, caption.read_text()) for png, caption in pairs}
facts = about | {"provenance": storage.read_json(inputs.provenance)}
report.write(snakemake.output.report, shown, figures, facts)
