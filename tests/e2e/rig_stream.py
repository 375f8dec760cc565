"""The rig's WebSocket with a stock client: readings, results, status, filters, bad messages, many and slow clients."""

import json

import pytest

from motor_host import until
from rig_fixtures import duration, hear, hear_all, of, say

PATH = "/ws/sensor-data"


def test_greets_and_stays_silent_without_a_session(rig):
    with rig.socket(PATH) as socket:
        greeting = hear(socket)
        assert greeting["type"] == "connection_established"
        assert greeting["data"]["sensors_active"] == {"force": False, "motor": False, "camera": False}
        assert greeting["data"]["recording"] is False and greeting["data"]["message"]
        assert hear_all(socket, 0.5) == []


def test_a_session_is_heard_from_its_first_reading_to_its_end(rig):
    with rig.socket(PATH) as socket:
        hear(socket)
        started = rig.post("/api/v1/sessions/start").json()
        until(lambda: duration(rig) >= 2, "two seconds")
        stopped = rig.post("/api/v1/sessions/stop").json()
        heard = hear_all(socket, 0.5)
    readings = of(heard, "sensor_data")
    assert len(readings) == stopped["total_readings"] and started["session_id"] == stopped["session_id"]
    for name, hz in (("force", 10), ("motor", 5), ("camera", 1)):
        times = [r["timestamp"] for r in readings if r["sensor_type"] == name]
        assert [round((t - times[0]) * hz, 3) for t in times] == list(range(len(times))), "the schedule is exact"
    rest = rig.get("/api/v1/sensors/readings?limit=1000").json()
    assert readings == rest, "the same digits on both"
    statuses = of(heard, "system_status")
    assert [s["recording"] for s in statuses] == [True, False]
    assert statuses[1]["uptime_seconds"] == stopped["session_duration"]
    assert statuses[1]["data_points_collected"] == stopped["total_readings"]


def test_results_come_after_their_readings_and_before_later_ones(rig, session):
    with rig.socket(PATH) as socket:
        rig.post("/api/v1/sensors/simulate?sensor_type=motor&event_type=overspeed")
        rig.post("/api/v1/sensors/simulate?sensor_type=force&event_type=spike")
        heard = hear_all(socket, 2)
    results = [i for i, message in enumerate(heard) if message["type"] == "validation"]
    assert {heard[i]["data"]["sensor_type"] for i in results} >= {"motor", "force"}
    for i in results:
        result = heard[i]["data"]
        before = of(heard[:i], "sensor_data")
        assert result["sensor_type"] in [r["sensor_type"] for r in before if r["timestamp"] == result["timestamp"]]
        assert all(r["timestamp"] <= result["timestamp"] for r in before[-3:])
    stored = rig.get("/api/v1/sensors/validation?limit=200").json()
    assert all(heard[i]["data"] in stored for i in results)


def test_status_is_the_union_of_both_shapes_and_goes_to_the_asker_alone(rig, session):
    with rig.socket(PATH) as asker, rig.socket(PATH) as other:
        status = say(asker, {"type": "get_status"}, "system_status")["data"]
        assert set(status) == {"force_sensor", "motor_controller", "camera", "recording", "uptime_seconds",
                               "data_points_collected", "sensors", "data_summary"}
        assert status["recording"] is True and status["sensors"] == {"force": True, "motor": True, "camera": True}
        assert of(hear_all(other, 0.3), "system_status") == []


