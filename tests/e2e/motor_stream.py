"""The WebSocket contract of the motor: greeting, frames in both formats, control, errors, ends."""

import contextlib
import json
import struct

import pytest
import websockets

from motor_host import frames, is_ack, is_data, read_frame, receive, say, until

SEED_FIELDS = {"speed_rpm", "torque_nm", "current_a", "voltage_v", "power_w", "efficiency", "temperature_c"}
CODE_FIELDS = {"timestamp", "target_speed_rpm", "target_current_a", "target_torque_nm", "control_input", "load_torque",
               "simulation_step", "control_mode"}
PWM_FIELDS = {"duty_cycle", "dc_bus_voltage", "switching_frequency", "current_error", "controller_saturated"}


def greeting(socket):
    first = json.loads(socket.recv(timeout=20))
    assert first["type"] == "connection_established"
    return first


@pytest.fixture
def session(start):
    return start()["session_id"]


def test_a_socket_is_greeted_first(motor, session):
    with motor.socket(f"/ws/{session}") as socket:
        hello = greeting(socket)
        assert isinstance(hello.pop("timestamp"), float)
        assert hello == {"type": "connection_established", "session_id": session, "protocol": "json",
                         "server_info": {"version": "1.0.0", "max_rate_hz": 100,
                                         "supported_protocols": ["json", "binary"]}}


def test_data_has_the_fields_of_readme_code_and_pwm(motor, session):
    with motor.socket(f"/ws/{session}") as socket:
        message = receive(socket, is_data)
    assert set(message) == {"type", "timestamp", "data"}
    assert set(message["data"]) == SEED_FIELDS | CODE_FIELDS | PWM_FIELDS
    data = message["data"]
    assert data["timestamp"] == message["timestamp"]
    assert isinstance(data["simulation_step"], int) and isinstance(data["controller_saturated"], bool)
    assert (data["control_mode"], data["dc_bus_voltage"], data["switching_frequency"]) == ("speed", 48.0, 20000.0)


def test_data_comes_every_tenth_tick_of_simulated_time(motor, session):
    with motor.socket(f"/ws/{session}") as socket:
        seen = frames(socket, 100)
    steps = [frame["simulation_step"] for frame in seen]
    assert all(step % 10 == 0 for step in steps)
    assert steps == list(range(steps[0], steps[0] + 1000, 10))
    starts = [frame["timestamp"] - frame["simulation_step"] * 1e-3 for frame in seen]
    assert max(starts) - min(starts) < 1e-5, "timestamp is session start plus simulated time"


def test_all_sockets_see_the_same_frames(motor, session):
    motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 1500})
    with contextlib.ExitStack() as open_ones:
        sockets = [open_ones.enter_context(motor.socket(f"/ws/{session}")) for _ in range(4)]
        seen = [{frame["simulation_step"]: frame for frame in frames(socket, 60)} for socket in sockets]
    common = set.intersection(*(set(one) for one in seen))
    assert len(common) >= 10
    assert all(one[step] == seen[0][step] for one in seen for step in common)


def test_a_late_socket_does_not_begin_anew(motor, session):
    with motor.socket(f"/ws/{session}") as first:
        step = frames(first, 20)[-1]["simulation_step"]
        with motor.socket(f"/ws/{session}") as second:
            assert frames(second, 1)[0]["simulation_step"] >= step, "the present frame, or the next"


@pytest.mark.parametrize("way", ["query", "message"])
def test_binary_frames_carry_what_json_does(motor, session, way):
    motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 1000, "load_torque_percent": 20})
    with motor.socket(f"/ws/{session}") as text, \
         motor.socket(f"/ws/{session}" + ("?protocol=binary" if way == "query" else "")) as binary:
        hello = greeting(binary)
        assert hello["protocol"] == ("binary" if way == "query" else "json")
        if way == "message":
            reply = say(binary, {"type": "protocol_change", "protocol": "binary"})
            assert (reply["status"], reply["protocol"]) == ("success", "binary")
        got = {}
        for _ in range(40):
            message = receive(binary, lambda m: isinstance(m, bytes))
            kind, milliseconds, payload = read_frame(message)
            assert (kind, len(message)) == (1, 40)
            got[milliseconds] = struct.unpack(">8f", payload)
        same = [(frame, got[ms]) for frame in frames(text, 50) if (ms := int(frame["timestamp"] * 1e3) % 2**32) in got]
    assert len(same) >= 10
    for frame, slots in same:
        expected = [frame["simulation_step"] * 1e-3, frame["speed_rpm"], frame["torque_nm"], frame["current_a"],
                    frame["voltage_v"], frame["efficiency"], frame["power_w"], frame["temperature_c"]]
        assert slots == pytest.approx(expected, rel=1e-6, abs=1e-30)


