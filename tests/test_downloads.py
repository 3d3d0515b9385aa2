"""Every source against an imitation of its endpoint on a bad day."""

import pandas as pd
import pytest

import rawkinds
from imitation import Answer, Server
from seqshift import connection, raw, sidecar
from seqshift.errors import BadInput

KEY = "MADE-UP-KEY-0123"


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("seqshift.connection._wait", lambda seconds: None)
    monkeypatch.setattr("seqshift.web.time.sleep", lambda seconds: None)
    for name in {rawkinds.CATALOGUE[kind].get("key") for kind in rawkinds.DOWNLOADED}:
        if name:
            monkeypatch.setenv(name, KEY)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return a function: the folder of simulated files of a kind, written once."""
    folder = tmp_path_factory.mktemp("simulated")

    def of(kind):
        place = folder / kind
        return place if place.is_dir() else rawkinds.simulate(kind, place)

    return of


@pytest.fixture(scope="module")
def healthy(files, tmp_path_factory):
    """Return a function: the manifest of a kind from a server without faults."""
    manifests = {}

    def of(kind):
        if kind not in manifests:
            with Server() as server:
                told = rawkinds.endpoint(kind).mount(server, files(kind))
                spec = rawkinds.spec(kind, origin="download") | told
                manifests[kind] = obtain(spec, tmp_path_factory.mktemp("healthy"))
        return manifests[kind]

    return of


@pytest.fixture(params=rawkinds.DOWNLOADED)
def endpoint(request, files, tmp_path):
    """Return the imitated endpoint of a kind, what the source is told, its truth."""
    kind = request.param
    folder = files(kind)
    with Server() as server:
        told = rawkinds.endpoint(kind).mount(server, folder)
        spec = rawkinds.spec(kind, origin="download") | told
        yield server, spec, folder


def obtain(spec, tmp_path):
    return raw.obtain(spec, None, None, tmp_path / "raw")


def published(tmp_path):
    """Return what stands under final names."""
    return [path.name for path in sidecar.files(tmp_path / "raw")]


def read(spec, tmp_path):
    return raw.read(spec, tmp_path / "raw" / "manifest.json")


def test_the_download_gives_the_frame_of_the_simulated_files(endpoint, tmp_path):
    server, spec, folder = endpoint
    obtain(spec, tmp_path)
    expected = rawkinds.source(spec["kind"]).read(folder, spec)
    pd.testing.assert_frame_equal(read(spec, tmp_path), expected, rtol=1e-9)
    for path in sidecar.files(tmp_path / "raw"):
        record = sidecar.read(path)
        assert record["url"].startswith("http://127.0.0.1")
        assert record["licence"] == spec["licence"]
        assert record["redistributable"] is spec["redistributable"]
        assert KEY not in sidecar.path_of(path).read_text()


def test_no_request_is_made_twice(endpoint, tmp_path):
    server, spec, _ = endpoint
    obtain(spec, tmp_path)
    asked = [(request.path, str(request.query)) for request in server.requests]
    assert len(asked) == len(set(asked))


def test_passing_faults_do_not_show_in_the_result(endpoint, healthy, tmp_path):
    server, spec, _ = endpoint
    server.fail(Answer(429, b"", {"Retry-After": "1"}), Answer(429), Answer(500))
    server.fail(Answer(200, b"x" * 9, {"Content-Length": "5000"}), Answer(503))
    assert obtain(spec, tmp_path) == healthy(spec["kind"])


PAGE = b"<!DOCTYPE html><html><body>Sign in</body></html>"


FAULTS = {
    "429": Answer(429),
    "500": Answer(500),
    "403": Answer(403, b"expired"),
    "page": Answer(200, PAGE, {"Content-Type": "text/html"}),
    "nothing": Answer(200, b""),
    "other": Answer(200, b"{}"),
    "short": Answer(200, b"x" * 9, {"Content-Length": "5000"}),
}


@pytest.mark.parametrize(
    ("name", "begun"),
    [*[(name, 0) for name in FAULTS], ("403", 1), ("short", 1)],
)
def test_a_lasting_fault_is_one_sentence_and_leaves_nothing_half_written(
    endpoint, healthy, tmp_path, name, begun
):
    server, spec, _ = endpoint
    server.fail(*[server.routed] * begun, *[FAULTS[name]] * 60)
    try:
        obtain(spec, tmp_path)
    except BadInput as error:
        assert "\n" not in str(error) and ";" in str(error)
        assert KEY not in str(error)
        assert published(tmp_path) == []
        assert not (tmp_path / "raw" / "manifest.json").exists()
    else:
        assert len(server.requests) == begun, "an answer that is no data was believed"
    server.faults.clear()
    assert obtain(spec, tmp_path) == healthy(spec["kind"])


def test_the_next_run_asks_only_for_what_is_not_complete(endpoint, healthy, tmp_path):
    server, spec, _ = endpoint
    server.fail(server.routed, *[Answer(403)] * 60)
    try:
        obtain(spec, tmp_path)
    except BadInput:
        staged = sidecar.files(tmp_path / "raw" / ".staging")
        known = {sidecar.read(path)["url"] for path in staged}
        server.faults.clear()
        server.requests.clear()
        assert obtain(spec, tmp_path) == healthy(spec["kind"])
        for request in server.requests:
            query = {k: v[0] for k, v in request.query.items() if k != "api_key"}
            asked = connection.public(f"{server.url}{request.path}", query)
            assert asked not in known


def test_a_file_that_was_revised_upstream_is_refused_under_its_pin(endpoint, tmp_path):
    server, spec, _ = endpoint
    obtain(spec, tmp_path)
    name = published(tmp_path)[0]
    old = sidecar.read(tmp_path / "raw" / name)["sha256"]
    spec = spec | {"pins": {name: "0" * 64}}
    with pytest.raises(BadInput, match=f"{name} has the sha256 {old}, pinned is 0000"):
        obtain(spec, tmp_path)
    manifest = raw.obtain(spec | {"pin_policy": "record"}, None, None, tmp_path / "raw")
    assert name in [entry["name"] for entry in manifest["files"]]
    assert sidecar.read(tmp_path / "raw" / name)["status"] == "changed upstream"


@pytest.mark.parametrize(
    ("kind", "documented"),
    [
        ("eia930-api", {1: 4, 3600: 8500}),
        ("eia861m-api", {1: 4, 3600: 8500}),
        ("sharadar", {10: 300, 600: 2000, 86400: 50000}),
    ],
)
def test_the_limits_of_the_catalogue_are_the_documented_ones(kind, documented):
    limits = {seconds: n for n, seconds in rawkinds.CATALOGUE[kind]["limits"]}
    assert limits == documented


@pytest.mark.parametrize("kind", ["eia930-api", "sharadar"])
def test_a_download_stays_within_the_limits_of_its_source(kind, files, tmp_path):
    with Server() as server:
        told = rawkinds.endpoint(kind).mount(server, files(kind))
        spec = rawkinds.spec(kind, origin="download") | told | {"limits": [[2, 1]]}
        obtain(spec, tmp_path)
        times = [request.time for request in server.requests]
    assert len(times) > 2
    for first, later in zip(times, times[2:], strict=False):
        assert later - first >= 0.95
