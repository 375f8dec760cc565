"""The rig's CSV: opened by Python's csv in strict mode and by pandas, complete, in the digits of the rest."""

import csv
import io
import json

import pandas
import pytest

from motor_host import until
from rig_fixtures import Host, duration, running

COLUMNS = ["timestamp", "sensor_type", "value", "datetime", "session_time"]


@pytest.fixture(scope="module")
def export(host):
    """A stopped session with injections of every kind: its summary and its CSV."""
    rig = host.rig
    rig.post("/api/v1/sessions/reset")
    session = rig.post("/api/v1/sessions/start").json()["session_id"]
    for sensor, event in (("force", "spike"), ("motor", "overspeed"), ("camera", "low_light"), ("force", "dropout")):
        assert rig.post(f"/api/v1/sensors/simulate?sensor_type={sensor}&event_type={event}").status == 200
    host.hurry(session, 700)
    summary = rig.post("/api/v1/sessions/stop").json()
    answer = rig.get("/api/v1/sessions/export/csv")
    assert answer.status == 200, answer.text
    return rig, summary, answer


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_is_a_download(export):
    _, _, answer = export
    assert answer.headers["content-type"] == "application/octet-stream"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="sensor_data_') and disposition.endswith('.csv"')


def test_has_every_reading_once_in_order(export):
    rig, summary, answer = export
    rows = rows_of(answer.text)
    assert list(rows[0]) == COLUMNS
    assert len(rows) == summary["total_readings"]
    order = ["force", "motor", "camera"]
    keys = [(float(row["timestamp"]), order.index(row["sensor_type"])) for row in rows]
    assert keys == sorted(set(keys))
    newest = rig.get("/api/v1/sensors/readings?limit=1000").json()
    for row, reading in zip(rows[-1000:], newest):
        assert row["sensor_type"] == reading["sensor_type"] and float(row["timestamp"]) == reading["timestamp"]
        value = json.loads(row["value"])
        assert value == reading["value"]


def test_has_the_digits_of_rest(export):
    rig, _, answer = export
    text = rig.get("/api/v1/sensors/readings?limit=50&sensor_type=force").text
    rows = [row for row in rows_of(answer.text) if row["sensor_type"] == "force"][-50:]
    for row in rows:
        assert f'"timestamp":{row["timestamp"]},' in text and f'"value":{row["value"]}}}' in text


def test_ends_lines_as_spreadsheets_expect(export):
    _, _, answer = export
    assert answer.text.endswith("\r\n")
    assert answer.text.count("\n") == answer.text.count("\r\n")


def test_counts_session_time_from_the_start(export):
    _, summary, answer = export
    rows = rows_of(answer.text)
    assert rows[0]["session_time"] == "0.000000"
    start = float(rows[0]["timestamp"])
    for row in rows:
        assert float(row["timestamp"]) - start == pytest.approx(float(row["session_time"]), abs=2e-6)
    assert float(rows[-1]["session_time"]) <= summary["session_duration"] + 1e-9


def test_opens_in_pandas(export):
    _, summary, answer = export
    frame = pandas.read_csv(io.StringIO(answer.text, newline=""))
    assert list(frame.columns) == COLUMNS and len(frame) == summary["total_readings"]
    when = pandas.to_datetime(frame["datetime"], format="ISO8601", utc=True)
    seconds = (when - pandas.Timestamp(0, tz="UTC")).dt.total_seconds()
    assert (abs(seconds - frame["timestamp"]) < 2e-6).all()
    camera = frame[frame["sensor_type"] == "camera"]["value"].map(json.loads)
    ids = [value["image_id"] for value in camera]
    assert ids == list(range(1001, 1001 + len(ids)))
    force = frame[frame["sensor_type"] == "force"]
    gaps = force["session_time"].diff().dropna().round(6).value_counts()
    assert gaps.to_dict() == {0.1: len(force) - 2, 1.1: 1}, "the dropout, and nothing else"


def test_a_reload_loses_nothing(host):
    rig = host.rig
    rig.post("/api/v1/sessions/reset")
    session = rig.post("/api/v1/sessions/start").json()["session_id"]
    host.hurry(session, 120)
    host.reload()
    summary = rig.post("/api/v1/sessions/stop").json()
    rows = rows_of(rig.get("/api/v1/sessions/export/csv").text)
    assert summary["total_readings"] == len(rows)
    times = {name: [float(row["session_time"]) for row in rows if row["sensor_type"] == name]
             for name in ("force", "camera")}
    assert times["camera"] == [float(k) for k in range(len(times["camera"]))]
    assert times["force"] == [round(k / 10, 6) for k in range(len(times["force"]))]
    assert summary["session_duration"] - times["force"][-1] < 0.11
    results = rig.get("/api/v1/sensors/validation?limit=200").json()
    assert summary["validation_alerts"] >= len(results) > 0


def expect_whole(rig, summary):
    times = {"force": [], "motor": [], "camera": []}
    for line in rig.get("/api/v1/sessions/export/csv").text.splitlines()[1:]:
        times[line.split(",", 2)[1]].append(line.rsplit(",", 1)[1])
    for name, hz in (("force", 10), ("motor", 5), ("camera", 1)):
        assert len(times[name]) == summary["summary_stats"][f"{name}_readings"], name
        assert times[name] == [f"{k / hz:.6f}" for k in range(len(times[name]))], name


def test_a_session_longer_than_a_day_is_exported_whole(host):
    """Its oldest readings are in the recording alone."""
    rig = host.rig
    rig.post("/api/v1/sessions/reset")
    session = rig.post("/api/v1/sessions/start").json()["session_id"]
    host.hurry(session, 95_000)
    summary = rig.post("/api/v1/sessions/stop").json()
    expect_whole(rig, summary)
    bins = rig.get("/api/v1/sensors/readings/aggregated?sensor_type=force&interval_seconds=3600&hours_back=24").json()
    assert bins["data"][1]["count"] == 36_000, "a day is there"
    host.reload()
    again = rig.get("/api/v1/sessions/summary").json()
    assert again["total_readings"] == summary["total_readings"]
    expect_whole(rig, again)
    aggregated = "/api/v1/sensors/readings/aggregated?sensor_type=force&interval_seconds=3600&hours_back=24"
    assert rig.get(aggregated).json()["data"][1:] == bins["data"][1:]
    rig.post("/api/v1/sessions/reset")


def test_a_kill_loses_a_second_at_most(program, tmp_path):
    host = Host(program, folder=str(tmp_path))
    session = host.rig.post("/api/v1/sessions/start").json()["session_id"]
    host.hurry(session, 60)
    before = host.rig.get("/api/v1/sessions/summary").json()
    until(lambda: duration(host.rig) >= before["session_duration"] + 3, "three more seconds")
    host.process.kill()
    host.process.wait()
    host.process.stdout.close()
    with running(program, folder=str(tmp_path)) as again:
        assert until(lambda: again.rig.get("/api/v1/sessions/status").json()["recording"], "the session back")
        until(lambda: duration(again.rig) >= before["session_duration"] + 5, "it goes on")
        summary = again.rig.post("/api/v1/sessions/stop").json()
        assert summary["session_id"] == session
        rows = rows_of(again.rig.get("/api/v1/sessions/export/csv").text)
        assert len(rows) == summary["total_readings"] > before["total_readings"]
        force = [round(float(row["session_time"]) * 10) for row in rows if row["sensor_type"] == "force"]
        assert force[0] == 0 and force == sorted(set(force))
        assert len(force) >= force[-1] + 1 - 10, "of the readings at most those of a second are missing"
