"""WS /v1/stream with a client of another make: subscriptions, formats, writes, events, limits, clients that stall."""

import contextlib
import json
import signal
import socket
import time

import msgpack
import pytest
from conftest import check_problem, wait_for
from decode_frame import decode_frame
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

ANSWER_S = 10
HISTORY_US = 200_000  # nearly what a session keeps for readers of every tick


class Stream:
    """A socket of /v1/stream; messages that are not waited for are kept."""

    def __init__(self, host, **options):
        options = {"subprotocols": ["simhost.v1"], "compression": None, "max_size": None, "proxy": None} | options
        self.open = contextlib.ExitStack()
        self.socket = self.open.enter_context(connect(f"ws://127.0.0.1:{host.port}/v1/stream", **options))
        self.kept = []
        self.granted = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.open.close()

    def say(self, **message):
        self.socket.send(json.dumps(message))

    def hear(self, timeout_s=ANSWER_S):
        """The next message, data frames decoded."""
        frame = self.socket.recv(timeout=timeout_s)
        if isinstance(frame, str):
            return json.loads(frame)
        if frame[0] != 1:  # a map of MessagePack; a binary frame begins with its version
            return msgpack.unpackb(frame)
        granted = self.granted[int.from_bytes(frame[4:8], "little")]
        return decode_frame(frame, granted["fields"], granted["lanes"])

    def until(self, op, **members):
        """The next message of op with these members."""
        wanted = {"op": op, **members}
        for place, message in enumerate(self.kept):
            if wanted.items() <= message.items():
                return self.kept.pop(place)
        deadline = time.monotonic() + ANSWER_S
        while time.monotonic() < deadline:
            message = self.hear()
            if wanted.items() <= message.items():
                return message
            self.kept.append(message)
        raise AssertionError(f"no {wanted} came; but {self.kept[-3:]}")

    def ask(self, answer, **message):
        """Says it and waits for its answer."""
        self.say(ref="r", **message)
        heard = self.until(answer, ref="r")
        if answer == "subscribed":
            self.granted[heard["id"]] = heard
        return heard

    def subscribe(self, session, ident=1, **members):
        return self.ask("subscribed", op="subscribe", id=ident, session=session, **members)

    def refused(self, status, code, **message):
        problem = self.ask("error", **message)["problem"]
        assert (problem["status"], problem["code"]) == (status, code), problem
        return problem


@pytest.fixture
def stream(host):
    with Stream(host) as opened:
        yield opened


def test_the_subprotocol_is_granted_and_none_is_taken_too(host, stream):
    assert stream.socket.subprotocol == "simhost.v1"
    with Stream(host, subprotocols=None) as plain:
        assert plain.socket.subprotocol is None
        assert plain.ask("pong", op="ping")["at"].endswith("Z")


def test_upgrades_from_foreign_pages_and_plain_requests_are_refused(host):
    with pytest.raises(InvalidStatus) as refused:
        Stream(host, origin="https://evil.example")
    assert refused.value.response.status_code == 403
    with Stream(host, origin="http://localhost:5173") as local:
        local.ask("pong", op="ping")
    plain = host.call("GET", "/v1/stream")
    assert plain.status == 426 and plain.headers["upgrade"] == "websocket", plain


def test_a_subscription_says_what_it_grants_and_shows_the_present_at_once(host, stream, name):
    session = host.manual(name=name, lanes=3, inputs={"input_k": [1, 2, 3]})
    granted = stream.subscribe(name, fields=["lagged_k", "input_k"], lanes=[0, 2])
    assert granted["session"] == session["id"] and granted["lanes"] == [0, 2] and granted["format"] == "json"
    assert granted["fields"] == [{"name": "lagged_k", "unit": "K", "type": "real"},
                                 {"name": "input_k", "unit": "K", "type": "real"}]
    data = stream.until("data", id=1)
    assert (data["tick"], data["time_s"]) == (0, 0) and data["values"] == {"lagged_k": [0, 0], "input_k": [1, 3]}
    host.ok("POST", f"/v1/sessions/{name}/step", {"ticks": 40})
    data = stream.until("data", id=1, tick=40)
    assert data["time_s"] == pytest.approx(0.04)
    assert data["values"] == host.ok("GET", f"/v1/sessions/{name}/variables?names=lagged_k,input_k&lanes=0,2")["values"]


