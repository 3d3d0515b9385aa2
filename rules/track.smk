"""Learning curves to Weights & Biases: an extra, asked for by `snakemake track`."""


rule track:
    input:
        history=histories(),
    log:
        "results/logs/track.log",
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        tracking=config["tracking"],
        code=code("track.py", env="figures"),
    script:
        "../workflow/scripts/track.py"
