"""Loading, replacing and unloading plugins under running sessions."""

import os
import shutil

import pytest
from conftest import TEMPLATES, check_problem, wait_for


@pytest.fixture
def folder(tmp_path):
    """A plugin folder of the test's own, with template_c in it."""
    made = tmp_path / "plugins"
    made.mkdir(mode=0o755)
    put(made, "template_c")
    return made


def put(folder, name, like=None):
    """A library under a name of its own; the rename makes it appear at once, as an installer would."""
    for level in ("", ".v3"):
        source = TEMPLATES / f"{like or name}{level}.so"
        if source.exists():
            new = folder / f".{name}{level}.new"
            shutil.copyfile(source, new)
            os.chmod(new, 0o644)
            os.replace(new, folder / f"{name}{level}.so")


@pytest.fixture
def host(start, folder):
    return start(plugins=folder)


def test_administration_needs_the_token(host):
    for method, path, body in (("POST", "/v1/plugins", {"path": "x.so"}), ("DELETE", "/v1/plugins/template_c", None),
                               ("POST", "/v1/plugins/template_c/reload", {})):
        check_problem(host.call(method, path, body), 401, "unauthorized")
        wrong = {"Authorization": "Bearer " + "0" * 64}
        check_problem(host.call(method, path, body, wrong), 401, "unauthorized")
    assert host.ok("GET", "/v1/plugins/template_c")["generation"] == 1


def test_logins_that_fail_are_limited(host):
    answers = [host.call("GET", "/v1/host", headers={"Authorization": "Bearer no"}) for _ in range(14)]
    assert {a.status for a in answers} == {401, 429}
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert host.call("GET", "/v1/host").status == 200


def test_a_required_token_is_required_of_everybody(start):
    host = start("--http-require-token", "true")
    check_problem(host.call("GET", "/v1/host"), 401, "unauthorized")
    assert host.call("GET", "/v1/host", token=True).status == 200
    assert host.call("GET", "/livez").status == 200
    assert host.call("OPTIONS", "/v1/sessions").status == 204


def test_a_plugin_is_loaded_from_a_plugin_folder(host, folder):
    put(folder, "template_cpp")
    answer = host.call("POST", "/v1/plugins", {"path": "template_cpp.so"}, token=True)
    assert answer.status == 201, answer
    assert answer.headers["location"] == "/v1/plugins/template_cpp"
    assert answer.value()["state"] == "loaded" and answer.value()["generation"] == 1
    host.session("template_cpp")
    again = host.call("POST", "/v1/plugins", {"path": "template_cpp.so"}, token=True)
    assert again.status == 409, again


def test_what_is_no_plugin_is_refused_with_the_reason(host, folder, tmp_path):
    (folder / "text.so").write_text("no library")
    (folder / "short.so").write_bytes((TEMPLATES / "template_cpp.so").read_bytes()[:5000])
    outside = tmp_path / "outside.so"
    shutil.copyfile(TEMPLATES / "template_cpp.so", outside)
    (folder / "link.so").symlink_to(outside)

    def load(path):
        return host.call("POST", "/v1/plugins", {"path": path}, token=True)

    assert load("text.so").value()["code"] == "plugin_not_a_library"
    for path in (str(outside), "../outside.so", "link.so", "none.so", "/etc/passwd"):
        check_problem(load(path), 422, "plugin_path_not_allowed")
    assert load("short.so").status == 422
    check_problem(host.call("POST", "/v1/plugins", {}, token=True), 422, "missing", ["/path"])
    assert [p["id"] for p in host.ok("GET", "/v1/plugins")["items"] if p["state"] == "loaded"] == ["template_c"]


def test_a_reload_carries_running_sessions_over_without_a_missed_tick(host):
    # A late tick is made up, not missed, unless the exchange held the sessions for longer than ten ticks.
    ids = [host.session(step_s=0.02, lanes=3, inputs={"input_k": 5})["id"] for _ in range(5)]
    wait_for(lambda: host.ok("GET", f"/v1/sessions/{ids[-1]}")["tick"] > 2)
    report = host.ok("POST", "/v1/plugins/template_c/reload", {}, token=True)
    assert report["from"]["generation"] == 1 and report["to"]["generation"] == 2
    assert report["descriptor_diff"]["verdict"] == "same" and report["sessions"] == 5
    assert report["unloaded"] is True and {"p50", "max"} <= set(report["stall_us"])
    for ident in ids:
        shown = host.ok("GET", f"/v1/sessions/{ident}")
        assert shown["state"] == "running" and shown["generation"] == 2 and shown["stats"]["missed"] == 0
        wait_for(lambda: host.ok("GET", f"/v1/sessions/{ident}")["tick"] > shown["tick"])
        assert host.ok("GET", f"/v1/sessions/{ident}/variables?names=input_k")["values"]["input_k"] == [5] * 3


