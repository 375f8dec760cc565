"""The REST contract of the motor: every path of the seed, its shapes, its errors."""

import json
import re

import jsonschema
import pytest

MODES = ["speed", "automatic", "manual", "current", "torque", "voltage", "duty_cycle"]
METHODS = {"GET", "POST", "PUT", "DELETE", "OPTIONS"}
UNKNOWN = "/api/simulation/sim_1700000000_00000000"


@pytest.fixture(scope="session")
def conforms(host):
    """Holds an answer against the schema its own listener publishes."""
    paths = host.motor.get("/openapi.json").json()["paths"]

    def check(answer, method, template):
        assert answer.status == 200, answer.text
        media = paths[template][method.lower()]["responses"]["200"]["content"]["application/json"]
        jsonschema.validate(answer.json(), media["schema"])
        return answer.json()

    return check


def test_the_readmes_start_example_works(motor, start):
    answer = start(control_mode="automatic", session_name="Test Session")
    assert re.fullmatch(r"sim_\d+_[0-9a-f]{8}", answer["session_id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", answer.pop("created_at"))
    assert answer == {
        "session_id": answer["session_id"], "status": "started", "motor_id": "bldc_2kw_48v",
        "websocket_url": f"ws://{motor.authority}/ws/{answer['session_id']}", "control_mode": "automatic",
        "use_cascaded_control": True, "session_name": "Test Session"}


def test_the_readmes_control_example_works(motor, start):
    session = start()["session_id"]
    body = {"target_speed_rpm": 2000, "load_torque_percent": 50, "pid_params": {"kp": 1.2, "ki": 0.15, "kd": 0.02}}
    answer = motor.put(f"/api/simulation/{session}/control", body)
    assert answer.status == 200
    updated = answer.json().pop("updated_parameters")
    assert updated == {"target_speed_rpm": 2000.0, "load_torque_percent": 50.0, "pid_enabled": True,
                       "pid_params": {"kp": 1.2, "ki": 0.15, "kd": 0.02}}
    status = motor.get(f"/api/simulation/{session}/status").json()["control_state"]
    assert (status["target_speed_rpm"], status["load_torque_percent"]) == (2000.0, 50.0)


def test_the_readmes_metrics_example_works(motor, start):
    start()
    answer = motor.get("/metrics")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain")
    names = {"simulation_sessions_total": "counter", "websocket_connections_total": "counter",
             "motor_simulation_steps_total": "counter", "simulation_active_sessions": "gauge",
             "system_cpu_usage_percent": "gauge", "system_memory_usage_bytes": "gauge",
             "system_memory_total_bytes": "gauge", "simulation_loop_duration_seconds": "gauge"}
    for name, kind in names.items():
        assert f"# TYPE {name} {kind}\n" in answer.text and f"# HELP {name} " in answer.text
        assert float(re.search(rf"^{name} (\S+)$", answer.text, re.M)[1]) >= 0
    assert re.search(r"^simulation_active_sessions 1$", answer.text, re.M)


def test_every_path_is_published(motor):
    paths = motor.get("/openapi.json").json()["paths"]
    assert {"/", "/health", "/ready", "/live", "/metrics", "/api/motor", "/api/motor/efficiency", "/api/motor/models",
            "/api/simulation/start", "/api/simulation/{session_id}/stop", "/api/simulation/{session_id}/control",
            "/api/simulation/{session_id}/status", "/api/simulation/sessions", "/api/admin/cleanup"} <= set(paths)


def test_the_motor_is_the_seeds(motor, conforms):
    answer = motor.get("/api/motor")
    assert conforms(answer, "GET", "/api/motor") == {
        "motor_id": "bldc_2kw_48v", "name": "BLDC 2kW 48V Motor", "type": "BLDC", "rated_power_kw": 2.0,
        "rated_voltage_v": 48.0, "rated_current_a": 45.0, "rated_speed_rpm": 3000.0, "rated_torque_nm": 7.6,
        "max_speed_rpm": 6000.0, "max_torque_nm": 15.0,
        "physical_parameters": {"resistance": 0.08, "inductance": 0.0015, "kt": 0.169, "ke": 0.169, "pole_pairs": 4,
                                "inertia": 0.001},
        "control_mode": "PWM",
        "pwm_parameters": {"dc_bus_voltage": 48.0, "switching_frequency": 20000.0, "dead_time_us": 2.0}}
    assert '"rated_voltage_v":48.0' in answer.text, "floats are floats on the wire"
    other = conforms(motor.get("/api/motor?motor_id=bldc_2kw_48v_3000rpm"), "GET", "/api/motor")
    assert (other["physical_parameters"]["kt"], other["rated_torque_nm"]) == (0.1413, 6.366)


def test_the_efficiency_is_that_of_the_shaft(motor, conforms):
    points = conforms(motor.get("/api/motor/efficiency"), "GET", "/api/motor/efficiency")["efficiency_points"]
    assert len(points) == 82 and round(points[-1]["speed_rpm"]) == 2526
    for point in points:
        w, i = point["speed_rpm"] * 3.141592653589793 / 30, point["torque_nm"] / 0.169
        shaft = (point["torque_nm"] - 0.001 * w) * w
        assert point["power_w"] == pytest.approx(shaft)
        assert point["efficiency"] == pytest.approx(shaft / (i * (0.169 * w + 0.08 * i)))


def test_models_are_keyed_by_id(motor, conforms):
    models = conforms(motor.get("/api/motor/models"), "GET", "/api/motor/models")
    assert (models["total_count"], models["default_motor"]) == (2, "bldc_2kw_48v")
    assert set(models["available_motors"]) == {"bldc_2kw_48v", "bldc_2kw_48v_3000rpm"}


def test_the_root_names_what_is_here(motor, conforms):
    root = conforms(motor.get("/"), "GET", "/")
    assert (root["version"], root["status"]) == ("1.0.0", "running")
    assert set(root["endpoints"]) == {"motor_info", "efficiency_curve", "start_simulation", "health_check", "metrics",
                                      "docs"}
    assert root["websocket"] == {"endpoint": "/ws/{session_id}", "protocols": ["json", "binary"]}
    for name, path in root["endpoints"].items():
        assert motor.ask("OPTIONS" if name == "start_simulation" else "GET", path).status in (200, 204), name


def test_health_answers_at_once_and_counts(motor, conforms, start):
    before = conforms(motor.get("/health"), "GET", "/health")
    start()
    after = conforms(motor.get("/health"), "GET", "/health")
    assert after["application"]["total_sessions_created"] == before["application"]["total_sessions_created"] + 1
    assert after["system"]["active_sessions"] == before["system"]["active_sessions"] + 1
    assert after["system"]["max_sessions"] == 10 and after["system"]["memory_mb"] > 0
    assert after["uptime_seconds"] >= before["uptime_seconds"] > 0
    assert (after["status"] == "healthy") == (after["issues"] == [])


def test_probes_answer(motor, conforms, host):
    assert conforms(motor.get("/ready"), "GET", "/ready")["checks"] == {"motor_factory": "ok", "configuration": "ok"}
    assert conforms(motor.get("/live"), "GET", "/live")["pid"] == host.process.pid


def test_a_session_lives_from_start_to_stop(motor, conforms, start):
    session = start(session_name="One")["session_id"]
    status = conforms(motor.get(f"/api/simulation/{session}/status"), "GET", "/api/simulation/{session_id}/status")
    assert status["status"] == "running" and status["control_state"]["control_mode"] == "speed"
    listed = conforms(motor.get("/api/simulation/sessions"), "GET", "/api/simulation/sessions")
    assert listed["max_sessions"] == 10 and listed["total_count"] == len(listed["active_sessions"])
    (entry,) = [entry for entry in listed["active_sessions"] if entry["session_id"] == session]
    assert (entry["motor_id"], entry["session_name"], entry["is_active"]) == ("bldc_2kw_48v", "One", True)
    stopped = conforms(motor.post(f"/api/simulation/{session}/stop"), "POST", "/api/simulation/{session_id}/stop")
    assert stopped["status"] == "stopped" and stopped["duration_s"] > 0
    assert stopped["simulation_steps"] >= status["performance"]["simulation_steps"]
    assert stopped["data_points"] == stopped["simulation_steps"] // 10, "100 Hz samples, listened to or not"
    assert motor.get(f"/api/simulation/{session}/status").status == 404
    assert motor.post(f"/api/simulation/{session}/stop").status == 404


def test_sessions_are_numbered_where_they_have_no_name(start):
    first, second = (start()["session_name"] for _ in range(2))
    numbers = [int(re.fullmatch(r"Session (\d+)", name)[1]) for name in (first, second)]
    assert numbers[1] == numbers[0] + 1


@pytest.mark.parametrize("mode", MODES)
def test_all_modes_of_readme_tests_and_code_start(motor, start, mode):
    answer = start(control_mode=mode, use_cascaded_control=False)
    assert (answer["control_mode"], answer["use_cascaded_control"]) == (mode, False)
    status = motor.get(f"/api/simulation/{answer['session_id']}/status").json()
    assert status["control_state"]["control_mode"] == mode
    other = MODES[(MODES.index(mode) + 1) % len(MODES)]
    assert motor.put(f"/api/simulation/{answer['session_id']}/control", {"control_mode": other}).status == 200
    listed = motor.get("/api/simulation/sessions").json()["active_sessions"]
    assert [e["control_mode"] for e in listed if e["session_id"] == answer["session_id"]] == [other]


def test_null_and_unknown_keys_are_taken_for_absent(motor, start):
    session = start(control_mode=None, session_name=None, colour="red")["session_id"]
    body = {"target_speed_rpm": None, "pid_params": {"kp": 2, "ki": None}, "colour": "red"}
    answer = motor.put(f"/api/simulation/{session}/control", body)
    assert answer.status == 200 and answer.json()["updated_parameters"]["pid_params"] == {"kp": 2.0}
    assert motor.put(f"/api/simulation/{session}/control", {}).status == 200


@pytest.mark.parametrize("body, place", [
    ({}, ["body", "motor_id"]), ({"motor_id": 7}, ["body", "motor_id"]),
    ({"motor_id": "bldc_9kw"}, ["body", "motor_id"]),
    ({"motor_id": "bldc_2kw_48v", "control_mode": "pid_test"}, ["body", "control_mode"]),
    ({"motor_id": "bldc_2kw_48v", "use_cascaded_control": "maybe"}, ["body", "use_cascaded_control"]),
    ([], ["body"])])
def test_faults_of_shape_are_422_with_the_list_of_fields(motor, body, place):
    answer = motor.post("/api/simulation/start", body)
    assert answer.status == 422
    (fault,) = answer.json()["detail"]
    assert fault["loc"] == place and set(fault) >= {"type", "msg", "input"}
    assert answer.json()["error"] == "validation_error" and answer.json()["message"]


def test_all_faults_are_listed_at_once(motor, start):
    session = start()["session_id"]
    answer = motor.put(f"/api/simulation/{session}/control",
                       {"control_mode": "x", "target_speed_rpm": "fast", "pid_params": {"kp": True}})
    assert answer.status == 422
    assert [fault["loc"] for fault in answer.json()["detail"]] == [
        ["body", "control_mode"], ["body", "target_speed_rpm"], ["body", "pid_params", "kp"]]


@pytest.mark.parametrize("name, value", [
    ("target_speed_rpm", 6000.5), ("target_current_a", -101), ("target_torque_nm", 21), ("load_torque_percent", 201),
    ("manual_voltage", 61), ("manual_duty_cycle", -0.1), ("pid_params", {"kd": 0.2})])
def test_numbers_out_of_range_are_400_and_change_nothing(motor, start, name, value):
    session = start()["session_id"]
    answer = motor.put(f"/api/simulation/{session}/control", {"load_torque_percent": 5, name: value})
    assert answer.status == 400
    error = answer.json()
    assert error["detail"] == {"error": "validation_error", "message": error["message"]}
    assert error["error"] == "validation_error"
    status = motor.get(f"/api/simulation/{session}/status").json()
    assert status["control_state"]["load_torque_percent"] == 0


@pytest.mark.parametrize("raw", [b"{bad", b"", b'{"motor_id": NaN}', b"\xff"])
def test_bodies_that_cannot_be_read_are_422(motor, raw):
    answer = motor.ask("POST", "/api/simulation/start", raw=raw)
    assert answer.status == 422
    (fault,) = answer.json()["detail"]
    assert fault["type"] == ("json_invalid" if raw else "missing")


@pytest.mark.parametrize("method, path", [("POST", "/stop"), ("GET", "/status"), ("PUT", "/control")])
def test_an_unknown_session_is_404_in_both_reading_styles(motor, method, path):
    answer = motor.ask(method, UNKNOWN + path, {} if method == "PUT" else None)
    assert answer.status == 404
    error = answer.json()
    assert error["detail"]["error"] == error["error"] == "session_not_found"
    assert error["detail"]["message"] == error["message"]


def test_unknown_paths_and_verbs_answer_as_fastapi_does(motor):
    assert motor.get("/api/nothing").status == 404 and motor.get("/api/nothing").json() == {"detail": "Not Found"}
    answer = motor.ask("DELETE", "/api/motor")
    assert answer.status == 405 and answer.json() == {"detail": "Method Not Allowed"}
    assert "GET" in answer.headers["allow"]


def test_the_hosts_own_rules_hold_here_too(motor):
    wrong_type = motor.ask("POST", "/api/simulation/start", raw=b"motor_id=x", headers={"Content-Type": "text/plain"})
    assert wrong_type.status == 415 and wrong_type.json()["detail"]["error"] == "unsupported_media_type"
    assert motor.get("/", headers={"Host": "evil.example"}).status == 421
    foreign = motor.post("/api/simulation/start", {}, headers={"Origin": "https://evil.example"})
    assert foreign.status == 403


@pytest.mark.parametrize("path", ["/api/motor", "/api/simulation/start", "/health"])
def test_preflights_list_all_methods_on_every_path(motor, path):
    answer = motor.ask("OPTIONS", path, headers={"Origin": "http://localhost:3000",
                                                 "Access-Control-Request-Method": "PUT",
                                                 "Access-Control-Request-Headers": "content-type,x-mine"})
    assert answer.status in (200, 204)
    assert {m.strip() for m in answer.headers["access-control-allow-methods"].split(",")} == METHODS
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "x-mine" in answer.headers["access-control-allow-headers"].lower()


def test_the_main_listener_mounts_the_same_routes_with_its_own_errors(host):
    mount = "/plugins/bldc_motor"
    assert host.main.get(f"{mount}/api/motor").json() == host.motor.get("/api/motor").json()
    root = host.main.get(f"{mount}/").json()
    assert root["endpoints"]["motor_info"] == f"{mount}/api/motor"
    started = host.main.post(f"{mount}/api/simulation/start", {"motor_id": "bldc_2kw_48v"}).json()
    session = started["session_id"]
    assert started["websocket_url"] == f"ws://{host.main.authority}{mount}/ws/{session}"
    try:
        with host.main.socket(f"{mount}/ws/{session}") as socket:
            assert json.loads(socket.recv(timeout=20))["type"] == "connection_established"
    finally:
        assert host.main.post(f"{mount}/api/simulation/{session}/stop").status == 200
    missing = host.main.get(f"{mount}{UNKNOWN}/status")
    assert missing.status == 404 and missing.headers["content-type"].startswith("application/problem+json")
    assert missing.json()["code"] == "session_not_found"


def test_a_motor_session_is_a_session_of_the_host(host, start):
    session = start(control_mode="torque")["session_id"]
    shown = host.main.get(f"/v1/sessions/{session}").json()
    assert (shown["name"], shown["model"], shown["owner"]) == (session, "bldc_motor", "bldc_motor")
    assert (shown["step_s"], shown["state"]) == (0.001, "running")
    assert host.main.ask("PATCH", f"/v1/sessions/{session}", {"name": "mine"}).status == 409


def test_a_foreign_session_of_the_same_model_is_not_ours(host):
    made = host.main.post("/v1/sessions", {"model": "bldc_motor", "name": "sim_1700000000_0123abcd"})
    assert made.status == 201
    try:
        assert host.motor.get("/api/simulation/sim_1700000000_0123abcd/status").status == 404
        assert host.motor.get(f"/api/simulation/{made.json()['id']}/status").status == 404
        assert host.motor.get("/api/simulation/sessions").json()["total_count"] == 0
    finally:
        host.main.ask("DELETE", f"/v1/sessions/{made.json()['id']}")


def test_nothing_is_lost_when_the_plugin_is_reloaded(host, start):
    session = start(session_name="Survivor", control_mode="automatic")["session_id"]
    created = host.motor.get("/health").json()["application"]["total_sessions_created"]
    host.reload()
    listed = host.motor.get("/api/simulation/sessions").json()["active_sessions"]
    assert [(e["session_name"], e["control_mode"]) for e in listed if e["session_id"] == session] == [
        ("Survivor", "automatic")]
    assert host.motor.get("/health").json()["application"]["total_sessions_created"] == created
    assert host.motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 100}).status == 200
