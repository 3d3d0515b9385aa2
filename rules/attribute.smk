"""Attribute, measure drift.  checkpoint -> attributions.nc -> drift, quarters, ranks"""


rule attribute:
    input:
        checkpoint="results/{domain}/{modality}/{model}/seed={seed}/checkpoint.safetensors",
        features=rules.build_features.output.features,
        splits=rules.split.output.splits,
    output:
        attributions="results/{domain}/{modality}/{model}/seed={seed}/attributions.nc",
        cost="results/{domain}/{modality}/{model}/seed={seed}/attributions-cost.csv",
    log:
        "results/logs/attribute/{domain}/{modality}/{model}/seed={seed}.log",
    benchmark:
        "results/benchmarks/attribute/{domain}/{modality}/{model}/seed={seed}.tsv"
    wildcard_constraints:
        model=any_of(config["models"]),
    conda:
        torch_env()
    threads: 1
    resources:
        gpu=1,
        gpu_model="a100",
        mem_mb=memory(8000),
        gpu_seconds=estimate("attribute"),
        runtime=limit("attribute"),
    params:
        domain=domain(
            "features",
            "own",
            "led",
            "raw",
            "target",
            "window",
            "splits",
            "attribution",
        ),
        drift=part("drift", "seed", "season_days"),
        device=config["training"]["device"],
        code=code("attribute.py", env="torch", models="model"),
    script:
        "../workflow/scripts/attribute.py"


rule measure_drift:
    input:
        attributions=rules.attribute.output.attributions,
    output:
        drift="results/{domain}/{modality}/{model}/seed={seed}/drift.parquet",
        ranks="results/{domain}/{modality}/{model}/seed={seed}/ranks.parquet",
        quarters="results/{domain}/{modality}/{model}/seed={seed}/quarters.parquet",
        evidence="results/{domain}/{modality}/{model}/seed={seed}/controls.parquet",
    log:
        "results/logs/measure_drift/{domain}/{modality}/{model}/seed={seed}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        drift=part("drift", "permutations", "seed", "min_mass", "max_gap"),
        code=code("measure_drift.py", env="data"),
    script:
        "../workflow/scripts/measure_drift.py"
