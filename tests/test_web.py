import hashlib
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from imitation import Answer, Server, whole
from project import SRC
from seqshift import sidecar, web
from seqshift.errors import BadInput

BODY = b"a,b\n" + b"1,2\n" * 5000
SPEC = {
    "kind": "made-up",
    "origin": "download",
    "licence": "own work",
    "redistributable": True,
    "limits": [[10000, 1]],
}
KEY = "MADE-UP-KEY-0123"


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """Give each test its own counters, and no waiting between tries."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    waits = []
    monkeypatch.setattr("seqshift.connection._wait", waits.append)
    return waits


@pytest.fixture
def server():
    with Server() as server:
        server.file("/file.csv", BODY, etag='"one"')
        yield server


@pytest.fixture
def client(server, tmp_path):
    (tmp_path / "raw" / ".staging").mkdir(parents=True)
    spec = SPEC | {"url": server.url}
    with web.Client(spec, tmp_path / "raw" / ".staging", tmp_path / "raw") as client:
        yield client


def save(client, server, name="file.csv", **options):
    return client.save(name, f"{server.url}/file.csv", **options)


def test_a_file_is_saved_whole_with_its_record(client, server):
    path = save(client, server)
    assert path.read_bytes() == BODY
    record = sidecar.read(path)
    assert record["sha256"] == hashlib.sha256(BODY).hexdigest()
    assert record["url"] == f"{server.url}/file.csv"
    assert (record["etag"], record["status"], record["bytes"]) == (
        '"one"',
        "new",
        len(BODY),
    )
    assert not any(p.is_file() for p in (client.staging / ".parts").iterdir())


def test_a_file_that_is_complete_is_not_asked_for_again(client, server):
    save(client, server)
    save(client, server)
    assert len(server.requests) == 1


def test_a_cut_transfer_goes_on_where_it_was_cut(client, server):
    server.fail(lambda r: Answer(200, BODY, {"ETag": '"one"'}, cut=9000))
    assert save(client, server).read_bytes() == BODY
    assert server.requests[1].headers["range"] == "bytes=9000-"
    assert server.requests[1].headers["if-range"] == '"one"'


def test_a_file_that_changes_during_a_cut_is_fetched_from_its_start(client, server):
    server.fail(lambda r: Answer(200, b"9,9\n" * 9999, {"ETag": '"old"'}, cut=8000))
    assert save(client, server).read_bytes() == BODY


def test_a_server_that_ignores_if_range_does_not_mix_two_files(client, server):
    new = b"9,9\n" * 5001

    def careless(request):
        start = int(re.findall(r"\d+", request.headers["range"])[0])
        place = {"ETag": '"two"', "Content-Range": f"bytes {start}-20003/20004"}
        return Answer(206, new[start:], place)

    server.fail(lambda r: Answer(200, BODY, {"ETag": '"one"'}, cut=9000), careless)
    server.file("/file.csv", new, etag='"two"')
    assert save(client, server).read_bytes() == new


def test_without_a_validator_a_cut_transfer_starts_again(client, server):
    server.file("/file.csv", BODY)
    server.fail(Answer(200, BODY, cut=9000))
    assert save(client, server).read_bytes() == BODY
    assert "range" not in server.requests[1].headers


def test_a_part_that_is_longer_than_the_file_is_dropped(client, server):
    parts = client.staging / ".parts"
    parts.mkdir()
    (parts / "file.csv").write_bytes(BODY + b"more")
    (parts / "file.csv.validator").write_text('"one"')
    assert save(client, server).read_bytes() == BODY


def test_a_process_that_was_killed_leaves_a_part_that_the_next_one_ends(
    server, tmp_path
):
    folder = tmp_path / "raw"
    (folder / ".staging").mkdir(parents=True)
    body = os.urandom(3 * 2**20)

    def slow(request):
        answer = whole(body, '"big"')(request)
        answer.pace = 0.0 if "range" in request.headers else 0.02
        return answer

    server.route("/big.bin", slow)
    code = (
        "import sys; from pathlib import Path; from seqshift import web\n"
        f"spec = {SPEC | {'url': server.url}!r}\n"
        f"folder = Path({str(folder)!r})\n"
        "client = web.Client(spec, folder / '.staging', folder)\n"
        f"client.save('big.bin', {server.url + '/big.bin'!r})\n"
    )
    part = folder / ".staging" / ".parts" / "big.bin"
    environment = os.environ | {"PYTHONPATH": str(SRC)}
    child = subprocess.Popen([sys.executable, "-c", code], env=environment)
    while not (part.is_file() and part.stat().st_size > 2**20):
        assert child.poll() is None, "the child ended before it could be killed"
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (folder / ".staging" / "big.bin").exists()
    with web.Client(SPEC, folder / ".staging", folder) as client:
        path = client.save("big.bin", f"{server.url}/big.bin")
    assert path.read_bytes() == body
    assert int(re.findall(r"\d+", server.requests[-1].headers["range"])[0]) > 2**20


@pytest.mark.parametrize(
    "fault",
    [
        Answer(429, b"", {"Retry-After": "7"}),
        Answer(429),
        Answer(500),
        Answer(503, b"", {"Retry-After": "2"}),
        Answer(200, BODY[:100], {"Content-Length": str(len(BODY))}),
        Answer(200, b"", {}, cut=0),
    ],
)
def test_passing_faults_are_tried_again(client, server, alone, fault):
    server.fail(fault, fault)
    if fault.status == 200 and not fault.headers:
        fault.body, fault.cut = BODY, 0
    assert save(client, server).read_bytes() == BODY
    assert len(server.requests) == 3
    if "Retry-After" in fault.headers:
        assert alone == [float(fault.headers["Retry-After"])] * 2


def test_a_date_in_retry_after_is_waited_for(client, server, alone):
    server.fail(Answer(503, b"", {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}))
    with pytest.raises(BadInput, match="answered HTTP 503"):
        save(client, server)
    assert alone == [], "nobody waits for the year 2100"


@pytest.mark.parametrize("fault", [Answer(429), Answer(500), Answer(200, b"", cut=0)])
def test_tries_are_bounded_and_end_in_one_sentence(client, server, fault):
    fault.body = BODY if fault.cut == 0 else b""
    server.fail(*[fault] * 50)
    with pytest.raises(BadInput, match=re.escape(f"{server.url}/file.csv")) as error:
        save(client, server)
    assert len(server.requests) == 6
    assert "\n" not in str(error.value)
    assert not (client.staging / "file.csv").exists()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(200, b""), "gave nothing"),
        (Answer(200, b"<!DOCTYPE html><html>"), "gave a web page"),
        (Answer(400, b"bad"), "answered HTTP 400"),
        (Answer(404, b"no"), r"is not there \(HTTP 404\)"),
    ],
)
def test_what_cannot_be_the_file_is_refused_at_once(client, server, answer, words):
    server.fail(answer)
    with pytest.raises(BadInput, match=words):
        save(client, server)
    assert len(server.requests) == 1
    assert not (client.staging / "file.csv").exists()


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx", "a.parquet", "a.gz"])
def test_an_answer_of_another_format_is_refused(client, server, name):
    with pytest.raises(BadInput, match=f"no {name[1:]} file in place of {name}"):
        save(client, server, name)


def test_a_wrong_checksum_leaves_no_file(client, server):
    with pytest.raises(BadInput, match="does not have the sha256 that the source"):
        save(client, server, sha256="0" * 64)
    assert not (client.staging / "file.csv").exists()
    assert save(client, server, sha256=hashlib.sha256(BODY).hexdigest()).is_file()


def test_the_check_of_a_source_comes_before_the_file_takes_its_name(client, server):
    def refuse(path):
        assert path.read_bytes() == BODY
        raise BadInput("not what was asked for")

    with pytest.raises(BadInput, match="not what was asked for"):
        save(client, server, check=refuse)
    assert not (client.staging / "file.csv").exists()


def test_a_name_that_leaves_the_folder_is_refused(client, server):
    for name in ("../x.csv", str(client.kept / "x.csv"), ".hidden"):
        with pytest.raises(BadInput, match="no plain file name"):
            save(client, server, name)


def test_the_archive_is_asked_where_the_file_is_no_longer(client, server):
    server.file("/archive/file.csv", BODY)
    path = client.save(
        "x.csv", f"{server.url}/gone.csv", archive=f"{server.url}/archive/file.csv"
    )
    assert path.read_bytes() == BODY
    assert sidecar.read(path)["url"] == f"{server.url}/archive/file.csv"


def again(client, server, **spec):
    """Publish the staged file as the earlier run's and save it once more."""
    for path in [client.staging / "file.csv"]:
        sidecar.path_of(path).rename(sidecar.path_of(client.kept / path.name))
        path.rename(client.kept / path.name)
    client.spec |= spec
    return sidecar.read(save(client, server))


