"""A thousand rigs on the running host, every reading judged, and the speed of an export: for host_bench.py."""
import http.client
import re
import time

RIG = "robot_test_rig"
OWN = f"/plugins/{RIG}/api/v1"


def counter(host, name):
    connection = http.client.HTTPConnection(*host.address, timeout=60)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE))


def rigs(host, args, results):
    """Sessions of one lane at 100 Hz; a reading in ten has a result, which is an alert."""
    count = 50 if args.quick else 1000
    names = [f"rig-{i}" for i in range(count)]
    for seed, name in enumerate(names):
        host.call("POST", "/v1/sessions", {"model": RIG, "name": name, "seed": seed})
    time.sleep(1)
    alerts, missed = counter(host, "simhost_alerts_total"), counter(host, "simhost_missed_ticks_total")
    cpu_s = host.cpu_s()
    begin = time.monotonic()
    time.sleep(args.seconds)
    took_s = time.monotonic() - begin
    results.add(f"{count} rigs: cores", [(host.cpu_s() - cpu_s) / took_s], "cores")
    results.add(f"{count} rigs: alerts", [(counter(host, "simhost_alerts_total") - alerts) / took_s], "1/s")
    results.add(f"{count} rigs: ticks missed", [counter(host, "simhost_missed_ticks_total") - missed], "ticks")
    for name in names:
        host.call("DELETE", f"/v1/sessions/{name}")


def fetch(host, path):
    """MB/s, and how many lines."""
    begin = time.monotonic()
    connection = http.client.HTTPConnection(*host.address, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"GET {path}: {answer.status}")
    size = lines = 0
    while piece := answer.read(1 << 20):
        size += len(piece)
        lines += piece.count(b"\n")
    connection.close()
    return size / 1e6 / (time.monotonic() - begin), lines


def export(host, args, results):
    """A session of some hours as CSV, beside a file of the same host: the recording that it comes from."""
    session = host.call("POST", f"{OWN}/sessions/start")["session_id"]
    end_s = 3600 if args.quick else 100_000
    host.call("PATCH", f"/v1/sessions/{session}", {"pace": {"mode": "free"}, "stop_at_s": end_s})
    while host.call("GET", f"/v1/sessions/{session}")["state"] == "running":
        time.sleep(0.1)
    readings = host.call("GET", f"{OWN}/sessions/summary")["total_readings"]
    newest = lambda: host.call("GET", f"/v1/recordings?session={session}")["items"][-1]
    while newest()["state"] == "recording":
        time.sleep(0.1)
    recording = newest()["id"]
    fetch(host, f"/v1/recordings/{recording}/file")  # joined, and in the cache of the system
    speeds, files = [], []
    for _ in range(args.rounds):
        files.append(fetch(host, f"/v1/recordings/{recording}/file")[0])
        speed, lines = fetch(host, f"{OWN}/sessions/export/csv")
        if lines != readings + 1:
            raise SystemExit(f"the export has {lines} lines, not {readings + 1}")
        speeds.append(speed)
    results.add("file of a recording", files, "MB/s")
    results.add("CSV of a session", speeds, "MB/s", files)
    host.call("POST", f"{OWN}/sessions/reset")
