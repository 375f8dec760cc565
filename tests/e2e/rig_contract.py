"""The rig's REST surface as clients of the original know it: shapes, orders, errors, settings."""

import csv
import io
import json
import re

import pytest

from motor_host import until
from rig_fixtures import READINGS_PER_S, duration, running

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")
SENSORS = ["force", "motor", "camera"]


def ok(answer):
    assert answer.status == 200, answer.text
    return answer.json()


def readings(rig, **query):
    return ok(rig.get("/api/v1/sensors/readings?" + "&".join(f"{k}={v}" for k, v in query.items())))


def faults(answer):
    assert answer.status == 422, answer.text
    return answer.json()["detail"]


def test_what_is_here(rig):
    assert ok(rig.get("/")) == {"message": "Robotic Testing System", "version": "1.0.0", "status": "operational"}
    health = ok(rig.get("/health"))
    assert health["status"] == "healthy" and ISO.fullmatch(health["timestamp"])
    assert health["services"] == {"sensor_simulator": True, "data_manager": True, "websocket": True}
    assert rig.get("/openapi.json").status == 200 and rig.get("/docs").status == 200


def test_without_a_session_everything_is_empty(rig):
    status = ok(rig.get("/api/v1/sensors/status"))
    assert status["sensors"] == {name: {"active": False, "readings_per_minute": 0} for name in SENSORS}
    assert status["system"] == {"recording": False, "total_readings": 0, "connected_clients": 0}
    assert readings(rig) == []
    latest = ok(rig.get("/api/v1/sensors/readings/latest"))
    assert latest["latest_readings"] == {"force": None, "motor": None, "camera": None}
    assert latest["total_readings"] == 0
    assert list(ok(rig.get("/api/v1/sensors/readings/aggregated?sensor_type=force"))) == ["message"]
    assert ok(rig.get("/api/v1/sensors/validation")) == []
    session = ok(rig.get("/api/v1/sessions/status"))
    assert session["recording"] is False and session["data_summary"] == {"message": "No data recorded"}
    assert session["validation_stats"] == {
        "total_validations_performed": 0, "force_readings_analyzed": 0, "motor_readings_analyzed": 0,
        "camera_readings_analyzed": 0, "validation_active": True}
    summary = ok(rig.get("/api/v1/sessions/summary"))
    assert summary["session_id"] == "" and summary["session_duration"] is None
    export = rig.get("/api/v1/sessions/export/csv")
    assert (export.status, export.json()) == (400, {"detail": "No data to export"})
    stop = rig.post("/api/v1/sessions/stop")
    assert (stop.status, stop.json()) == (400, {"detail": "No active session to stop"})
    assert ok(rig.post("/api/v1/sessions/reset"))["message"]


def test_a_session_from_start_to_reset(host, rig):
    started = ok(rig.post("/api/v1/sessions/start", {"name": "a", "description": "b", "unknown": 1}))
    assert list(started) == ["session_id", "status", "started_at", "duration_seconds", "data_points"]
    assert UUID4.fullmatch(started["session_id"]) and ISO.fullmatch(started["started_at"])
    assert (started["status"], started["duration_seconds"], started["data_points"]) == ("recording", None, 0)
    again = rig.post("/api/v1/sessions/start")
    assert (again.status, again.json()) == (400, {"detail": "Session already in progress"})
    host.hurry(started["session_id"], 20)
    stopped = ok(rig.post("/api/v1/sessions/stop"))
    seconds = stopped["session_duration"]
    assert stopped["session_id"] == started["session_id"] and seconds >= 20 and stopped["export_path"] is None
    expected = sum(int(seconds * hz + 1e-6) + 1 for hz in (10, 5, 1))
    assert stopped["total_readings"] == expected == sum(stopped["summary_stats"].values())
    assert ok(rig.get("/api/v1/sessions/summary")) == stopped
    status = ok(rig.get("/api/v1/sessions/status"))
    assert status["data_summary"]["total_readings"] == expected
    assert status["data_summary"]["recording_active"] is False
    assert status["validation_stats"]["total_validations_performed"] == expected
    assert ok(rig.post("/api/v1/sessions/start"))["session_id"] != started["session_id"]  # clears the data
    assert ok(rig.get("/api/v1/sessions/summary"))["total_readings"] < expected
    assert ok(rig.post("/api/v1/sessions/reset"))
    assert ok(rig.get("/api/v1/sessions/summary"))["session_id"] == ""


