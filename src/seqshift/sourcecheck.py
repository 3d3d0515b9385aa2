"""Check of a source that something reads: its kind, and what its origin needs."""

from seqshift.errors import BadInput, choose


def check(source: str, config: dict):
    """Refuse a source that its origin cannot give.

    Raises
    ------
    BadInput
        One sentence with the place in the configuration.
    """
    spec = config["sources"][source]
    if spec["kind"] not in config["catalogue"]:
        what = f"kind of sources.{source}, which sources.yaml does not list:"
        raise choose(what, spec["kind"], list(config["catalogue"]))
    spec = config["catalogue"][spec["kind"]] | spec
    if spec["origin"] == "simulate" and spec.get("world") not in config["worlds"]:
        what = f"world of sources.{source}:"
        raise choose(what, str(spec.get("world")), list(config["worlds"]))
    needed = {"mirror": "folder", "download": "url"}.get(spec["origin"])
    if needed and needed not in spec:
        raise BadInput(
            f"sources.{source}: origin {spec['origin']} needs the key {needed}; add it "
            "or choose another origin"
        )
    if spec["origin"] == "mirror" and not config["mirror"]:
        raise BadInput(
            f"sources.{source}: origin is mirror but the key mirror is empty; set it "
            "to the folder of the mirror or choose origin simulate or download"
        )
