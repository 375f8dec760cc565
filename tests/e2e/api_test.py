"""The generic API of sessions, variables, checkpoints and models, as docs/api.md promises it."""

import math
import re

import pytest
from conftest import check_problem, wait_for

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")


def lag(gain, value, time_constant_s, time_s):
    """What template_c gives for a held input."""
    return gain * value * (1 - math.exp(-time_s / time_constant_s))


def test_the_host_describes_itself(host):
    shown = host.ok("GET", "/v1/host")
    assert TIME.match(shown["started_at"]) and shown["uptime_s"] > 0
    assert shown["name"] == "simhost" and shown["isolation"] == "in_process"
    assert {"cpus", "cpu_level", "kernel", "scheduling", "timer_slack_ns"} <= set(shown["machine"])
    assert set(shown["clock"]["lateness_us"]) == {"p50", "p99", "max"}
    assert shown["counts"]["plugins"] == 2 and shown["counts"]["models"] == 2
    assert shown["limits"]["sessions"] == 10_000


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/startupz"])
def test_health_is_good_while_it_serves(host, path):
    assert host.ok("GET", path)["status"] == "ok"


def test_metrics_are_prometheus_text_without_session_ids(host):
    session = host.session()
    answer = host.call("GET", "/metrics")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    text = answer.body.decode()
    for family in ("simhost_ticks_total", "simhost_missed_ticks_total", "simhost_tick_lateness_seconds",
                   "simhost_step_seconds", "simhost_sessions", "simhost_lanes", "simhost_stream_clients",
                   "simhost_stream_messages_total", "simhost_stream_dropped_total", "simhost_http_requests_total",
                   "simhost_http_request_seconds", "simhost_plugin_generation", "simhost_zombie_libraries", "process_"):
        assert re.search(rf"^# HELP {family}", text, re.M) and re.search(rf"^# TYPE {family}", text, re.M), family
    assert session["id"] not in text
    host.ok("DELETE", f"/v1/sessions/{session['id']}", status=204)


def test_the_stall_of_reloads_is_a_metric(host):
    assert b"# TYPE simhost_plugin_reload_stall_seconds" in host.call("GET", "/metrics").body


def test_plugins_and_models_are_listed_and_shown(host):
    plugins = host.ok("GET", "/v1/plugins")["items"]
    assert [p["id"] for p in plugins] == ["template_c", "template_cpp"]
    plugin = host.ok("GET", "/v1/plugins/template_c")
    assert plugin["state"] == "loaded" and plugin["generation"] == 1 and plugin["models"] == ["template_c"]
    assert TIME.match(plugin["loaded_at"]) and len(plugin["digest"]) == 64
    check_problem(host.call("GET", "/v1/plugins/none"), 404, "not_found")
    assert [m["id"] for m in host.ok("GET", "/v1/models?plugin=template_cpp")["items"]] == ["template_cpp"]
    model = host.ok("GET", "/v1/models/template_c")
    variables = {v["name"]: v for v in model["variables"]}
    assert variables["input_k"] | {"min": -1000, "max": 1000, "unit": "K", "causality": "input", "type": "real",
                                   "variability": "continuous", "start": 0, "nominal": 100} == variables["input_k"]
    check_problem(host.call("GET", "/v1/models/none"), 404, "not_found")


def test_a_step_in_the_descriptor_is_the_number_it_means(host):
    assert host.ok("GET", "/v1/models/template_c")["step"] == {"default_s": 0.001, "min_s": 1e-06, "max_s": 3600}


def test_a_models_schema_takes_what_the_host_takes(host):
    import jsonschema

    schema = host.ok("GET", "/v1/models/template_c/schema")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    body = {"model": "template_c", "lanes": 2, "step_s": 1e-6, "overrun": "skip", "pace": {"mode": "manual"},
            "inputs": {"input_k": [1, 2]}, "parameters": {"gain": 2}, "tags": {"a": "b"}}
    validator.validate(body)
    host.ok("POST", "/v1/sessions", body, status=201)
    assert not validator.is_valid({"model": "template_c", "inputs": {"input_k": 1001}})
    assert not validator.is_valid({"model": "template_c", "inputs": {"nothing": 1}})


