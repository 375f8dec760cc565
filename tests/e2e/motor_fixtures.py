"""The hosts and sessions that the tests of the motor share: a pytest plugin."""

import os

import pytest

from motor_host import Host


@pytest.fixture(scope="session")
def program():
    assert "SIMHOST" in os.environ, "set SIMHOST to the host program"
    return os.environ["SIMHOST"]


@pytest.fixture(scope="session")
def host(program):
    """As it comes: every setting at its default but the ports."""
    running = Host(program)
    yield running
    assert running.stop() == 0, "the host ends well"


@pytest.fixture
def motor(host):
    return host.motor


@pytest.fixture
def start(motor):
    """Starts sessions, and ends those that the test leaves."""
    started = []

    def make(**body):
        answer = motor.post("/api/simulation/start", {"motor_id": "bldc_2kw_48v", **body})
        assert answer.status == 200, answer.text
        started.append(answer.json()["session_id"])
        return answer.json()

    yield make
    for session in started:
        motor.post(f"/api/simulation/{session}/stop")
