"""The rules of HTTP that hold on every path: formats, methods, sizes, hosts, origins, ids, entity tags."""

import json
import re
import socket

import msgpack
import pytest
from conftest import check_problem

MSGPACK = "application/msgpack"


def raw(host, data, timeout_s=10):
    """The bytes answered to bytes, up to the end of the connection."""
    with socket.create_connection(("127.0.0.1", host.port), timeout=timeout_s) as wire:
        wire.sendall(data)
        got = b""
        while chunk := wire.recv(65536):
            got += chunk
    return got


def status_of(answer):
    return int(answer.split(b" ", 2)[1])


def test_messagepack_goes_both_ways(host):
    body = msgpack.packb({"model": "template_c", "pace": {"mode": "manual"}, "inputs": {"input_k": [2.5]}})
    answer = host.call("POST", "/v1/sessions", body, {"Content-Type": MSGPACK, "Accept": MSGPACK})
    assert answer.status == 201 and answer.media_type == MSGPACK, answer
    made = answer.value()
    url = answer.headers["location"]
    in_json = host.ok("GET", url)
    assert {k: v for k, v in made.items() if k != "stats"} == {k: v for k, v in in_json.items() if k != "stats"}
    assert host.ok("GET", url + "/variables?names=input_k", headers={"Accept": MSGPACK})["values"] == {"input_k": [2.5]}
    broken = host.call("POST", "/v1/sessions", b"\x81\xa5", {"Content-Type": MSGPACK, "Accept": MSGPACK})
    check_problem(broken, 400, "invalid_msgpack")
    twice = b"\x82\xa5model\xa1x\xa5model\xa1y"
    check_problem(host.call("POST", "/v1/sessions", twice, {"Content-Type": MSGPACK}), 400, "duplicate_key")


@pytest.mark.parametrize("body,code", [
    (b"{", "invalid_json"), (b'{"model":"x","model":"y"}', "duplicate_key"), (b"[" * 100 + b"]" * 100, "too_deep"),
    (b'{"model":NaN}', "invalid_json"), (b'{"seed":1e999}', "invalid_json"), (b'{"model":"\xff"}', "invalid_json"),
    (b"{} x", "invalid_json"), (b"", "body_missing")])
def test_what_cannot_be_parsed_is_400(host, body, code):
    check_problem(host.call("POST", "/v1/sessions", body, {"Content-Type": "application/json"}), 400, code)


def test_a_body_of_another_type_is_422_at_the_root(host):
    answer = host.call("POST", "/v1/sessions", b"[]", {"Content-Type": "application/json"})
    check_problem(answer, 422, "wrong_type", [""])


def test_content_types_and_codings_not_taken_are_415(host):
    body = b'{"model":"template_c"}'
    json_type = "application/json"
    for headers in ({"Content-Type": "text/plain"}, {}, {"Content-Type": json_type, "Content-Encoding": "gzip"}):
        check_problem(host.call("POST", "/v1/sessions", body, headers), 415, "unsupported_media_type")
    assert host.call("POST", "/v1/sessions", body, {"Content-Type": "application/json; charset=utf-8"}).status == 201


def test_a_format_nobody_has_is_406(host):
    check_problem(host.call("GET", "/v1/host", headers={"Accept": "image/png"}), 406, "not_acceptable")
    for good in ("*/*", "application/*;q=0.5", "application/json;q=0.1, image/png", ""):
        assert host.call("GET", "/v1/host", headers={"Accept": good} if good else {}).media_type == "application/json"
    weighed = {"Accept": "application/json;q=0.1, application/msgpack;q=0.9"}
    assert host.call("GET", "/v1/host", headers=weighed).media_type == MSGPACK


