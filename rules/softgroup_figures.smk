"""Figures and page of softgroup.

tables, runs -> f1 ... f6 -> report.html
"""


rule plot_finding:
    input:
        gains=rules.tabulate.output.gains,
        mass=of_cells("{backbone}/mass.csv"),
    output:
        pdf="results/softgroup/figures/f1.pdf",
        png=report(
            "results/softgroup/figures/f1.png",
            caption="../workflow/report/softgroup_f1.rst",
            category="Soft group masks",
            labels={"figure": "F1 Sharpness"},
        ),
        csv="results/softgroup/figures/f1.csv",
    log:
        "results/logs/plot/f1.log",
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        figure="f1",
        code=code("plot_finding.py", "softgroup.plots.f1", env="figures"),
    script:
        "../workflow/scripts/plot_finding.py"


use rule plot_finding as plot_leak with:
    input:
        leaks=rules.tabulate.output.leaks,
        gains=rules.tabulate.output.gains,
        leak=of_cells("{backbone}/leak.parquet", "leak"),
    output:
        pdf="results/softgroup/figures/f2.pdf",
        png=report(
            "results/softgroup/figures/f2.png",
            caption="../workflow/report/softgroup_f2.rst",
            category="Soft group masks",
            labels={"figure": "F2 Leak"},
        ),
        csv="results/softgroup/figures/f2.csv",
    log:
        "results/logs/plot/f2.log",
    params:
        figure="f2",
        code=code("plot_finding.py", "softgroup.plots.f2", env="figures"),


use rule plot_finding as plot_sample_curve with:
    input:
        gains=rules.tabulate.output.gains,
        curve=of_cells("{backbone}/curve.parquet", "curve"),
    output:
        pdf="results/softgroup/figures/f3.pdf",
        png=report(
            "results/softgroup/figures/f3.png",
            caption="../workflow/report/softgroup_f3.rst",
            category="Soft group masks",
            labels={"figure": "F3 Sample size"},
        ),
        csv="results/softgroup/figures/f3.csv",
    log:
        "results/logs/plot/f3.log",
    params:
        figure="f3",
        code=code("plot_finding.py", "softgroup.plots.f3", env="figures"),


use rule plot_finding as plot_steps with:
    input:
        tests=rules.test_arms.output.tests,
    output:
        pdf="results/softgroup/figures/f4.pdf",
        png=report(
            "results/softgroup/figures/f4.png",
            caption="../workflow/report/softgroup_f4.rst",
            category="Soft group masks",
            labels={"figure": "F4 Variables and steps"},
        ),
        csv="results/softgroup/figures/f4.csv",
    log:
        "results/logs/plot/f4.log",
    params:
        figure="f4",
        code=code("plot_finding.py", "softgroup.plots.f4", env="figures"),


use rule plot_finding as plot_recovery with:
    input:
        recovery=rules.tabulate.output.recovery,
    output:
        pdf="results/softgroup/figures/f5.pdf",
        png=report(
            "results/softgroup/figures/f5.png",
            caption="../workflow/report/softgroup_f5.rst",
            category="Soft group masks",
            labels={"figure": "F5 Recovery"},
        ),
        csv="results/softgroup/figures/f5.csv",
    log:
        "results/logs/plot/f5.log",
    params:
        figure="f5",
        code=code("plot_finding.py", "softgroup.plots.f5", env="figures"),


use rule plot_finding as plot_similarity with:
    input:
        similarity=of_cells("similarity.nc"),
    output:
        pdf="results/softgroup/figures/f6.pdf",
        png=report(
            "results/softgroup/figures/f6.png",
            caption="../workflow/report/softgroup_f6.rst",
            category="Soft group masks",
            labels={"figure": "F6 Similarity"},
        ),
        csv="results/softgroup/figures/f6.csv",
    log:
        "results/logs/plot/f6.log",
    params:
        figure="f6",
        code=code("plot_finding.py", "softgroup.plots.f6", env="figures"),


rule write_softgroup:
    input:
        cells=rules.declare_family.output.cells,
        claims=rules.answer_questions.output.claims,
        answers=rules.answer_questions.output.answers,
        gains=rules.tabulate.output.gains,
        controls=rules.tabulate.output.controls,
        leaks=rules.tabulate.output.leaks,
        probe=of_cells("{backbone}/probe.csv"),
        gates=of_backbones("gate.json"),
        figures=expand("results/softgroup/figures/f{number}.png", number=range(1, 7)),
        captions=expand("workflow/report/softgroup_f{number}.rst", number=range(1, 7)),
        templates=templates("softgroup.html.j2"),
    output:
        report="results/softgroup/report.html",
    log:
        "results/logs/write_softgroup.log",
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        about={
            "title": f"seqshift {config['name']}: soft group masks for Chronos-2",
            "trained": [
                name
                for name in config["softgroup"]["run"]["backbones"]
                if name in backbones("train")
            ],
            "statistics": soft_statistics(),
            "gate": part("softgroup", "gate")["gate"],
        },
        code=code("write_softgroup.py", env="figures"),
    script:
        "../workflow/scripts/write_softgroup.py"
