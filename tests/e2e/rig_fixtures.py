"""Starts the host program with the test rig on free loopback ports, for the tests of the rig: a pytest plugin."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

import pytest

from motor_host import ANSWER_S, START_S, Listener, until

READINGS_PER_S = 16


class Host:
    """The running program; main is its own listener, rig the one that stands in for the original."""

    def __init__(self, program, variables=None, folder=None, **settings):
        self.keeps = folder is not None
        self.folder = folder or tempfile.mkdtemp(prefix="simhost-rig-")
        command = [program, "--http-port", "0", "--state-dir", self.folder, "--plugins-load", "robot_test_rig"]
        for key, value in {"port": 0, **settings}.items():
            command += ["--set", f"plugins.robot_test_rig.{key}={value}"]
        self.log = open(pathlib.Path(self.folder) / "log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env={**os.environ, **(variables or {})})
        try:
            self.main, self.rig = self._read_addresses()
        except AssertionError:
            self.stop()
            raise

    def _read_addresses(self):
        guard = threading.Timer(START_S, self.process.kill)
        guard.start()
        said = ""
        try:
            for line in self.process.stdout:
                said += line
                if line.startswith("Ctrl-C"):
                    break
        finally:
            guard.cancel()
        main = re.search(r"(http://\S+)\s+the API", said)
        rig = re.search(r"(http://\S+)\s+robot_test_rig", said)
        assert main and rig, f"the host does not serve the rig:\n{said}\n{self.logged()}"
        return Listener(main[1]), Listener(rig[1])

    def logged(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(encoding="utf-8")

    def pace(self, session, **pace):
        answer = self.main.ask("PATCH", f"/v1/sessions/{session}", {"pace": pace})
        assert answer.status == 200, answer.text

    def hurry(self, session, seconds):
        """Lets the recording session run until it has lived that long, as fast as it goes."""
        self.pace(session, mode="free")
        until(lambda: duration(self.rig) >= seconds, f"{seconds} s of simulated time", 60)
        self.pace(session, mode="realtime")

    def reload(self):
        token = (pathlib.Path(self.folder) / "token").read_text(encoding="utf-8").strip()
        answer = self.main.post("/v1/plugins/robot_test_rig/reload", {}, headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 200, answer.text

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=START_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.process.stdout.close()
            self.log.close()


def duration(rig):
    return rig.get("/api/v1/sessions/status").json()["data_summary"].get("session_duration_seconds", 0)


@contextlib.contextmanager
def running(program, **more):
    host = Host(program, **more)
    yield host
    assert host.stop() == 0, "the host ends well"


@pytest.fixture(scope="session")
def program():
    assert "SIMHOST" in os.environ, "set SIMHOST to the host program"
    return os.environ["SIMHOST"]


@pytest.fixture(scope="session")
def host(program):
    """As it comes: every setting at its default but the ports."""
    with running(program) as one:
        yield one


@pytest.fixture
def rig(host):
    """Without a session, before and after."""
    host.rig.post("/api/v1/sessions/reset")
    yield host.rig
    host.rig.post("/api/v1/sessions/reset")


@pytest.fixture
def session(rig):
    """A recording session: its start's answer."""
    answer = rig.post("/api/v1/sessions/start")
    assert answer.status == 200, answer.text
    return answer.json()


def hear(socket, seconds=ANSWER_S):
    """The next message, as JSON."""
    return json.loads(socket.recv(timeout=seconds))


def hear_all(socket, seconds):
    """What comes within that time."""
    heard, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            heard.append(hear(socket, left))
        except TimeoutError:
            break
    return heard


def of(messages, kind):
    return [message["data"] for message in messages if message["type"] == kind]


def say(socket, message, kind):
    """Sends a message and gives the first answer of a kind."""
    socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))
    end = time.monotonic() + ANSWER_S
    while time.monotonic() < end:
        heard = hear(socket, max(0.01, end - time.monotonic()))
        if heard["type"] == kind:
            return heard
    raise AssertionError(f"no {kind}")
