"""Beyond the seed: fleets, further simulations, scenarios that move what they should, large starts."""

import math
import re
import time

import pytest

from battery_fixtures import named, telemetry

SIMULATIONS = "/api/v1/simulations"
APPLY = "/api/v1/scenarios/apply"


def test_a_fleet_of_216_starts_in_one_call(host, batteries, status):
    answer = batteries.post("/api/v1/fleet")
    assert answer.status == 200, answer.text
    started = answer.json()
    assert started["message"] == "Simulation started for 216 batteries" and started["batteries_count"] == 216
    assert len(started["locations"]) == 9 and started["simulation_id"] == "default"
    with batteries.socket("/api/v1/ws/telemetry") as socket:
        host.session("default", {"pace": {"mode": "realtime", "rate": 20}})
        (data,) = telemetry(socket)
    ids = [one["battery_id"] for one in data]
    assert len(set(ids)) == 216
    assert all(re.fullmatch(r"[A-Z]{3}_DC1_SYS01_STR01_BAT\d{3}", one) for one in ids)
    assert ids[0] == started["locations"][0] + "_DC1_SYS01_STR01_BAT001"
    assert "BKK_DC1_SYS01_STR01_BAT024" in ids
    assert status()["batteries_count"] == 216


def test_a_fleet_takes_what_a_start_takes(host, batteries, status):
    body = {"locations": 2, "batteries": 3, "interval_seconds": 9, "scenario": "hvac_failure", "profile": "failing",
            "initial_soh": 70, "seed": 5, "noise": False}
    assert batteries.post("/api/v1/fleet", body).json()["batteries_count"] == 6
    now = status()
    assert (now["interval_seconds"], now["scenario"], now["seed"], now["noise"]) == (9, "hvac_failure", 5, False)
    assert host.values("default", "soh_pct")["soh_pct"] == pytest.approx([70] * 6, abs=1e-3)
    assert batteries.post("/api/v1/fleet").status == 400
    assert batteries.post("/api/v1/fleet", {"locations": 10}).json()["detail"][0]["loc"] == ["body", "locations"]


def test_simulations_run_beside_each_other(host, batteries, start, status):
    start("A")
    first = batteries.post(SIMULATIONS, {"batteries": named("B", "C"), "name": "plant-1", "interval_seconds": 1})
    assert first.status == 201 and first.json() == {
        "simulation_id": "plant-1", "status": "started", "message": "Simulation started for 2 batteries",
        "interval_seconds": 1}
    assert first.headers["location"].endswith(f"{SIMULATIONS}/plant-1")
    second = batteries.post(SIMULATIONS, {"batteries": named("D")}).json()["simulation_id"]
    listed = batteries.get(SIMULATIONS).json()["simulations"]
    assert [one["simulation_id"] for one in listed] == ["default", "plant-1", second]
    assert host.session("plant-1")["lanes"] == 2, "a simulation is a session of that name"

    path = f"{SIMULATIONS}/plant-1"
    answer = batteries.post(f"{path}/scenarios/apply", {"scenario": "power_outage", "battery_ids": ["C"]})
    assert answer.json()["message"] == "Scenario 'power_outage' applied to 1 batteries"
    assert status(f"{path}/status")["overrides"] == {"C": "power_outage"}
    assert status()["overrides"] == {}
    assert batteries.post(f"{path}/scenarios/clear", {}).status == 200
    assert status(f"{path}/status")["overrides"] == {}
    assert batteries.post(f"{path}/stop").status == 200
    stopped = status(f"{path}/status")
    assert stopped["is_running"] is False and stopped["readings_generated"] >= 2
    assert batteries.post(f"{path}/scenarios/apply", {"scenario": "power_outage"}).status == 400
    assert batteries.ask("DELETE", path).status == 204
    assert batteries.get(f"{path}/status").status == 404
    assert status()["is_running"] is True


