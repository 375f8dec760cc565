"""What was answered 2xx outlives the process, however it ends."""

import contextlib
import json
import random
import sqlite3
import subprocess
import threading
import time

import pytest
from conftest import SIMHOST, Host, check_problem, wait_for
from websockets.sync.client import connect

ROUNDS = 10
ROUND_S = 0.6


def kill(host):
    host.process.kill()
    host.process.wait()


@pytest.fixture
def again(tmp_path):
    """again(*flags, **more): a host on the same folder as the one before it, which must have ended."""
    running = []

    def run(*flags, **more):
        running.append(Host(tmp_path, *flags, **more))
        return running[-1]

    yield run
    if running and running[-1].process.poll() is None:
        assert running[-1].end() == 0, running[-1].log.read_text(encoding="utf-8")


def digest(host, session):
    made = host.ok("POST", f"/v1/sessions/{session}/checkpoints", status=201)
    host.ok("DELETE", f"/v1/sessions/{session}/checkpoints/{made['id']}", status=204)
    return made["digest"]


class Client(threading.Thread):
    """Changes what it likes until the host is gone; knows what the host has answered, and what is in doubt."""

    def __init__(self, host, number):
        super().__init__()
        self.host, self.dice, self.number = host, random.Random(number), number
        self.sessions, self.gone, self.doubt = {}, set(), set()

    def run(self):
        with contextlib.suppress(OSError, AssertionError, ConnectionError, Exception):
            while True:
                self.change()

    def change(self):
        alive = [name for name in self.sessions if name not in self.doubt]
        act = self.dice.choice(["create", "write", "step", "tag", "checkpoint", "delete"])
        if act == "create" or not alive:
            name = f"k-{self.number}-{len(self.sessions) + len(self.gone)}-{self.dice.randrange(10**9)}"
            self.doubt.add(name)
            self.host.manual(name=name)
            self.sessions[name] = {"tick": 0, "gain": None, "tags": {}, "checkpoints": set()}
            self.doubt.discard(name)
            return
        name = self.dice.choice(alive)
        known, url = self.sessions[name], f"/v1/sessions/{name}"
        self.doubt.add(name)
        if act == "write":
            known["gain_maybe"] = value = self.dice.randrange(1, 50)
            self.host.ok("PATCH", url + "/variables", {"values": {"gain": value}})
            known["gain"] = value
        elif act == "step":
            known["tick"] = self.host.ok("POST", url + "/step", {"ticks": self.dice.randrange(1, 40)})["tick"]
        elif act == "tag":
            value = str(self.dice.randrange(10**6))
            known["tags"] = self.host.ok("PATCH", url, {"tags": {"t": value}})["tags"]
        elif act == "checkpoint" and len(known["checkpoints"]) < 20:
            known["checkpoints"].add(self.host.ok("POST", url + "/checkpoints", status=201)["id"])
        elif act == "delete" and len(alive) > 3:
            self.host.ok("DELETE", url, status=204)
            del self.sessions[name]
            self.gone.add(name)
        self.doubt.discard(name)


def check(host, client):
    there = {s["name"]: s for s in host.ok("GET", "/v1/sessions?limit=1000")["items"]}
    for name, known in client.sessions.items():
        if name in client.doubt:  # its last request was not answered: it may have happened or not
            continue
        found = there[name]
        assert found["state"] in ("ready", "running"), found
        assert (found["tick"], found["tags"]) == (known["tick"], known["tags"]), (name, found)
        url = f"/v1/sessions/{name}"
        if known["gain"] is not None:
            assert host.ok("GET", url + "/variables?names=gain")["values"]["gain"] == [known["gain"]]
        ids = {c["id"] for c in host.ok("GET", url + "/checkpoints")["items"]}
        assert ids == known["checkpoints"], name
    assert not client.gone & set(there)


def test_nothing_that_was_answered_is_lost_by_a_kill(again):
    dice = random.Random(1)
    starts = []
    clients = []
    for turn in range(ROUNDS):
        begun = time.monotonic()
        host = again()
        starts.append(time.monotonic() - begun)
        for client in clients:
            check(host, client)
        for client in clients:  # leave few behind, so that a round stays short
            for name in list(client.sessions):
                host.call("DELETE", f"/v1/sessions/{name}")
        clients = [Client(host, turn * 10 + i) for i in range(3)]
        for client in clients:
            client.start()
        threading.Event().wait(dice.uniform(0.05, ROUND_S))
        kill(host)
        for client in clients:
            client.join(timeout=20)
    host = again()
    for client in clients:
        check(host, client)
    print(f"starts: {[round(s, 2) for s in starts]}")