def test_creation_answers_the_whole_resource_with_its_location(host, name):
    answer = host.call("POST", "/v1/sessions", {"model": "template_c", "name": name, "tags": {"bench": "left"}})
    assert answer.status == 201, answer
    made = answer.value()
    assert answer.headers["location"] == f"/v1/sessions/{made['id']}"
    shown = host.ok("GET", answer.headers["location"])
    assert set(shown) == set(made)
    assert made["name"] == name and made["state"] == "running" and made["step_s"] == 0.001 and made["lanes"] == 1
    assert made["pace"] == {"mode": "realtime", "rate": 1.0} and made["overrun"] == "catch_up"
    assert made["stop_at_s"] is None and made["seed"] == 0 and made["owner"] is None and made["reason"] is None
    assert made["tags"] == {"bench": "left"} and TIME.match(made["created_at"])
    assert set(made["stats"]) == {"ticks", "missed", "overruns", "lateness_us", "step_us", "inbox", "clients",
                                  "dropped"}
    assert host.ok("GET", f"/v1/sessions/{name}")["id"] == made["id"]


def test_a_faulty_session_gets_all_its_errors_at_once_and_is_not_made(host, name):
    before = host.ok("GET", "/v1/host")["counts"]["sessions"]
    body = {"model": "template_c", "name": "Not Good", "lanes": 0, "step_s": -1, "sed": 3, "seed": 1.5,
            "pace": {"mode": "fast"}, "inputs": {"input_k": 1e9, "input_q": 1}, "tags": {"a": 1}}
    problem = check_problem(host.call("POST", "/v1/sessions", body), 422, "validation_failed")
    found = {e["pointer"]: e for e in problem["errors"]}
    assert {"/name", "/lanes", "/step_s", "/sed", "/seed", "/pace/mode", "/inputs/input_k", "/inputs/input_q",
            "/tags/a"} <= set(found), found
    assert found["/inputs/input_k"]["min"] == -1000 and found["/inputs/input_k"]["max"] == 1000
    assert found["/inputs/input_k"]["code"] == "value_out_of_range"
    assert found["/sed"]["code"] == "unknown_key" and "seed" in found["/sed"]["detail"]
    assert "input_k" in found["/inputs/input_q"]["detail"]
    assert host.ok("GET", "/v1/host")["counts"]["sessions"] == before
    check_problem(host.call("POST", "/v1/sessions", {"model": "none"}), 422, "unknown_model", ["/model"])
    check_problem(host.call("POST", "/v1/sessions", {}), 422, "missing", ["/model"])
    host.session(name=name)
    check_problem(host.call("POST", "/v1/sessions", {"model": "template_c", "name": name}), 409, "name_taken")


def test_at_most_64_errors_are_listed(host):
    body = {"model": "template_c", **{f"no_such_{k}": 1 for k in range(200)}}
    assert len(host.call("POST", "/v1/sessions", body).value()["errors"]) == 64


def test_lists_are_paged_in_order_of_creation_and_deletions_skip_nothing(host, name):
    ids = [host.session("template_cpp", start=False, tags={"of": name})["id"] for _ in range(5)]
    everything = [s["id"] for s in host.ok("GET", "/v1/sessions?model=template_cpp&limit=1000")["items"]]
    assert everything[-5:] == ids and everything == sorted(everything)
    seen, after = [], ""
    while True:
        page = host.ok("GET", f"/v1/sessions?model=template_cpp&limit=2{after}")
        seen += [s["id"] for s in page["items"]]
        if page["next"] is None:
            break
        if len(seen) == 2:  # the last one shown goes: the next page starts where it would have
            host.ok("DELETE", f"/v1/sessions/{seen[1]}", status=204)
        after = f"&after={page['next']}"
    assert seen == everything
    states = {s["state"] for s in host.ok("GET", "/v1/sessions?state=ready")["items"]}
    assert states == {"ready"}
    for query, pointer in (("limit=0", "?limit"), ("limit=1001", "?limit"), ("state=odd", "?state"), ("x=1", "?x")):
        problem = host.call("GET", f"/v1/sessions?{query}")
        assert problem.status == 400 and problem.value()["errors"][0]["pointer"] == pointer, problem