def test_readings_are_the_last_that_fit_oldest_first(host, rig, session):
    host.hurry(session["session_id"], 100)
    rig.post("/api/v1/sessions/stop")
    everything = readings(rig, limit=1000)
    assert len(everything) == 1000
    keys = [(r["timestamp"], SENSORS.index(r["sensor_type"])) for r in everything]
    assert keys == sorted(keys)
    for name in SENSORS:
        mine = readings(rig, sensor_type=name, limit=40)
        assert len(mine) == 40 and {r["sensor_type"] for r in mine} == {name}
        assert mine[-1] == [r for r in everything if r["sensor_type"] == name][-1]
    some = everything[200:300]
    window = readings(rig, start_time=repr(some[0]["timestamp"]), end_time=repr(some[-1]["timestamp"]), limit=1000)
    assert [r for r in window if r in some] == some and all(
        some[0]["timestamp"] <= r["timestamp"] <= some[-1]["timestamp"] for r in window)
    assert readings(rig, start_time=0, end_time=0, limit=5) == everything[-5:]  # 0 is absent
    assert readings(rig, end_time=1) == []
    camera = readings(rig, sensor_type="camera", limit=1)[0]["value"]
    assert list(camera) == ["image_id", "resolution", "brightness", "exposure"] and camera["resolution"] == "640x480"
    text = rig.get("/api/v1/sensors/readings?limit=1").text
    assert re.search(r'"timestamp":\d+\.\d{1,6},', text), text
    latest = ok(rig.get("/api/v1/sensors/readings/latest"))["latest_readings"]
    assert all(latest[name] == readings(rig, sensor_type=name, limit=1)[0] for name in SENSORS)


def test_the_ring_holds_ten_thousand_and_the_rest_sees_all(host, rig, session):
    host.hurry(session["session_id"], 1500)  # 24,000 readings
    stopped = ok(rig.post("/api/v1/sessions/stop"))
    assert stopped["total_readings"] >= 1500 * READINGS_PER_S
    first = readings(rig, limit=1000, end_time=repr(readings(rig, limit=1)[0]["timestamp"] - 624))
    assert 0 < len(first) < 1000  # what is older fell out
    assert readings(rig, limit=1000, end_time=repr(readings(rig, limit=1)[0]["timestamp"] - 626)) == []
    bins = ok(rig.get("/api/v1/sensors/readings/aggregated?sensor_type=force&interval_seconds=60&hours_back=1"))
    assert sum(b["count"] for b in bins["data"]) == stopped["summary_stats"]["force_readings"]
    assert ok(rig.get("/api/v1/sessions/status"))["data_summary"]["total_readings"] == stopped["total_readings"]


def test_aggregation_bins(host, rig, session):
    host.hurry(session["session_id"], 300)
    rig.post("/api/v1/sessions/stop")
    for name in ("force", "motor"):
        answer = ok(rig.get(f"/api/v1/sensors/readings/aggregated?sensor_type={name}&interval_seconds=7"))
        assert list(answer) == ["sensor_type", "interval_seconds", "hours_back", "total_intervals", "data"]
        assert (answer["interval_seconds"], answer["hours_back"]) == (7, 1)
        assert answer["total_intervals"] == len(answer["data"])
        values = {r["timestamp"]: r["value"] for r in readings(rig, sensor_type=name, limit=1000)}
        for one in answer["data"]:
            assert one["interval_end"] - one["interval_start"] == pytest.approx(7, abs=1e-6)
            assert ISO.fullmatch(one["timestamp"])
            mine = [v for t, v in values.items() if one["interval_start"] <= t < one["interval_end"]]
            if min(values) > one["interval_start"]:
                continue  # a bin that began before what the ring gave us
            assert one["count"] == len(mine)
            assert one["average"] == pytest.approx(sum(mine) / len(mine), rel=1e-12)
            assert (one["min"], one["max"]) == (min(mine), max(mine))
    camera = ok(rig.get("/api/v1/sensors/readings/aggregated?sensor_type=camera"))
    assert (camera["total_intervals"], camera["data"]) == (0, [])