def test_paths_and_methods_that_are_not_there(host):
    check_problem(host.call("GET", "/v1/nothing"), 404, "not_found")
    check_problem(host.call("GET", "/v1/sessions/"), 404, "not_found")
    check_problem(host.call("GET", "/v1//sessions"), 404, "not_found")
    answer = host.call("PUT", "/v1/sessions", {})
    check_problem(answer, 405, "method_not_allowed")
    assert set(re.split(r", *", answer.headers["allow"])) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_head_and_options(host):
    for path in ("/v1/host", "/v1/models/template_c", "/openapi.json", "/livez"):
        head, get = host.call("HEAD", path), host.call("GET", path)
        assert head.status == 200 and head.body == b"" and head.headers["content-type"] == get.headers["content-type"]
        assert "etag" not in get.headers or head.headers["etag"] == get.headers["etag"]
    options = host.call("OPTIONS", "/v1/sessions")
    assert options.status == 204 and {"GET", "POST"} <= set(re.split(r", *", options.headers["allow"]))
    check_problem(host.call("OPTIONS", "/v1/nothing"), 404, "not_found")


@pytest.mark.parametrize("path", ["/v1/models/template_c", "/v1/models/template_c/schema", "/openapi.json",
                                  "/asyncapi.json"])
def test_documents_have_entity_tags(host, path):
    first = host.call("GET", path)
    tag = first.headers["etag"]
    again = host.call("GET", path, headers={"If-None-Match": f'"other", {tag}'})
    assert again.status == 304 and again.body == b"" and again.headers["etag"] == tag
    assert host.call("GET", path, headers={"If-None-Match": "*"}).status == 304
    assert host.call("GET", path, headers={"If-None-Match": '"other"'}).body == first.body


def test_a_stale_if_match_is_412(host):
    session = host.call("GET", "/v1/sessions/" + host.manual()["id"])
    tag = session.headers["etag"]
    url = f"/v1/sessions/{session.value()['id']}"
    assert host.call("PATCH", url, {"tags": {"a": "1"}}, {"If-Match": tag}).status == 200
    check_problem(host.call("PATCH", url, {"tags": {"a": "2"}}, {"If-Match": tag}), 412, "precondition_failed")
    check_problem(host.call("DELETE", url, headers={"If-Match": tag}), 412, "precondition_failed")


def test_an_idempotency_key_repeats_the_first_answer(host):
    key = {"Idempotency-Key": "one"}
    first = host.call("POST", "/v1/sessions", {"model": "template_c", "start": False}, key)
    assert host.call("POST", "/v1/sessions", {"model": "template_c", "start": False}, key).body == first.body
    other = host.call("POST", "/v1/sessions", {"model": "template_c", "start": True}, key)
    check_problem(other, 422, "idempotency_key_reused")


def test_sizes_are_bounded(host):
    big = b'{"model":"' + b"x" * (1 << 20) + b'"}'
    answer = host.call("POST", "/v1/sessions", big, {"Content-Type": "application/json"})
    check_problem(answer, 413, "payload_too_large")
    long = host.call("GET", "/v1/host?" + "x" * 9000)
    assert long.status == 414 and long.value()["code"] == "uri_too_long", long
    assert host.call("GET", "/v1/host", headers={"X-Much": "x" * 20_000}).status == 431
    assert host.call("GET", "/v1/host", headers={f"X-{k}": "1" for k in range(150)}).status == 431
    assert host.call("POST", "/v1/sessions", {"model": "template_c"}, {"Expect": "magic"}).status == 417


def test_what_is_refused_before_it_is_routed_has_a_request_id_too(host):
    check_problem(host.call("GET", "/v1/host?" + "x" * 9000), 414, "uri_too_long", at="/v1/host")
    large = host.call("GET", "/v1/host", headers={"X-Much": "x" * 20_000})
    check_problem(large, 431, "header_too_large", at="/v1/host")


def test_an_announced_body_is_bounded_before_it_comes(host):
    head = (b"POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 99999999\r\nConnection: close\r\n\r\n")
    assert status_of(raw(host, head)) == 413


def test_expect_100_continue_is_obeyed(host):
    head = (b"POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 22\r\n"
            b"Expect: 100-continue\r\nConnection: close\r\n\r\n")
    with socket.create_connection(("127.0.0.1", host.port), timeout=10) as wire:
        wire.sendall(head)
        assert status_of(wire.recv(4096)) == 100
        wire.sendall(b'{"model":"template_c"}')
        assert status_of(wire.recv(65536)) == 201


def test_two_requests_in_one_write_are_both_answered_in_order(host):
    one = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a1\r\n\r\n"
    two = b"GET /v1/none HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: b2\r\nConnection: close\r\n\r\n"
    got = raw(host, one + two)
    assert got.index(b"X-Request-Id: a1") < got.index(b"X-Request-Id: b2") and got.count(b"HTTP/1.1 ") == 2


