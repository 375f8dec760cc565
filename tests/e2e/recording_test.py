"""Recordings of a running host: made over REST, opened by pandas, pyarrow and DuckDB, and still there after a kill."""

import hashlib
import io
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess

import duckdb
import pandas
import pyarrow.parquet
import pytest
from conftest import ASYNC, Host, check_problem, job_of, wait_for

MOTOR = "bldc_motor"


@pytest.fixture(scope="module")
def motor_host(tmp_path_factory, motor_plugin):
    running = Host(tmp_path_factory.mktemp("recording"), plugins=motor_plugin)
    yield running
    assert running.end() == 0, running.log.read_text(encoding="utf-8")


def start(host, session, **body):
    return host.ok("POST", f"/v1/sessions/{session['id']}/recordings", body or None, status=201)


def stop(host, recording):
    return host.ok("POST", f"/v1/recordings/{recording['id']}/stop")


def download(host, recording, query=""):
    answer = host.call("GET", f"/v1/recordings/{recording['id']}/file{query}")
    assert answer.status == 200, answer
    return answer


def table(answer):
    return pyarrow.parquet.read_table(io.BytesIO(answer.body))


def steps(host, session, ticks):
    return host.ok("POST", f"/v1/sessions/{session['id']}/step", {"ticks": ticks})


def test_a_running_motor_opens_in_pandas_with_units(motor_host, tmp_path):
    session = motor_host.session(MOTOR, inputs={"speed_setpoint_rpm": 2000})
    recording = start(motor_host, session)
    assert recording["state"] == "recording" and recording["model"] == MOTOR
    wait_for(lambda: motor_host.ok("GET", f"/v1/recordings/{recording['id']}")["rows"] > 500)
    ended = stop(motor_host, recording)
    assert ended["state"] == "stopped" and ended["gaps"] == [] and ended["reason"] is None
    answer = download(motor_host, recording)
    assert hashlib.sha256(answer.body).hexdigest() == ended["files"][0]["sha256"]
    path = tmp_path / "motor.parquet"
    path.write_bytes(answer.body)
    frame = pandas.read_parquet(path)
    assert len(frame) == ended["rows"] > 500
    assert list(frame.columns[:3]) == ["tick", "time_s", "lane"]
    assert (frame["tick"].diff().dropna() == 1).all()
    assert frame["time_s"].iloc[0] == ended["from_s"] and frame["time_s"].iloc[-1] == ended["to_s"]
    assert frame["speed_rpm"].max() > 0
    read = table(answer)
    units = {v["name"]: v["unit"] for v in motor_host.ok("GET", f"/v1/models/{MOTOR}")["variables"] if "unit" in v}
    for field in read.schema:
        if field.name in units:
            assert field.metadata[b"unit"].decode() == units[field.name], field
    meta = {key.decode(): json.loads(value) for key, value in read.schema.metadata.items() if b"pandas" not in key}
    assert meta["session"] == session["id"] and meta["seed"] == 0 and meta["step_s"] == session["step_s"]
    assert meta["descriptor"] == motor_host.ok("GET", f"/v1/models/{MOTOR}")
    assert meta["versions"]["plugin"] == MOTOR and meta["gaps"] == []
    assert motor_host.ok("GET", f"/v1/recordings/{recording['id']}/meta") == meta
    rows, top = duckdb.sql(f"SELECT count(*), max(speed_rpm) FROM '{path}'").fetchone()
    assert rows == ended["rows"] and top == frame["speed_rpm"].max()
    motor_host.ok("DELETE", f"/v1/sessions/{session['id']}", status=204)


def test_every_tick_that_follows_the_answer_is_in_it(host):
    session = host.manual(lanes=3)
    recording = start(host, session, name="by-hand", every_ticks=5, lanes=[0, 2])
    steps(host, session, 20_000)
    ended = stop(host, recording)
    read = table(download(host, {"id": "by-hand"})).to_pandas()
    assert ended["rows"] == 2 * 4001 == len(read)
    assert list(read["tick"]) == [tick for tick in range(0, 20_001, 5) for _ in (0, 2)]
    assert list(read["lane"]) == [0, 2] * 4001
    assert stop(host, recording) == ended, "a second stop changes nothing"
    check_problem(host.call("GET", f"/v1/recordings/{recording['id']}/file?part=7"), 404, "not_found", at="/v1")


