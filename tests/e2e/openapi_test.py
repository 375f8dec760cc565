"""The documents the host makes of itself are valid, and the host does what they say when it is asked at random."""

import re
import subprocess
import sys

import pytest
from openapi_spec_validator import validate

SEED = "20250701"
EXAMPLES = "15"
CASES_AT_LEAST = 500  # a run that asks nothing must not pass
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
          "unsupported_method,allow_header_conformance,use_after_free")
# Random requests must not take the plugins away from the other requests; administration_test.py sees to these.
ADMINISTRATION = r"/v1/plugins(/\{plugin\}(/reload)?)?$"


def test_openapi_is_valid_and_names_every_operation_once(host):
    document = host.ok("GET", "/openapi.json")
    validate(document)
    assert document["openapi"].startswith("3.1")
    operations = [op for path in document["paths"].values() for op in path.values()]
    ids = [op["operationId"] for op in operations]
    assert len(ids) == len(set(ids)) and len(ids) > 30
    assert all(op["summary"] and op["responses"] for op in operations)
    for path in ("/v1/host", "/v1/plugins/{plugin}/reload", "/v1/models/{model}/schema", "/v1/sessions/{session}/fork",
                 "/v1/sessions/{session}/commands/{command}", "/v1/sessions/{session}/journal"):
        assert path in document["paths"], path
    administered = {op["operationId"] for op in operations if op.get("security")}
    assert administered == {"loadPlugin", "reloadPlugin", "unloadPlugin"}


def test_what_the_host_does_not_document_it_does_not_do(host):
    document = host.ok("GET", "/openapi.json")
    for path, item in document["paths"].items():
        allowed = host.call("OPTIONS", path.replace("{", "").replace("}", "")).headers["allow"]
        assert {m.strip().lower() for m in allowed.split(",")} - {"head", "options"} == set(item), path


def test_asyncapi_names_all_operations(host):
    document = host.ok("GET", "/asyncapi.json")
    assert document["asyncapi"].startswith("3.")
    channel = document["channels"]["stream"]
    assert channel["address"] == "/v1/stream"
    received = {name for name, op in document["operations"].items() if op["action"] == "receive"}
    sent = {name for name, op in document["operations"].items() if op["action"] == "send"}
    assert received == {"subscribe", "unsubscribe", "set", "command", "events", "ping"}
    assert sent == {"subscribed", "data", "unsubscribed", "ended", "ack", "event", "pong", "error"}
    assert received | sent == set(channel["messages"])
    import jsonschema

    for message in channel["messages"].values():
        jsonschema.Draft202012Validator.check_schema(message["payload"])
    for reference in _references(document):
        node = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


def _references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for child in node.values():
            yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)


CONFIG = """
[parameters]
"path.session" = "{kept}"
"path.model" = "template_c"
"path.checkpoint" = "c"
[[operations]]
include-operation-id = "deleteSession"
parameters = {{ "path.session" = "{given_away}" }}
[[operations]]
include-operation-id = "deleteCheckpoint"
parameters = {{ "path.checkpoint" = "d" }}
"""


@pytest.mark.parametrize("caller", ["anonymous", "administrator"])
def test_random_requests_get_what_is_documented(start, tmp_path, caller):
    host = start("--limits-lanes", "4096", "--limits-sessions", "200")
    kept, given_away = (host.manual()["id"] for _ in range(2))
    for checkpoint in ("c", "d"):
        host.ok("POST", f"/v1/sessions/{kept}/checkpoints", {"name": checkpoint}, status=201)
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.format(kept=kept, given_away=given_away), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", config, "run", f"{host.url}/openapi.json",
               "--seed", SEED, "--max-examples", EXAMPLES, "--checks", CHECKS, "--phases", "coverage,fuzzing",
               "--request-timeout", "30", "--no-color", "--generation-database", "none", "--continue-on-failure",
               "--suppress-health-check", "all"]
    if caller == "administrator":
        command += ["-H", f"Authorization: Bearer {host.token}", "--exclude-path-regex", ADMINISTRATION]
    ran = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=280, check=False,
                         cwd=tmp_path)
    assert host.process.poll() is None, host.log.read_text(encoding="utf-8")
    assert ran.returncode == 0, ran.stdout[-12000:] + ran.stderr[-2000:]
    generated, passed = map(int, re.search(r"(\d+) generated, (\d+) passed", ran.stdout).groups())
    assert passed == generated >= CASES_AT_LEAST, ran.stdout[-3000:]
    assert host.ok("GET", f"/v1/sessions/{kept}")["state"] != "failed"
