import time

import pytest

from imitation import Answer, Server
from seqshift import connection
from seqshift.errors import BadInput

KEY = "MADE-UP-KEY-0123"
SPEC = {"kind": "made-up", "key": "MADE_UP_KEY", "limits": [[10000, 1]]}


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("seqshift.connection._wait", lambda seconds: None)
    monkeypatch.setenv("MADE_UP_KEY", KEY)


@pytest.fixture
def server():
    with Server() as server:
        server.route("/", lambda request: Answer(200, b"fine"))
        yield server


def ask(server, path="/data?x=1", spec=SPEC, params=None):
    """Return the body of an answer."""
    bodies = []
    line = connection.Connection({"url": server.url, **spec})
    take = lambda response: bodies.append(response.read())  # noqa: E731
    line.ask(f"{server.url}{path}", params, dict, take)
    line.close()
    return bodies[-1]


def test_the_key_goes_into_the_address_beside_other_parameters(server):
    assert ask(server, params={"offset": 3}) == b"fine"
    query = {"x": ["1"], "offset": ["3"], "api_key": [KEY]}
    assert server.requests[0].query == query


def test_the_key_is_not_sent_to_another_host(server):
    ask(server, spec=SPEC | {"url": "https://elsewhere.example/data"})
    assert "api_key" not in server.requests[0].query


def test_a_redirect_to_a_signed_link_does_not_carry_the_key(server):
    with Server() as store:
        store.route("/", lambda request: Answer(200, b"zip"))
        link = {"Location": f"{store.url}/file.zip?signature=1"}
        server.fail(Answer(302, b"", link))
        assert ask(server) == b"zip"
        assert store.requests[0].query == {"signature": ["1"]}


def test_a_missing_key_names_its_variable_and_the_way_round(server, monkeypatch):
    monkeypatch.delenv("MADE_UP_KEY")
    with pytest.raises(BadInput, match="MADE_UP_KEY, or choose origin simulate"):
        ask(server)
    assert server.requests == []


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 429, 500])
def test_no_error_repeats_the_key_even_where_the_server_does(server, status):
    def echo(request):
        text = f"{request.path}?{request.query}".encode()
        return Answer(status, text, {"Location": f"/data?api_key={KEY}"})

    server.fail(*[echo] * 50)
    with pytest.raises(BadInput) as error:
        ask(server)
    chain = error.getrepr(chain=True)
    assert KEY not in str(error.value)
    assert error.value.__cause__ is None and error.value.__suppress_context__
    assert KEY not in str(chain).replace(f'KEY = "{KEY}"', "")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_named_by_its_variable(server, status):
    server.fail(Answer(status))
    with pytest.raises(BadInput, match=f"refused the key in MADE_UP_KEY.*{status}"):
        ask(server)


def test_the_code_of_a_refusal_is_passed_on(server):
    body = b'{"quandl_error": {"code": "QELx06", "message": "too fast"}}'
    server.fail(*[Answer(429, body)] * 9)
    with pytest.raises(BadInput, match="HTTP 429, code QELx06: the key is one of"):
        ask(server)


def test_a_store_that_hides_what_it_lacks_is_one_that_lacks_it(server):
    server.fail(Answer(403, b"<Error><Code>AccessDenied</Code></Error>"))
    with pytest.raises(connection.Absent, match="is not there .HTTP 403"):
        ask(server, spec={"limits": [[10000, 1]]})


def test_an_address_that_is_none_is_explained():
    line = connection.Connection(SPEC)
    with pytest.raises(BadInput, match="no address|cannot be fetched"):
        line.ask("no\x00where", None, dict, print)


def test_a_host_that_does_not_answer_is_explained(server):
    line = connection.Connection({"kind": "made-up", "limits": [[10000, 1]]})
    with pytest.raises(BadInput, match="cannot be fetched .ConnectError"):
        line.ask("http://127.0.0.1:9/file.csv", None, dict, print)


def test_requests_stay_within_the_limits_of_the_source(server):
    spec = SPEC | {"limits": [[3, 1], [5, 2]]}
    for _ in range(8):
        ask(server, spec=spec)
    times = [request.time for request in server.requests]
    for count, span in spec["limits"]:
        for first, later in zip(times, times[count:], strict=False):
            assert later - first >= span - 0.05, "more requests than are allowed"


def test_public_addresses_carry_no_query_of_their_own():
    url = "https://host.example/file.zip?signature=secret#part"
    assert connection.public(url) == "https://host.example/file.zip"
    assert connection.public(url, {"a": 1}) == "https://host.example/file.zip?a=1"


def test_one_request_at_a_time_is_made_to_a_host(server):
    import threading

    busy, most = [], []

    def slow(request):
        busy.append(1)
        most.append(len(busy))
        time.sleep(0.05)
        busy.pop()
        return Answer(200, b"fine")

    server.route("/", slow)
    threads = [threading.Thread(target=ask, args=(server,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1 and len(most) == 4