def test_errors_of_the_request_are_fastapis(rig):
    for query, kind, where in (("limit=0", "greater_than_equal", "limit"), ("limit=1001", "less_than_equal", "limit"),
                               ("limit=x", "int_parsing", "limit"), ("start_time=x", "float_parsing", "start_time"),
                               ("sensor_type=ear", "enum", "sensor_type")):
        (fault,) = faults(rig.get(f"/api/v1/sensors/readings?{query}"))
        assert fault["type"] == kind and fault["loc"] == ["query", where]
        assert fault["input"] == query.split("=")[1], "a query's input is text"
    (fault,) = faults(rig.get("/api/v1/sensors/readings/aggregated"))
    assert (fault["type"], fault["loc"], fault["input"]) == ("missing", ["query", "sensor_type"], None)
    assert len(faults(rig.get("/api/v1/sensors/readings/aggregated?interval_seconds=0&hours_back=25"))) == 3
    assert faults(rig.get("/api/v1/sensors/validation?limit=201"))[0]["ctx"] == {"le": 200}
    assert faults(rig.post("/api/v1/sessions/start", {"name": 5}))[0]["type"] == "string_type"
    assert faults(rig.ask("POST", "/api/v1/sessions/start", raw=b"{"))[0]["type"] == "json_invalid"
    assert (rig.get("/nothing").status, rig.get("/nothing").json()) == (404, {"detail": "Not Found"})
    assert (rig.post("/health").status, rig.post("/health").json()) == (405, {"detail": "Method Not Allowed"})


def test_a_faulty_body_comes_before_the_wrong_state(rig, session):
    assert rig.post("/api/v1/sessions/start", {"name": 5}).status == 422
    assert rig.post("/api/v1/sessions/start", {}).status == 400


def test_unknown_keys_are_ignored(rig, session):
    assert ok(rig.get("/api/v1/sensors/readings?limit=1&colour=red")) is not None


@pytest.mark.parametrize("sensor, event, check", [
    ("force", "spike", lambda r: r["status"] == "error" and 80 < r["details"]["actual"] <= 200),
    ("force", "overload", lambda r: r["status"] == "warning" and 64 < r["details"]["actual"] < 80
     and r["details"]["percentage"] == pytest.approx(100 * r["details"]["actual"] / r["details"]["threshold"])),
    ("motor", "overspeed", lambda r: 56 <= r["details"]["absolute"] <= 80),
    ("motor", "spike", lambda r: 56 <= r["details"]["absolute"] <= 80),
    ("camera", "low_light", lambda r: r["details"]["issue"] == "insufficient_lighting"),
    ("camera", "spike", lambda r: r["details"]["issue"] == "overexposure"),
])
def test_an_injection_gives_the_result_of_its_rule(rig, session, sensor, event, check):
    before = ok(rig.get("/api/v1/sensors/validation?limit=200"))
    answer = ok(rig.post(f"/api/v1/sensors/simulate?sensor_type={sensor}&event_type={event}"))
    assert sensor in answer["message"] and answer["event_type"] == event and ISO.fullmatch(answer["timestamp"])
    assert list(answer) == ["message", "event_type", "timestamp", "note"]

    def found():
        results = ok(rig.get("/api/v1/sensors/validation?limit=200"))
        return [r for r in results if r not in before and r["sensor_type"] == sensor and check(r)]

    result = until(found, f"result of {event}")[0]
    values = {r["timestamp"] for r in readings(rig, sensor_type=sensor, limit=100)}
    assert result["timestamp"] in values, "a result's time is its reading's"
    assert list(result) == ["sensor_type", "status", "message", "timestamp", "details"]


def test_a_dropout_leaves_a_gap_of_a_second(rig, session):
    until(lambda: duration(rig) > 0.5, "half a second")
    ok(rig.post("/api/v1/sensors/simulate?sensor_type=motor&event_type=dropout"))

    def gaps():
        times = [r["timestamp"] for r in readings(rig, sensor_type="motor", limit=100)]
        return [b - a for a, b in zip(times, times[1:]) if b - a > 0.3]

    assert until(gaps, "gap") == [pytest.approx(1.2, abs=1e-5)]