@pytest.mark.parametrize("form", ["json", "msgpack", "binary"])
def test_latest_shows_no_tick_twice_in_every_format(host, stream, form):
    session = host.session(lanes=2, inputs={"input_k": [1, 5]})["id"]
    stream.subscribe(session, format=form, rate_hz=200)
    ticks = []
    for _ in range(20):
        data = stream.until("data", id=1)
        assert set(data["values"]) == {"lagged_k"} and len(data["values"]["lagged_k"]) == 2
        assert data["time_s"] == pytest.approx(data["tick"] * 0.001, abs=1e-9)
        ticks.append(data["tick"])
    assert all(a < b for a, b in zip(ticks, ticks[1:]))


@pytest.mark.parametrize("form", ["json", "msgpack", "binary"])
def test_all_shows_every_tick_once_in_every_format(host, stream, form):
    session = host.manual(lanes=2, inputs={"input_k": [1, 5]})["id"]
    stream.subscribe(session, format=form, mode="all", rate_hz=100)
    for _ in range(10):
        host.ok("POST", f"/v1/sessions/{session}/step", {"ticks": 10})
    rows = {}
    while 100 not in rows:
        data = stream.until("data", id=1)
        assert "gap" not in data and len(data["ticks"]) == len(data["time_s"]) == len(data["values"]["lagged_k"])
        for tick, time_s, row in zip(data["ticks"], data["time_s"], data["values"]["lagged_k"]):
            assert tick not in rows and time_s == pytest.approx(tick * 0.001, abs=1e-12)
            rows[tick] = row
    ticks = sorted(rows)
    assert ticks[0] <= 1 and ticks == list(range(ticks[0], 101)) and list(rows) == ticks
    assert rows[100] == host.ok("GET", f"/v1/sessions/{session}/variables")["values"]["lagged_k"]


@pytest.mark.parametrize("form", ["json", "msgpack", "binary"])
def test_minmax_bounds_what_happened_between_flushes(host, stream, form):
    session = host.session(inputs={"input_k": 100}, parameters={"time_constant_s": 0.5})["id"]
    stream.subscribe(session, format=form, mode="minmax", rate_hz=20)
    last = -1
    for _ in range(5):
        data = stream.until("data", id=1)
        shown = data["values"]["lagged_k"]
        assert data["tick"] > last and shown["min"][0] <= shown["last"][0] == shown["max"][0]
        assert shown["min"][0] >= 0
        last = data["tick"]


def test_writes_and_commands_are_answered_with_their_tick(host, stream):
    session = host.manual(lanes=2)["id"]
    host.ok("POST", f"/v1/sessions/{session}/step", {"ticks": 7})
    assert stream.ask("ack", op="set", session=session, values={"input_k": 3})["applied_tick"] == 7
    assert host.ok("GET", f"/v1/sessions/{session}/variables?names=input_k")["values"]["input_k"] == [3, 3]
    problem = stream.refused(422, "validation_failed", op="set", session=session,
                             values={"input_k": 1e9, "lagged_k": 1, "nothing": 0})
    assert {e["pointer"] for e in problem["errors"]} == {"/values/input_k", "/values/lagged_k", "/values/nothing"}
    stream.refused(409, "tick_passed", op="set", session=session, values={"input_k": 1}, at_tick=3)
    stream.refused(422, "unknown_command", op="command", session=session, name="none")
    assert host.ok("GET", f"/v1/sessions/{session}/variables?names=input_k")["values"]["input_k"] == [3, 3]


def test_errors_answer_and_never_close(host, stream):
    session = host.manual()["id"]
    for text, code in (("{", "invalid_json"), ("[]", "wrong_type"), ('{"op":"x"}', "not_in_enum"), ("{}", "missing"),
                       ('{"op":"ping","op":"ping"}', "duplicate_key"), ('{"op":"ping","x":1}', "unknown_key")):
        stream.socket.send(text)
        assert stream.until("error")["problem"]["code"] == code, text
    stream.socket.send(b"\x81\xa2op\xa4ping")
    assert stream.until("error")["problem"]["code"] == "invalid_json"
    stream.refused(422, "unknown_session", op="subscribe", id=1, session="none")
    stream.refused(422, "unknown_variable", op="subscribe", id=1, session=session, fields=["lagged"])
    stream.refused(422, "value_out_of_range", op="subscribe", id=1, session=session, lanes=[1])
    stream.refused(422, "value_out_of_range", op="subscribe", id=1, session=session, rate_hz=1001)
    stream.refused(422, "value_out_of_range", op="subscribe", id=1, session=session, rate_hz=0)
    stream.refused(422, "value_out_of_range", op="subscribe", id=4294967296, session=session)
    stream.subscribe(session)
    stream.refused(409, "id_taken", op="subscribe", id=1, session=session)
    assert stream.ask("unsubscribed", op="unsubscribe", id=1)["id"] == 1
    assert stream.ask("error", op="unsubscribe", id=1)["problem"]["status"] in (404, 422)
    stream.subscribe(session)


