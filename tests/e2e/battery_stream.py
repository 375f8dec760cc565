"""The WebSocket contract of the batteries: pings, telemetry, its times and its company."""

import contextlib
import datetime
import json
import time

import pytest
import websockets

from battery_fixtures import BatteryHost, named, telemetry

PATH, ALIAS = "/api/v1/ws/telemetry", "/ws/telemetry"
KEYS = ["battery_id", "timestamp", "voltage_v", "current_a", "temperature_c", "internal_resistance_mohm", "soh_pct",
        "mode", "soc_pct"]


def at(reading):
    return datetime.datetime.strptime(reading["timestamp"], "%Y-%m-%dT%H:%M:%S.%fZ")


@pytest.mark.parametrize("path", [PATH, ALIAS])
def test_an_idle_socket_is_pinged_each_second(batteries, path):
    with batteries.socket(path) as socket:
        begun = time.monotonic()
        assert [json.loads(socket.recv(timeout=20)) for _ in range(3)] == [{"type": "ping"}] * 3
        assert 2.5 < time.monotonic() - begun < 10


@pytest.mark.parametrize("path", [PATH, ALIAS])
def test_a_socket_that_waits_gets_the_first_tick(batteries, start, path):
    with batteries.socket(path) as socket:
        assert json.loads(socket.recv(timeout=20)) == {"type": "ping"}
        start("B", "A", "C", interval_seconds=60, scenario="power_outage")
        begun = time.monotonic()
        (data,) = telemetry(socket)
        assert time.monotonic() - begun < 5, "at once, not after an interval"
    assert [one["battery_id"] for one in data] == ["B", "A", "C"], "in the order of the start"
    assert all(list(one) == KEYS for one in data)
    assert all(one["mode"] == "discharge" and one["current_a"] < -9 for one in data), "the scenario holds at tick 0"
    assert len({one["voltage_v"] for one in data}) == 3, "and the meters err already"
    assert len({one["timestamp"] for one in data}) == 1


def test_readings_are_rounded_as_the_original_rounds(host, batteries, start):
    start("A", initial=1, interval_seconds=1)
    with batteries.socket(PATH) as socket:
        host.session("default", {"pace": {"mode": "realtime", "rate": 50}})
        for (one,) in telemetry(socket, 20):
            assert round(one["voltage_v"], 3) == one["voltage_v"] and round(one["current_a"], 3) == one["current_a"]
            assert round(one["temperature_c"], 2) == one["temperature_c"] and 0 <= one["soc_pct"] <= 100
            assert all(isinstance(one[key], float) for key in KEYS if key.endswith(("_v", "_a", "_c", "mohm", "pct")))


def test_telemetry_comes_each_interval_of_simulated_time(host, batteries, start):
    start("A", interval_seconds=7)
    with batteries.socket(PATH) as socket:
        host.session("default", {"pace": {"mode": "realtime", "rate": 20}})
        data = [one for (one,) in telemetry(socket, 12)][2:]  # what the change of pace moved lies behind
    steps = [(b - a).total_seconds() for a, b in zip(map(at, data), map(at, data[1:]))]
    # A host that stood still over one interval sends the newest alone: that gap is two intervals.
    assert steps == pytest.approx([7 * round(step / 7) for step in steps], abs=0.002)
    assert min(steps) == pytest.approx(7, abs=0.002)


def test_between_two_intervals_there_are_pings(batteries, start):
    with batteries.socket(PATH) as socket:
        start("A", interval_seconds=3)
        kinds = [json.loads(socket.recv(timeout=20))["type"] for _ in range(7)]
    assert kinds.count("telemetry") >= 2 and "ping" in kinds[kinds.index("telemetry"):]


def test_a_socket_outlives_the_simulation_and_hears_the_next(batteries, start):
    with batteries.socket(PATH) as socket:
        start("A")
        assert telemetry(socket)[0][0]["battery_id"] == "A"
        batteries.post("/api/v1/simulation/stop")
        assert json.loads(socket.recv(timeout=20)) == {"type": "ping"}
        start("B")
        assert telemetry(socket)[0][0]["battery_id"] == "B"


