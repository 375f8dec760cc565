"""Rules over REST, their alerts on the list, on the stream and in the metrics."""

import json
import re

import pytest
from conftest import check_problem, wait_for
from websockets.sync.client import connect


@pytest.fixture
def variable(host):
    """The names of something that template_c computes, and of its input."""
    variables = host.ok("GET", "/v1/models/template_c")["variables"]
    return next(v["name"] for v in variables if v["causality"] in ("output", "state")), next(
        v["name"] for v in variables if v["causality"] == "input")


def test_a_rule_raises_and_clears_an_alert(host, name, variable):
    output, given = variable
    session = host.manual(name=name)
    with connect(f"ws://127.0.0.1:{host.port}/v1/stream", subprotocols=["simhost.v1"]) as socket:
        socket.send(json.dumps({"op": "events", "ref": "e", "types": ["alert.*"]}))
        assert json.loads(socket.recv(timeout=10))["op"] == "ack"
        made = host.call("POST", "/v1/rules", {
            "name": f"high-{name}", "session": name, "variable": given, "when": {"above": 3, "hysteresis": 1},
            "severity": "error", "message": "{variable} is {value:.1}, above {limit}"})
        assert made.status == 201, made
        location = made.headers["location"]
        assert host.ok("GET", location) == made.value()
        host.ok("POST", f"/v1/sessions/{name}/step", {"ticks": 10})
        host.ok("PATCH", f"/v1/sessions/{name}/variables", {"values": {given: 4.25}})
        host.ok("POST", f"/v1/sessions/{name}/step", {"ticks": 10})
        alert = wait_for(lambda: host.ok("GET", f"/v1/alerts?state=active&session={name}")["items"])[0]
        assert alert["message"] == f"{given} is 4.2, above 3" and alert["severity"] == "error"
        assert alert["since"]["tick"] in (10, 11) and alert["lane"] == 0 and alert["value"] == 4.25
        assert alert["cleared"] is None and alert["rule"] == made.value()["id"]
        event = json.loads(socket.recv(timeout=10))
        assert event["type"] == "alert.raised" and event["session"] == session["id"] and event["data"] == alert
        text = host.call("GET", "/metrics").body.decode()
        assert re.search(r'^simhost_alerts_active\{model="template_c",severity="error"\} 1$', text, re.M)
        host.ok("PATCH", f"/v1/sessions/{name}/variables", {"values": {given: 2.5}})
        host.ok("POST", f"/v1/sessions/{name}/step", {"ticks": 5})
        assert host.ok("GET", f"/v1/alerts/{alert['id']}")["state"] == "active"  # within the hysteresis
        host.ok("PATCH", f"/v1/sessions/{name}/variables", {"values": {given: 1}})
        host.ok("POST", f"/v1/sessions/{name}/step", {"ticks": 5})
        cleared = wait_for(lambda: host.ok("GET", f"/v1/alerts?state=cleared&rule=high-{name}")["items"])[0]
        assert cleared["id"] == alert["id"] and cleared["cleared"]["tick"] in (25, 26)
        assert json.loads(socket.recv(timeout=10))["type"] == "alert.cleared"
    host.ok("DELETE", location, status=204)
    host.ok("DELETE", f"/v1/sessions/{name}", status=204)


def test_all_faults_of_a_rule_are_named(host, variable):
    output, _ = variable
    check_problem(host.call("POST", "/v1/rules", {
        "name": "x", "model": "template_c", "variable": output + "s", "when": {"above": 1, "below": 2},
        "severity": "fatal", "message": "{valu}"}), 422, "validation_failed",
        ["/variable", "/when", "/severity", "/message"])
    check_problem(host.call("POST", "/v1/rules", {"name": "x", "variable": output, "when": {"above": 1}}), 422,
                  "missing", [""])
    assert host.ok("GET", "/v1/rules")["items"] == []
