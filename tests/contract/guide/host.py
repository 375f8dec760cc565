"""A host on a port of its own, and curl's lines as requests to it."""
import os
import re
import select
import shlex
import subprocess
import time
import urllib.error
import urllib.request

START_TIMEOUT_S = 60
REQUEST_TIMEOUT_S = 60


class Host:
    """Started on entry, ended by SIGTERM on exit."""

    def __init__(self, program, folders, state):
        state.mkdir(parents=True)
        self._log = open(state / "log", "w")  # noqa: SIM115: closed on exit
        self._process = subprocess.Popen(
            [program, "--http-port", "0", "--http-compatibility-listeners", "false", "--state-dir", state,
             "--plugins", ",".join(map(str, folders))],
            stdout=subprocess.PIPE, stderr=self._log)
        self._state = state
        self.url = None

    def __enter__(self):
        deadline, said = time.monotonic() + START_TIMEOUT_S, b""
        while self.url is None:
            pipe = self._process.stdout.fileno()
            ready, _, _ = select.select([pipe], [], [], max(0, deadline - time.monotonic()))
            more = os.read(pipe, 4096) if ready else b""
            if not more:
                self.__exit__()
                raise RuntimeError("the host did not start: " + (self._state / "log").read_text())
            said += more
            found = re.search(rb"http://\S+(?=  the API)", said)
            self.url = found[0].decode() if found else None
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def curl(self, line):
        """(status, body) of a line of curl with -s, -X, -H and -d."""
        token = (self._state / "token").read_text().strip()
        words = shlex.split(line.replace("$(simhost token)", token))[1:]
        method, headers, data, url = None, {}, None, None
        while words:
            word = words.pop(0)
            if word == "-X":
                method = words.pop(0)
            elif word == "-H":
                name, value = words.pop(0).split(":", 1)
                headers[name] = value.strip()
            elif word == "-d":
                data = words.pop(0).encode()
            elif word != "-s":
                url = word.replace("localhost:8080", self.url, 1)
        request = urllib.request.Request(url, data=data, headers=headers, method=method or ("POST" if data else "GET"))
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
