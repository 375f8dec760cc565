"""The REST contract of the batteries: every path of the seed, its shapes, its messages, its errors."""

import json
import re

import jsonschema
import pytest

from battery_fixtures import named

START, STOP = "/api/v1/simulation/start", "/api/v1/simulation/stop"
APPLY, CLEAR = "/api/v1/scenarios/apply", "/api/v1/scenarios/clear"
SCENARIOS = ["normal_operation", "high_temperature", "power_outage", "hvac_failure", "battery_degradation",
             "thermal_runaway"]
STATUS_KEYS = {"is_running", "batteries_count", "interval_seconds", "scenario", "started_at", "readings_generated",
               "overrides", "time_scale", "seed", "noise"}


@pytest.fixture(scope="session")
def conforms(host):
    """Holds an answer against the schema its own listener publishes."""
    paths = host.batteries.get("/openapi.json").json()["paths"]

    def check(answer, method, template, status=200):
        assert answer.status == status, answer.text
        media = paths[template][method.lower()]["responses"][str(status)]["content"]["application/json"]
        jsonschema.validate(answer.json(), media["schema"])
        return answer.json()

    return check


def test_root_and_health_are_those_of_the_original(batteries, conforms):
    assert conforms(batteries.get("/health"), "GET", "/health") == {
        "status": "healthy", "service": "sensor-simulator", "version": "1.0.0"}
    root = conforms(batteries.get("/"), "GET", "/")
    assert root["version"] == "1.0.0" and isinstance(root["service"], str)
    paths = {"health": "/health", "start_simulation": START, "stop_simulation": STOP,
             "get_status": "/api/v1/simulation/status", "scenarios": "/api/v1/scenarios", "apply_scenario": APPLY,
             "clear_scenario": CLEAR, "websocket": "/api/v1/ws/telemetry"}
    assert set(root["endpoints"]) == set(paths)
    assert all(root["endpoints"][name].endswith(path) for name, path in paths.items())


def test_six_scenarios_are_listed(batteries, conforms):
    listed = conforms(batteries.get("/api/v1/scenarios"), "GET", "/api/v1/scenarios")
    assert [one["scenario"] for one in listed] == SCENARIOS
    assert [one["name"] for one in listed] == ["Normal Operation", "High Temperature", "Power Outage", "HVAC Failure",
                                               "Battery Degradation", "Thermal Runaway"]
    conditions = {one["scenario"]: one["typical_conditions"] for one in listed}
    assert conditions["normal_operation"] == {"voltage": "13.65V", "temperature": "25-27°C", "mode": "float"}
    assert conditions["power_outage"] == {"voltage": "11.5-12.0V", "temperature": "30-35°C", "mode": "discharge",
                                          "current": "-10 to -30A"}
    assert conditions["thermal_runaway"]["temperature"].startswith("65-75°C")


def test_the_seeds_curl_examples_work(batteries, status, conforms):
    body = {"batteries": [{"battery_id": "BAT001", "profile": "healthy", "initial_soh": 95.0},
                          {"battery_id": "BAT002", "profile": "accelerated", "initial_soh": 85.0}],
            "interval_seconds": 5}
    assert conforms(batteries.post(START, body), "POST", START) == {
        "status": "started", "message": "Simulation started for 2 batteries", "interval_seconds": 5}
    answer = batteries.post(APPLY, {"scenario": "power_outage", "battery_ids": ["BAT001"], "ambient_temp": 28.0})
    assert conforms(answer, "POST", APPLY) == {
        "status": "applied", "message": "Scenario 'power_outage' applied to 1 batteries"}
    now = conforms(batteries.get("/api/v1/simulation/status"), "GET", "/api/v1/simulation/status")
    assert (now["is_running"], now["batteries_count"], now["overrides"]) == (True, 2, {"BAT001": "power_outage"})
    assert conforms(batteries.post(STOP), "POST", STOP) == {
        "status": "stopped", "message": "Simulation stopped successfully"}
    assert status()["is_running"] is False


def test_the_originals_readme_body_with_a_scenario_starts(batteries, status):
    body = {"batteries": named("BKK_DC1_SYS01_STR01_BAT001", profile="healthy", initial_soh=95.0),
            "interval_seconds": 5, "scenario": "normal_operation"}
    assert batteries.post(START, body).status == 200
    now = status()
    assert set(now) == STATUS_KEYS
    assert now["scenario"] == "normal_operation" and now["overrides"] == {}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", now["started_at"])


