"""What holds on every route: keys that make a POST once, tags, jobs, limits that are settings."""

import threading

import pytest

from conftest import ASYNC, TEMPLATES, check_problem, job_of, wait_for


def test_a_key_makes_one_session_however_often_it_is_sent(host):
    key = {"Idempotency-Key": "many"}
    body = {"model": "template_c", "start": False, "tags": {"made": "once"}}
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(host.call("POST", "/v1/sessions", body, key)))
               for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [answer for answer in answers if answer.status == 201]
    assert made and {answer.status for answer in answers} <= {201, 409}
    assert len({answer.value()["id"] for answer in made}) == 1
    for answer in answers:
        if answer.status == 409:
            check_problem(answer, 409, "idempotency_key_in_work")
    again = host.call("POST", "/v1/sessions", body, key)
    assert again.headers["idempotency-replayed"] == "true" and again.value() == made[0].value()
    assert again.headers["location"] == made[0].headers["location"] and again.headers["etag"] == made[0].headers["etag"]
    assert host.call("POST", "/v1/sessions", body, {"Idempotency-Key": "other"}).value()["id"] != again.value()["id"]


def test_a_key_is_of_one_caller_and_one_path(host):
    url = "/v1/sessions/" + host.manual()["id"]
    key = {"Idempotency-Key": "here"}
    assert host.call("POST", url + "/step", {"ticks": 2}, key).value()["tick"] == 2
    assert host.call("POST", url + "/step", {"ticks": 2}, key).value()["tick"] == 2
    assert host.call("POST", url + "/step", {"ticks": 2}, key, token=True).value()["tick"] == 4
    assert host.call("POST", url + "/checkpoints", {}, key).status == 201
    check_problem(host.call("POST", url + "/step", {"ticks": 3}, key), 422, "idempotency_key_reused")
    for bad in ("", "x" * 257, "a b"):
        check_problem(host.call("POST", url + "/step", {}, {"Idempotency-Key": bad}), 400, "invalid_header")
    assert host.ok("GET", url)["tick"] == 4


def test_the_tag_of_a_session_changes_with_what_it_is_and_not_with_its_tick(host):
    url = "/v1/sessions/" + host.manual()["id"]

    def tag():
        return host.call("GET", url).headers["etag"]

    first = tag()
    host.ok("POST", url + "/step", {"ticks": 5})
    assert tag() == first
    seen = {first}
    for method, path, body in (("PATCH", "", {"tags": {"a": "1"}}), ("PATCH", "", {"stop_at_s": 9}),
                               ("PATCH", "", {"overrun": "skip"}), ("POST", "/pause", None), ("POST", "/stop", None)):
        answer = host.call(method, url + path, body)
        assert answer.headers["etag"] == tag() and answer.headers["etag"] not in seen
        seen.add(answer.headers["etag"])
    assert host.call("GET", url, headers={"If-None-Match": tag()}).status == 304
    check_problem(host.call("PATCH", url, {"tags": {}}, {"If-Match": first}), 412, "precondition_failed")
    assert host.call("PATCH", url, {"tags": {"b": "2"}}, {"If-Match": f'{first}, "x", {tag()}'}).status == 200
    assert host.call("PATCH", url, {"tags": {"b": "3"}}, {"If-Match": "*"}).status == 200
    assert host.call("DELETE", url, headers={"If-Match": tag()}).status == 204
    check_problem(host.call("DELETE", url, headers={"If-Match": "*"}), 404, "not_found")


