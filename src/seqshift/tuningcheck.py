"""Checks of the section tuning against the models it names."""

from seqshift.errors import BadInput, choose


def check(tuning: dict, models: dict):
    """Refuse unknown models, ranges that are none, and widths that cannot be built."""
    for part in ("models", "widths"):
        for name in tuning[part]:
            if name not in models:
                raise choose(f"name in tuning.{part}:", name, list(models))
    for name in ("learning_rate", "dropout", "weight_decay"):
        low, high = tuning[name]
        if low > high:
            raise BadInput(
                f"tuning.{name} runs from {low} down to {high}; swap the two bounds"
            )
        if name == "dropout" and high >= 1:
            raise BadInput(f"tuning.dropout reaches {high}; keep its end below 1")
        if name != "dropout" and low <= 0:
            raise BadInput(
                f"tuning.{name} starts at {low}, which the log scale has not; start it "
                "above 0"
            )
    for name, widths in tuning["widths"].items():
        _check_widths(name, widths, models[name])


def _check_widths(name: str, widths: list[int], spec: dict):
    if "width" not in spec:
        raise BadInput(
            f"tuning.widths.{name}: this model has no key width; take it out"
        )
    heads, projection = spec.get("heads", 1), spec.get("projection", 0)
    for width in widths:
        if width % heads:
            raise BadInput(
                f"tuning.widths.{name}: {width} is no multiple of the model's {heads} "
                "heads; choose another width"
            )
        if width <= projection:
            raise BadInput(
                f"tuning.widths.{name}: {width} is not above the model's projection "
                f"to {projection}; choose a larger width"
            )
