"""Limits and settings of the motor: sessions, idle time, rates, the choices where seed and code differ."""

import struct

import pytest

from motor_host import Host, frames, is_ack, read_frame, receive, say, until


@pytest.fixture(scope="module")
def other(program):
    """Small limits, and the other side of every choice."""
    running = Host(program, max_concurrent_sessions=2, session_timeout_minutes=0.02, websocket_send_rate_hz=50,
                   max_websocket_messages_per_second=20, load_torque_base="max", binary_timestamp="epoch",
                   default_timestep_ms=2, environment="staging")
    yield running
    assert running.stop() == 0


def start(host, **body):
    return host.motor.post("/api/simulation/start", {"motor_id": "bldc_2kw_48v", **body})


def stop(host, *sessions):
    for session in sessions:
        host.motor.post(f"/api/simulation/{session}/stop")


def test_one_session_too_many_is_429_with_retry_after(other):
    made = [start(other).json()["session_id"] for _ in range(2)]
    refused = start(other)
    assert refused.status == 429 and int(refused.headers["retry-after"]) > 0
    error = refused.json()
    assert error["detail"]["error"] == error["error"] == "session_limit_exceeded"
    assert "2" in error["message"] and other.motor.get("/health").json()["status"] == "degraded"
    stop(other, made[0])
    again = start(other)
    assert again.status == 200
    stop(other, made[1], again.json()["session_id"])


def test_ten_sessions_are_the_default(host):
    made = [start(host) for _ in range(10)]
    try:
        assert [answer.status for answer in made] == [200] * 10
        assert start(host).status == 429
        assert host.motor.get("/api/simulation/sessions").json()["total_count"] == 10
    finally:
        stop(host, *(answer.json()["session_id"] for answer in made))


def test_a_session_nobody_uses_ends_and_one_with_a_socket_stays(other):
    idle, used = (start(other).json()["session_id"] for _ in range(2))
    with other.motor.socket(f"/ws/{used}") as socket:
        frames(socket, 1)
        cleaned = until(lambda: (a := other.motor.post("/api/admin/cleanup").json())["sessions_cleaned"] and a,
                        "session that ended")
        assert (cleaned["status"], cleaned["sessions_before"], cleaned["sessions_after"]) == ("cleanup_complete", 2, 1)
        assert isinstance(cleaned["timestamp"], float)
        assert other.motor.get(f"/api/simulation/{idle}/status").status == 404
        frames(socket, 80)  # longer than the idle time
        assert other.motor.post("/api/admin/cleanup").json()["sessions_cleaned"] == 0
    until(lambda: other.motor.post("/api/admin/cleanup").json()["sessions_after"] == 0, "end of the last session")


def test_requests_keep_a_session(other):
    session = start(other).json()["session_id"]

    def age():
        status = other.motor.get(f"/api/simulation/{session}/status")
        assert status.status == 200
        assert other.motor.post("/api/admin/cleanup").json()["sessions_cleaned"] == 0
        return status.json()["uptime_s"] > 3 * 1.2

    until(age, "session older than three idle times")
    stop(other, session)


def test_messages_above_the_rate_are_refused_and_close_nothing(other):
    session = start(other).json()["session_id"]
    with other.motor.socket(f"/ws/{session}") as one, other.motor.socket(f"/ws/{session}") as two:
        for _ in range(100):
            one.send('{"type":"ping"}')
        replies = [receive(one, is_ack) for _ in range(100)]
        refused = [reply for reply in replies if reply["status"] == "error"]
        assert 20 <= 100 - len(refused) <= 90, "a second's worth, and what came in while they were sent"
        assert all(reply["error"] == "rate_limit_exceeded" for reply in refused)
        until(lambda: say(two, {"type": "ping"})["status"] == "pong", "pong once the rate has fallen")
        until(lambda: say(one, {"type": "ping"})["status"] == "pong", "pong once the rate has fallen")
    stop(other, session)