def test_all_sockets_hear_the_same(host, batteries, start):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(batteries.socket(path)) for path in (PATH, ALIAS, PATH)]
        start("A", "B", interval_seconds=1)
        heard = [{data[0]["timestamp"]: data for data in telemetry(socket, 4)} for socket in sockets]
    common = set.intersection(*map(set, heard))
    assert common, "they hear the same ticks"
    assert all(one[time_of] == heard[0][time_of] for time_of in common for one in heard)


def test_what_a_client_says_is_ignored(batteries, start):
    with batteries.socket(PATH) as socket:
        for message in ("hello", '{"type":"ping"}', b"\x00\x01", "{"):
            socket.send(message)
        start("A")
        assert telemetry(socket)[0][0]["battery_id"] == "A"


def test_a_named_simulation_has_a_stream_of_its_own(batteries, start):
    start("A")
    batteries.post("/api/v1/simulations", {"batteries": named("B"), "name": "other", "interval_seconds": 1})
    with batteries.socket(f"{PATH}/other") as socket:
        assert telemetry(socket)[0][0]["battery_id"] == "B"
        batteries.ask("DELETE", "/api/v1/simulations/other")
        with pytest.raises(websockets.exceptions.ConnectionClosedOK):
            telemetry(socket, 5)
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        batteries.socket(f"{PATH}/nobody")
    assert refused.value.response.status_code == 403


def test_timestamps_move_on_by_a_pause(host, batteries, start):
    start("A", interval_seconds=1)
    with batteries.socket(PATH) as socket:
        before = at(telemetry(socket)[0][0])
        host.main.post("/v1/sessions/default/pause")
        while json.loads(socket.recv(timeout=20))["type"] != "ping":
            pass  # a second without readings
        host.main.post("/v1/sessions/default/resume")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            now = at(telemetry(socket)[0][0])
            if (now - before).total_seconds() % 1 > 0.2:
                break
    wall = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert abs((wall - now).total_seconds()) < 1.5, "start and simulated time are the wall clock"


def test_a_reload_keeps_sockets_batteries_and_overrides(program):
    host = BatteryHost(program)
    try:
        batteries = host.batteries
        with batteries.socket(PATH) as socket:
            batteries.post("/api/v1/simulation/start", {"batteries": named("ä", "b\n", "c"), "interval_seconds": 1})
            batteries.post("/api/v1/scenarios/apply", {"scenario": "power_outage", "battery_ids": ["b\n"]})
            ids = [one["battery_id"] for one in telemetry(socket)[0]]
            before = batteries.get("/api/v1/simulation/status").json()
            host.reload()
            after = batteries.get("/api/v1/simulation/status").json()
            assert [one["battery_id"] for one in telemetry(socket, 2)[1]] == ids == ["ä", "b\n", "c"]
            for key in ("overrides", "started_at", "interval_seconds", "batteries_count"):
                assert after[key] == before[key]
            assert after["overrides"] == {"b\n": "power_outage"}
            batteries.post("/api/v1/simulation/stop")
            host.reload()
            batteries.post("/api/v1/simulation/start", {"batteries": named("new")})
            while telemetry(socket)[0][0]["battery_id"] != "new":  # the new generation knows who is there
                pass  # what was on its way
    finally:
        assert host.stop() == 0


def test_the_environment_of_the_seed_is_read(program, tmp_path):
    import socket as sockets

    with sockets.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    host = BatteryHost(program, {"BATTERY_SENSOR_MAX_SIMULATIONS": "1"}, port=port)
    try:
        assert host.batteries.authority.endswith(f":{port}")
        assert host.batteries.post("/api/v1/simulations", {"batteries": named("A")}).status == 201
        answer = host.batteries.post("/api/v1/simulations", {"batteries": named("A")})
        assert answer.status == 429 and "retry-after" in answer.headers
    finally:
        assert host.stop() == 0