def test_a_patch_is_merged_and_shown(host, name):
    url = "/v1/sessions/" + host.session(tags={"a": "1", "b": "2"}, start=False)["id"]
    body = {"name": name, "tags": {"a": None, "c": "3"}, "stop_at_s": 5, "overrun": "skip",
            "pace": {"mode": "realtime", "rate": 2}}
    shown = host.ok("PATCH", url, body)
    assert shown["name"] == name and shown["tags"] == {"b": "2", "c": "3"} and shown["stop_at_s"] == 5
    assert shown["overrun"] == "skip" and shown["pace"] == {"mode": "realtime", "rate": 2}
    assert host.ok("PATCH", url, {"name": None, "stop_at_s": None})["name"] is None
    check_problem(host.call("PATCH", url, {"lanes": 3}), 422, "unknown_key", ["/lanes"])
    host.ok("DELETE", url, status=204)
    check_problem(host.call("GET", url), 404, "not_found")
    check_problem(host.call("DELETE", url), 404, "not_found")


def test_a_clock_that_cannot_be_kept_gives_way_or_ends_the_session(host):
    pace = {"mode": "realtime", "rate": 1000}  # a tick each nanosecond
    slow = "/v1/sessions/" + host.session(step_s=1e-6, pace=pace, overrun="slow")["id"]
    aborts = "/v1/sessions/" + host.session(step_s=1e-6, pace=pace, overrun="abort")["id"]
    wait_for(lambda: host.ok("GET", aborts)["reason"])
    failed = host.ok("GET", aborts)
    assert failed["overrun"] == "abort" and failed["stats"]["overruns"] == 1
    assert failed["reason"]["code"] == "overrun" and failed["reason"]["tick"] == failed["tick"] > 0
    shown = host.ok("GET", slow)
    assert shown["state"] == "running" and shown["stats"]["overruns"] > 0 and shown["stats"]["missed"] == 0
    shown = host.ok("PATCH", slow, {"overrun": "skip", "pace": {"mode": "realtime", "rate": 1}})
    assert shown["overrun"] == "skip" and shown["state"] == "running"
    check_problem(host.call("PATCH", slow, {"overrun": "hurry"}), 422, "not_in_enum", ["/overrun"])
    for url in (slow, aborts):
        host.ok("DELETE", url, status=204)


def test_only_recordings_are_played(host):
    for body, code, pointers in (({"recording": "none"}, "unknown_reference", ["/recording"]),
                                 ({"recording": ""}, "wrong_type", ["/recording"]),
                                 ({"recording": "x", "lanes": 2, "seed": 1}, "validation_failed", ["/lanes", "/seed"]),
                                 ({"recording": "x", "model": "template_c"}, "not_valid", ["/model"])):
        check_problem(host.call("POST", "/v1/sessions", body), 422, code, pointers)
    url = "/v1/sessions/" + host.session(start=False)["id"]
    assert host.ok("GET", url)["playback"] is None
    check_problem(host.call("POST", url + "/seek", {"time_s": 0}), 409, "wrong_state")
    check_problem(host.call("POST", url + "/seek", {}), 422, "missing", ["/time_s"])
    host.ok("DELETE", url, status=204)


def test_states_change_as_tabled_and_not_otherwise(host):
    url = "/v1/sessions/" + host.session(start=False)["id"]

    def act(action):
        return host.ok("POST", f"{url}/{action}")["state"]

    def refused(action):
        check_problem(host.call("POST", f"{url}/{action}"), 409, "wrong_state")

    refused("pause")
    assert act("resume") == "running"
    refused("resume")
    assert act("pause") == "paused"
    refused("pause")
    assert act("resume") == "running"
    assert act("stop") == "stopped"
    for action in ("stop", "pause", "resume", "step"):
        refused(action)
    check_problem(host.call("PATCH", url + "/variables", {"values": {"input_k": 1}}), 409, "wrong_state")
    shown = host.ok("POST", f"{url}/reset")
    assert (shown["state"], shown["tick"], shown["time_s"]) == ("ready", 0, 0)


