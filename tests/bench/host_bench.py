"""Measures the running host from outside and writes the results in Google Benchmark's format.

host_bench.py SIMHOST PLUGINS OUTPUT.json [--quick]: starts the host on loopback, measures, ends it. Only the standard
library is used; wrk and cyclictest take part where they are installed. --quick: every measurement once and short.
"""
import argparse
import base64
import concurrent.futures
import ctypes
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time

from host_rigs import export, rigs

MOTOR = "bldc_motor"


class Host:
    """The program under measurement, ended by its own id."""

    def __init__(self, program, plugins):
        self.folder = tempfile.TemporaryDirectory()
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [program, "--http-port", "0", "--state-dir", self.folder.name, "--plugins-folders", plugins,
             "--http-compatibility-listeners", "false", "--log-level", "error"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = ""
        while "http://" not in line:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("the host did not start")
        self.address = re.search(r"http://([\d.]+):(\d+)", line).groups()

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {data[:300]}")
        return json.loads(data) if data else None

    def resident_kb(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1))

    def cpu_s(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
        self.folder.cleanup()


class Stream:
    """A WebSocket client as small as it can be: it counts frames and decodes none."""

    def __init__(self, host):
        self.socket = socket.create_connection((host.address[0], int(host.address[1])), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ["GET /v1/stream HTTP/1.1", f"Host: {':'.join(host.address)}", "Upgrade: websocket",
                 "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.socket.recv(1)
        if b" 101 " not in head:
            raise SystemExit(head.decode())

    def send(self, message):
        data, mask = json.dumps(message).encode(), os.urandom(4)
        length = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0x80 | 126]) + len(data).to_bytes(2, "big")
        self.socket.sendall(b"\x81" + length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def receive(self):
        head = self.exact(2)
        size = head[1] & 127
        if size >= 126:
            size = int.from_bytes(self.exact(2 if size == 126 else 8), "big")
        return self.exact(size)

    def exact(self, n):
        data = b""
        while len(data) < n:
            piece = self.socket.recv(n - len(data))
            if not piece:
                raise SystemExit("the stream ended")
            data += piece
        return data


class Results:
    def __init__(self):
        self.rows = []

    def add(self, name, values, unit, baseline=None):
        """One row: the median of the values, their spread, and as a ratio to the median of a neighbour's."""
        median = statistics.median(values)
        row = {"name": name, "run_type": "iteration", "iterations": len(values), "real_time": median,
               "cpu_time": median, "time_unit": "ns", "value": median, "unit": unit, "min": min(values),
               "max": max(values)}
        text = f"{name:44} {median:14.4g} {unit:12} [{min(values):.4g} .. {max(values):.4g}]"
        if baseline is not None:
            row["ratio"] = median / statistics.median(baseline)
            text += f"   x{row['ratio']:.3g} of its neighbour"
        self.rows.append(row)
        print(text, flush=True)


def first_frame(args, results):
    values = []
    for _ in range(args.rounds):
        host = Host(args.program, args.plugins)
        host.call("POST", "/v1/sessions", {"model": MOTOR, "name": "first"})
        stream = Stream(host)
        stream.send({"op": "subscribe", "id": 1, "session": "first"})
        while b'"data"' not in stream.receive():
            pass
        values.append((time.monotonic() - host.started) * 1e3)
        host.end()
    results.add("start to first frame", values, "ms")


def wrk(host, path, seconds):
    out = subprocess.run(["wrk", "-t1", "-c64", f"-d{seconds}s", f"http://{host.address[0]}:{host.address[1]}{path}"],
                         capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise SystemExit(out)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def rest(host, args, results):
    if shutil.which("wrk") is None:
        print("REST reads: skipped, wrk is not installed")
        return
    host.call("POST", "/v1/sessions", {"model": MOTOR, "name": "rest"})
    plain, reads, values = [], [], []
    for _ in range(args.rounds):
        plain.append(wrk(host, "/livez", args.seconds))
        reads.append(wrk(host, "/v1/sessions/rest", args.seconds))
        values.append(wrk(host, "/v1/sessions/rest/variables?names=speed_rpm", args.seconds))
    host.call("DELETE", "/v1/sessions/rest")
    results.add("REST reads of /livez", plain, "1/s")
    results.add("REST reads of a session", reads, "1/s", plain)
    results.add("REST reads of one variable", values, "1/s", plain)


def set_timer_slack(ns):
    """For this process and what it becomes: a child inherits the slack and keeps it over exec."""
    set_it = 29  # PR_SET_TIMERSLACK
    if ctypes.CDLL(None, use_errno=True).prctl(set_it, ctypes.c_ulong(ns), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the timer slack cannot be set")


def cyclictest(seconds, slack_ns):
    """Wake-up latency of a thread with the host's timer slack; with the default one of 50 us it is no neighbour."""
    if shutil.which("cyclictest") is None:
        return None
    command = ["cyclictest", "-q", "-t1", "-i1000", f"-D{seconds}", "-h20000"]
    out = subprocess.run(command, capture_output=True, text=True, preexec_fn=lambda: set_timer_slack(slack_ns)).stdout
    counts = [(int(a), int(b)) for a, b in re.findall(r"^(\d{6})\s+(\d+)$", out, re.M)]
    total, seen, found = sum(n for _, n in counts), 0, {}
    for us, n in counts:
        seen += n
        for share in (0.5, 0.99):
            if seen >= share * total and share not in found:
                found[share] = float(us)
    return found or None


def lateness(host, args, results):
    slack_ns = host.call("GET", "/v1/host")["machine"]["timer_slack_ns"]
    rows = {"p50": [], "p99": []}
    beside = {"p50": [], "p99": []}
    for i in range(args.rounds):
        name = f"late-{i}"
        host.call("POST", "/v1/sessions", {"model": MOTOR, "name": name, "step_s": 0.001})
        time.sleep(args.seconds)
        stats = host.call("GET", f"/v1/sessions/{name}")["stats"]["lateness_us"]
        host.call("DELETE", f"/v1/sessions/{name}")
        other = cyclictest(args.seconds, slack_ns)
        for key, share in (("p50", 0.5), ("p99", 0.99)):
            rows[key].append(stats[key])
            if other:
                beside[key].append(other[share])
    for key in rows:
        if beside[key]:
            results.add(f"cyclictest wake-up {key}", beside[key], "us")
        results.add(f"wake-up lateness {key}", rows[key], "us", beside[key] or None)


def missed_ticks(host, sessions, lanes, seconds):
    """Ticks missed in some seconds by so many motors at 1 kHz, with one 60 Hz reader of 2 variables."""
    names = [f"load-{i}" for i in range(sessions)]
    for name in names:
        host.call("POST", "/v1/sessions", {"model": MOTOR, "name": name, "lanes": lanes, "start": False,
                                           "inputs": {"speed_setpoint_rpm": 2000, "load_torque_n_m": 5}})
    stream = Stream(host)
    stream.send({"op": "subscribe", "id": 1, "session": names[0], "fields": ["speed_rpm", "torque_n_m"], "rate_hz": 60,
                 "lanes": [0], "format": "binary"})
    for name in names:
        host.call("POST", f"/v1/sessions/{name}/resume")
    time.sleep(0.5)
    read = lambda: [host.call("GET", f"/v1/sessions/{n}") for n in (names[0], names[-1])]
    before = read()
    begin = time.monotonic()
    time.sleep(seconds)
    after = read()
    due = 1000 * (time.monotonic() - begin)
    stream.socket.close()
    for name in names:
        host.call("DELETE", f"/v1/sessions/{name}")
    behind = [0.95 * due - (a["tick"] - b["tick"]) for b, a in zip(before, after)]
    counted = [a["stats"]["missed"] - b["stats"]["missed"] for b, a in zip(before, after)]
    return max(0, *counted, *map(int, behind))


def most(host, candidates, shape, args):
    """The largest number that keeps up, and why the next one does not. One stall of the machine is not the host's
    fault: each number has as many tries as there are rounds."""
    best = 0
    for n in candidates:
        missed = []
        while len(missed) < args.rounds and 0 not in missed:
            missed.append(missed_ticks(host, *shape(n), args.seconds))
        if 0 not in missed:
            return best, f"{n} missed {min(missed)} ticks in {args.seconds} s at best"
        best = n
    return best, "all of those tried keep up"


def motors(host, args, results):
    alone = missed_ticks(host, 1, 1, args.seconds)  # one motor misses nothing, unless the machine has no time for it
    results.add("ticks missed by one motor alone", [alone], "ticks")
    lanes = [1000, 2000, 4000, 8000, 12000, 16000, 20000, 24000, 30000, 36000, 44000, 52000, 64000]
    sessions = [500, 1000, 2000, 3000, 5000, 7000]
    for name, unit, candidates, shape in (("lanes of one session", "lanes", lanes, lambda n: (1, n)),
                                          ("sessions of one lane", "sessions", sessions, lambda n: (n, 1))):
        found, why = most(host, candidates[:1] if args.quick else candidates, shape, args)
        results.add(f"motors at 1 kHz, {name}", [found], unit)
        print(f"    {why}", flush=True)


def memory(args, results):
    """Each on a host of its own: memory that was given back once hides what the next one takes."""
    def grown(n, make):
        host = Host(args.program, args.plugins)
        before = host.resident_kb()
        kept = make(host)
        per_one = (host.resident_kb() - before) / n
        host.end()
        del kept
        return before, per_one

    few = args.quick
    clients, sessions, lanes = (20, 50, 8192) if few else (200, 2000, 65536)
    idle, per_client = grown(clients, lambda host: [Stream(host) for _ in range(clients)])
    _, per_session = grown(sessions, lambda host: [
        host.call("POST", "/v1/sessions", {"model": MOTOR, "start": False}) for _ in range(sessions)])
    _, per_lane = grown(lanes, lambda host: host.call(
        "POST", "/v1/sessions", {"model": MOTOR, "lanes": lanes, "start": False}))
    results.add("resident memory of the idle host", [idle / 1024], "MB")
    results.add("memory per idle client", [per_client], "KB")
    results.add("memory per session of one lane", [per_session], "KB")
    results.add("memory per lane", [per_lane], "KB")


def fan_out(host, args, results):
    host.call("POST", "/v1/sessions", {"model": MOTOR, "name": "fan"})
    time.sleep(args.seconds)
    begin = host.cpu_s()
    time.sleep(args.seconds)
    alone = host.cpu_s() - begin
    clients = [Stream(host) for _ in range(100)]
    for client in clients:
        client.send({"op": "subscribe", "id": 1, "session": "fan", "fields": ["*"], "rate_hz": 60})
        client.receive()
    end_at = time.monotonic() + args.seconds
    begin, counted = host.cpu_s(), 0

    def count(client):
        seen = 0
        while time.monotonic() < end_at:
            client.receive()
            seen += 1
        return seen

    with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
        counted = sum(pool.map(count, clients))
    cost = (host.cpu_s() - begin - alone) / counted * 1e6
    results.add("fan-out per message, 100 clients at 60 Hz", [cost], "us")
    missed = host.call("GET", "/v1/sessions/fan")["stats"]["missed"]
    results.add("ticks missed meanwhile", [missed], "ticks")
    for client in clients:
        client.socket.close()
    host.call("DELETE", "/v1/sessions/fan")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("plugins")
    parser.add_argument("output")
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    args.rounds, args.seconds = (1, 1) if args.quick else (3, 5)
    results = Results()
    first_frame(args, results)
    memory(args, results)
    host = Host(args.program, args.plugins)
    try:
        for measure in (rest, lateness, fan_out, rigs, export, motors):
            measure(host, args, results)
    finally:
        host.end()
    context = {"date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "num_cpus": os.cpu_count(),
               "executable": "host_bench.py"}
    pathlib.Path(args.output).write_text(json.dumps({"context": context, "benchmarks": results.rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
