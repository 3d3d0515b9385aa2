from snakemake.utils import min_version

min_version("9.27")


configfile: "config/sources.yaml"
configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "rules/common.smk"
include: "rules/obtain.smk"
include: "rules/features.smk"
include: "rules/synthesize.smk"
include: "rules/train.smk"
include: "rules/study.smk"
include: "rules/evaluate.smk"
include: "rules/attribute.smk"
include: "rules/analyze.smk"
include: "rules/arena.smk"
include: "rules/trial.smk"
include: "rules/account.smk"
include: "rules/compare.smk"
include: "rules/judge.smk"
include: "rules/figures.smk"
include: "rules/publish.smk"
include: "rules/bundle.smk"
include: "rules/track.smk"


rule all:
    default_target: True
    input:
        figures("pdf", "png"),
        tables(),
        study_figures(),
        of_studies(rules.tune_width.output.widths, config["tuning"]["widths"]),
        "results/report.html",
        "results/provenance.json",


if "softgroup" in config:  # a recipe of released data has the main study alone

    include: "rules/softgroup_common.smk"
    include: "rules/backbone.smk"
    include: "rules/arms.smk"
    include: "rules/softgroup.smk"
    include: "rules/softgroup_figures.smk"

    rule softgroup:
        input:
            expand(
                "results/softgroup/figures/f{n}.{kind}",
                n=range(1, 7),
                kind=["pdf", "png"],
            ),
            expand("results/softgroup/tables/t{n}.csv", n=range(1, 7)),
            rules.write_softgroup.output.report,


onstart:
    keep_budget(workflow)
