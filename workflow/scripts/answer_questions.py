"""Answer the open questions and judge the claims of the original."""

from seqshift import job, storage
from seqshift.schemas.findings import ANSWERS, CLAIMS
from seqshift.softgroup.findings import answers, reading, seedclaims
from seqshift.softgroup.findings.evidence import Evidence

job.log_to(snakemake.log[0])
params, inputs, output = snakemake.params, snakemake.input, snakemake.output
plan = storage.read_json(inputs.cells)
names = ("tests", "leaks", "mass", "similarity", "agreement", "curve")
evidence = Evidence(
    cells=plan["planned"],
    absent=plan["absent"],
    statistics=params.statistics,
    units=reading.by_cell(inputs.units, "units"),
    **reading.named({name: inputs[name] for name in names}),
)
storage.write_csv(seedclaims.judge(evidence), output.claims, CLAIMS)
storage.write_csv(answers.answer(evidence), output.answers, ANSWERS)