def test_a_file_comes_in_ranges_and_only_when_it_is_not_known(host):
    session = host.manual()
    recording = start(host, session)
    steps(host, session, 1000)
    stop(host, recording)
    whole = download(host, recording)
    path = f"/v1/recordings/{recording['id']}/file"
    part = host.call("GET", path, headers={"Range": "bytes=4-103"})
    assert part.status == 206 and part.body == whole.body[4:104]
    assert part.headers["content-range"] == f"bytes 4-103/{len(whole.body)}"
    check_problem(host.call("GET", path, headers={"Range": "bytes=99999999-"}), 416, "range_not_satisfiable", at="/v1")
    known = host.call("GET", path, headers={"If-None-Match": whole.headers["etag"]})
    assert known.status == 304 and known.body == b""
    head = host.call("HEAD", path)
    assert head.status == 200 and head.body == b"" and head.headers["content-length"] == str(len(whole.body))
    assert recording["id"] in whole.headers["content-disposition"]


def test_csv_says_the_same_as_parquet(motor_host):
    session = motor_host.manual(MOTOR, inputs={"speed_setpoint_rpm": 1500}, lanes=2)
    both = [start(motor_host, session, format=form) for form in ("csv", "parquet")]
    steps(motor_host, session, 2500)
    for recording in both:
        stop(motor_host, recording)
    text = download(motor_host, both[0])
    assert text.media_type == "text/csv"
    csv = pandas.read_csv(io.BytesIO(text.body), keep_default_na=False)
    parquet = table(download(motor_host, both[1])).to_pandas()
    assert list(csv.columns) == list(parquet.columns) and len(csv) == 2 * 2501
    for name in csv.columns:
        assert list(csv[name]) == list(parquet[name]), name


def test_the_preview_is_that_of_a_bare_computation(motor_host):
    session = motor_host.manual(MOTOR, inputs={"speed_setpoint_rpm": 2000}, lanes=2)
    recording = start(motor_host, session)
    steps(motor_host, session, 3000)
    path = f"/v1/recordings/{recording['id']}/preview?fields=speed_rpm&lane=1&points=37"
    wait_for(lambda: motor_host.ok("GET", f"/v1/recordings/{recording['id']}")["rows"] == 2 * 3001)
    live = motor_host.ok("GET", path)
    stop(motor_host, recording)
    shown = motor_host.ok("GET", path)
    assert shown == live, "an open recording is read like one that has ended"
    rows = table(download(motor_host, recording)).to_pandas()
    rows = rows[rows["lane"] == 1]
    low, high = rows["time_s"].min(), rows["time_s"].max()
    width = (high - low) / 37
    place = ((rows["time_s"] - low) / width).astype(int).clip(upper=36)
    groups = rows.groupby(place)["speed_rpm"]
    for name, values in (("min", groups.min()), ("max", groups.max()), ("last", groups.last())):
        assert shown["fields"]["speed_rpm"][name] == list(values)
    assert shown["time_s"] == pytest.approx([low + width * n for n in sorted(set(place))])
    part = motor_host.ok("GET", path + "&from_s=1&to_s=1.5")
    assert 1 <= part["time_s"][0] and part["time_s"][-1] < 1.5
    empty = motor_host.ok("GET", path + "&from_s=100&to_s=101")
    assert empty["time_s"] == []


def test_bounds_end_a_recording_by_themselves(host):
    session = host.manual()
    by_time = start(host, session, max_s=1.5)
    by_bytes = start(host, session, max_bytes=20_000)
    steps(host, session, 3000)
    ended = wait_for(lambda: (r := host.ok("GET", f"/v1/recordings/{by_time['id']}"))["state"] == "stopped" and r)
    assert ended["reason"]["code"] == "max_s" and ended["to_s"] == 1.5 and ended["rows"] == 1501
    ended = wait_for(lambda: (r := host.ok("GET", f"/v1/recordings/{by_bytes['id']}"))["state"] == "stopped" and r)
    assert ended["reason"]["code"] == "max_bytes" and 0 < ended["rows"] < 3001


def test_the_end_of_a_session_ends_its_recordings(host):
    session = host.manual()
    recording = start(host, session)
    steps(host, session, 10)
    host.ok("DELETE", f"/v1/sessions/{session['id']}", status=204)
    ended = wait_for(lambda: (r := host.ok("GET", f"/v1/recordings/{recording['id']}"))["state"] == "stopped" and r)
    assert ended["reason"]["code"] == "session_deleted" and ended["rows"] == 11
    assert len(table(download(host, recording))) == 11