def test_a_reload_keeps_every_value(host):
    urls = ["/v1/sessions/" + host.manual(inputs={"input_k": 5})["id"] for _ in range(2)]

    def step(url):
        host.ok("POST", url + "/step", {"ticks": 50})

    for url in urls:
        step(url)
    step(urls[0])
    host.ok("POST", "/v1/plugins/template_c/reload", {}, token=True)
    step(urls[1])
    digests = [host.ok("POST", url + "/checkpoints", status=201)["digest"] for url in urls]
    assert digests[0] == digests[1]
    assert host.ok("GET", urls[1] + "/journal")["items"][-1]["kind"] == "reload"


def test_a_dry_run_changes_nothing(host):
    report = host.ok("POST", "/v1/plugins/template_c/reload", {"dry_run": True}, token=True)
    assert report["descriptor_diff"]["verdict"] == "same"
    assert host.ok("GET", "/v1/plugins/template_c")["generation"] == 1


def test_a_bad_file_leaves_the_old_generation_running(host, folder):
    url = "/v1/sessions/" + host.session(step_s=0.02)["id"]
    wait_for(lambda: host.ok("GET", url)["tick"] > 2)
    for level in ("", ".v3"):
        (folder / f"template_c{level}.so.new").write_bytes(b"\x7fELF no more")
        os.replace(folder / f"template_c{level}.so.new", folder / f"template_c{level}.so")
    answer = host.call("POST", "/v1/plugins/template_c/reload", {}, token=True)
    assert answer.status in (409, 422), answer
    check_problem(answer, answer.status, answer.value()["code"])
    shown = host.ok("GET", url)
    assert shown["state"] == "running" and shown["generation"] == 1 and shown["stats"]["missed"] == 0
    wait_for(lambda: host.ok("GET", url)["tick"] > shown["tick"] + 2)
    assert host.ok("GET", "/v1/plugins/template_c")["state"] == "loaded"
    put(folder, "template_c")
    assert host.ok("POST", "/v1/plugins/template_c/reload", {}, token=True)["to"]["generation"] >= 2


def test_what_the_lint_only_warns_of_is_shown(start, folder):
    stale = TEMPLATES / "template_cpp.v3.so"
    if not stale.exists():
        pytest.skip("this build has no AVX2 libraries")
    shutil.copyfile(stale, folder / "template_c.v3.so")
    host = start(plugins=folder)
    shown = host.ok("GET", "/v1/plugins/template_c")
    assert shown["state"] == "loaded" and shown["cpu_level"] == "baseline"
    assert [w["rule"] for w in shown["warnings"]] == ["stale_v3"] and shown["warnings"][0]["detail"]
    assert "rule=stale_v3" in host.log.read_text(encoding="utf-8")


def test_another_plugin_is_no_new_generation_of_this_one(host, folder):
    put(folder, "other", like="template_cpp")
    answer = host.call("POST", "/v1/plugins/template_c/reload", {"path": "other.so"}, token=True)
    assert answer.status in (409, 422), answer
    assert host.ok("GET", "/v1/plugins/template_c")["generation"] == 1
    check_problem(host.call("POST", "/v1/plugins/none/reload", {}, token=True), 404, "not_found")


def test_a_plugin_in_use_stays_unless_forced(host):
    ids = [host.session()["id"] for _ in range(2)]
    problem = check_problem(host.call("DELETE", "/v1/plugins/template_c", token=True), 409, "in_use")
    assert all(ident in str(problem) for ident in ids), problem
    assert host.ok("GET", f"/v1/sessions/{ids[0]}")["state"] == "running"
    answer = host.call("DELETE", "/v1/plugins/template_c?force=true", token=True)
    assert answer.status == 204 or answer.value()["unloaded"] is False, answer
    check_problem(host.call("GET", "/v1/plugins/template_c"), 404, "not_found")
    check_problem(host.call("GET", "/v1/models/template_c"), 404, "not_found")
    assert "template_c" not in mapped(host)
    assert host.call("POST", "/v1/sessions", {"model": "template_c"}).status == 422


def mapped(host):
    """The libraries in the process; what is unloaded is none of them."""
    with open(f"/proc/{host.process.pid}/maps", encoding="utf-8") as maps:
        return "".join(line for line in maps if "/libraries/" in line)


def test_generations_do_not_pile_up(host):
    host.session()
    for _ in range(10):
        assert host.ok("POST", "/v1/plugins/template_c/reload", {}, token=True)["unloaded"] is True
    assert len({line.split()[-1] for line in mapped(host).splitlines()}) == 1
    shown = host.ok("GET", "/v1/plugins/template_c")
    assert shown["generation"] == 11 and shown.get("zombies", 0) == 0


def test_a_plugin_is_installed_from_its_bytes(host):
    library = (TEMPLATES / "template_cpp.so").read_bytes()
    answer = host.call("POST", "/v1/plugins", library, {"Content-Type": "application/octet-stream"}, token=True)
    assert answer.status == 201, answer
