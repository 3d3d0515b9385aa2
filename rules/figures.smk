"""One rule a figure, all drawn by one script.  results/tables -> results/figures"""


rule plot_g_ratio:
    input:
        tests="results/tables/main/tests.csv",
    output:
        pdf="results/figures/g-ratio.pdf",
        png=report(
            "results/figures/g-ratio.png",
            caption="../workflow/report/g_ratio.rst",
            category="Generalization",
            labels={"figure": "G-Ratio"},
        ),
    log:
        "results/logs/plot/g-ratio.log",
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        figure="g-ratio",
        code=code("plot_figure.py", "plotting.g_ratio", env="figures"),
    script:
        "../workflow/scripts/plot_figure.py"


use rule plot_g_ratio as plot_verdicts with:
    output:
        pdf="results/figures/verdicts.pdf",
        png=report(
            "results/figures/verdicts.png",
            caption="../workflow/report/verdicts.rst",
            category="Generalization",
            labels={"figure": "Verdicts"},
        ),
    log:
        "results/logs/plot/verdicts.log",
    params:
        figure="verdicts",
        code=code("plot_figure.py", "plotting.verdicts", env="figures"),


use rule plot_g_ratio as plot_sensitivity with:
    input:
        sensitivity="results/tables/main/sensitivity.csv",
    output:
        pdf="results/figures/sensitivity.pdf",
        png=report(
            "results/figures/sensitivity.png",
            caption="../workflow/report/sensitivity.rst",
            category="Generalization",
            labels={"figure": "Sensitivity"},
        ),
    log:
        "results/logs/plot/sensitivity.log",
    params:
        figure="sensitivity",
        code=code("plot_figure.py", "plotting.sensitivity", env="figures"),


use rule plot_g_ratio as plot_arena with:
    input:
        arena="results/tables/main/arena.csv",
        roc="results/tables/main/arena-roc.csv",
    output:
        pdf="results/figures/arena.pdf",
        png=report(
            "results/figures/arena.png",
            caption="../workflow/report/arena.rst",
            category="Attribution",
            labels={"figure": "Early warning"},
        ),
    log:
        "results/logs/plot/arena.log",
    params:
        figure="arena",
        code=code("plot_figure.py", "plotting.arena", env="figures"),


use rule plot_g_ratio as plot_cos_drift with:
    input:
        drift="results/tables/main/drift.parquet",
    output:
        pdf="results/figures/cos-drift.pdf",
        png=report(
            "results/figures/cos-drift.png",
            caption="../workflow/report/cos_drift.rst",
            category="Attribution",
            labels={"figure": "Cos-Drift"},
        ),
    log:
        "results/logs/plot/cos-drift.log",
    params:
        figure="cos-drift",
        code=code("plot_figure.py", "plotting.cos_drift", env="figures"),


use rule plot_g_ratio as plot_control_panel with:
    input:
        controls="results/tables/main/controls.csv",
    output:
        pdf="results/figures/control-panel.pdf",
        png=report(
            "results/figures/control-panel.png",
            caption="../workflow/report/control_panel.rst",
            category="Attribution",
            labels={"figure": "Controls of Cos-Drift"},
        ),
    log:
        "results/logs/plot/control-panel.log",
    params:
        figure="control-panel",
        code=code("plot_figure.py", "plotting.control_panel", env="figures"),


use rule plot_g_ratio as plot_delta_rank with:
    input:
        ranks="results/tables/main/ranks.parquet",
    output:
        pdf="results/figures/delta-rank.pdf",
        png=report(
            "results/figures/delta-rank.png",
            caption="../workflow/report/delta_rank.rst",
            category="Attribution",
            labels={"figure": "Delta-rank"},
        ),
    log:
        "results/logs/plot/delta-rank.log",
    params:
        figure="delta-rank",
        code=code("plot_figure.py", "plotting.delta_rank", env="figures"),


use rule plot_g_ratio as plot_failure_overlay with:
    input:
        scores="results/tables/main/scores.parquet",
        tests="results/tables/main/tests.csv",
        quarters="results/tables/main/quarters.parquet",
    output:
        pdf="results/figures/failure-overlay.pdf",
        png=report(
            "results/figures/failure-overlay.png",
            caption="../workflow/report/failure_overlay.rst",
            category="Generalization",
            labels={"figure": "Failure overlay"},
        ),
    log:
        "results/logs/plot/failure-overlay.log",
    params:
        figure="failure-overlay",
        slices=slices(),
        code=code("plot_figure.py", "plotting.failure_overlay", env="figures"),


use rule plot_g_ratio as plot_learning_curves with:
    input:
        history="results/tables/main/history.parquet",
    output:
        pdf="results/figures/learning-curves.pdf",
        png=report(
            "results/figures/learning-curves.png",
            caption="../workflow/report/learning_curves.rst",
            category="Training",
            labels={"figure": "Learning curves"},
        ),
    log:
        "results/logs/plot/learning-curves.log",
    params:
        figure="learning-curves",
        code=code("plot_figure.py", "plotting.learning_curves", env="figures"),


use rule plot_g_ratio as plot_cost with:
    input:
        cost="results/tables/cost.csv",
        scores="results/tables/main/scores.parquet",
    output:
        pdf="results/figures/cost.pdf",
        png=report(
            "results/figures/cost.png",
            caption="../workflow/report/cost.rst",
            category="Training",
            labels={"figure": "Error against cost"},
        ),
    log:
        "results/logs/plot/cost.log",
    params:
        figure="cost",
        code=code("plot_figure.py", "plotting.cost", env="figures"),


use rule plot_g_ratio as plot_tuning with:
    input:
        trials="results/tables/main/trials.csv",
    output:
        pdf="results/figures/tuning.pdf",
        png=report(
            "results/figures/tuning.png",
            caption="../workflow/report/tuning.rst",
            category="Training",
            labels={"figure": "Tuning"},
        ),
    log:
        "results/logs/plot/tuning.log",
    params:
        figure="tuning",
        code=code("plot_figure.py", "plotting.tuning", env="figures"),


use rule plot_g_ratio as plot_ablations with:
    input:
        ablations="results/tables/ablations.csv",
    output:
        pdf="results/figures/ablations.pdf",
        png=report(
            "results/figures/ablations.png",
            caption="../workflow/report/ablations.rst",
            category="Models",
            labels={"figure": "Ablations"},
        ),
    log:
        "results/logs/plot/ablations.log",
    params:
        figure="ablations",
        code=code("plot_figure.py", "plotting.ablations", env="figures"),


use rule plot_g_ratio as plot_scaling with:
    input:
        points="results/tables/scaling-points.csv",
        curves="results/tables/scaling-curves.csv",
    output:
        pdf="results/figures/scaling.pdf",
        png=report(
            "results/figures/scaling.png",
            caption="../workflow/report/scaling.rst",
            category="Models",
            labels={"figure": "Scaling"},
        ),
    log:
        "results/logs/plot/scaling.log",
    params:
        figure="scaling",
        code=code("plot_figure.py", "plotting.scaling", env="figures"),


use rule plot_g_ratio as plot_scaling_flops with:
    input:
        points="results/tables/scaling-points.csv",
        cost="results/tables/cost.csv",
    output:
        pdf="results/figures/scaling-flops.pdf",
        png=report(
            "results/figures/scaling-flops.png",
            caption="../workflow/report/scaling_flops.rst",
            category="Models",
            labels={"figure": "Scaling in operations"},
        ),
    log:
        "results/logs/plot/scaling-flops.log",
    params:
        figure="scaling-flops",
        code=code("plot_figure.py", "plotting.scaling_flops", env="figures"),
