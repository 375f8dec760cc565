"""Scenarios over REST: defined, refused, started on a motor, listed, ended."""

import pytest
from conftest import check_problem

HEAT = {"name": "heat", "model": "bldc_motor", "timeline": [
    {"t_s": 0, "set": {"ambient_c": 45}},
    {"t_s": 0.1, "ramp": {"ambient_c": {"to": 25, "over_s": 0.2}}}]}


@pytest.fixture(scope="module")
def motors(tmp_path_factory, motor_plugin):
    from conftest import Host

    running = Host(tmp_path_factory.mktemp("motors"), plugins=motor_plugin)
    yield running
    assert running.end() == 0, running.log.read_text(encoding="utf-8")


def ambient(host, session):
    return host.ok("GET", f"/v1/sessions/{session['id']}/variables?names=ambient_c")["values"]["ambient_c"][0]


def test_a_scenario_moves_a_motor(motors):
    made = motors.call("POST", "/v1/scenarios", HEAT)
    assert made.status == 201
    scenario = made.value()
    assert made.headers["location"] == f"/v1/scenarios/{scenario['id']}"
    assert motors.ok("GET", made.headers["location"]) == scenario
    assert [s["id"] for s in motors.ok("GET", "/v1/scenarios?model=bldc_motor")["items"]] == [scenario["id"]]
    session = motors.manual("bldc_motor", step_s=0.001)
    path = f"/v1/sessions/{session['id']}"
    motors.ok("POST", f"{path}/step", {"ticks": 50})
    run = motors.ok("POST", f"{path}/scenario", {"scenario": "heat"}, status=201)
    assert run["started_tick"] == 50 and run["lanes"] == [0] and run["scenario"] == scenario["id"]
    assert ambient(motors, session) == 45
    assert [r["id"] for r in motors.ok("GET", f"{path}/scenario")["items"]] == [run["id"]]
    check_problem(motors.call("POST", f"{path}/scenario", {"scenario": "heat"}), 409, "in_use")
    check_problem(motors.call("DELETE", "/v1/scenarios/heat"), 409, "in_use")
    check_problem(motors.call("PUT", "/v1/scenarios/heat", HEAT), 409, "in_use")
    motors.ok("POST", f"{path}/step", {"ticks": 200})
    assert ambient(motors, session) == pytest.approx(35, abs=1e-9)
    motors.ok("POST", f"{path}/step", {"ticks": 100})
    assert ambient(motors, session) == 25
    assert motors.ok("GET", f"{path}/scenario")["items"] == []
    check_problem(motors.call("DELETE", f"{path}/scenario"), 409, "wrong_state")
    journal = motors.ok("GET", f"{path}/journal")["items"]
    assert [(e["tick"], e["detail"]["action"]) for e in journal if e["kind"] == "scenario"] == [
        (50, "started"), (350, "ended")]
    motors.ok("DELETE", "/v1/scenarios/heat", status=204)
    motors.ok("DELETE", path, status=204)


def test_all_faults_of_a_scenario_are_named(motors):
    bad = {"name": "bad", "model": "bldc_motor", "timeline": [
        {"t_s": 0, "set": {"ambient": 45}},
        {"t_s": 1, "set": {"speed_rpm": 3}},
        {"t_s": 2, "ramp": {"ambient_c": {"to": 1e9, "over_s": 3}}},
        {"t_s": 3, "command": {"name": "explode"}}]}
    problem = check_problem(motors.call("POST", "/v1/scenarios", bad), 422, "validation_failed", [
        "/timeline/0/set/ambient", "/timeline/1/set/speed_rpm", "/timeline/2/ramp/ambient_c/to",
        "/timeline/3/command/name"])
    assert "ambient_c" in problem["errors"][0]["detail"]
    assert motors.ok("GET", "/v1/scenarios")["items"] == []