def test_lists_counts_and_deletes(host):
    before = host.ok("GET", "/v1/host")["counts"]["recordings"]
    session = host.manual()
    made = [start(host, session, name=f"listed-{n}") for n in range(3)]
    assert host.ok("GET", "/v1/host")["counts"]["recordings"] == before + 3
    listed = host.ok("GET", f"/v1/recordings?session={session['id']}&limit=2")
    assert [r["name"] for r in listed["items"]] == ["listed-0", "listed-1"]
    rest = host.ok("GET", f"/v1/recordings?session={session['id']}&limit=2&after={listed['next']}")
    assert [r["name"] for r in rest["items"]] == ["listed-2"] and rest["next"] is None
    check_problem(host.call("POST", f"/v1/sessions/{session['id']}/recordings", {"name": "listed-1"}), 409,
                  "name_taken", ["/name"], at="/v1")
    for recording in made:
        host.ok("DELETE", f"/v1/recordings/{recording['id']}", status=204)
    check_problem(host.call("GET", "/v1/recordings/listed-1"), 404, "not_found", at="/v1")
    metrics = host.call("GET", "/metrics").body.decode()
    assert "simhost_recording_bytes_total" in metrics


def test_faults_of_a_request_are_told_together(host):
    session = host.manual()
    path = f"/v1/sessions/{session['id']}/recordings"
    answer = host.call("POST", path, {"format": "xml", "fields": ["nothing"], "lanes": [9], "every_ticks": 0, "max": 1})
    faulty = ["/format", "/fields/0", "/lanes/0", "/every_ticks", "/max"]
    check_problem(answer, 422, "validation_failed", faulty, at="/v1")
    host.ok("POST", f"/v1/sessions/{session['id']}/stop")
    check_problem(host.call("POST", path), 409, "wrong_state", at="/v1")
    check_problem(host.call("POST", "/v1/sessions/none/recordings"), 404, "not_found", at="/v1")


def test_many_files_become_one_at_the_end(start_host):
    host = start_host("--recordings-segment-bytes", "20000")
    session = host.manual()
    recording = start(host, session)
    for _ in range(4):
        steps(host, session, 1000)
        wait_for(lambda: host.ok("GET", f"/v1/recordings/{recording['id']}")["files"])
    seen = wait_for(lambda: (r := host.ok("GET", f"/v1/recordings/{recording['id']}")) and len(r["files"]) > 1 and r)
    part = download(host, recording, f"?part={seen['files'][1]['part']}")
    assert hashlib.sha256(part.body).hexdigest() == seen["files"][1]["sha256"]
    assert len(table(part)) == seen["files"][1]["rows"]
    check_problem(host.call("GET", f"/v1/recordings/{recording['id']}/file"), 409, "wrong_state", at="/v1")
    job = job_of(host, host.call("POST", f"/v1/recordings/{recording['id']}/stop", headers=ASYNC))
    assert (job["state"], job["kind"], job["progress"]) == ("done", "recording.stop", 1), job
    assert job["result"]["state"] == "stopped" and len(job["result"]["files"]) == 1
    assert host.call("GET", f"/v1/recordings/{recording['id']}/file", headers=ASYNC).status == 200  # it is there
    assert list(table(download(host, recording)).to_pandas()["tick"]) == list(range(4001))
    assert len(host.ok("GET", f"/v1/recordings/{recording['id']}")["files"]) == 1


@pytest.fixture
def start_host(tmp_path_factory):
    running = []

    def run(*flags, folder=None, **more):
        running.append(Host(folder or tmp_path_factory.mktemp("own"), *flags, **more))
        return running[-1]

    yield run
    for one in running:
        if one.process.returncode != -signal.SIGKILL:
            assert one.end() == 0, one.log.read_text(encoding="utf-8")


def test_a_killed_host_loses_a_second_at_most(start_host):
    forgetful = ("--store-url", "memory:")  # the session does not come back
    host = start_host(*forgetful)
    session = host.session()
    recording = start(host, session)
    wait_for(lambda: host.ok("GET", f"/v1/recordings/{recording['id']}")["rows"] > 1500)
    tick = host.ok("GET", f"/v1/sessions/{session['id']}")["tick"]
    host.process.kill()
    host.process.wait()
    again = start_host(*forgetful, folder=host.folder)
    kept = wait_for(lambda: (r := again.ok("GET", f"/v1/recordings/{recording['id']}"))["state"] == "stopped" and r)
    assert kept["reason"]["code"] == "interrupted"
    ticks = list(table(download(again, recording)).to_pandas()["tick"])
    assert ticks == list(range(ticks[0], ticks[-1] + 1)), "what is there has no hole"
    assert ticks[-1] >= tick - 1000, f"{tick - ticks[-1]} ticks of 1 ms are lost"


