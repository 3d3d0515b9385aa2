import httpx
import pytest

from seqshift import web
from seqshift.errors import BadInput

URL = "https://example.org/file.csv?api_key=secret"


@pytest.fixture
def server(monkeypatch):
    """Return a function that queues answers; the network is never used."""
    answers, waits = [], []

    def respond(transport, request):
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, body, headers = answer
        return httpx.Response(status, content=body, headers=headers)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", respond)
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    answers.clear()
    return answers, waits


def test_a_file_is_saved_whole(server, tmp_path):
    server[0].append((200, b"a,b\n1,2\n", {}))
    web.save(URL, tmp_path / "file.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["file.csv"]
    assert (tmp_path / "file.csv").read_bytes() == b"a,b\n1,2\n"


def test_passing_faults_are_tried_again(server, tmp_path):
    answers, waits = server
    answers += [
        (503, b"", {}),
        (429, b"", {"Retry-After": "7"}),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut"),
        (200, b"a\n", {}),
    ]
    web.save(URL, tmp_path / "file.csv")
    assert (tmp_path / "file.csv").read_bytes() == b"a\n"
    assert len(waits) == 4
    assert waits[1] == 7.0


@pytest.mark.parametrize(
    ("answer", "tries", "words"),
    [
        ((404, b"no", {}), 1, "HTTP 404"),
        ((500, b"no", {}), 6, "HTTP 500"),
        (httpx.ConnectError("refused"), 6, "ConnectError"),
        ((200, b"", {}), 1, "gave nothing"),
        ((200, b"\n <!DOCTYPE html>", {}), 1, "a web page"),
        ((200, b"sorry", {"Content-Type": "text/html"}), 1, "a web page"),
    ],
)
def test_a_bad_answer_names_the_place_and_leaves_nothing(
    server, tmp_path, answer, tries, words
):
    server[0].append(answer)
    with pytest.raises(BadInput, match=words) as caught:
        web.save(URL, tmp_path / "file.csv")
    assert "https://example.org/file.csv" in str(caught.value)
    assert "origin simulate or mirror" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert len(server[1]) == tries - 1
    assert list(tmp_path.iterdir()) == []


def test_markup_is_kept_where_it_belongs(server, tmp_path):
    server[0].append((200, b"<data/>", {"Content-Type": "application/xml"}))
    web.save(URL, tmp_path / "file.xml")
    assert (tmp_path / "file.xml").read_bytes() == b"<data/>"