@pytest.mark.parametrize("ref", ["text", 7, 0, -1])
def test_a_ref_comes_back_as_it_was(stream, ref):
    stream.say(op="ping", ref=ref)
    assert stream.until("pong")["ref"] == ref


@pytest.mark.parametrize("how,reason", [("stop", "stopped"), ("delete", "deleted")])
def test_the_end_of_a_session_is_told_after_its_last_frame(host, stream, how, reason):
    session = host.manual()["id"]
    stream.subscribe(session, mode="all")
    host.ok("POST", f"/v1/sessions/{session}/step", {"ticks": 50})
    if how == "stop":
        host.ok("POST", f"/v1/sessions/{session}/stop")
    else:
        host.ok("DELETE", f"/v1/sessions/{session}", status=204)
    ticks = []
    while (message := stream.hear())["op"] == "data":
        ticks += message["ticks"]
    assert message["op"] == "ended" and (message["id"], message["reason"]) == (1, reason)
    assert ticks[-1] == 50


def test_events_come_by_their_types(host, stream):
    stream.ask("ack", op="events", types=["session.*"])
    with Stream(host) as other:
        other.ask("ack", op="events", types=["plugin.*", "session.deleted"])
        session = host.session(start=False)["id"]
        created = stream.until("event", type="session.created", session=session)
        assert created["at"].endswith("Z")
        for action, ends in (("resume", ("ready", "running")), ("pause", ("running", "paused"))):
            host.ok("POST", f"/v1/sessions/{session}/{action}")
            data = stream.until("event", type="session.state", session=session)["data"]
            assert (data["from"], data["to"]) == ends and "tick" in data
        host.ok("DELETE", f"/v1/sessions/{session}", status=204)
        stream.until("event", type="session.deleted", session=session)
        assert other.hear()["type"] == "session.deleted"
        stream.ask("ack", op="events", types=[])
        host.session(start=False)
        with pytest.raises(TimeoutError):
            stream.socket.recv(timeout=0.3)


def test_a_reload_does_not_end_a_subscription(start):
    host = start()
    with Stream(host) as stream:
        stream.ask("ack", op="events", types=["plugin.*"])
        session = host.session()["id"]
        stream.subscribe(session)
        before = stream.until("data")["tick"]
        host.ok("POST", "/v1/plugins/template_c/reload", {}, token=True)
        stream.until("event", type="plugin.reloaded")
        stream.kept.clear()
        wait_for(lambda: stream.until("data")["tick"] > before + 20)


def test_a_client_may_have_256_subscriptions_and_no_more(host, stream):
    session = host.manual()["id"]
    idents = [*range(255), 4294967295]
    for ident in idents:
        stream.subscribe(session, ident)
    assert {stream.until("data", id=ident)["id"] for ident in idents} == set(idents)
    assert stream.ask("error", op="subscribe", id=300, session=session)["problem"]["code"] == "limit_reached"
    assert host.ok("GET", f"/v1/sessions/{session}")["stats"]["clients"] >= 1
    stream.ask("unsubscribed", op="unsubscribe", id=1)
    stream.subscribe(session, 300)


def refused_as_too_large(stream, size):
    stream.socket.send(" " * size)
    with pytest.raises(ConnectionClosed) as closed:
        stream.socket.recv(timeout=ANSWER_S)
    return closed.value.rcvd.code == 1009


def test_messages_too_large_and_sockets_too_many_are_refused(start):
    host = start("--limits-sockets", "2")
    with Stream(host) as one, Stream(host) as two:
        with pytest.raises(InvalidStatus) as refused:
            Stream(host)
        assert refused.value.response.status_code == 503
        assert refused_as_too_large(one, (1 << 20) + 1)
        two.ask("pong", op="ping")


def test_the_setting_of_subscriptions_counts(start):
    host = start("--limits-subscriptions", "1")
    session = host.manual()["id"]
    with Stream(host) as stream:
        stream.subscribe(session, 1)
        stream.say(op="subscribe", id=2, session=session, ref="second")
        while (message := stream.hear()).get("ref") != "second":
            pass
        assert message["op"] == "error"


def test_the_setting_of_message_bytes_counts(start):
    host = start("--limits-message-bytes", "4096")
    with Stream(host) as stream:
        assert refused_as_too_large(stream, 5000)


