"""A small Chronos-2 trained from scratch on groups of a prior."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from seqshift import storage
from seqshift.errors import BadInput
from seqshift.extras import library
from seqshift.softgroup import backbones
from seqshift.softgroup.quantiles import LEVELS


def config(spec: dict):
    """Return the configuration of a Chronos-2 of the size and window of `spec`.

    `spec["size"]` holds widths and depth in the library's own names.
    """
    chronos2 = library("chronos.chronos2.config", "softgroup", "training a backbone")
    patch = spec["patch"]
    forecasting = {
        "context_length": spec["context"],
        "input_patch_size": patch,
        "input_patch_stride": patch,
        "output_patch_size": patch,
        "quantiles": LEVELS.tolist(),
        "use_reg_token": True,
        "use_arcsinh": True,
        "max_output_patches": spec["horizon"] // patch,
        "time_encoding_scale": spec["context"],
    }
    return chronos2.Chronos2CoreConfig(
        **spec["size"],
        dropout_rate=0.0,
        attn_implementation="sdpa",
        chronos_config=forecasting,
        # without these two the library does not know its own files again
        architectures=["Chronos2Model"],
        chronos_pipeline_class="Chronos2Pipeline",
    )


def train(groups: list[np.ndarray], spec: dict, seed: int, folder: str | Path) -> dict:
    """Train on groups [k, T]; write the two files of weights and return the course.

    config.json and model.safetensors go to `folder`. The course holds the number of
    parameters, and step, loss (sum over levels of twice the pinball loss, in normalised
    units) and norm of the gradient at each tenth of the training. On a CPU the same
    seed gives the same bytes. Training is that of Chronos2Pipeline.fit: hard group
    masks, AdamW, gradients clipped at norm 1.

    Raises
    ------
    BadInput
        If the library is not installed, or a GPU is asked for where there is none.
    """
    chronos2 = library("chronos.chronos2", "softgroup", "training a backbone")
    if spec["device"] == "cuda" and not torch.cuda.is_available():
        raise BadInput(
            "a backbone of device cuda is to be trained, but torch sees no CUDA device "
            "here; set its device to cpu, or run the job where there is one"
        )
    torch.set_num_threads(1)  # with more, small networks are many times slower
    torch.manual_seed(seed)
    model = chronos2.Chronos2Model(config(spec)).to(spec["device"])
    course: list[dict] = []
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as place:
        chronos2.Chronos2Pipeline(model).fit(
            groups,
            output_dir=place,
            finetuned_ckpt_name="trained",
            callbacks=[_listener(course, spec["steps"])],
            **_settings(spec, seed),
        )
        for name in backbones.FILES:
            with storage.atomic(folder / name) as temporary:
                shutil.copyfile(Path(place) / "trained" / name, temporary)
    parameters = sum(weight.numel() for weight in model.parameters())
    return {"seed": seed, "parameters": parameters, "course": course}


def _settings(spec: dict, seed: int) -> dict:
    """Return the arguments of `fit`, and of the TrainingArguments behind it."""
    return {
        "prediction_length": spec["horizon"],
        "context_length": spec["context"],
        "min_past": spec["context"],
        "num_steps": spec["steps"],
        "batch_size": spec["batch_size"],
        "learning_rate": spec["learning_rate"],
        "lr_scheduler_type": "cosine",
        "warmup_steps": spec["warmup"],
        "weight_decay": spec["weight_decay"],
        "seed": seed,
        "disable_tqdm": True,
        "remove_printer_callback": True,
        "logging_steps": max(spec["steps"] // 10, 1),
    }


def _listener(course: list[dict], steps: int):
    """Return a callback that prints each logged step and adds it to `course`."""
    transformers = library("transformers", "softgroup", "training a backbone")

    class Listener(transformers.TrainerCallback):
        def on_log(self, args, state, control, logs=None, **kwargs):
            if "loss" in logs:
                row = {"step": state.global_step, "loss": float(logs["loss"])}
                course.append(row | {"gradient": float(logs["grad_norm"])})
                print(f"step {row['step']} of {steps}: loss {row['loss']:.4f}")

    return Listener()
