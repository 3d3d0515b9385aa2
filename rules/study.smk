"""What the studies found.  trials.csv -> tables, Optuna's plots; hparams -> widths"""


rule tune_width:
    input:
        train="results/{domain}/natural/train.parquet",
        features=rules.build_features.output.features,
        splits=rules.split.output.splits,
        hparams=rules.tune.output.hparams,
    output:
        widths="results/{domain}/natural/{model}/widths.csv",
        cost="results/{domain}/natural/{model}/widths-cost.csv",
    log:
        "results/logs/tune_width/{domain}/{model}.log",
    benchmark:
        "results/benchmarks/tune_width/{domain}/{model}.tsv"
    wildcard_constraints:
        model=any_of(config["tuning"]["widths"]),
    conda:
        torch_env()
    threads: config["training"]["threads"] * config["tuning"]["workers"]
    resources:
        gpu=1,
        gpu_model="a100",
        mem_mb=memory(8000 * config["tuning"]["workers"]),
        gpu_seconds=estimate("tune_width"),
        runtime=limit("tune_width"),
    params:
        spec=lookup("models/{model}", within=config),
        domain=domain("entities", "features", "own", "led", "raw", "target", "window"),
        tuning=part("tuning", "epochs", "seed", "workers"),
        training=training("epochs", "patience"),
        widths=widths,
        code=code("tune_width.py", env="torch", models="model"),
    script:
        "../workflow/scripts/tune_width.py"


rule gather_trials:
    input:
        trials=of_studies(rules.tune.output.trials, config["models"]),
    output:
        trials="results/tables/main/trials.csv",
    log:
        "results/logs/gather_trials.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        code=code("gather_trials.py", env="data"),
    script:
        "../workflow/scripts/gather_trials.py"


rule plot_study:
    input:
        trials=rules.tune.output.trials,
    output:
        history=report(
            "results/figures/studies/{domain}/{model}-history.png",
            caption="../workflow/report/study.rst",
            category="Training",
            subcategory="Studies",
            labels={"domain": "{domain}", "model": "{model}", "plot": "history"},
        ),
        importance=report(
            "results/figures/studies/{domain}/{model}-importance.png",
            caption="../workflow/report/study.rst",
            category="Training",
            subcategory="Studies",
            labels={"domain": "{domain}", "model": "{model}", "plot": "importance"},
        ),
        slice=report(
            "results/figures/studies/{domain}/{model}-slice.png",
            caption="../workflow/report/study.rst",
            category="Training",
            subcategory="Studies",
            labels={"domain": "{domain}", "model": "{model}", "plot": "slice"},
        ),
        history_pdf="results/figures/studies/{domain}/{model}-history.pdf",
        importance_pdf="results/figures/studies/{domain}/{model}-importance.pdf",
        slice_pdf="results/figures/studies/{domain}/{model}-slice.pdf",
    log:
        "results/logs/plot/studies/{domain}/{model}.log",
    wildcard_constraints:
        model=any_of(config["models"]),
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        ranges=ranges(),
        code=code("plot_study.py", env="figures"),
    script:
        "../workflow/scripts/plot_study.py"