def test_the_setting_of_fragments_counts(start):
    host = start("--limits-fragments", "3")
    with Stream(host) as stream:
        stream.socket.send(["  ", "  "])
        stream.ask("pong", op="ping")
        with pytest.raises(ConnectionClosed) as closed:
            stream.socket.send(["  "] * 8)
            while True:
                stream.socket.recv(timeout=ANSWER_S)
        assert closed.value.rcvd.code == 1008


def test_more_data_than_granted_lowers_the_rate_and_says_so(host, stream):
    session = host.manual(lanes=20_000)["id"]
    granted = stream.subscribe(session, rate_hz=1000, format="binary")
    assert 0 < granted["rate_hz"] <= 2e6 / 20_000
    host.ok("DELETE", f"/v1/sessions/{session}", status=204)


def small_socket(host):
    """A socket that soon holds no more of what is not read."""
    wire = socket.socket()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    wire.connect(("127.0.0.1", host.port))
    return wire


def test_a_client_that_does_not_read_loses_the_oldest_and_is_told_how_much(start):
    # One second of lateness is made up; only a tick held up by the stalled client for longer would be missed.
    host = start("--engine-catch-up-max", "1000")
    session = host.session(lanes=1000)["id"]
    url = f"/v1/sessions/{session}"
    with Stream(host) as other, Stream(host, sock=small_socket(host), max_queue=1) as stalled:
        other.subscribe(session, lanes=[0], mode="all")
        stalled.subscribe(session, mode="all", format="binary", rate_hz=100)
        expected, other_lost, start_s = None, 0, time.monotonic()
        while (shown := host.ok("GET", url))["stats"]["dropped"] == 0:
            assert time.monotonic() - start_s < 60, "nothing was ever dropped"
            data = other.until("data")
            lost = data.get("gap", 0)
            assert expected in (None, data["ticks"][0] - lost)
            expected, other_lost = data["ticks"][-1] + 1, other_lost + lost
        stood_still = shown["stats"]["lateness_us"]["max"] > HISTORY_US  # the machine: what it made up at once is much
        assert other_lost == 0 or stood_still
        assert shown["stats"]["missed"] == 0 and shown["state"] == "running"
        following = None
        while True:
            data = stalled.until("data")
            lost = data.get("gap", 0)
            assert following is None or data["ticks"][0] == following + lost
            following = data["ticks"][-1] + 1
            if lost:
                break
        wait_for(lambda: host.ok("GET", url)["tick"] > shown["tick"])
        assert host.ok("GET", url)["stats"]["missed"] == 0


def test_a_client_that_never_reads_is_closed_and_no_one_else(start):
    host = start("--stream-write-stall-s", "1")
    session = host.session(lanes=1000)["id"]

    def clients():
        return host.ok("GET", "/v1/host")["counts"]["clients"]

    with Stream(host) as other, Stream(host, sock=small_socket(host), max_queue=1) as stalled:
        stalled.subscribe(session, mode="all", format="binary", rate_hz=100)
        assert clients() == 2
        wait_for(lambda: clients() == 1, timeout_s=40)
        other.ask("pong", op="ping")


def test_the_end_of_the_host_closes_sockets_with_1001_and_takes_no_more(start):
    host = start()
    session = host.session()["id"]
    with Stream(host) as stream:
        stream.subscribe(session)
        stream.until("data")
        host.process.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                stream.socket.recv(timeout=ANSWER_S)
        assert closed.value.rcvd.code == 1001
    assert host.end() == 0
    with pytest.raises(ConnectionRefusedError):
        host.call("GET", "/readyz")


def test_commands_of_a_model_run_over_rest_and_stream(start, motor_plugin):
    host = start(plugins=motor_plugin)
    model = next(m for m in host.ok("GET", "/v1/models")["items"] if m["commands"])
    command = next(c for c in model["commands"] if not c["hazardous"] and not c["args"].get("required"))
    session = host.session(model["id"])["id"]
    url = f"/v1/sessions/{session}/commands/{command['name']}"
    ran = host.ok("POST", url, {"args": {}, "lanes": [0]})
    assert ran["applied_tick"] >= 0 and isinstance(ran["result"], dict)
    assert host.ok("POST", url)["applied_tick"] >= ran["applied_tick"]
    check_problem(host.call("POST", url, {"args": {"nothing": 1}}), 422, "unknown_key", ["/args/nothing"])
    for hazardous in (c for c in model["commands"] if c["hazardous"]):
        path = f"/v1/sessions/{session}/commands/{hazardous['name']}"
        check_problem(host.call("POST", path, {}), 428, "confirm_required")
    with Stream(host) as stream:
        ack = stream.ask("ack", op="command", session=session, name=command["name"], args={})
        assert ack["applied_tick"] > 0 and ack["result"].keys() == ran["result"].keys()