def test_a_binary_socket_goes_back_to_json(motor, session):
    with motor.socket(f"/ws/{session}?protocol=binary") as socket:
        receive(socket, lambda m: isinstance(m, bytes))
        assert say(socket, {"type": "protocol_change", "protocol": "json"})["protocol"] == "json"
        assert receive(socket, is_data)


def test_control_over_rest_reaches_the_stream(motor, session):
    with motor.socket(f"/ws/{session}") as socket:
        assert frames(socket, 1)[0]["target_speed_rpm"] == 0
        motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 800, "load_torque_percent": 10})
        data = receive(socket, lambda m: is_data(m) and m["data"]["target_speed_rpm"] == 800)["data"]
        assert data["load_torque"] == pytest.approx(0.76)
        assert receive(socket, lambda m: is_data(m) and abs(m["data"]["speed_rpm"] - 800) < 8)


def test_control_over_one_socket_reaches_rest_and_the_other_sockets(motor, session):
    with motor.socket(f"/ws/{session}") as one, motor.socket(f"/ws/{session}") as other:
        reply = say(one, {"type": "control_update", "timestamp": 1.5, "data": {
            "target_speed_rpm": 2000, "load_torque_percent": 50, "pid_params": {"kp": 1.2, "ki": 0.15, "kd": 0.02}}})
        assert reply["status"] == "success" and isinstance(reply["timestamp"], float) and reply["message"]
        assert reply["updated_parameters"] == {"target_speed_rpm": 2000.0, "load_torque_percent": 50.0,
                                               "pid_params": {"kp": 1.2, "ki": 0.15, "kd": 0.02}}
        assert receive(other, lambda m: is_data(m) and m["data"]["target_speed_rpm"] == 2000)
    state = motor.get(f"/api/simulation/{session}/status").json()["control_state"]
    assert (state["target_speed_rpm"], state["load_torque_percent"]) == (2000.0, 50.0)


def test_a_binary_control_update_is_taken(motor, session):
    with motor.socket(f"/ws/{session}?protocol=binary") as socket:
        reply = say(socket, struct.pack(">HHI3f", 2, 12, 0, 1250, 25, 1))
        assert reply["updated_parameters"] == {"target_speed_rpm": 1250.0, "load_torque_percent": 25.0,
                                               "enable_pid": True}
        assert say(socket, struct.pack(">HHI3f", 2, 12, 0, 9000, 25, 1))["status"] == "error"
    state = motor.get(f"/api/simulation/{session}/status").json()["control_state"]
    assert (state["target_speed_rpm"], state["load_torque_percent"]) == (1250.0, 25.0)


def test_a_binary_question_for_the_status_is_answered(motor, session):
    with motor.socket(f"/ws/{session}?protocol=binary") as socket:
        socket.send(struct.pack(">HHI", 4, 0, 0))
        kind, _, payload = read_frame(receive(socket, lambda m: isinstance(m, bytes) and m[1] == 4))
    assert kind == 4 and json.loads(payload)["session_id"] == session


def test_ping_is_answered(motor, session):
    with motor.socket(f"/ws/{session}") as socket:
        reply = say(socket, {"type": "ping"})
        assert set(reply) == {"type", "status", "timestamp"} and reply["status"] == "pong"


