"""A host per module: started on loopback with free ports in a folder of its own, ended by its process id."""

import http.client
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import msgpack
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

SIMHOST = pathlib.Path(os.environ["SIMHOST"])
TEMPLATES = pathlib.Path(os.environ["SIM_TEMPLATES"])
PLUGINS = pathlib.Path(os.environ["SIM_PLUGINS"])
START_S = 30
END_S = 10
ASYNC = {"Prefer": "respond-async"}


class Answer:
    """One HTTP answer, its headers by lower-case name."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def media_type(self):
        return self.headers.get("content-type", "").split(";")[0]

    def value(self):
        if self.media_type == "application/msgpack":
            return msgpack.unpackb(self.body)
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:2000]!r}"


class Host:
    """A running simhost."""

    def __init__(self, folder, *flags, plugins=TEMPLATES, program=SIMHOST):
        self.folder = pathlib.Path(folder)
        self.log = self.folder / "log"
        command = [program, "--http-port", "0", "--state-dir", self.folder / "state", "--plugins-folders", plugins]
        command += ["--http-compatibility-listeners", "false", *flags]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SIMHOST_")}
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
        try:
            self.url = self._address()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        self.port = int(self.url.rsplit(":", 1)[1])
        self.token = (self.folder / "state" / "token").read_text(encoding="utf-8").strip()

    def _address(self):
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            text = self.log.read_text(encoding="utf-8")
            if found := re.search(r"http://127\.0\.0\.1:\d+", text):
                return found.group()
            assert self.process.poll() is None, f"the host ended at its start:\n{text}"
            time.sleep(0.02)
        raise AssertionError(f"the host named no address:\n{self.log.read_text(encoding='utf-8')}")

    def call(self, method, path, body=None, headers=None, token=False):
        """body: a value is sent as JSON, bytes as they are."""
        sent = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        if token:
            sent["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=sent)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def ok(self, method, path, body=None, status=200, **more):
        """The value of an answer that must be a good one."""
        answer = self.call(method, path, body, **more)
        assert answer.status == status, f"{method} {path}: {answer}"
        return answer.value() if answer.body else None

    def session(self, model="template_c", **members):
        return self.ok("POST", "/v1/sessions", {"model": model, **members}, status=201)

    def manual(self, model="template_c", **members):
        return self.session(model, pace={"mode": "manual"}, **members)

    def mapped(self):
        """Paths of the files that are mapped into it."""
        lines = pathlib.Path(f"/proc/{self.process.pid}/maps").read_text(encoding="utf-8").splitlines()
        return {line.split(maxsplit=5)[5] for line in lines if line.count("/")}

    def end(self):
        """Asks it to end; the status it ended with."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the host did not end within {END_S} s of SIGTERM") from None


def check_problem(answer, status, code, pointers=None, at="/"):
    """An error of the shape all errors have, of a path that begins with at; its document."""
    assert answer.status == status, answer
    assert answer.media_type == "application/problem+json", answer
    problem = json.loads(answer.body)
    assert problem["status"] == status
    assert problem["code"] == code, problem
    assert problem["type"] == f"/docs/errors#{code}"
    assert problem["title"] and problem["detail"] and problem["instance"].startswith(at)
    assert problem["request_id"] == answer.headers["x-request-id"]
    if pointers is not None:
        assert sorted(error["pointer"] for error in problem["errors"]) == sorted(pointers), problem
    return problem


def wait_for(what, timeout_s=20):
    """The first true value of what()."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if value := what():
            return value
        time.sleep(0.01)
    raise AssertionError("it did not happen in time")


def job_of(host, answer):
    """The job of a 202, once it has ended."""
    assert answer.status == 202, answer
    assert answer.headers["preference-applied"] == "respond-async"
    url = answer.headers["location"]
    assert url == "/v1/jobs/" + answer.value()["id"]
    return wait_for(lambda: job if (job := host.ok("GET", url))["state"] not in ("queued", "running") else None)


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    running = Host(tmp_path_factory.mktemp("host"))
    yield running
    status = running.end()
    log = running.log.read_text(encoding="utf-8")
    assert status == 0, log
    assert "were cut" not in log and "sanitizer" not in log.lower(), log


@pytest.fixture
def start(tmp_path_factory):
    """start(*flags, plugins=folder): a host of the test's own."""
    running = []

    def run(*flags, **more):
        running.append(Host(tmp_path_factory.mktemp("own"), *flags, **more))
        return running[-1]

    yield run
    for one in running:
        assert one.end() == 0, one.log.read_text(encoding="utf-8")


_numbers = itertools.count(1)


@pytest.fixture
def name():
    return f"s-{next(_numbers)}"


@pytest.fixture(scope="session")
def motor_plugin():
    """The folder of the shipped plugins."""
    if not (PLUGINS / "bldc_motor.so").exists():
        pytest.skip(f"no bldc_motor.so in {PLUGINS}")
    return PLUGINS