def test_injections_queue_up_to_ten(rig, session):
    path = "/api/v1/sensors/simulate?sensor_type=camera&event_type=spike"
    answers = [rig.post(path) for _ in range(13)]
    assert [a.status for a in answers[:10]] == [200] * 10
    assert answers[-1].status == 503 and "detail" in answers[-1].json()


def test_what_a_sensor_does_not_know_is_refused(rig):
    for sensor, event in (("motor", "overload"), ("force", "overspeed"), ("force", "low_light"), ("camera", "nothing")):
        (fault,) = faults(rig.post(f"/api/v1/sensors/simulate?sensor_type={sensor}&event_type={event}"))
        assert fault["loc"] == ["query", "event_type"] and fault["input"] == event
    assert faults(rig.post("/api/v1/sensors/simulate"))[0]["loc"] == ["query", "sensor_type"]


def test_without_a_session_an_injection_is_said_to_do_nothing(rig):
    answer = ok(rig.post("/api/v1/sensors/simulate?sensor_type=camera&event_type=low_light"))
    assert "othing" in answer["note"]
    ok(rig.post("/api/v1/sessions/start"))
    until(lambda: duration(rig) > 0.2, "the first readings")
    assert readings(rig, sensor_type="camera")[0]["value"]["brightness"] >= 50, "nothing was kept for the next one"


def test_every_curl_of_the_readme(rig):
    """Each path of the seed's README, in its order."""
    for path in ("/", "/health", "/api/v1/sensors/status"):
        ok(rig.get(path))
    ok(rig.post("/api/v1/sessions/start"))
    until(lambda: duration(rig) > 0.2, "the first readings")
    for path in ("/api/v1/sessions/status", "/api/v1/sensors/readings", "/api/v1/sensors/readings/latest",
                 "/api/v1/sensors/readings/aggregated?sensor_type=force", "/api/v1/sensors/validation"):
        ok(rig.get(path))
    ok(rig.post("/api/v1/sessions/stop"))
    assert rig.get("/api/v1/sessions/export/csv").status == 200
    ok(rig.post("/api/v1/sessions/reset"))


def test_readings_per_minute_counts_the_last_sixty_seconds(host, rig, session):
    host.hurry(session["session_id"], 90)
    rig.post("/api/v1/sessions/stop")
    counts = ok(rig.get("/api/v1/sensors/status"))["sensors"]
    for name, hz in (("force", 10), ("motor", 5), ("camera", 1)):
        assert abs(counts[name]["readings_per_minute"] - 60 * hz) <= 1 + hz // 5


def test_the_environment_of_the_original_counts(program):
    variables = {"FORCE_SENSOR_HZ": "20", "MOTOR_SENSOR_HZ": "2", "CAMERA_SENSOR_HZ": "4", "PROJECT_NAME": "Bench 7",
                 "VERSION": "2.5", "MOTOR_THRESHOLD": "40", "ROBOT_SEED": "12", "MAX_DATA_POINTS": "150"}
    with running(program, variables=variables) as host:
        assert ok(host.rig.get("/")) == {"message": "Bench 7", "version": "2.5", "status": "operational"}
        session = ok(host.rig.post("/api/v1/sessions/start"))["session_id"]
        host.hurry(session, 60)
        stopped = ok(host.rig.post("/api/v1/sessions/stop"))
        seconds, stats = stopped["session_duration"], stopped["summary_stats"]
        assert [stats[f"{name}_readings"] for name in SENSORS] == [int(seconds * hz + 1e-6) + 1 for hz in (20, 2, 4)]
        results = ok(host.rig.get("/api/v1/sensors/validation?limit=200"))
        assert any(r["sensor_type"] == "motor" and r["details"]["threshold"] == 40 for r in results)
        assert len(readings(host.rig, limit=1000)) == 150
        assert json.loads(host.main.get(f"/v1/sessions/{session}").text)["seed"] == 12


def test_the_same_seed_gives_the_same_readings(host, rig):
    def run():
        host.hurry(ok(rig.post("/api/v1/sessions/start"))["session_id"], 30)
        rig.post("/api/v1/sessions/stop")
        rows = csv.DictReader(io.StringIO(rig.get("/api/v1/sessions/export/csv").text, newline=""))
        return [(row["sensor_type"], row["value"]) for row in rows][:480]

    assert run() == run()