def test_defaults_are_those_of_the_original(host, start, status):
    start("A", "B")
    now = status()
    assert (now["interval_seconds"], now["scenario"], now["time_scale"], now["seed"], now["noise"]) == (
        5, None, 1, 0, True)
    for values in host.values("default", "soh_pct", "soc_pct").values():
        assert values == pytest.approx([100, 100], abs=1e-3)


def test_stop_answers_also_when_idle_and_keeps_the_last_runs_facts(batteries, start, status):
    start("A", "B", interval_seconds=7, scenario="high_temperature", time_scale=10, seed=3, noise=False)
    running = status()
    assert (running["time_scale"], running["seed"], running["noise"]) == (10, 3, False)
    assert batteries.post(STOP).status == 200
    after = status()
    assert after["is_running"] is False and after["batteries_count"] == 0 and after["scenario"] is None
    assert (after["interval_seconds"], after["started_at"]) == (7, running["started_at"])
    assert after["readings_generated"] >= 2 and after["overrides"] == {}
    assert batteries.post(STOP).json() == {"status": "stopped", "message": "Simulation stopped successfully"}
    assert status() == after


def test_a_second_start_is_refused_as_the_original_does(batteries, start):
    start()
    answer = batteries.post(START, {"batteries": named("B")})
    assert (answer.status, answer.json()) == (400, {"detail": "Simulation already running"})


def test_shape_is_judged_before_state(batteries, start):
    start()
    assert batteries.post(START, {"batteries": []}).status == 422
    batteries.post(STOP)
    assert batteries.post(APPLY, {"scenario": "nonsense"}).status == 422
    answer = batteries.post(APPLY, {"scenario": "power_outage"})
    assert (answer.status, answer.json()) == (400, {"detail": "No active simulation"})


ENUM = "Input should be 'healthy', 'accelerated' or 'failing'"
FAULTS = [
    ({}, [("missing", ["body", "batteries"], "Field required")]),
    ({"batteries": []}, [("too_short", ["body", "batteries"],
                          "List should have at least 1 item after validation, not 0")]),
    ({"batteries": {}}, [("list_type", ["body", "batteries"], "Input should be a valid list")]),
    ({"batteries": [{}]}, [("missing", ["body", "batteries", 0, "battery_id"], "Field required")]),
    ({"batteries": [7]}, [("model_attributes_type", ["body", "batteries", 0],
                           "Input should be a valid dictionary or object to extract fields from")]),
    ({"batteries": named(5)}, [("string_type", ["body", "batteries", 0, "battery_id"],
                                "Input should be a valid string")]),
    ({"batteries": named("A", profile="new")}, [("enum", ["body", "batteries", 0, "profile"], ENUM)]),
    ({"batteries": named("A", profile=3)}, [("enum", ["body", "batteries", 0, "profile"], ENUM)]),
    ({"batteries": named("A", initial_soh=100.5)}, [("less_than_equal", ["body", "batteries", 0, "initial_soh"],
                                                     "Input should be less than or equal to 100")]),
    ({"batteries": named("A", initial_soh=-1)}, [("greater_than_equal", ["body", "batteries", 0, "initial_soh"],
                                                  "Input should be greater than or equal to 0")]),
    ({"batteries": named("A", initial_soh="x")}, [
        ("float_parsing", ["body", "batteries", 0, "initial_soh"],
         "Input should be a valid number, unable to parse string as a number")]),
    ({"batteries": named("A"), "interval_seconds": 0}, [("greater_than_equal", ["body", "interval_seconds"],
                                                         "Input should be greater than or equal to 1")]),
    ({"batteries": named("A"), "interval_seconds": 61}, [("less_than_equal", ["body", "interval_seconds"],
                                                          "Input should be less than or equal to 60")]),
    ({"batteries": named("A"), "interval_seconds": 1.5}, [
        ("int_from_float", ["body", "interval_seconds"],
         "Input should be a valid integer, got a number with a fractional part")]),
    ({"batteries": named("A"), "interval_seconds": "soon"}, [
        ("int_parsing", ["body", "interval_seconds"],
         "Input should be a valid integer, unable to parse string as an integer")]),
    ({"batteries": named("A"), "scenario": "flood"}, [("enum", ["body", "scenario"], None)]),
    ({"batteries": named("A"), "time_scale": 0.5}, [("greater_than_equal", ["body", "time_scale"], None)]),
    ({"batteries": named("A"), "noise": "loud"}, [("bool_type", ["body", "noise"], None)]),
    ({"batteries": named("A"), "seed": -1}, [("greater_than_equal", ["body", "seed"], None)]),
    ({"batteries": named("A", "B", "A", "B")}, [("value_error", ["body", "batteries", 2, "battery_id"], None),
                                                ("value_error", ["body", "batteries", 3, "battery_id"], None)]),
    ({"batteries": [{"battery_id": "A", "profile": "x", "initial_soh": 200}], "interval_seconds": 99},
     [("enum", ["body", "batteries", 0, "profile"], ENUM),
      ("less_than_equal", ["body", "batteries", 0, "initial_soh"], None),
      ("less_than_equal", ["body", "interval_seconds"], None)]),
    ([], [("model_attributes_type", ["body"], None)]),
]