@pytest.mark.parametrize("message, names", [
    ("{bad", "JSON"), ("[1]", "JSON"), ("7", "JSON"), ('{"type":7}', "type"), ('{"type":"explode"}', "explode"),
    ('{"type":"control_update"}', "data"), ('{"type":"control_update","data":{}}', "at least one"),
    ('{"type":"control_update","data":{"target_speed_rpm":6001}}', "target_speed_rpm"),
    ('{"type":"control_update","data":{"load_torque_percent":null}}', "load_torque_percent"),
    ('{"type":"control_update","data":{"enable_pid":1}}', "enable_pid"),
    ('{"type":"protocol_change","protocol":"xml"}', "protocol"), (b"\x00", "binary"),
    (b"\x00\x09" + bytes(18), "type")])
def test_a_bad_message_is_answered_and_closes_nothing(motor, session, message, names):
    with motor.socket(f"/ws/{session}") as socket:
        reply = say(socket, message)
        assert reply["status"] == "error" and names in reply["error"]
        assert say(socket, {"type": "ping"})["status"] == "pong"
    assert motor.get(f"/api/simulation/{session}/status").json()["control_state"]["target_speed_rpm"] == 0


@pytest.mark.parametrize("name", ["sim_1700000000_00000000", "nonsense"])
def test_an_unknown_session_is_refused_before_the_handshake(motor, name):
    with pytest.raises(websockets.InvalidStatus) as refused:
        motor.socket(f"/ws/{name}")
    assert refused.value.response.status_code == 403


def test_stop_closes_the_sockets_of_the_session(motor, session, start):
    other = start()["session_id"]
    with motor.socket(f"/ws/{session}") as one, motor.socket(f"/ws/{session}?protocol=binary") as two, \
         motor.socket(f"/ws/{other}") as bystander:
        greeting(bystander)
        assert motor.post(f"/api/simulation/{session}/stop").status == 200
        for socket in (one, two):
            with pytest.raises(websockets.ConnectionClosed) as closed:
                receive(socket, lambda m: False)
            assert closed.value.rcvd.code == 1000
        assert frames(bystander, 3)


def test_connections_are_counted_while_they_are_open(motor, session):
    def connections():
        return motor.get(f"/api/simulation/{session}/status").json()["performance"]["websocket_connections"]

    assert connections() == 0
    with motor.socket(f"/ws/{session}") as one, motor.socket(f"/ws/{session}") as two:
        greeting(one), greeting(two)
        assert connections() == 2
        listed = motor.get("/api/simulation/sessions").json()["active_sessions"]
        assert [e["websocket_connections"] for e in listed if e["session_id"] == session] == [2]
    until(lambda: connections() == 0, "end of the connections")


def test_a_trip_of_the_winding_is_told_once_in_both_formats(host, motor, session):
    with motor.socket(f"/ws/{session}") as text, motor.socket(f"/ws/{session}?protocol=binary") as binary:
        frames(text, 1), receive(binary, lambda m: isinstance(m, bytes))
        limits = {"derating_start_c": 10, "trip_c": 20, "trip_clear_c": 15}
        assert host.main.ask("PATCH", f"/v1/sessions/{session}/variables", {"values": limits}).status == 200
        error = receive(text, lambda m: m.get("type") == "error")
        assert error["data"]["error_type"] == "over_temperature" and error["data"]["session_id"] == session
        assert error["data"]["message"] and error["data"]["timestamp"] == error["timestamp"]
        kind, _, payload = read_frame(receive(binary, lambda m: isinstance(m, bytes) and m[1] == 3))
        assert kind == 3 and json.loads(payload) == error["data"]
        later = [json.loads(text.recv(timeout=20)) for _ in range(60)]
        assert all(is_data(message) for message in later), "one message, not one per frame"


def test_sockets_stay_when_the_plugin_is_reloaded(host, motor, session):
    with motor.socket(f"/ws/{session}") as socket:
        before = frames(socket, 5)[-1]["simulation_step"]
        host.reload()
        assert receive(socket, lambda m: is_data(m) and m["data"]["simulation_step"] > before + 100)
        assert say(socket, {"type": "ping"})["status"] == "pong"


def test_replies_are_acks(motor, session):
    with motor.socket(f"/ws/{session}") as socket:
        socket.send('{"type":"ping"}')
        assert is_ack(receive(socket, lambda m: m.get("status") == "pong"))