def test_ping_subscribe_and_what_nobody_understands(rig):
    with rig.socket(PATH) as socket:
        hear(socket)
        assert say(socket, {"type": "ping", "timestamp": 12.5}, "pong") == {"type": "pong", "timestamp": 12.5}
        assert say(socket, {"type": "ping"}, "pong") == {"type": "pong", "timestamp": None}
        assert say(socket, {"type": "subscribe", "data": {"a": [1]}}, "subscription_confirmed")["data"] == {"a": [1]}
        assert say(socket, {"type": "subscribe"}, "subscription_confirmed")["data"] == {}
        for message, text in (({"type": "dance"}, "Unknown message type: dance"), ({}, "Unknown message type: unknown"),
                              ("{", "Invalid JSON format"), ("no json", "Invalid JSON format")):
            assert say(socket, message, "error") == {"type": "error", "message": text}
        for message in ("[1]", "5", "null", b"\x00\x01"):
            assert say(socket, message, "error")["message"]
        assert say(socket, {"type": "subscribe", "data": {"sensor_types": ["ear"]}}, "error")["message"]
        assert say(socket, {"type": "ping"}, "pong"), "it lives"


def test_a_subscription_filters_readings_and_results(rig):
    with rig.socket(PATH) as motor, rig.socket(PATH) as all_of_them:
        say(motor, {"type": "subscribe", "data": {"sensor_types": ["motor"]}}, "subscription_confirmed")
        rig.post("/api/v1/sessions/start")
        rig.post("/api/v1/sensors/simulate?sensor_type=force&event_type=spike")
        rig.post("/api/v1/sensors/simulate?sensor_type=motor&event_type=overspeed")
        heard, everything = hear_all(motor, 1.5), hear_all(all_of_them, 0.3)
        assert {r["sensor_type"] for r in of(heard, "sensor_data")} == {"motor"}
        assert {r["sensor_type"] for r in of(heard, "validation")} == {"motor"}
        assert len(of(heard, "system_status")) == 1, "status goes to all"
        assert {r["sensor_type"] for r in of(everything, "sensor_data")} == {"force", "motor", "camera"}
        say(motor, {"type": "subscribe"}, "subscription_confirmed")
        assert "force" in {r["sensor_type"] for r in of(hear_all(motor, 0.5), "sensor_data")}


def test_many_clients_hear_the_same_and_a_slow_one_disturbs_nobody(rig):
    sockets = [rig.socket(PATH) for _ in range(20)]
    slow = rig.socket(PATH)  # never read until the end
    try:
        for socket in sockets:
            hear(socket)
        rig.post("/api/v1/sessions/start")
        clients = len(sockets) + 1
        until(lambda: rig.get("/api/v1/sensors/status").json()["system"]["connected_clients"] == clients, "all clients")
        until(lambda: duration(rig) >= 1, "a second")
        stopped = rig.post("/api/v1/sessions/stop").json()
        heard = [of(hear_all(socket, 0.3), "sensor_data") for socket in sockets]
        assert all(one == heard[0] for one in heard) and len(heard[0]) == stopped["total_readings"]
        assert len(of(hear_all(slow, 0.3), "sensor_data")) == stopped["total_readings"]
    finally:
        for socket in (*sockets, slow):
            socket.close()


def test_the_next_session_reaches_those_who_stayed(rig):
    with rig.socket(PATH) as socket:
        for _ in range(3):
            rig.post("/api/v1/sessions/start")
            assert until(lambda: of([hear(socket)], "sensor_data"), "a reading")
            rig.post("/api/v1/sessions/stop")
            hear_all(socket, 0.3)


def test_clients_and_session_survive_a_reload(host, rig, session):
    with rig.socket(PATH) as socket:
        assert until(lambda: of([hear(socket)], "sensor_data"), "a reading")
        host.reload()
        hear_all(socket, 0.3)
        assert until(lambda: of([hear(socket)], "sensor_data"), "a reading after the reload")
        assert rig.post("/api/v1/sessions/start").status == 400, "the session goes on"
        assert rig.post("/api/v1/sessions/stop").json()["session_id"] == session["session_id"]


def test_a_text_that_is_too_long_ends_that_socket_alone(rig):
    with rig.socket(PATH) as socket, rig.socket(PATH) as other:
        socket.send(json.dumps({"type": "ping", "timestamp": "x" * 100_000}))
        with pytest.raises(Exception):
            while True:
                hear(socket, 5)
        assert say(other, {"type": "ping"}, "pong")