def test_a_manual_session_steps_exactly_and_never_past_its_stop(host):
    url = "/v1/sessions/" + host.manual(stop_at_s=0.5, inputs={"input_k": 10}, parameters={"gain": 3})["id"]
    assert host.ok("GET", url)["state"] == "running" and host.ok("GET", url)["tick"] == 0
    assert host.ok("POST", url + "/step")["tick"] == 1
    shown = host.ok("POST", url + "/step", {"ticks": 99})
    assert shown["tick"] == 100 and shown["time_s"] == pytest.approx(0.1, abs=1e-12)
    read = host.ok("GET", url + "/variables?names=lagged_k,input_k")
    assert read["tick"] == 100 and read["lanes"] == [0] and read["values"]["input_k"] == [10]
    assert read["values"]["lagged_k"][0] == pytest.approx(lag(3, 10, 1, 0.1), rel=1e-9)
    shown = host.ok("POST", url + "/step", {"ticks": 1000})
    assert shown["tick"] == 500 and shown["state"] == "stopped"
    check_problem(host.call("POST", url + "/step", {"ticks": 0}), 422, "value_out_of_range", ["/ticks"])
    check_problem(host.call("POST", url + "/step", {"ticks": 1_000_001}), 422, "value_out_of_range", ["/ticks"])


def test_a_real_time_session_stops_exactly_where_it_was_told_to(host):
    url = "/v1/sessions/" + host.session(stop_at_s=0.05, pace={"mode": "realtime", "rate": 10})["id"]
    wait_for(lambda: host.ok("GET", url)["state"] == "stopped")
    assert host.ok("GET", url)["tick"] == 50


def test_a_free_session_outruns_the_clock(host):
    url = "/v1/sessions/" + host.session(stop_at_s=1000, pace={"mode": "free"})["id"]
    wait_for(lambda: host.ok("GET", url)["state"] == "stopped")
    assert host.ok("GET", url)["tick"] == 1_000_000


def test_values_are_arrays_of_lanes_and_scalars_mean_all(host):
    url = "/v1/sessions/" + host.manual(lanes=6, inputs={"input_k": [0, 1, 2, 3, 4, 5]})["id"]
    variables = url + "/variables"
    assert host.ok("GET", variables + "?names=input_k")["values"]["input_k"] == [0, 1, 2, 3, 4, 5]
    assert host.ok("PATCH", variables, {"values": {"input_k": 7}, "lanes": [1, 3]})["applied_tick"] == 0
    assert host.ok("GET", variables + "?names=input_k")["values"]["input_k"] == [0, 7, 2, 7, 4, 5]
    host.ok("PATCH", variables, {"values": {"input_k": [8, 9]}, "lanes": [4, 5]})
    read = host.ok("GET", variables + "?names=input_k&lanes=0,3-5")
    assert read["lanes"] == [0, 3, 4, 5] and read["values"]["input_k"] == [0, 7, 8, 9]
    host.ok("PATCH", variables, {"values": {"input_k": 1, "gain": 2}, "lanes": "all"})
    assert host.ok("GET", variables + "?names=input_k,gain")["values"] == {"input_k": [1] * 6, "gain": [2] * 6}
    host.ok("POST", url + "/step", {"ticks": 10})
    default = host.ok("GET", variables)
    assert set(default["values"]) == {"lagged_k"} and len(default["values"]["lagged_k"]) == 6


