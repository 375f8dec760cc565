"""Starts the host program with the test rig on free loopback ports, for the tests of the rig: a pytest plugin."""

import contextlib
import json
import os
import time

import pytest

import motor_host
from motor_host import ANSWER_S, until

READINGS_PER_S = 16


class Host(motor_host.Host):
    """The running program with the rig."""

    plugin = "robot_test_rig"

    @property
    def rig(self):
        return self.motor

    def pace(self, session, **pace):
        answer = self.main.ask("PATCH", f"/v1/sessions/{session}", {"pace": pace})
        assert answer.status == 200, answer.text

    def hurry(self, session, seconds):
        """Lets the recording session run until it has lived that long, as fast as it goes."""
        self.pace(session, mode="free")
        until(lambda: duration(self.rig) >= seconds, f"{seconds} s of simulated time", 240)  # a day, with a sanitizer
        self.pace(session, mode="realtime")


def duration(rig):
    return rig.get("/api/v1/sessions/status").json()["data_summary"].get("session_duration_seconds", 0)


@contextlib.contextmanager
def running(program, **more):
    host = Host(program, **more)
    try:
        yield host
    finally:
        status = host.stop()  # also where the test failed
    assert status == 0, "the host ends well"


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