@pytest.mark.parametrize("body,faults", FAULTS, ids=[json.dumps(body)[:60] for body, _ in FAULTS])
def test_bad_starts_are_422_in_the_originals_shape(batteries, status, body, faults):
    answer = batteries.post(START, body)
    assert answer.status == 422, answer.text
    detail = answer.json()["detail"]
    assert sorted((one["type"], json.dumps(one["loc"])) for one in detail) == sorted(
        (kind, json.dumps(place)) for kind, place, _ in faults), detail
    for kind, place, message in faults:
        if message:
            assert message in [one["msg"] for one in detail if one["loc"] == place]
    assert all("input" in one for one in detail)
    assert status()["is_running"] is False, "nothing has changed"


def test_a_body_that_is_no_json_is_422(batteries):
    answer = batteries.ask("POST", START, raw=b"{")
    assert answer.status == 422 and answer.json()["detail"][0]["type"] == "json_invalid"
    answer = batteries.ask("POST", START, raw=b"")
    assert answer.status == 422 and answer.json()["detail"][0]["type"] == "missing"


def test_unknown_keys_are_ignored(batteries):
    body = {"batteries": named("A", colour="red"), "comment": {"any": 1}}
    assert batteries.post(START, body).status == 200


def test_unknown_paths_and_verbs_answer_as_fastapi_does(batteries):
    answer = batteries.get("/api/v1/nothing")
    assert (answer.status, answer.json()) == (404, {"detail": "Not Found"})
    answer = batteries.get(START)
    assert (answer.status, answer.json()) == (405, {"detail": "Method Not Allowed"})


def test_an_apply_for_all_counts_in_words(batteries, start, status):
    start("A", "B", "C")
    for ids in ({}, {"battery_ids": None}, {"battery_ids": []}):
        answer = batteries.post(APPLY, {"scenario": "hvac_failure", **ids})
        assert answer.json() == {"status": "applied", "message": "Scenario 'hvac_failure' applied to all batteries"}
        assert status()["overrides"] == dict.fromkeys("ABC", "hvac_failure")
        batteries.post(CLEAR)


def test_unknown_ids_are_ignored_yet_counted(batteries, start, status):
    start("A", "B")
    answer = batteries.post(APPLY, {"scenario": "power_outage", "battery_ids": ["A", "nobody", "none"]})
    assert answer.json()["message"] == "Scenario 'power_outage' applied to 3 batteries"
    assert status()["overrides"] == {"A": "power_outage"}
    answer = batteries.post(APPLY, {"scenario": "power_outage", "battery_ids": ["nobody"]})
    assert answer.status == 200 and status()["overrides"] == {"A": "power_outage"}


@pytest.mark.parametrize("body,pointer", [
    ({}, ["body", "scenario"]), ({"scenario": None}, ["body", "scenario"]),
    ({"scenario": "power_outage", "ambient_temp": 61}, ["body", "ambient_temp"]),
    ({"scenario": "power_outage", "ambient_temp": -10.5}, ["body", "ambient_temp"]),
    ({"scenario": "power_outage", "ambient_temp": "hot"}, ["body", "ambient_temp"]),
    ({"scenario": "power_outage", "battery_ids": "A"}, ["body", "battery_ids"]),
    ({"scenario": "power_outage", "battery_ids": [1]}, ["body", "battery_ids", 0])])
