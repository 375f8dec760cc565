"""Schedules over REST: in simulated time to the tick, on the wall clock, and their cron against another's."""

import datetime

import pytest
from conftest import check_problem, wait_for

UTC = datetime.timezone.utc


def stamp(time):
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.fixture(scope="module")
def motors(tmp_path_factory, motor_plugin):
    from conftest import Host

    running = Host(tmp_path_factory.mktemp("motors"), plugins=motor_plugin)
    yield running
    assert running.end() == 0, running.log.read_text(encoding="utf-8")


def test_a_daily_outage_in_simulated_time(motors, name):
    session = motors.manual("bldc_motor", name=name, step_s=0.001)
    path = f"/v1/sessions/{name}"
    made = motors.call("POST", "/v1/schedules", {
        "name": f"outage-{name}", "session": name, "clock": "simulated", "epoch": "2026-01-01T06:59:59.500Z",
        "when": {"cron": "0 14 * * *", "timezone": "Asia/Bangkok"},
        "actions": [{"set": {"load_torque_n_m": 2.5}}, {"set": {"ambient_c": 40}}]})
    assert made.status == 201, made
    schedule = made.value()
    assert schedule["session"] == session["id"] and schedule["next_at"] == "2026-01-01T07:00:00.000Z"
    assert schedule["next_time_s"] == 0.5 and schedule["last_run"] is None
    wait_for(lambda: motors.ok("GET", made.headers["location"])["enabled"])
    for _ in range(4):
        motors.ok("POST", f"{path}/step", {"ticks": 250})
    journal = [e for e in motors.ok("GET", f"{path}/journal")["items"] if e["kind"] == "variables"]
    assert [e["tick"] for e in journal] == [500, 500]
    shown = wait_for(lambda: (s := motors.ok("GET", made.headers["location"]))["last_run"] and s)
    assert shown["last_run"]["tick"] == 500 and shown["last_run"]["status"] == "ok"
    assert shown["next_at"] == "2026-01-02T07:00:00.000Z"
    assert motors.ok("PATCH", made.headers["location"], {"enabled": False})["next_at"] is None
    motors.ok("DELETE", made.headers["location"], status=204)
    motors.ok("DELETE", path, status=204)


def test_a_schedule_of_the_wall_clock(motors, name):
    motors.session("bldc_motor", name=name)
    at = datetime.datetime.now(UTC) + datetime.timedelta(seconds=1)
    made = motors.ok("POST", "/v1/schedules", {"name": f"soon-{name}", "session": name, "when": {"at": at.isoformat()},
                                              "actions": [{"pause": {}}]}, status=201)
    assert made["clock"] == "wall"
    shown = wait_for(lambda: (s := motors.ok("GET", f"/v1/schedules/{made['id']}"))["last_run"] and s)
    late_s = (datetime.datetime.fromisoformat(shown["last_run"]["at"]) - at).total_seconds()
    assert 0 <= late_s + 0.001 < 1, late_s
    assert not shown["enabled"] and shown["next_at"] is None
    assert motors.ok("GET", f"/v1/sessions/{name}")["state"] == "paused"
    check_problem(motors.call("PATCH", f"/v1/schedules/{made['id']}", {"enabled": True}), 409, "tick_passed")
    motors.ok("DELETE", f"/v1/schedules/{made['id']}", status=204)
    motors.ok("DELETE", f"/v1/sessions/{name}", status=204)


def test_all_faults_of_a_schedule_are_named(motors, name):
    motors.manual("bldc_motor", name=name)
    check_problem(motors.call("POST", "/v1/schedules", {
        "name": "x", "session": name, "when": {"cron": "0 25 * * *", "timezone": "Asia/Bankok"},
        "actions": [{"set": {"ambient": 1}}, {"scenario": "none"}, {"command": {"name": "none"}}, {}]}),
        422, "validation_failed", ["/when/cron", "/when/timezone", "/actions/0/set/ambient", "/actions/1/scenario",
                                   "/actions/2/command/name", "/actions/3"])
    motors.ok("DELETE", f"/v1/sessions/{name}", status=204)


EXPRESSIONS = ["* * * * *", "*/5 * * * *", "0 14 * * *", "30 2 * * *", "15,45 3-5 * * *", "0 0 1 * *", "0 0 31 * *",
               "59 23 28-31 2 *", "0 12 * * mon-fri", "7 7 7 7 *", "0 0 29 2 *", "0 6 1-7 * mon", "*/13 */7 * * 0,6",
               "5 4 * * sun", "0 0 * jan,jul *", "10-50/20 8 * * 1-5", "0 22 15 */3 *"]
EPOCHS = ["2026-01-01T00:00:00+00:00", "2026-02-28T23:59:00+00:00", "2027-12-31T12:34:00+00:00",
          "2028-02-29T00:01:00+00:00"]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Bangkok"])
def test_cron_means_what_croniter_means(motors, zone):
    """The first time of a simulated calendar, for zones whose clocks do not change."""
    croniter = pytest.importorskip("croniter").croniter
    import zoneinfo

    session = motors.manual("bldc_motor")
    number = 0
    for expression in EXPRESSIONS:
        for epoch in EPOCHS:
            start = datetime.datetime.fromisoformat(epoch).astimezone(zoneinfo.ZoneInfo(zone))
            expected = croniter(expression, start - datetime.timedelta(seconds=1)).get_next(datetime.datetime)
            number += 1
            made = motors.ok("POST", "/v1/schedules", {
                "name": f"cron-{number}", "session": session["id"], "clock": "simulated", "epoch": epoch,
                "when": {"cron": expression, "timezone": zone}, "actions": [{"pause": {}}]}, status=201)
            assert made["next_at"] == stamp(expected), (expression, epoch)
            motors.ok("DELETE", f"/v1/schedules/{made['id']}", status=204)
    motors.ok("DELETE", f"/v1/sessions/{session['id']}", status=204)