def test_a_write_is_all_or_nothing(host):
    url = "/v1/sessions/" + host.manual(lanes=2)["id"] + "/variables"
    body = {"values": {"input_k": 5, "gain": 5000, "lagged_k": 1, "nothing": 0}}
    problem = check_problem(host.call("PATCH", url, body), 422, "validation_failed",
                            ["/values/gain", "/values/lagged_k", "/values/nothing"])
    codes = {e["pointer"]: e["code"] for e in problem["errors"]}
    assert codes["/values/lagged_k"] == "not_writable" and codes["/values/gain"] == "value_out_of_range"
    assert host.ok("GET", url + "?names=input_k")["values"]["input_k"] == [0, 0]
    for values in ({"input_k": [1, 2, 3]}, {"input_k": "x"}, {"input_k": None}, {"input_k": True}):
        assert host.call("PATCH", url, {"values": values}).status == 422, values
    assert host.call("PATCH", url, {"values": {"input_k": 1}, "lanes": [2]}).status == 422
    assert host.call("PATCH", url, {"values": {"input_k": 1}, "lanes": [0, 0]}).status == 422
    assert host.call("PATCH", url, {}).status == 422
    for query in ("names=nothing", "lanes=2", "lanes=x", "lanes=1-0", "nams=input_k"):
        assert host.call("GET", f"{url}?{query}").status in (400, 422), query


def test_a_write_at_a_tick_holds_from_that_tick_on(host):
    url = "/v1/sessions/" + host.manual()["id"]
    assert host.ok("PATCH", url + "/variables", {"values": {"input_k": 1}, "at_tick": 10})["applied_tick"] == 10
    host.ok("POST", url + "/step", {"ticks": 10})
    assert host.ok("GET", url + "/variables?names=lagged_k")["values"]["lagged_k"] == [0]
    host.ok("POST", url + "/step")
    assert host.ok("GET", url + "/variables")["values"]["lagged_k"][0] == pytest.approx(lag(1, 1, 1, 0.001))
    check_problem(host.call("PATCH", url + "/variables", {"values": {"input_k": 1}, "at_tick": 10}), 409, "tick_passed")


def test_reset_brings_back_the_values_of_creation(host):
    url = "/v1/sessions/" + host.manual(inputs={"input_k": 3})["id"]
    host.ok("PATCH", url + "/variables", {"values": {"input_k": 9}})
    host.ok("POST", url + "/step", {"ticks": 5})
    assert host.ok("POST", url + "/reset")["tick"] == 0
    assert host.ok("GET", url + "/variables?names=input_k,lagged_k")["values"] == {"input_k": [3], "lagged_k": [0]}


def test_equal_states_have_equal_digests_and_a_restore_is_exact(host, name):
    def keep(url, **body):
        return host.ok("POST", url + "/checkpoints", body, status=201)

    first, second = ("/v1/sessions/" + host.manual(lanes=5, seed=4, inputs={"input_k": 2})["id"] for _ in range(2))
    host.ok("POST", first + "/step", {"ticks": 60})
    for _ in range(6):
        host.ok("POST", second + "/step", {"ticks": 10})
    kept = keep(first, name=name)
    assert set(kept) >= {"id", "name", "session", "tick", "time_s", "bytes", "digest", "created_at"}
    assert kept["tick"] == 60 and kept["digest"] == keep(second)["digest"]
    host.ok("POST", first + "/step", {"ticks": 40})
    later = keep(first)
    assert later["digest"] != kept["digest"]
    restored = host.ok("POST", first + "/restore", {"checkpoint": name})
    assert restored["tick"] == 60 and restored["state"] == "running"
    assert keep(first)["digest"] == kept["digest"]
    host.ok("POST", first + "/step", {"ticks": 40})
    assert keep(first)["digest"] == later["digest"]
    check_problem(host.call("POST", first + "/checkpoints", {"name": name}), 409, "name_taken")
    check_problem(host.call("POST", first + "/restore", {"checkpoint": "none"}), 422, "unknown_reference",
                  ["/checkpoint"])
    listed = host.ok("GET", first + "/checkpoints")["items"]
    assert [c["id"] for c in listed][:2] == [kept["id"], later["id"]]
    assert host.ok("GET", f"{first}/checkpoints/{name}") == kept
    host.ok("DELETE", f"{first}/checkpoints/{name}", status=204)
    check_problem(host.call("GET", f"{first}/checkpoints/{name}"), 404, "not_found")