def test_a_replayed_session_has_the_bytes_of_one_that_never_died(again):
    body = {"seed": 11, "lanes": 3}
    host = again()

    def steer(one, name):
        url = f"/v1/sessions/{name}"
        one.manual(name=name, **body)
        one.ok("POST", url + "/step", {"ticks": 100})
        one.ok("PATCH", url + "/variables", {"values": {"gain": [3, 4]}, "lanes": [0, 2]})
        one.ok("PATCH", url + "/variables", {"values": {"gain": 7}, "at_tick": 350})
        one.ok("POST", url + "/step", {"ticks": 100})

    steer(host, "killed")
    kill(host)
    host = again()
    steer(host, "whole")
    for name in ("killed", "whole"):
        host.ok("POST", f"/v1/sessions/{name}/step", {"ticks": 300})
    killed, whole = host.ok("GET", "/v1/sessions/killed"), host.ok("GET", "/v1/sessions/whole")
    assert killed["tick"] == whole["tick"] == 500
    assert digest(host, "killed") == digest(host, "whole")
    kinds = [e["kind"] for e in host.ok("GET", "/v1/sessions/killed/journal")["items"]]
    assert kinds == ["variables", "variables"]


def test_a_running_session_runs_on(again):
    host = again("--store-every-s", "0.5")
    made = host.session(name="runs", step_s=0.001)
    host.session(name="stands", start=False)
    wait_for(lambda: host.ok("GET", "/v1/sessions/runs")["tick"] > 700)
    applied = host.ok("PATCH", "/v1/sessions/runs/variables", {"values": {"gain": 3}})["applied_tick"]
    kill(host)
    host = again()
    back = host.ok("GET", "/v1/sessions/runs")
    assert (back["id"], back["created_at"], back["state"]) == (made["id"], made["created_at"], "running")
    assert back["tick"] >= applied
    assert host.ok("GET", "/v1/sessions/stands")["state"] == "ready"
    wait_for(lambda: host.ok("GET", "/v1/sessions/runs")["tick"] > back["tick"])
    assert host.ok("GET", "/v1/sessions/runs/variables?names=gain")["values"]["gain"] == [3]


def test_an_orderly_end_keeps_the_last_tick(again):
    host = again()
    host.session(name="runs", step_s=0.001)
    wait_for(lambda: host.ok("GET", "/v1/sessions/runs")["tick"] > 300)
    seen = host.ok("GET", "/v1/sessions/runs")["tick"]
    assert host.end() == 0
    assert again().ok("GET", "/v1/sessions/runs")["tick"] >= seen


def test_a_session_without_its_plugin_says_so_and_comes_back_with_it(again):
    host = again()
    host.manual(name="left")
    host.ok("POST", "/v1/sessions/left/step", {"ticks": 5})
    kill(host)
    host = again("--load", "no_such_plugin")
    left = host.ok("GET", "/v1/sessions/left")
    assert (left["state"], left["reason"]["code"], left["tick"]) == ("failed", "plugin_missing", 5)
    check_problem(host.call("POST", "/v1/sessions/left/reset"), 409, "plugin_missing")
    check_problem(host.call("GET", "/v1/sessions/left/variables"), 409, "plugin_missing")
    assert host.end() == 0
    host = again()
    assert host.ok("GET", "/v1/sessions/left")["state"] == "running"


def refused(folder, *flags):
    """The last words of a host that does not start."""
    command = [SIMHOST, "--http-port", "0", "--state-dir", folder, "--http-compatibility-listeners", "false", *flags]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert ended.returncode not in (0, -6, -11), ended
    return ended.stderr


def test_a_damaged_file_is_named_with_the_mend(again, tmp_path):
    host = again()
    host.session(name="left")
    assert host.end() == 0
    file = tmp_path / "state" / "store.db"
    for name in ("store.db-wal", "store.db-shm"):
        (tmp_path / "state" / name).unlink(missing_ok=True)
    file.write_bytes(b"this was a database once" * 100)
    said = refused(tmp_path / "state")
    assert str(file) in said and "damaged" in said and "backup" in said
    file.unlink()
    assert again().ok("GET", "/v1/sessions")["items"] == []


def test_a_file_of_a_later_version_and_a_second_host_are_refused(again, tmp_path):
    host = again()
    assert "in use by another simhost" in refused(tmp_path / "state")
    assert host.end() == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "state" / "store.db")) as db:
        db.execute("INSERT INTO schema_step VALUES (900, 'later')")
        db.commit()
    assert "later version" in refused(tmp_path / "state")


def test_a_host_may_keep_nothing(again, tmp_path):
    host = again("--store-url", "memory:")
    host.session(name="left")
    assert not (tmp_path / "state" / "store.db").exists()
    kill(host)
    assert again("--store-url", "memory:").ok("GET", "/v1/sessions")["items"] == []


@pytest.fixture(scope="module")
def server():
    from postgres import Postgres

    one = Postgres()
    yield one
    one.end()