def test_a_recording_goes_on_with_the_session_that_comes_back(start_host):
    host = start_host()
    session = host.session()
    recording = start(host, session)
    wait_for(lambda: host.ok("GET", f"/v1/recordings/{recording['id']}")["rows"] > 1500)
    tick = host.ok("GET", f"/v1/sessions/{session['id']}")["tick"]
    host.process.kill()
    host.process.wait()
    again = start_host(folder=host.folder)
    path = f"/v1/recordings/{recording['id']}"
    assert again.ok("GET", path)["state"] == "recording"
    wait_for(lambda: again.ok("GET", path)["rows"] > tick + 1500)
    ended = stop(again, recording)
    ticks = list(table(download(again, recording)).to_pandas()["tick"])
    assert ticks == sorted(set(ticks)), "no tick is there twice"
    told = {t for gap in ended["gaps"] for t in range(gap["from_tick"], gap["to_tick"] + 1)}
    assert set(range(ticks[0], ticks[-1] + 1)) - set(ticks) == told, "what is missing is told"
    assert all(gap["reason"] == "interrupted" for gap in ended["gaps"]), ended["gaps"]


def test_a_full_disk_makes_it_wait_and_is_told(start_host):
    host = start_host("--recordings-quota-bytes", "60000")
    session = host.manual()
    recording = start(host, session)
    steps(host, session, 5000)
    waiting = wait_for(lambda: (r := host.ok("GET", f"/v1/recordings/{recording['id']}"))["state"] == "waiting" and r)
    assert waiting["reason"]["code"] == "disk_full"
    check_problem(host.call("POST", f"/v1/sessions/{session['id']}/recordings"), 507, "disk_full", at="/v1")
    steps(host, session, 10)
    ended = stop(host, recording)
    assert [gap["reason"] for gap in ended["gaps"]] == ["disk_full"] and ended["gaps"][0]["to_tick"] == 5010


def small_disk(folder):
    """A file system of 4 MB at a folder, or a skip where that is not allowed."""
    folder.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root mounts a file system")
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a file system is not allowed here")


def test_a_disk_that_is_really_full_is_waited_for(start_host, tmp_path):
    disk = tmp_path / "disk"
    small_disk(disk)
    try:
        host = start_host("--recordings-reserve-bytes", "0", "--store-url", "memory:", folder=disk)
        session = host.manual()
        recording = start(host, session)
        filler = disk / "filler"
        filler.write_bytes(b"x" * (3 << 20))
        for _ in range(100):
            if host.ok("GET", f"/v1/recordings/{recording['id']}")["state"] == "waiting":
                break
            steps(host, session, 5000)
        assert host.ok("GET", f"/v1/sessions/{session['id']}")["state"] == "running", "the simulation goes on"
        lost = steps(host, session, 100)["tick"]
        filler.unlink()
        wait_for(lambda: host.ok("GET", f"/v1/recordings/{recording['id']}")["state"] == "recording")
        steps(host, session, 100)
        ended = stop(host, recording)
        assert ended["state"] == "stopped"
        (gap,) = ended["gaps"]
        assert gap["reason"] == "disk_full" and gap["from_tick"] <= lost <= gap["to_tick"]
        ticks = list(table(download(host, recording)).to_pandas()["tick"])
        missing = set(range(ticks[-1] + 1)) - set(ticks)
        assert missing == set(range(gap["from_tick"], gap["to_tick"] + 1)), "the gap is what is missing, no more"
    finally:
        host.end()
        subprocess.run(["umount", str(disk)], check=False)


def test_files_hold_what_parquet_readers_expect(motor_host, tmp_path):
    session = motor_host.manual(MOTOR)
    recording = start(motor_host, session)
    steps(motor_host, session, 10)
    stop(motor_host, recording)
    path = pathlib.Path(tmp_path / "file.parquet")
    path.write_bytes(download(motor_host, recording).body)
    metadata = pyarrow.parquet.ParquetFile(path).metadata
    kinds = {field.name: field.type for field in pyarrow.parquet.read_schema(path)}
    group = metadata.row_group(0)
    for c in range(group.num_columns):
        column = group.column(c)
        assert column.compression == "ZSTD", column.path_in_schema
        split = "BYTE_STREAM_SPLIT" in column.encodings
        assert split == (str(kinds[column.path_in_schema]) == "double"), column.path_in_schema
        if split:
            assert column.statistics.has_min_max and math.isfinite(column.statistics.max)


def test_arrow_is_loaded_by_the_first_parquet_recording_and_not_before(start_host):
    host = start_host()

    def arrow():
        names = (pathlib.Path(path).name for path in host.mapped())
        return sorted(name for name in names if "arrow" in name or "parquet" in name)

    session = host.manual()
    text = start(host, session, format="csv")
    steps(host, session, 10)
    stop(host, text)
    download(host, text)
    host.ok("GET", f"/v1/recordings/{text['id']}/preview?fields=lagged_k")
    assert arrow() == [], "neither the start nor a CSV file needs Arrow"
    recording = start(host, session)
    wait_for(arrow)
    assert any(name.startswith("libarrow.so") for name in arrow())
    steps(host, session, 10)
    stop(host, recording)
    assert len(table(download(host, recording))) == 11