def test_bad_names_and_unknown_simulations_are_told(batteries):
    assert batteries.post(SIMULATIONS, {"batteries": named("A"), "name": "Not a name"}).status == 422
    answer = batteries.post(SIMULATIONS, {"batteries": named("A"), "name": "default"})
    assert answer.status == 422 and answer.json()["detail"][0]["loc"] == ["body", "name"]
    assert batteries.post(SIMULATIONS, {"batteries": named("A"), "name": "x"}).status == 201
    answer = batteries.post(SIMULATIONS, {"batteries": named("A"), "name": "x"})
    assert answer.status == 409 and isinstance(answer.json()["detail"], str)
    for method, path in (("GET", "/status"), ("POST", "/stop"), ("DELETE", "")):
        answer = batteries.ask(method, f"{SIMULATIONS}/nobody{path}")
        assert answer.status == 404 and "nobody" in answer.json()["detail"]


def test_unknown_batteries_are_named_each_on_the_new_paths(batteries, status):
    batteries.post(SIMULATIONS, {"batteries": named("A", "B"), "name": "s"})
    body = {"scenario": "power_outage", "battery_ids": ["A", "X", "B", "Y"]}
    answer = batteries.post(f"{SIMULATIONS}/s/scenarios/apply", body)
    assert answer.status == 422
    assert [one["loc"] for one in answer.json()["detail"]] == [["body", "battery_ids", 1], ["body", "battery_ids", 3]]
    assert "'X'" in answer.json()["detail"][0]["msg"]
    answer = batteries.post(f"{SIMULATIONS}/s/scenarios/clear", ["Z"])
    assert answer.status == 422 and answer.json()["detail"][0]["loc"] == ["body", 0]
    assert status(f"{SIMULATIONS}/s/status")["overrides"] == {}


@pytest.fixture
def settled(host, batteries, start):
    """One battery on float for half a day, under the hand, without noise; the other stays as it is."""
    start("A", "B", noise=False)
    host.step("default", 12 * 3600)

    def apply(scenario, **more):
        answer = batteries.post(APPLY, {"scenario": scenario, "battery_ids": ["A"], **more})
        assert answer.status == 200, answer.text

    return apply


def seen(host, *variables):
    """Of the first battery; the second must be as it was."""
    values = host.values("default", *variables)
    return [values[name][0] for name in variables]


def test_normal_operation_is_float(host, settled):
    settled("normal_operation")
    host.step("default", 1)
    voltage_v, current_a, mode, temperature_c = seen(host, "voltage_v", "current_a", "mode", "temperature_c")
    assert (voltage_v, mode) == (13.65, "float") and 0.04 < current_a < 0.06 and 25 < temperature_c < 27


def test_high_temperature_warms_the_jar(host, settled):
    settled("high_temperature")
    (before_c,) = seen(host, "temperature_c")
    host.step("default", 600)
    after_c, ambient_c = seen(host, "temperature_c", "ambient_c")
    assert ambient_c == 45 and 0.9 < after_c - before_c < 1.2
    host.step("default", 3.1 * 3600 - 600)
    assert 0.58 < (seen(host, "temperature_c")[0] - before_c) / 20 < 0.68


def test_a_power_outage_discharges_and_mains_charge_again(host, batteries, settled):
    settled("power_outage")
    host.step("default", 1)
    voltage_v, current_a, mode = seen(host, "voltage_v", "current_a", "mode")
    assert mode == "discharge" and -30 <= current_a <= -10 and voltage_v < 12.75
    host.step("default", 3600)
    (soc_pct,) = seen(host, "soc_pct")
    assert abs(100 - soc_pct + current_a / 120 * 100) < 0.5
    assert batteries.post("/api/v1/scenarios/clear", {"battery_ids": ["A"]}).status == 200
    host.step("default", 1)
    current_a, mode = seen(host, "current_a", "mode")
    assert mode == "boost" and current_a > 5
    assert host.values("default", "mode")["mode"][1] == "float"


def test_hvac_failure_warms_the_room(host, settled):
    settled("hvac_failure")
    host.step("default", 30 * 60)
    ambient_c, temperature_c = seen(host, "ambient_c", "temperature_c")
    assert abs(ambient_c - (25 + 20 * (1 - math.exp(-1)))) < 1e-6 and temperature_c > 25.5
    host.step("default", 12 * 60)
    assert seen(host, "ambient_c")[0] > 40


