"""Playback over REST and WebSocket: a recording made by the host is a session again, frame for frame."""

import pytest
from conftest import check_problem, wait_for
from stream_test import Stream


def frames_until(stream, ident, last_tick):
    """All rows of a subscription of mode all: tick -> values of each field."""
    rows = {}
    while last_tick not in rows:
        message = stream.until("data", id=ident)
        assert "gap" not in message
        for place, tick in enumerate(message["ticks"]):
            rows[tick] = {name: values[place] for name, values in message["values"].items()}
    return rows


@pytest.fixture(scope="module")
def tape(host):
    """A recording of 300 ticks of two lanes, and the frames that were streamed meanwhile."""
    made = host.manual(lanes=2, inputs={"input_k": [10, 20]})
    url = "/v1/sessions/" + made["id"]
    with Stream(host) as stream:
        stream.subscribe(made["id"], mode="all", rate_hz=50)
        recording = host.ok("POST", url + "/recordings", {"name": "tape"}, status=201)
        host.ok("POST", url + "/step", {"ticks": 100})
        host.ok("PATCH", url + "/variables", {"values": {"input_k": [-5, 7]}})
        host.ok("POST", url + "/step", {"ticks": 200})
        rows = frames_until(stream, 1, 300)
    host.ok("POST", f"/v1/recordings/{recording['id']}/stop")
    wait_for(lambda: host.ok("GET", f"/v1/recordings/{recording['id']}")["state"] == "stopped")
    model = host.ok("GET", "/v1/models/template_c")
    host.ok("DELETE", url, status=204)
    return {"id": recording["id"], "rows": rows, "step_s": made["step_s"], "model": model}


def play(host, tape, **members):
    return host.ok("POST", "/v1/sessions", {"recording": tape["id"], **members}, status=201)


def test_it_shows_what_it_plays(host, tape):
    made = play(host, tape, start=False, name="again", tags={"a": "b"})
    url = "/v1/sessions/" + made["id"]
    end_s = pytest.approx(300 * tape["step_s"])
    assert made["playback"] == {"recording": tape["id"], "from_s": 0, "to_s": end_s}
    assert (made["state"], made["tick"], made["lanes"], made["overrun"]) == ("ready", 0, 2, "slow")
    assert made["model"] == "template_c" and made["plugin"] == "template_c" and made["tags"] == {"a": "b"}
    with Stream(host) as stream:
        fields = {f["name"]: f for f in stream.subscribe(made["id"])["fields"]}
    for variable in tape["model"]["variables"]:
        if variable["causality"] in ("output", "state"):
            assert fields[variable["name"]].get("unit") == variable.get("unit")
            assert fields[variable["name"]]["type"] == variable["type"]
    host.ok("DELETE", url, status=204)


@pytest.mark.parametrize("form", ["json", "binary", "msgpack"])
def test_its_frames_are_those_of_the_session(host, tape, form):
    made = play(host, tape, start=False, pace={"mode": "realtime", "rate": 100})
    with Stream(host) as stream:
        stream.subscribe(made["id"], mode="all", rate_hz=50, format=form)
        host.ok("POST", f"/v1/sessions/{made['id']}/resume")
        rows = {}
        while 300 not in rows:
            message = stream.hear()
            if message["op"] == "data":
                for place, tick in enumerate(message["ticks"]):
                    rows[tick] = {name: values[place] for name, values in message["values"].items()}
        stream.until("ended", reason="stopped")
    assert rows == tape["rows"]
    host.ok("DELETE", f"/v1/sessions/{made['id']}", status=204)


def test_it_is_paused_stepped_moved_and_rewound(host, tape):
    url = "/v1/sessions/" + play(host, tape, pace={"mode": "manual"})["id"]
    dt = tape["step_s"]

    def values():
        return {name: v for name, v in host.ok("GET", url + "/variables?names=*")["values"].items()}

    assert host.ok("POST", url + "/step", {"ticks": 7})["tick"] == 7
    assert values() == tape["rows"][7]
    moved = host.ok("POST", url + "/seek", {"time_s": 120.5 * dt})
    assert moved["tick"] == 120 and values() == tape["rows"][120]
    assert host.ok("POST", url + "/step")["tick"] == 121
    check_problem(host.call("POST", url + "/seek", {"time_s": 301 * dt}), 422, "value_out_of_range", ["/time_s"])
    check_problem(host.call("POST", url + "/seek", {"time_s": -dt}), 422, "value_out_of_range", ["/time_s"])
    check_problem(host.call("POST", url + "/seek", {}), 422, "missing", ["/time_s"])
    host.ok("PATCH", url, {"pace": {"mode": "free"}})
    wait_for(lambda: host.ok("GET", url)["state"] == "stopped")
    assert host.ok("GET", url)["tick"] == 300 and values() == tape["rows"][300]
    assert host.ok("POST", url + "/seek", {"time_s": 10 * dt})["state"] == "paused"
    shown = host.ok("POST", url + "/reset")
    assert (shown["state"], shown["tick"]) == ("ready", 0) and values() == tape["rows"][0]
    assert "seek" in [entry["kind"] for entry in host.ok("GET", url + "/journal")["items"]]
    host.ok("DELETE", url, status=204)


def test_it_can_be_recorded_again(host, tape):
    url = "/v1/sessions/" + play(host, tape, pace={"mode": "manual"})["id"]
    copy = host.ok("POST", url + "/recordings", {}, status=201)
    host.ok("POST", url + "/step", {"ticks": 300})
    host.ok("POST", f"/v1/recordings/{copy['id']}/stop")
    shown = wait_for(lambda: (r := host.ok("GET", f"/v1/recordings/{copy['id']}"))["state"] == "stopped" and r)
    assert (shown["rows"], shown["gaps"]) == (602, [])
    host.ok("DELETE", url, status=204)


def test_nothing_of_it_can_be_written(host, tape):
    url = "/v1/sessions/" + play(host, tape, pace={"mode": "manual"})["id"]
    for method, path, body in (("PATCH", "/variables", {"values": {"input_k": 1}}), ("POST", "/commands/any", {}),
                               ("POST", "/checkpoints", {}), ("POST", "/restore", {"checkpoint": "x"}),
                               ("POST", "/fork", {}), ("PATCH", "", {"overrun": "skip"})):
        check_problem(host.call(method, url + path, body), 409, "read_only")
    with Stream(host) as stream:
        stream.refused(409, "read_only", op="set", session=url.rsplit("/", 1)[1], values={"input_k": 1})
    host.ok("DELETE", url, status=204)


def test_bodies_that_play_nothing_are_refused(host, tape):
    for body, code, pointers in (({"recording": "none"}, "unknown_reference", ["/recording"]),
                                 ({"recording": ""}, "wrong_type", ["/recording"]),
                                 ({"recording": tape["id"], "lanes": 2}, "unknown_key", ["/lanes"]),
                                 ({"recording": tape["id"], "model": "template_c"}, "not_valid", ["/model"])):
        check_problem(host.call("POST", "/v1/sessions", body), 422, code, pointers)
    url = "/v1/sessions/" + host.session(start=False)["id"]
    check_problem(host.call("POST", url + "/seek", {"time_s": 0}), 409, "wrong_state")
    host.ok("DELETE", url, status=204)
