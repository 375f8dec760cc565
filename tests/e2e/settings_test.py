"""The program from its command line: settings that are wrong are named all at once, and nothing starts."""

import json
import os
import re
import resource
import socket
import stat
import subprocess

import pytest
from conftest import SIMHOST, TEMPLATES

BAD_SETTINGS = 78


@pytest.fixture
def run(tmp_path):
    """run(*arguments): the program to its end, in an empty folder."""

    def go(*arguments, environment=None, timeout_s=20):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SIMHOST_")}
        kept["XDG_STATE_HOME"] = str(tmp_path / "xdg")
        return subprocess.run([SIMHOST, *map(str, arguments)], capture_output=True, text=True, timeout=timeout_s,
                              cwd=tmp_path, env=kept | (environment or {}), check=False)

    return go


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "settings.json"
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
        return path

    return write


def test_help_and_version_and_completion(run):
    shown = run("--help")
    assert shown.returncode == 0 and "--http-port" in shown.stdout and "settings" in shown.stdout
    assert re.fullmatch(r"simhost \d+\.\d+\.\d+\n", run("--version").stdout)
    words = run("completion")
    assert words.returncode == 0
    completed = subprocess.run(["bash", "-c", words.stdout + "complete -p simhost"], capture_output=True, text=True,
                               check=False)
    assert completed.returncode == 0 and "--http-port" in completed.stdout and "token" in completed.stdout


def test_an_unknown_flag_or_command_is_a_fault_of_use(run):
    assert run("--no-such-flag").returncode == 64
    assert run("dance").returncode == 64
    assert run("--http-port").returncode == 64


def test_good_settings_are_good_and_shown_with_where_they_come_from(run, file):
    path = file({"http": {"port": 8123, "drain_s": 2}})
    assert run("--config", path, "check").returncode == 0
    shown = run("--config", path, "--log-level", "error", "settings", environment={"SIMHOST_HTTP_DRAIN_S": "3"})
    assert shown.returncode == 0
    lines = {line.split(" = ")[0]: line for line in shown.stdout.splitlines()}
    assert "8123" in lines["http.port"] and "settings.json:1:" in lines["http.port"]
    assert lines["http.drain_s"].split(" = ")[1].startswith("3") and "SIMHOST_HTTP_DRAIN_S" in lines["http.drain_s"]
    assert '"error"' in lines["log.level"] and "--log-level" in lines["log.level"]
    assert "default" in lines["engine.threads"]


@pytest.mark.parametrize("command", ["check", "run", "settings", "token"])
def test_every_fault_of_a_file_is_named_with_its_place(run, file, command):
    path = file('{\n  "http": {\n    "port": 70000,\n    "hots": "x",\n    "drain_s": "long"\n  },\n'
                '  "engine": {"cpu": "v9"}\n}\n')
    ended = run("--config", path, command)
    assert ended.returncode == BAD_SETTINGS, ended
    places = {line: f"settings.json:{line}:" for line in (3, 4, 5, 7)}
    for line, place in places.items():
        assert re.search(rf"{re.escape(place)}\d+", ended.stderr), (line, ended.stderr)
    assert "host" in ended.stderr and "auto" in ended.stderr
    assert not ended.stdout


def test_a_file_that_cannot_be_parsed_is_named_with_its_place(run, file):
    ended = run("--config", file('{\n  "http": {,}\n}'), "check")
    assert ended.returncode == BAD_SETTINGS and re.search(r"settings\.json:2:\d+", ended.stderr), ended
    missing = run("--config", "none.json", "check")
    assert missing.returncode == BAD_SETTINGS and "none.json" in missing.stderr, missing
    twice = run("--config", file('{"http":{"port":1,"port":2}}'), "check")
    assert twice.returncode == BAD_SETTINGS and "port" in twice.stderr, twice


def test_a_faulty_flag_or_variable_is_named(run):
    flag = run("--http-port", "x", "check")
    assert flag.returncode == BAD_SETTINGS and "http-port" in flag.stderr, flag
    variable = run("check", environment={"SIMHOST_HTTP_PORT": "-1"})
    assert variable.returncode == BAD_SETTINGS and "SIMHOST_HTTP_PORT" in variable.stderr, variable


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1"])
def test_an_open_address_without_a_token_is_refused_with_the_mend(run, address):
    ended = run("--http-host", address, "check")
    assert ended.returncode == BAD_SETTINGS and "require_token" in ended.stderr.replace("-", "_"), ended
    for waived in (("--http-require-token", "true"), ("--allow-unauthenticated-remote", "true")):
        assert run("--http-host", address, *waived, "check").returncode == 0


def test_a_port_that_is_taken_ends_the_start_with_the_mend(run, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run("--http-port", port, "--plugins-folders", TEMPLATES, "--state-dir", tmp_path / "state")
    assert ended.returncode not in (0, BAD_SETTINGS) and ended.returncode > 0, ended
    assert str(port) in ended.stderr and "--http-port" in ended.stderr, ended.stderr
    assert "running" not in ended.stdout


def test_the_token_is_made_once_and_only_its_owner_reads_it(run, tmp_path):
    first, second = (run("--state-dir", tmp_path / "state", "token") for _ in range(2))
    assert first.returncode == 0 and re.fullmatch(r"[0-9a-f]{64}\n", first.stdout)
    assert second.stdout == first.stdout
    path = tmp_path / "state" / "token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and path.read_text() == first.stdout
    path.chmod(0o644)
    refused = run("--state-dir", tmp_path / "state", "token")
    assert refused.returncode == 1 and "chmod 600" in refused.stderr and first.stdout.strip() not in refused.stderr


def test_without_a_state_folder_the_users_own_is_taken(run, tmp_path):
    assert run("token").returncode == 0
    assert (tmp_path / "xdg" / "simhost" / "token").exists()


def test_it_takes_as_many_descriptors_as_the_user_may_have(start):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        host = start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert resource.prlimit(host.process.pid, resource.RLIMIT_NOFILE) == (hard, hard)


def test_a_folder_without_plugins_still_serves(start, tmp_path):
    host = start(plugins=tmp_path)
    assert host.ok("GET", "/v1/plugins")["items"] == []
    assert host.call("GET", "/readyz").status == 200


def test_a_plugin_that_cannot_be_loaded_is_logged_and_the_others_serve(start, tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "bad.so").write_bytes(b"no library")
    (folder / "template_c.so").write_bytes((TEMPLATES / "template_c.so").read_bytes())
    host = start(plugins=folder)
    assert "template_c" in [p["id"] for p in host.ok("GET", "/v1/plugins")["items"] if p["state"] == "loaded"]
    assert "bad.so" in host.log.read_text()


def test_only_the_plugins_asked_for_are_loaded(start):
    host = start("--plugins-load", "template_cpp")
    assert [p["id"] for p in host.ok("GET", "/v1/plugins")["items"]] == ["template_cpp"]