def test_postgresql_keeps_what_sqlite_keeps(again, server, tmp_path):
    url = server.url + "postgres"
    host = again("--store-url", url)
    host.manual(name="left", seed=3)
    host.ok("POST", "/v1/sessions/left/step", {"ticks": 50})
    host.ok("PATCH", "/v1/sessions/left/variables", {"values": {"gain": 4}})
    made = host.ok("POST", "/v1/sessions/left/checkpoints", {"name": "c"}, status=201)
    kill(host)
    host = again("--store-url", url)
    assert "in use by another simhost" in refused(tmp_path / "other", "--store-url", url)
    left = host.ok("GET", "/v1/sessions/left")
    assert (left["tick"], left["state"]) == (50, "running")
    assert digest(host, "left") == made["digest"]
    assert host.ok("GET", "/v1/sessions/left/checkpoints/c")["digest"] == made["digest"]
    host.ok("DELETE", "/v1/sessions/left", status=204)


def test_mutations_wait_for_postgresql_to_come_back(again, server):
    host = again("--store-url", server.url + "postgres")
    host.session(name="left", step_s=0.001)
    server.stop()
    first = host.call("PATCH", "/v1/sessions/left", {"tags": {"a": "1"}})  # may happen or not: it is not promised
    check_problem(first, 503, "store_unavailable")
    refusal = host.call("POST", "/v1/sessions", {"model": "template_c"})
    check_problem(refusal, 503, "store_unavailable")
    assert int(refusal.headers["retry-after"]) > 0
    with connect(f"ws://127.0.0.1:{host.port}/v1/stream", proxy=None) as socket:
        socket.send('{"op":"set","ref":1,"session":"left","values":{"gain":3}}')
        problem = json.loads(socket.recv(10))["problem"]
    assert problem["code"] == "store_unavailable" and problem["retry_after_s"] > 0
    ready = host.call("GET", "/readyz")
    assert ready.status == 503 and "store_unavailable" in ready.value()["reasons"][0]
    tick = host.ok("GET", "/v1/sessions/left")["tick"]
    wait_for(lambda: host.ok("GET", "/v1/sessions/left")["tick"] > tick + 100)  # it goes on meanwhile
    server.start()
    wait_for(lambda: host.call("GET", "/readyz").status == 200)
    host.ok("PATCH", "/v1/sessions/left", {"tags": {"b": "2"}})
    kill(host)
    host = again("--store-url", server.url + "postgres")
    assert host.ok("GET", "/v1/sessions/left")["tags"]["b"] == "2"
    host.ok("DELETE", "/v1/sessions/left", status=204)


def test_a_server_that_stands_still_is_noticed(again, server):
    host = again("--store-url", server.url + "postgres")
    host.ok("GET", "/v1/sessions")
    server.freeze(True)
    try:
        begun = time.monotonic()
        check_problem(host.call("POST", "/v1/sessions", {"model": "template_c"}), 503, "store_unavailable")
        assert time.monotonic() - begun < 15
        assert host.ok("GET", "/v1/sessions")["items"]  # what is read shows what happened; it is not promised
    finally:
        server.freeze(False)
    wait_for(lambda: host.call("GET", "/readyz").status == 200)


def test_keys_and_jobs_outlive_the_process(again):
    host = again()
    key = {"Idempotency-Key": "once"}
    body = {"model": "template_c", "start": False, "name": "keyed"}
    first = host.call("POST", "/v1/sessions", body, key)
    taken = host.call("POST", "/v1/sessions", body, {"Idempotency-Key": "late"})
    check_problem(taken, 409, "name_taken")
    done = host.call("POST", "/v1/plugins/template_c/reload", {}, {"Prefer": "respond-async"}, token=True)
    url = done.headers["location"]
    wait_for(lambda: host.ok("GET", url)["state"] == "done")
    long = host.manual(lanes=1000)
    open_job = host.call("POST", f"/v1/sessions/{long['id']}/step", {"ticks": 10**12}, {"Prefer": "respond-async"})
    assert open_job.status == 202, open_job
    host.ok("PATCH", "/v1/sessions/keyed", {"tags": {"after": "the job"}})  # committed after what was before it
    kill(host)
    host = again()
    repeated = host.call("POST", "/v1/sessions", body, key)
    assert repeated.status == 201 and repeated.value() == first.value()
    assert repeated.headers["idempotency-replayed"] == "true"
    assert repeated.headers["location"] == first.headers["location"]
    check_problem(host.call("POST", "/v1/sessions", body | {"start": True}, key), 422, "idempotency_key_reused")
    check_problem(host.call("POST", "/v1/sessions", body, {"Idempotency-Key": "late"}), 409, "name_taken")
    assert host.ok("GET", url)["state"] == "done"
    job = host.ok("GET", open_job.headers["location"])
    assert job["state"] == "failed" and job["error"]["code"] == "interrupted"
