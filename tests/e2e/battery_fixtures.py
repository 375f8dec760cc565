"""The hosts and simulations that the tests of the batteries share: a pytest plugin."""

import json
import os
import time

import pytest

from motor_host import ANSWER_S, Host


class BatteryHost(Host):
    """The running program with the batteries."""

    plugin = "battery_sensor"

    @property
    def batteries(self):
        return self.motor

    def session(self, name, body=None):
        """What /v1 says of a simulation, changed first where a body is given."""
        path = f"/v1/sessions/{name}"
        answer = self.main.ask("PATCH", path, body) if body else self.main.get(path)
        assert answer.status == 200, answer.text
        return answer.json()

    def values(self, name, *variables):
        answer = self.main.get(f"/v1/sessions/{name}/variables?names={','.join(variables)}")
        assert answer.status == 200, answer.text
        return answer.json()["values"]

    def step(self, name, seconds):
        """Puts a simulation under the hand and moves it; steps are of one second."""
        if self.session(name)["pace"]["mode"] != "manual":
            self.session(name, {"pace": {"mode": "manual"}})
        answer = self.main.post(f"/v1/sessions/{name}/step", {"ticks": int(seconds)})
        assert answer.status == 200, answer.text


def telemetry(socket, count=1, seconds=ANSWER_S):
    """The next messages of readings; pings are passed over."""
    end, found = time.monotonic() + seconds, []
    while len(found) < count:
        message = json.loads(socket.recv(timeout=max(0.01, end - time.monotonic())))
        if message["type"] == "telemetry":
            found.append(message["data"])
        else:
            assert message == {"type": "ping"}
    return found


def named(*ids, **more):
    return [{"battery_id": one, **more} for one in ids]


@pytest.fixture(scope="session")
def program():
    assert "SIMHOST" in os.environ, "set SIMHOST to the host program"
    return os.environ["SIMHOST"]


@pytest.fixture(scope="session")
def host(program):
    """As it comes: every setting at its default but the ports."""
    running = BatteryHost(program)
    yield running
    assert running.stop() == 0, "the host ends well"


@pytest.fixture
def batteries(host):
    """The listener; whatever the test leaves running is ended."""
    yield host.batteries
    host.batteries.post("/api/v1/simulation/stop")
    for one in host.batteries.get("/api/v1/simulations").json()["simulations"]:
        host.batteries.ask("DELETE", f"/api/v1/simulations/{one['simulation_id']}")


@pytest.fixture
def start(batteries):
    def make(*ids, **body):
        answer = batteries.post("/api/v1/simulation/start", {"batteries": named(*(ids or ("BAT001",))), **body})
        assert answer.status == 200, answer.text
        return answer.json()

    return make


@pytest.fixture
def status(batteries):
    def read(path="/api/v1/simulation/status"):
        answer = batteries.get(path)
        assert answer.status == 200, answer.text
        return answer.json()

    return read
