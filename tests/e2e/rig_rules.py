"""The rig's rules are rules of the host: their alerts, events and metrics, and a seeded hour held against an oracle."""

import csv
import io
import json
import math

from motor_host import until
from rig_fixtures import running

HOUR_S = 3600
RULES = ["force_error", "force_warning", "force_spike", "motor_speed", "camera_dark", "camera_bright"]


def oracle(rows):
    """The results that the readings of a session must have: (sensor, status, session time), by time and sensor."""
    forces, found = [], []
    for row in rows:
        sensor, at = row["sensor_type"], float(row["session_time"])
        if sensor == "camera":
            brightness = json.loads(row["value"])["brightness"]
            status = "warning" if brightness < 30 or brightness > 240 else None
        elif sensor == "motor":
            status = "warning" if abs(float(row["value"])) > 55 else None
        else:
            forces.append(float(row["value"]))
            jump = len(forces) > 2 and abs(forces[-1] - forces[-3]) > 50
            status = "error" if forces[-1] > 80 else "warning" if forces[-1] > 64 or jump else None
        if status:
            found.append((sensor, status, at))
    return found


def expect_share(hits, p, n):
    assert abs(hits - p * n) <= 3 * math.sqrt(p * (1 - p) * n), f"{hits} of {n}, expected {p * n}"


def alerts_of(host, session):
    """All that the host has kept of a session, oldest first."""
    found, after = [], ""
    while True:
        page = host.main.ask("GET", f"/v1/alerts?session={session}&limit=1000{after}").json()
        found += page["items"]
        if not page["next"]:
            return found
        after = f"&after={page['next']}"


def said(rig):
    """The newest results without their time: a session ahead of the wall clock starts later after a restart."""
    return [{**result, "timestamp": None} for result in rig.get("/api/v1/sensors/validation?limit=200").json()]


def test_the_rules_are_on_the_hosts_list_and_belong_to_the_plugin(host):
    rules = {rule["name"]: rule for rule in host.main.ask("GET", "/v1/rules").json()["items"]}
    assert set(rules) >= {f"robot_test_rig.{name}" for name in RULES}
    error = rules["robot_test_rig.force_error"]
    assert error["owner"] == "robot_test_rig" and error["when"] == {"above": 80} and error["severity"] == "error"
    answer = host.main.ask("DELETE", "/v1/rules/robot_test_rig.force_error")
    assert answer.status == 409 and answer.json()["code"] == "in_use", answer.text


def test_a_seeded_hour_has_exactly_the_results_its_readings_ask_for(program):
    with running(program, seed=42) as host:
        rig = host.rig
        session = rig.post("/api/v1/sessions/start").json()["session_id"]
        host.hurry(session, HOUR_S)
        stopped = rig.post("/api/v1/sessions/stop").json()
        rows = list(csv.DictReader(io.StringIO(rig.get("/api/v1/sessions/export/csv").text, newline="")))
        handle = host.main.ask("GET", f"/v1/sessions/{session}").json()
        alerts = alerts_of(host, handle["id"])
        metrics = host.main.ask("GET", "/metrics").text
    expected = oracle(rows)
    assert stopped["validation_alerts"] == len(expected) == len(alerts)
    severities = [(a["severity"], round(a["with"][f"{a['rule_name'].split('.')[1].split('_')[0]}_at_s"], 6))
                  for a in alerts]
    assert sorted(severities) == sorted((status, at) for _, status, at in expected)
    counts = {name: sum(a["rule_name"] == f"robot_test_rig.{name}" for a in alerts) for name in RULES}
    assert counts["force_warning"] == counts["motor_speed"] == counts["camera_dark"] == 0, "never without injection"
    n = sum(row["sensor_type"] == "force" for row in rows)
    expect_share(counts["force_error"], 0.05, n)
    expect_share(counts["force_spike"], 0.0475, n)
    images = n // 10 + 1
    light = [150 + 50 * math.sin(0.05 * k) for k in range(images)]
    expect_share(counts["camera_bright"], sum(math.erfc((241 - m) / 30 / math.sqrt(2)) / 2 for m in light) / images,
                 images)
    raised = sum(float(line.split()[-1]) for line in metrics.splitlines()
                 if line.startswith("simhost_alerts_total{") and 'model="robot_test_rig"' in line)
    assert raised == len(alerts)


def test_results_are_those_of_the_alerts(host, rig, session):
    rig.post("/api/v1/sensors/simulate?sensor_type=force&event_type=overload")
    result = until(lambda: [r for r in rig.get("/api/v1/sensors/validation?limit=200").json()
                            if "approaching" in r["message"]], "a result")[0]
    handle = host.main.ask("GET", f"/v1/sessions/{session['session_id']}").json()["id"]
    (alert,) = [a for a in alerts_of(host, handle) if a["rule_name"] == "robot_test_rig.force_warning"]
    assert result["message"] == alert["message"] and result["details"]["actual"] == alert["value"]
    assert alert["state"] == "cleared" and alert["severity"] == "warning" and alert["limit"] == 64


def test_other_thresholds_are_the_rules(program):
    with running(program, force_threshold_high=5, motor_threshold=1) as host:
        rules = {rule["name"]: rule for rule in host.main.ask("GET", "/v1/rules").json()["items"]}
        assert rules["robot_test_rig.force_error"]["when"] == {"above": 5}
        assert rules["robot_test_rig.motor_speed"]["when"] == {"outside": [-1, 1]}
        host.rig.post("/api/v1/sessions/start")
        results = until(lambda: [r for r in host.rig.get("/api/v1/sensors/validation").json()
                                 if r["status"] == "error"], "a force beyond 5 N")
        assert results[0]["details"]["threshold"] == 5 and "> 5.0N" in results[0]["message"]


def test_results_outlive_a_reload_and_a_restart(program, tmp_path):
    with running(program, folder=str(tmp_path)) as host:
        session = host.rig.post("/api/v1/sessions/start").json()["session_id"]
        host.hurry(session, 200)
        until(lambda: len(host.rig.get("/api/v1/sensors/validation?limit=200").json()) > 50, "results")
        host.reload()
        after_reload = host.rig.get("/api/v1/sessions/summary").json()["validation_alerts"]
        summary = host.rig.post("/api/v1/sessions/stop").json()
        assert summary["validation_alerts"] >= after_reload > 50
        results = said(host.rig)
    with running(program, folder=str(tmp_path)) as again:
        assert again.rig.get("/api/v1/sessions/summary").json()["validation_alerts"] == summary["validation_alerts"]
        assert said(again.rig) == results