def test_a_fork_goes_on_from_the_same_state_as_a_session_of_its_own(host, name):
    url = "/v1/sessions/" + host.manual(lanes=3, inputs={"input_k": 2})["id"]
    host.ok("POST", url + "/step", {"ticks": 30})
    digest = host.ok("POST", url + "/checkpoints", {"name": "c"}, status=201)["digest"]
    host.ok("POST", url + "/step", {"ticks": 5})
    answer = host.call("POST", url + "/fork", {"checkpoint": "c", "name": name, "pace": {"mode": "manual"}})
    assert answer.status == 201, answer
    fork = answer.value()
    assert fork["state"] == "paused" and fork["tick"] == 30 and fork["name"] == name
    copy = answer.headers["location"]
    assert host.ok("POST", copy + "/checkpoints", status=201)["digest"] == digest
    assert host.ok("POST", copy + "/step", {"ticks": 5})["state"] == "paused"
    first, second = (host.ok("GET", at + "/variables")["values"] for at in (copy, url))
    assert first == second
    running = host.ok("POST", url + "/fork", {"start": True, "inputs": {"input_k": 4}}, status=201)
    assert running["state"] == "running"
    assert host.ok("GET", f"/v1/sessions/{running['id']}/variables?names=input_k")["values"]["input_k"] == [4, 4, 4]
    assert host.ok("GET", url)["tick"] == 35


def test_the_journal_says_what_was_applied_when(host):
    url = "/v1/sessions/" + host.manual()["id"]
    host.ok("PATCH", url + "/variables", {"values": {"input_k": 2}})
    host.ok("POST", url + "/step", {"ticks": 3})
    host.ok("POST", url + "/checkpoints", {"name": "c"}, status=201)
    host.ok("PATCH", url + "/variables", {"values": {"gain": 2}})
    host.ok("POST", url + "/step", {"ticks": 3})
    host.ok("POST", url + "/restore", {"checkpoint": "c"})
    host.ok("PATCH", url, {"pace": {"mode": "free"}})
    wait_for(lambda: host.ok("GET", url)["tick"] > 3)
    host.ok("POST", url + "/reset")
    entries = host.ok("GET", url + "/journal")["items"]
    assert [e["kind"] for e in entries] == ["variables", "variables", "restore", "pace", "reset"]
    assert all(set(e) == {"tick", "at", "kind", "detail"} and TIME.match(e["at"]) for e in entries)
    assert [e["tick"] for e in entries][:2] == [0, 3]
    assert entries[0]["detail"]["values"] == {"input_k": 2} or entries[0]["detail"]["values"] == {"input_k": [2]}
    assert all(e["tick"] > 0 for e in host.ok("GET", url + "/journal?after_tick=0")["items"])
    page = host.ok("GET", url + "/journal?limit=2")
    rest = host.ok("GET", f"{url}/journal?after={page['next']}")
    assert page["items"] + rest["items"] == entries


def test_reads_and_lanes_are_bounded(host):
    url = "/v1/sessions/" + host.manual(lanes=60_000)["id"]
    check_problem(host.call("GET", url + "/variables?names=lagged_k,input_k"), 422, "limit_reached")
    assert len(host.ok("GET", url + "/variables?names=lagged_k")["values"]["lagged_k"]) == 60_000
    host.ok("DELETE", url, status=204)
    assert host.call("POST", "/v1/sessions", {"model": "template_c", "lanes": 131_073}).status == 422


def test_the_limit_of_sessions_answers_503_with_when_to_come_back(start):
    host = start("--limits-sessions", "2", "--limits-lanes", "8")
    host.manual(lanes=4)
    problem = host.call("POST", "/v1/sessions", {"model": "template_c", "lanes": 5})
    assert problem.status == 503 and problem.value()["code"] == "limit_reached", problem
    kept = host.manual()
    answer = host.call("POST", "/v1/sessions", {"model": "template_c"})
    check_problem(answer, 503, "limit_reached")
    assert int(answer.headers["retry-after"]) >= 1
    host.ok("DELETE", f"/v1/sessions/{kept['id']}", status=204)
    host.manual()


def test_an_unknown_command_is_not_found(host):
    url = "/v1/sessions/" + host.manual()["id"]
    check_problem(host.call("POST", url + "/commands/none", {}), 404, "not_found")