def test_a_file_of_an_earlier_run_is_kept_if_the_server_says_it_is_the_same(
    client, server
):
    save(client, server)
    assert again(client, server)["status"] == "kept"
    assert server.requests[1].headers["if-none-match"] == '"one"'


def test_a_file_that_was_revised_upstream_is_fetched_and_says_so(client, server):
    save(client, server)
    server.file("/file.csv", BODY + b"3,4\n", etag='"two"')
    assert again(client, server)["status"] == "changed upstream"
    assert (client.staging / "file.csv").read_bytes() == BODY + b"3,4\n"


def test_a_pinned_file_of_an_earlier_run_needs_no_request(client, server):
    save(client, server)
    pin = {"file.csv": hashlib.sha256(BODY).hexdigest()}
    assert again(client, server, pins=pin)["status"] == "kept"
    assert len(server.requests) == 1


def test_pages_that_lie_too_far_apart_are_not_joined(client, server, monkeypatch):
    server.file("/file.csv", BODY)
    save(client, server)
    save(client, server)
    assert len(server.requests) == 1
    monkeypatch.setattr("seqshift.web.FRESH", 0.0)
    save(client, server)
    assert len(server.requests) == 2


def test_what_cannot_be_asked_whether_it_changed_is_fetched_again(client, server):
    server.file("/file.csv", BODY)
    save(client, server)
    assert again(client, server)["status"] == "kept"
    assert len(server.requests) == 2
    server.file("/file.csv", BODY + b"3,4\n")
    assert again(client, server)["status"] == "changed upstream"


