"""The program as it is installed: it finds its own libraries wherever it lies, and says which of them is missing."""

import io
import pathlib
import re
import subprocess

import pyarrow.parquet
import pytest
from conftest import SIMHOST, TEMPLATES, Host, wait_for


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """A folder with an installation of its own."""
    folder = tmp_path_factory.mktemp("prefix")
    subprocess.run(["cmake", "--install", SIMHOST.parent, "--prefix", folder, "--strip"], check=True,
                   capture_output=True)
    return folder


@pytest.fixture
def installed(prefix, tmp_path):
    running = Host(tmp_path, program=prefix / "bin" / "simhost")
    yield running
    assert running.end() == 0, running.log.read_text(encoding="utf-8")


def recording_of(host, **body):
    session = host.manual()
    return session, host.ok("POST", f"/v1/sessions/{session['id']}/recordings", body, status=201)


def test_nothing_of_it_is_looked_for_outside_of_its_folder(prefix):
    for library in [prefix / "bin" / "simhost", *(prefix / "lib" / "simhost").glob("libsimhost_*.so")]:
        text = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
        paths = [path for found in re.findall(r"R(?:UN)?PATH\).*\[(.*)\]", text) for path in found.split(":")]
        assert paths and all(path.startswith("$ORIGIN") for path in paths), f"{library.name}: {paths}"


def test_it_records_with_the_libraries_beside_it(prefix, installed):
    session, recording = recording_of(installed)
    installed.ok("POST", f"/v1/sessions/{session['id']}/step", {"ticks": 20})
    installed.ok("POST", f"/v1/recordings/{recording['id']}/stop")
    file = installed.call("GET", f"/v1/recordings/{recording['id']}/file")
    assert len(pyarrow.parquet.read_table(io.BytesIO(file.body))) == 21
    mapped = {pathlib.Path(path) for path in installed.mapped()}
    assert prefix / "lib" / "simhost" / "libsimhost_parquet.so" in mapped
    assert not [path for path in mapped if path.is_relative_to(SIMHOST.parent) and not path.is_relative_to(TEMPLATES)]


def test_without_its_module_a_parquet_recording_fails_with_the_mend_and_all_else_goes_on(prefix, installed):
    module = prefix / "lib" / "simhost" / "libsimhost_parquet.so"
    away = module.rename(module.with_suffix(".away"))
    try:
        session, recording = recording_of(installed)
        path = f"/v1/recordings/{recording['id']}"
        failed = wait_for(lambda: (now := installed.ok("GET", path))["state"] == "failed" and now)
        assert failed["reason"]["code"] == "unsupported"
        for word in ("libsimhost_parquet.so", "lib/simhost", "csv"):
            assert word in failed["reason"]["detail"]
        installed.ok("POST", f"/v1/sessions/{session['id']}/step", {"ticks": 20})
        text = installed.ok("POST", f"/v1/sessions/{session['id']}/recordings", {"format": "csv"}, status=201)
        assert installed.ok("POST", f"/v1/recordings/{text['id']}/stop")["rows"] >= 1
    finally:
        away.rename(module)
    session, recording = recording_of(installed)
    ended = installed.ok("POST", f"/v1/recordings/{recording['id']}/stop")
    assert ended["state"] == "stopped" and ended["reason"] is None, "once it is there it is used, without a restart"