def test_of_two_changes_to_the_same_version_one_wins(host):
    url = "/v1/sessions/" + host.manual()["id"]
    match = {"If-Match": host.call("GET", url).headers["etag"]}
    statuses = []
    threads = [threading.Thread(target=lambda n=n: statuses.append(
        host.call("PATCH", url, {"tags": {"by": str(n)}}, match).status)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [412] * 7


def test_a_long_step_is_a_job(host):
    session = host.manual(step_s=0.001)
    job = job_of(host, host.call("POST", f"/v1/sessions/{session['id']}/step", {"ticks": 30_000}, ASYNC))
    assert (job["state"], job["kind"], job["progress"]) == ("done", "session.step", 1)
    assert job["result"]["id"] == session["id"] and job["result"]["tick"] == 30_000
    assert host.ok("GET", f"/v1/jobs/{job['id']}") == job
    assert job["id"] in [j["id"] for j in host.ok("GET", "/v1/jobs?state=done&kind=session.step")["items"]]
    check_problem(host.call("DELETE", f"/v1/jobs/{job['id']}"), 409, "wrong_state")
    check_problem(host.call("GET", "/v1/jobs/none"), 404, "not_found")
    check_problem(host.call("GET", "/v1/jobs?state=some"), 400, "not_in_enum")


def test_a_long_step_ends_at_the_stop_and_fails_with_its_reason(host):
    session = host.manual(step_s=0.001, stop_at_s=2)
    url = f"/v1/sessions/{session['id']}/step"
    job = job_of(host, host.call("POST", url, {"ticks": 1_000_000}, ASYNC))
    assert job["state"] == "done" and job["result"]["state"] == "stopped" and job["result"]["tick"] == 2000
    job = job_of(host, host.call("POST", url, {"ticks": 1_000_000}, ASYNC))
    assert job["state"] == "failed" and job["error"]["code"] == "wrong_state" and job["result"] is None


def test_a_long_step_can_be_cancelled(host):
    session = host.manual(step_s=0.001, lanes=1000)
    answer = host.call("POST", f"/v1/sessions/{session['id']}/step", {"ticks": 10**12}, ASYNC)
    url = answer.headers["location"]
    wait_for(lambda: host.ok("GET", f"/v1/sessions/{session['id']}")["tick"] > 0)
    assert host.call("DELETE", url).status == 200
    job = job_of(host, answer)
    assert job["state"] == "cancelled" and job["progress"] < 1 and job["error"] is None
    tick = host.ok("GET", f"/v1/sessions/{session['id']}")["tick"]
    assert 0 < tick < 10**12
    host.ok("POST", f"/v1/sessions/{session['id']}/step", {"ticks": 1})
    assert host.ok("GET", f"/v1/sessions/{session['id']}")["tick"] == tick + 1
    check_problem(host.call("POST", f"/v1/sessions/{session['id']}/step", {"ticks": 10**12}), 422,
                  "value_out_of_range", ["/ticks"])


def test_a_reload_can_be_a_job(host):
    before = host.ok("GET", "/v1/plugins/template_cpp")["generation"]
    job = job_of(host, host.call("POST", "/v1/plugins/template_cpp/reload", {}, ASYNC, token=True))
    assert job["state"] == "done" and job["kind"] == "plugin.reload", job
    assert job["result"]["to"]["generation"] == before + 1
    job = job_of(host, host.call("POST", "/v1/plugins/none/reload", {}, ASYNC, token=True))
    assert job["state"] == "failed" and job["error"]["code"] == "not_found"


def test_a_checkpoint_a_fork_and_a_restore_can_be_jobs(host, name):
    session = host.manual(step_s=0.001, lanes=100)
    url = f"/v1/sessions/{session['id']}"
    host.ok("POST", f"{url}/step", {"ticks": 5})
    job = job_of(host, host.call("POST", f"{url}/checkpoints", {"name": "warm"}, ASYNC))
    assert (job["state"], job["kind"], job["progress"]) == ("done", "session.checkpoint", 1), job
    assert job["result"] == host.ok("GET", f"{url}/checkpoints/warm") and job["result"]["tick"] == 5
    host.ok("POST", f"{url}/step", {"ticks": 5})
    job = job_of(host, host.call("POST", f"{url}/fork", {"checkpoint": "warm", "name": name}, ASYNC))
    assert (job["state"], job["kind"]) == ("done", "session.fork"), job
    copy = host.ok("GET", f"/v1/sessions/{name}")
    assert (copy["id"], copy["tick"], copy["lanes"]) == (job["result"]["id"], 5, 100)
    assert job["result"]["state"] == "paused" and job["result"].keys() == copy.keys()
    job = job_of(host, host.call("POST", f"{url}/restore", {"checkpoint": "warm"}, ASYNC))
    assert (job["state"], job["kind"]) == ("done", "session.restore"), job
    assert (job["result"]["id"], job["result"]["tick"]) == (session["id"], 5)
    check_problem(host.call("DELETE", f"/v1/jobs/{job['id']}"), 409, "wrong_state")


@pytest.mark.parametrize("path, body, code", [("checkpoints", {"name": "cold"}, "name_taken"),
                                              ("fork", {"checkpoint": "none"}, "unknown_reference"),
                                              ("restore", {"checkpoint": "none"}, "unknown_reference")])
def test_what_fails_in_a_job_fails_as_it_does_without(host, path, body, code):
    url = f"/v1/sessions/{host.manual()['id']}"
    host.ok("POST", f"{url}/checkpoints", {"name": "cold"}, status=201)
    plain = host.call("POST", f"{url}/{path}", body).value()
    job = job_of(host, host.call("POST", f"{url}/{path}", body, ASYNC))
    assert job["state"] == "failed" and job["result"] is None
    assert job["error"] == {"code": code, "detail": plain["detail"]} and plain["code"] == code
    check_problem(host.call("POST", f"{url}/{path}", {"some": 1}, ASYNC), 422,
                  "validation_failed" if path == "restore" else "unknown_key")
    check_problem(host.call("POST", f"/v1/sessions/none/{path}", body, ASYNC), 404, "not_found")


@pytest.mark.parametrize("path", ["step", "fork", "checkpoints", "commands/none"])
def test_null_is_no_object(host, path):
    session = host.manual()["id"]
    answer = host.call("POST", f"/v1/sessions/{session}/{path}", b"null", {"Content-Type": "application/json"})
    assert answer.status == (404 if path.startswith("commands") else 422), answer


def test_limits_are_what_the_settings_say(start):
    host = start("--limits-session-lanes", "8", "--limits-body-bytes", "2048", "--limits-inbox", "1")
    limits = host.ok("GET", "/v1/host")["limits"]
    assert (limits["session_lanes"], limits["body_bytes"], limits["inbox"]) == (8, 2048, 1)
    assert host.ok("GET", "/v1/models/template_c")["max_lanes"] == 8
    assert host.ok("GET", "/v1/models/template_c/schema")["properties"]["lanes"]["maximum"] == 8
    check_problem(host.call("POST", "/v1/sessions", {"model": "template_c", "lanes": 9}), 422, "value_out_of_range")
    url = "/v1/sessions/" + host.manual(lanes=8)["id"]
    check_problem(host.call("POST", "/v1/sessions", {"model": "x" * 3000}), 413, "payload_too_large")
    host.ok("PATCH", url + "/variables", {"values": {"input_k": 1}, "at_tick": 50})
    check_problem(host.call("PATCH", url + "/variables", {"values": {"input_k": 1}, "at_tick": 60}), 503, "inbox_full")


def test_what_is_kept_is_bounded_by_settings(start):
    bounds = {"scenarios": 1, "schedules": 1, "rules": 1, "recordings_open": 1, "recordings": 2}
    host = start(*(word for key, n in bounds.items() for word in ("--limits-" + key.replace("_", "-"), str(n))))
    assert {key: host.ok("GET", "/v1/host")["limits"][key] for key in bounds} == bounds
    session = host.manual()["id"]
    scenario = {"model": "template_c", "timeline": [{"t_s": 0, "set": {"input_k": 1}}]}
    schedule = {"session": session, "when": {"every_s": 1}, "actions": [{"pause": {}}]}
    rule = {"model": "template_c", "variable": "input_k", "when": {"above": 1}}
    for kind, body in (("scenarios", scenario), ("schedules", schedule), ("rules", rule)):
        host.ok("POST", f"/v1/{kind}", {"name": "a", **body}, status=201)
        check_problem(host.call("POST", f"/v1/{kind}", {"name": "b", **body}), 503, "limit_reached")
    for _ in range(bounds["recordings"]):
        made = host.ok("POST", f"/v1/sessions/{session}/recordings", {"format": "csv"}, status=201)
        check_problem(host.call("POST", f"/v1/sessions/{session}/recordings"), 503, "limit_reached")  # one is open
        host.ok("POST", f"/v1/recordings/{made['id']}/stop")
    check_problem(host.call("POST", f"/v1/sessions/{session}/recordings"), 503, "limit_reached")


def test_a_sent_plugin_is_bounded_judged_and_found_again(start, tmp_path):
    octets = {"Content-Type": "application/octet-stream"}
    library = (TEMPLATES / "template_cpp.so").read_bytes()
    empty = tmp_path / "none"
    empty.mkdir()
    small = start("--limits-upload-bytes", "2048", plugins=empty)
    check_problem(small.call("POST", "/v1/plugins", library, octets, token=True), 413, "payload_too_large")
    host = start(plugins=empty)
    check_problem(host.call("POST", "/v1/plugins", library, octets), 401, "unauthorized")
    check_problem(host.call("POST", "/v1/plugins", b"no library", octets, token=True), 422, "plugin_not_a_library")
    answer = host.call("POST", "/v1/plugins", library, octets, token=True)
    assert answer.status == 201 and answer.headers["location"] == "/v1/plugins/template_cpp", answer
    assert answer.value()["state"] == "loaded" and answer.value()["warnings"] == []
    check_problem(host.call("POST", "/v1/plugins", library, octets, token=True), 409, "already_exists")
    host.session("template_cpp")
    kept = sorted(path.name for path in (host.folder / "state" / "plugins").iterdir())
    assert kept == ["template_cpp.so"], kept


def test_a_sent_plugin_is_loaded_once_by_its_key(start, tmp_path):
    empty = tmp_path / "none"
    empty.mkdir()
    host = start(plugins=empty)
    headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": "load"}
    library = (TEMPLATES / "template_c.so").read_bytes()
    first = host.call("POST", "/v1/plugins", library, headers, token=True)
    assert first.status == 201, first
    again = host.call("POST", "/v1/plugins", library, headers, token=True)
    assert again.status == 201 and again.value() == first.value()
    other = bytearray(library)
    other[-1] ^= 1
    check_problem(host.call("POST", "/v1/plugins", bytes(other), headers, token=True), 422, "idempotency_key_reused")