def test_bad_applies_are_422_and_change_nothing(batteries, start, status, body, pointer):
    start("A")
    answer = batteries.post(APPLY, body)
    assert answer.status == 422 and [one["loc"] for one in answer.json()["detail"]] == [pointer], answer.text
    assert status()["overrides"] == {}


@pytest.mark.parametrize("body", [None, b"", b"{}", b"null", b"[]", b'{"battery_ids":null}', b'{"battery_ids":[]}'],
                         ids=["none", "empty", "{}", "null", "[]", "ids null", "ids []"])
def test_a_clear_for_all_ends_the_start_scenario_too(batteries, start, status, body):
    start("A", "B", scenario="high_temperature")
    batteries.post(APPLY, {"scenario": "power_outage", "battery_ids": ["B"]})
    answer = batteries.ask("POST", CLEAR, raw=body)
    assert answer.status == 200, answer.text
    assert answer.json() == {"status": "cleared", "message": "Scenarios cleared for all batteries"}
    now = status()
    assert now["scenario"] is None and now["overrides"] == {}


@pytest.mark.parametrize("body", [["A"], {"battery_ids": ["A"]}], ids=["array", "object"])
def test_a_clear_for_some_drops_their_own_and_the_start_scenario_holds_again(host, batteries, start, status, body):
    start("A", "B", scenario="high_temperature")
    batteries.post(APPLY, {"scenario": "power_outage"})
    answer = batteries.post(CLEAR, body)
    assert answer.json() == {"status": "cleared", "message": "Scenarios cleared for 1 batteries"}
    now = status()
    assert now["scenario"] == "high_temperature" and now["overrides"] == {"B": "power_outage"}
    assert host.values("default", "scenario")["scenario"] == ["high_temperature", "power_outage"]


def test_bad_clears_are_422(batteries, start):
    start("A")
    for body, place in ((7, ["body"]), ("A", ["body"]), ([1], ["body", 0]),
                        ({"battery_ids": "A"}, ["body", "battery_ids"])):
        answer = batteries.post(CLEAR, body)
        assert answer.status == 422 and answer.json()["detail"][0]["loc"] == place, answer.text


def test_a_clear_answers_also_when_idle(batteries):
    assert batteries.post(CLEAR, {}).json()["status"] == "cleared"


def test_a_scenario_applied_that_is_also_the_start_scenario_is_an_override(batteries, start, status):
    start("A", "B", scenario="hvac_failure")
    batteries.post(APPLY, {"scenario": "hvac_failure", "battery_ids": ["B"]})
    assert status()["overrides"] == {"B": "hvac_failure"}


def test_an_ambient_temperature_replaces_the_scenarios_and_an_apply_without_it_drops_it(host, batteries, start):
    start("A", "B", noise=False)
    batteries.post(APPLY, {"scenario": "high_temperature", "battery_ids": ["A"], "ambient_temp": 31.5})
    host.step("default", 1)
    assert host.values("default", "ambient_c")["ambient_c"] == [31.5, 25]
    batteries.post(APPLY, {"scenario": "high_temperature", "battery_ids": ["A"]})
    host.step("default", 1)
    assert host.values("default", "ambient_c")["ambient_c"] == [45, 25]


def test_a_simulation_that_v1_stopped_runs_no_more_and_makes_room(host, batteries, start, status):
    start("A")
    assert host.main.post("/v1/sessions/default/stop").status == 200
    assert status()["is_running"] is False
    assert batteries.post(APPLY, {"scenario": "power_outage"}).status == 400
    start("B")
    assert status()["is_running"] is True


def test_readings_are_counted_by_interval_and_battery(host, start, status):
    start("A", "B", interval_seconds=3)
    host.session("default", {"pace": {"mode": "manual"}})
    tick = host.session("default")["tick"]
    host.step("default", 10 - tick)
    assert status()["readings_generated"] == 2 * 4  # t = 0, 3, 6, 9
