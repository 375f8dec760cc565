"""Starts the host program with the motor on free loopback ports, and speaks to it as its clients do."""

import http.client
import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import tempfile
import threading
import time
import urllib.parse

from websockets.sync.client import connect

START_S = 60  # machines may be busy; a program that does not come up by then never will
ANSWER_S = 20


class Answer:
    """One HTTP answer; header names are in lower case."""

    def __init__(self, status, headers, text):
        self.status, self.text = status, text
        self.headers = {name.lower(): value for name, value in headers}

    def json(self):
        return json.loads(self.text)


class Listener:
    """A listener of the host by its address."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.authority = urllib.parse.urlsplit(url).netloc

    def ask(self, method, path, body=None, headers=None, raw=None):
        """body: anything JSON; raw: bytes instead."""
        given = dict(headers or {})
        if body is not None:
            raw = json.dumps(body).encode()
        if raw is not None:
            given.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(self.authority, timeout=ANSWER_S)
        try:
            connection.request(method, path, body=raw, headers=given)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read().decode())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.ask("POST", path, body, **more)

    def put(self, path, body=None, **more):
        return self.ask("PUT", path, body, **more)

    def socket(self, path):
        return connect(f"ws://{self.authority}{path}", compression=None, proxy=None, open_timeout=ANSWER_S,
                       max_queue=4096, max_size=None)


class Host:
    """The running program; main is its own listener, motor the one that stands in for the original."""

    plugin = "bldc_motor"

    def __init__(self, program, variables=None, folder=None, **settings):
        """folder: its state, kept when it ends; without one it has a folder of its own that goes with it."""
        self.own_folder = None if folder else tempfile.TemporaryDirectory(prefix="simhost-")
        self.folder = pathlib.Path(folder or self.own_folder.name)
        command = [program, "--http-port", "0", "--state-dir", str(self.folder), "--plugins-load", self.plugin]
        for key, value in {"port": 0, **settings}.items():
            command += ["--set", f"plugins.{self.plugin}.{key}={value}"]
        self.log = open(self.folder / "log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env={**os.environ, **(variables or {})})
        try:
            self.main, self.motor = self._read_addresses()
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
        motor = re.search(rf"(http://\S+)\s+{self.plugin}", said)
        assert main and motor, f"the host does not serve the plugin:\n{said}\n{self.logged()}"
        return Listener(main[1]), Listener(motor[1])

    def logged(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(encoding="utf-8")

    def reload(self):
        """Puts a new generation of the plugin under its sessions."""
        token = (self.folder / "token").read_text(encoding="utf-8").strip()
        answer = self.main.post(f"/v1/plugins/{self.plugin}/reload", {}, headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 200, answer.text

    def stop(self):
        """Ends it as an operator would; gives its exit status, and shows what it said unless that is 0."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=START_S)
            if status != 0:
                print(self.logged())
            return status
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.process.stdout.close()
            self.log.close()
            if self.own_folder:
                self.own_folder.cleanup()


def until(found, what, seconds=ANSWER_S):
    """Asks again until found() gives something; each question to the host takes its own time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = found()
        if result:
            return result
    raise AssertionError(f"no {what} within {seconds} s")


def receive(socket, wanted, seconds=ANSWER_S):
    """The first message that is wanted; those before it are dropped."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        message = socket.recv(timeout=max(0.01, end - time.monotonic()))
        read = message if isinstance(message, bytes) else json.loads(message)
        if wanted(read):
            return read
    raise AssertionError(f"no such message within {seconds} s")


def is_data(message):
    return isinstance(message, dict) and message.get("type") == "simulation_data"


def is_ack(message):
    return isinstance(message, dict) and message.get("type") == "ack"


def frames(socket, count):
    """The next messages of data, as their "data"."""
    return [receive(socket, is_data)["data"] for _ in range(count)]


def say(socket, message):
    """Sends one message, JSON or as it is, and gives the reply to it."""
    socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))
    return receive(socket, is_ack)


def read_frame(message):
    """(type, milliseconds, payload) of a binary frame."""
    kind, length, milliseconds = struct.unpack_from(">HHI", message)
    assert len(message) == 8 + length
    return kind, milliseconds, message[8:]