def test_battery_degradation_raises_the_resistance_and_ages(host, batteries):
    body = {"batteries": named("A", "B"), "noise": False, "time_scale": 1e5}
    assert batteries.post("/api/v1/simulation/start", body).status == 200
    host.session("default", {"pace": {"mode": "manual"}})
    before = host.values("default", "internal_resistance_mohm")["internal_resistance_mohm"][0]
    batteries.post(APPLY, {"scenario": "battery_degradation", "battery_ids": ["A"]})
    host.step("default", 1)
    after = host.values("default", "internal_resistance_mohm")["internal_resistance_mohm"][0]
    assert abs(after / before - 1.2) < 0.005
    host.step("default", 120)
    worn, other = host.values("default", "soh_pct")["soh_pct"]
    assert (100 - worn) > 8 * (100 - other) > 0


def test_thermal_runaway_reaches_65_and_75_degrees_by_its_equations(host, settled):
    settled("thermal_runaway")
    host.step("default", 1)
    current_a, mode = seen(host, "current_a", "mode")
    assert mode == "float" and 0.45 < current_a < 0.55
    host.step("default", 12.0 * 3600)
    assert 60 < seen(host, "temperature_c")[0] < 65
    host.step("default", 0.35 * 3600)
    assert seen(host, "temperature_c")[0] > 65
    host.step("default", 0.75 * 3600)
    temperature_c, alarm = seen(host, "temperature_c", "thermal_alarm")
    assert temperature_c == 75 and alarm is True
    assert host.values("default", "thermal_alarm")["thermal_alarm"][1] is False


def test_the_sessions_pace_speeds_a_scenario_up(host, batteries, start):
    start("A", noise=False)
    host.session("default", {"pace": {"mode": "realtime", "rate": 1000}})
    batteries.post(APPLY, {"scenario": "hvac_failure"})
    begun = time.monotonic()
    while host.values("default", "ambient_c")["ambient_c"][0] < 40:
        assert time.monotonic() - begun < 30, "2500 s at a thousand times the pace"
    assert time.monotonic() - begun > 1.5


def test_custom_conditions_come_over_v1(host, start):
    """With no scenario the inputs rule: what a custom scenario writes."""
    start("A", "B", noise=False)
    values = {"mains": [True, False], "load_demand_a": [0, 15], "ambient_temp_c": [25, 35]}
    assert host.main.ask("PATCH", "/v1/sessions/default/variables", {"values": values}).status == 200
    host.step("default", 1)
    shown = host.values("default", "mode", "current_a", "ambient_c")
    assert shown["mode"] == ["float", "discharge"] and shown["current_a"][1] == -15 and shown["ambient_c"] == [25, 35]


@pytest.fixture
def planned(host):
    """planned(kind, body): a scenario or a schedule of the host, gone with the test."""
    made = []

    def make(kind, body):
        answer = host.main.post(f"/v1/{kind}", body)
        assert answer.status == 201, answer.text
        made.append(f"/v1/{kind}/{answer.json()['id']}")
        return made[-1]

    yield make
    for path in reversed(made):
        host.main.ask("DELETE", path)