def test_an_archive_does_not_bear_the_revision_of_the_first_address(client, server):
    server.file("/archive/file.csv", BODY, etag='"old"')
    archive = f"{server.url}/archive/file.csv"
    options = {"archive": archive, "revision": "v2026.1.0"}
    path = client.save("x.csv", f"{server.url}/gone.csv", **options)
    assert sidecar.read(path)["revision"] != "v2026.1.0"


def test_an_altered_file_of_an_earlier_run_is_fetched_again(client, server):
    save(client, server)
    (client.staging / "file.csv").write_bytes(b"altered")
    assert again(client, server)["sha256"] == hashlib.sha256(BODY).hexdigest()


def test_the_files_of_an_earlier_run_are_asked_for_at_the_same_address_only(
    client, server
):
    save(client, server)
    (client.staging / "file.csv").rename(client.kept / "file.csv")
    place = sidecar.path_of(client.staging / "file.csv")
    place.rename(sidecar.path_of(client.kept / "file.csv"))
    path = save(client, server, params={"from": "2001"})
    assert "if-none-match" not in server.requests[1].headers
    assert sidecar.read(path)["url"] == f"{server.url}/file.csv?from=2001"


@pytest.mark.parametrize("cut", [None, 30, 40, 47])
def test_a_key_that_the_answer_repeats_is_stored_as_stars(server, tmp_path, cut):
    folder = tmp_path / "raw"
    (folder / ".staging").mkdir(parents=True)
    key = "SECRET/KEY+0123456789"
    body = b'{"request": {"api_key": "SECRET/KEY+0123456789"}, "total": "5000"}'
    assert body.index(b"SECRET") < 30 and body.index(b"89") < 47
    server.file("/page.json", body, etag='"page"')
    if cut:
        server.fail(Answer(200, body, {"ETag": '"page"'}, cut=cut), Answer(401))
    spec = SPEC | {"url": server.url, "key": "MADE_UP_KEY"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MADE_UP_KEY", key)
        with web.Client(spec, folder / ".staging", folder) as client:
            if cut:
                with pytest.raises(BadInput, match="refused the key"):
                    client.save("page.json", f"{server.url}/page.json")
                part = folder / ".staging" / ".parts" / "page.json"
                assert b"SEC" not in part.read_bytes()
            path = client.save("page.json", f"{server.url}/page.json")
            assert client.text(f"{server.url}/page.json").encode() == path.read_bytes()
    assert path.read_bytes() == body.replace(key.encode(), b"*" * len(key))


def test_errors_of_small_answers_keep_their_words(client, server):
    server.fail(Answer(403), *[Answer(429)] * 9)
    with pytest.raises(BadInput, match="is not there .HTTP 403"):
        client.json(f"{server.url}/list")
    with pytest.raises(BadInput, match="no more requests"):
        client.json(f"{server.url}/list")


def test_small_answers_are_text_or_json(client, server):
    server.route("/list", lambda r: Answer(200, b'{"total": "7"}'))
    assert client.text(f"{server.url}/list") == '{"total": "7"}'
    assert client.json(f"{server.url}/list") == {"total": "7"}
    with pytest.raises(BadInput, match="gave no JSON"):
        client.json(f"{server.url}/file.csv")