def test_the_rate_counts_the_session_not_the_socket(other):
    session = start(other).json()["session_id"]
    with other.motor.socket(f"/ws/{session}") as one, other.motor.socket(f"/ws/{session}") as two:
        for _ in range(60):
            one.send('{"type":"ping"}')
        two.send('{"type":"ping"}')
        receive(two, is_ack)
        replies = [receive(one, is_ack) for _ in range(60)]
        assert any(reply["status"] == "error" for reply in replies)
    stop(other, session)


def test_the_send_rate_and_the_step_are_settings(other):
    session = start(other).json()["session_id"]
    with other.motor.socket(f"/ws/{session}") as socket:
        assert receive(socket, lambda m: m.get("type") == "connection_established")["server_info"]["max_rate_hz"] == 50
        steps = [frame["simulation_step"] for frame in frames(socket, 20)]
    assert steps == list(range(steps[0], steps[0] + 200, 10)), "20 ms at 2 ms a step"
    performance = other.motor.get(f"/api/simulation/{session}/status").json()["performance"]
    assert performance["data_points"] == performance["simulation_steps"] * 2 // 10
    stop(other, session)


def test_the_other_choices_are_taken(other):
    session = start(other).json()["session_id"]
    answer = other.motor.put(f"/api/simulation/{session}/control", {"load_torque_percent": 50}).json()
    assert answer["updated_parameters"]["load_torque_percent"] == 50.0
    with other.motor.socket(f"/ws/{session}") as socket:
        assert frames(socket, 1)[0]["load_torque"] == pytest.approx(7.5), "of 15 Nm"
    with other.motor.socket(f"/ws/{session}?protocol=binary") as socket:
        _, milliseconds, payload = read_frame(receive(socket, lambda m: isinstance(m, bytes)))
        epoch = struct.unpack(">8f", payload)[0]
    assert epoch > 1.7e9, "seconds of the epoch, as far as a float knows them"
    assert other.motor.get("/health").json()["environment"] == "staging"
    stop(other, session)


def test_requests_a_minute_are_limited_where_that_is_set(program):
    limited = Host(program, max_requests_per_minute=5)
    try:
        answers = [limited.motor.get("/live") for _ in range(12)]
        refused = [answer for answer in answers if answer.status == 429]
        assert answers[0].status == 200 and refused
        assert int(refused[0].headers["retry-after"]) > 0
        assert refused[0].json()["detail"]["error"] == "rate_limit_exceeded"
    finally:
        assert limited.stop() == 0


def test_the_seeds_environment_counts_and_the_full_name_wins(program):
    named = Host(program, variables={
        "MAX_CONCURRENT_SESSIONS": "1", "ENVIRONMENT": "ignored", "BLDC_MOTOR_ENVIRONMENT": "production",
        "WEBSOCKET_SEND_RATE_HZ": "20", "ALLOWED_ORIGINS": '["https://bench.example"]'})
    try:
        assert [start(named).status for _ in range(2)] == [200, 429]
        assert named.motor.get("/health").json()["environment"] == "production"
        session = named.motor.get("/api/simulation/sessions").json()["active_sessions"][0]["session_id"]
        with named.motor.socket(f"/ws/{session}") as socket:
            assert receive(socket, lambda m: "server_info" in m)["server_info"]["max_rate_hz"] == 20
        for origin in ("https://bench.example", "http://localhost:3000"):
            answer = named.motor.get("/api/motor", headers={"Origin": origin})
            assert answer.headers["access-control-allow-origin"] == origin
        assert named.motor.post("/api/simulation/start", {}, headers={"Origin": "https://other.example"}).status == 403
    finally:
        assert named.stop() == 0


def test_a_word_that_is_no_choice_keeps_the_plugin_out(program):
    with pytest.raises(AssertionError, match="rated or max"):
        Host(program, load_torque_base="sometimes")