def test_a_daily_outage_by_schedule(host, start, planned):
    """At 14:00 in Bangkok, every simulated day, for ten minutes."""
    start("A", "B", noise=False)
    host.session("default", {"pace": {"mode": "manual"}})
    begun = host.session("default")["tick"]
    planned("scenarios", {"name": "ten-minutes-out", "model": "battery_sensor", "timeline": [
        {"t_s": 0, "set": {"mains": False, "load_demand_a": 15}},
        {"t_s": 600, "set": {"mains": True, "load_demand_a": 0}}]})
    schedule = planned("schedules", {
        "name": "daily-outage", "session": "default", "clock": "simulated", "epoch": "2026-01-01T06:55:00Z",
        "when": {"cron": "0 14 * * *", "timezone": "Asia/Bangkok"}, "actions": [{"scenario": "ten-minutes-out"}]})
    assert host.main.get(schedule).json()["next_at"] == "2026-01-01T07:00:00.000Z"

    host.step("default", 300 - begun)
    assert host.main.get(schedule).json()["last_run"]["tick"] == 300, "the step ended when the actions were done"
    for day, at in enumerate((300, 300 + 86_400)):
        host.step("default", at + 1 - host.session("default")["tick"])
        shown = host.values("default", "mode", "current_a", "soc_pct")
        assert shown["mode"] == ["discharge"] * 2 and shown["current_a"] == [-15] * 2
        host.step("default", 599)
        assert host.values("default", "mode")["mode"] == ["discharge"] * 2
        after = host.values("default", "soc_pct")["soc_pct"]
        drawn = [before - now for before, now in zip(shown["soc_pct"], after)]
        assert drawn == pytest.approx([100 * 15 * 599 / 3600 / 120] * 2, rel=0.2)
        host.step("default", 1)
        assert host.values("default", "mode")["mode"] == ["boost"] * 2
        assert host.main.get("/v1/sessions/default/scenario").json()["items"] == []
        run = host.main.get(schedule).json()
        assert (run["last_run"]["tick"], run["last_run"]["status"]) == (at, "ok")
        assert run["next_at"] == f"2026-01-0{day + 2}T07:00:00.000Z"


def test_a_scenario_of_the_seed_begins_on_the_wall_clock(host, start, planned):
    start("A", noise=False)
    host.session("default", {"pace": {"mode": "realtime", "rate": 100}})
    schedule = planned("schedules", {"name": "heat", "session": "default", "when": {"cron": "* * * * *"},
                                     "enabled": False, "actions": [{"set": {"scenario": "high_temperature"}}]})
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
    answer = host.main.ask("PUT", schedule, {
        "name": "heat", "session": "default", "when": {"at": at},
        "actions": [{"set": {"scenario": "high_temperature"}}]})
    assert answer.status == 200, answer.text
    deadline = time.monotonic() + 20
    while host.values("default", "ambient_c")["ambient_c"][0] != 45:
        assert time.monotonic() < deadline, host.main.get(schedule).json()
    while (shown := host.main.get(schedule).json())["last_run"] is None:
        assert time.monotonic() < deadline, shown
    assert shown["last_run"]["status"] == "ok" and not shown["enabled"]


def test_the_same_seed_gives_the_same_digest_whatever_its_company(host, batteries):
    def digest(name, **more):
        body = {"batteries": named(*"ABCDE"), "name": name, "scenario": "power_outage", "seed": 11, **more}
        assert batteries.post(SIMULATIONS, body).status == 201
        host.session(name, {"pace": {"mode": "manual"}})
        host.step(name, 300 - host.session(name)["tick"])
        return host.main.post(f"/v1/sessions/{name}/checkpoints", {}).json()["digest"]

    one, two, other = digest("one"), digest("two"), digest("other", seed=12)
    assert one == two != other


def test_a_hundred_thousand_batteries_start_in_one_call(host, batteries, status):
    ids = [f"{site:03d}_DC1_SYS01_STR01_BAT{n:03d}" for site in range(100) for n in range(1000)]
    profiles = ["healthy", "accelerated", "failing"]
    body = {"batteries": [{"battery_id": one, "profile": profiles[k % 3], "initial_soh": 80 + k % 20}
                          for k, one in enumerate(ids)], "interval_seconds": 1}
    begun = time.monotonic()
    answer = batteries.post("/api/v1/simulation/start", body)
    assert answer.status == 200, answer.text[:300]
    assert answer.json()["message"] == "Simulation started for 100000 batteries"
    assert time.monotonic() - begun < 30
    with batteries.socket("/api/v1/ws/telemetry") as socket:
        (data,) = telemetry(socket, seconds=60)
    assert [one["battery_id"] for one in data] == ids
    some = ids[5:99_000:333]
    assert batteries.post(APPLY, {"scenario": "power_outage", "battery_ids": some}).status == 200
    assert status()["overrides"] == dict.fromkeys(some, "power_outage")
