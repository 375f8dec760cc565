"""A PostgreSQL server on loopback in a folder of its own; as a program: runs another with SIM_POSTGRES set to it."""

import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

START_S = 60


def binaries():
    """The folder of the newest server that is installed."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    if not found:
        raise RuntimeError("no /usr/lib/postgresql/*/bin: install the package postgresql (./dev setup test)")
    return found[-1]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """The server refuses to run as root, so under root it runs as the user postgres."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="simhost-postgres-"))
        self.who = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.data, self.port, self.process = self.folder / "data", free_port(), None
        try:
            self._run("initdb", "-D", self.data, "-U", "sim", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
            self.start()
        except BaseException:
            self.end()
            raise

    @property
    def url(self):
        return f"postgresql://sim@127.0.0.1:{self.port}/"

    def _run(self, name, *arguments):
        command = [binaries() / name, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.who)

    def start(self):
        command = [binaries() / "postgres", "-D", self.data, "-p", str(self.port)]
        for setting in ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "shared_buffers=16MB"):
            command += ["-c", setting]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **self.who)
        deadline = time.monotonic() + START_S
        ready = [binaries() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text(encoding="utf-8"))
            time.sleep(0.05)

    def stop(self):
        """At once, without waiting for its clients."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=30)

    def freeze(self, is_frozen):
        """Every process of it stands still, or goes on."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in [self.process.pid, *map(int, children)]:
            os.kill(pid, signal.SIGSTOP if is_frozen else signal.SIGCONT)

    def end(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    server = Postgres()
    try:
        environment = {**os.environ, "SIM_POSTGRES": server.url}
        ran = subprocess.run(sys.argv[1:], env=environment, stdout=subprocess.PIPE, check=False)
    finally:
        server.end()
    said = ran.stdout.decode(errors="replace")
    print(said)
    if ran.returncode == 0 and not re.search(r"\[  PASSED  \] [1-9]", said):
        print("no test ran")
        return 1
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main())