@pytest.mark.parametrize("name,status", [("localhost", 200), ("127.0.0.1:99", 200), ("[::1]:80", 200),
                                         ("evil.example", 421), ("localhost.evil.example", 421)])
def test_only_known_hosts_are_answered(host, name, status):
    answer = host.call("GET", "/v1/host", headers={"Host": name})
    if status == 421:
        check_problem(answer, 421, "host_not_allowed")
    assert answer.status == status, answer


def test_an_allowed_host_and_origin_are_answered(start):
    host = start("--http-allowed-hosts", "panel.example", "--http-origins", "https://panel.example")
    headers = {"Host": "panel.example", "Origin": "https://panel.example"}
    answer = host.call("POST", "/v1/sessions", {"model": "template_c"}, headers)
    assert answer.status == 201, answer
    assert answer.headers["access-control-allow-origin"] == "https://panel.example"
    foreign = {"Origin": "https://panel.example:444"}
    check_problem(host.call("POST", "/v1/sessions", {"model": "template_c"}, foreign), 403, "origin_not_allowed")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_foreign_pages_can_neither_change_nor_ask(host, origin):
    refused = host.call("POST", "/v1/sessions", {"model": "template_c"}, {"Origin": origin})
    check_problem(refused, 403, "origin_not_allowed")
    assert "access-control-allow-origin" not in refused.headers
    asked = host.call("OPTIONS", "/v1/sessions", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    assert asked.status == 403, asked


@pytest.mark.parametrize("origin", ["http://localhost:5173", "https://127.0.0.1", "http://[::1]:3000"])
def test_local_pages_of_any_port_may(host, origin):
    answer = host.call("POST", "/v1/sessions", {"model": "template_c"}, {"Origin": origin})
    assert answer.status == 201 and answer.headers["access-control-allow-origin"] in (origin, "*"), answer
    assert "access-control-allow-credentials" not in answer.headers and "Origin" in answer.headers["vary"]
    asked = host.call("OPTIONS", "/v1/sessions", headers={"Origin": origin, "Access-Control-Request-Method": "POST",
                                                          "Access-Control-Request-Headers": "content-type"})
    assert asked.status in (200, 204) and "POST" in asked.headers["access-control-allow-methods"], asked
    assert "content-type" in asked.headers["access-control-allow-headers"].lower()


def test_fetch_metadata_counts_where_there_is_no_origin(host):
    cross = {"Sec-Fetch-Site": "cross-site"}
    check_problem(host.call("POST", "/v1/sessions", {"model": "template_c"}, cross), 403, "origin_not_allowed")
    assert host.call("POST", "/v1/sessions", {"model": "template_c"}, {"Sec-Fetch-Site": "same-origin"}).status == 201


def test_a_request_id_is_kept_when_well_formed_and_made_when_not(host):
    assert host.call("GET", "/livez", headers={"X-Request-Id": "abc-1.2_3"}).headers["x-request-id"] == "abc-1.2_3"
    for bad in ("a b", "x" * 200, "<script>"):
        made = host.call("GET", "/livez", headers={"X-Request-Id": bad}).headers["x-request-id"]
        assert made and made != bad


def test_errors_are_problems_whatever_was_accepted(host):
    for accept in (MSGPACK, "application/json", "text/html"):
        answer = host.call("GET", "/v1/sessions/none", headers={"Accept": accept})
        assert answer.media_type == "application/problem+json" and json.loads(answer.body)["code"]


def test_a_faulty_query_is_400(host):
    for query in ("%zz", "limit=1&limit=2", "limit=x"):
        answer = host.call("GET", "/v1/sessions?" + query)
        assert answer.status == 400, answer


def test_the_error_page_names_every_code_used(host):
    page = host.call("GET", "/docs/errors")
    assert page.status == 200 and page.media_type == "text/html"
    for code in ("unknown_key", "value_out_of_range", "wrong_state", "origin_not_allowed", "plugin_no_stamp"):
        assert f'id="{code}"' in page.body.decode()
    assert host.call("GET", "/docs").status == 200
