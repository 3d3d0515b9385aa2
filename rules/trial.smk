"""Put Cos-Drift on trial.  controls, drift, ranks -> controls.csv"""


rule judge_controls:
    input:
        evidence=files("controls.parquet", grid.runs),
        drift="results/tables/{experiment}/drift.parquet",
        ranks="results/tables/{experiment}/ranks.parquet",
    output:
        controls="results/tables/{experiment}/controls.csv",
    log:
        "results/logs/judge_controls/{experiment}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        rules=config["drift"]["controls"] | part("drift", "max_gap"),
        code=code("judge_controls.py", env="data"),
    script:
        "../workflow/scripts/judge_controls.py"
