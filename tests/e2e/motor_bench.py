"""What the motor does over the wire: closed loop, modes, the second motor."""

import pytest

from motor_host import frames, is_data, receive


def settled(socket, count=30):
    """The data once the speed has stood still for a while."""
    recent = []
    for _ in range(600):
        recent = [*recent[-(count - 1):], frames(socket, 1)[0]]
        speeds = [frame["speed_rpm"] for frame in recent]
        if len(recent) == count and max(speeds) - min(speeds) < 0.01:
            return recent[-1]
    raise AssertionError("the speed does not settle")


def test_2000_rpm_under_5_nm_settles_as_promised(motor, start):
    session = start()["session_id"]
    with motor.socket(f"/ws/{session}") as socket:
        frames(socket, 1)
        body = {"target_speed_rpm": 2000, "load_torque_percent": 100 * 5 / 7.6}
        assert motor.put(f"/api/simulation/{session}/control", body).status == 200
        first = receive(socket, lambda m: is_data(m) and m["data"]["target_speed_rpm"] == 2000)["data"]
        course = [first, *frames(socket, 100)]
    applied = first["simulation_step"] - 10  # at the earliest
    assert max(frame["speed_rpm"] for frame in course) < 2000 * 1.05
    late = [frame for frame in course if frame["simulation_step"] >= applied + 130]
    assert all(abs(frame["speed_rpm"] - 2000) < 40 for frame in late), "within 2 % after 120 ms"
    last = course[-1]
    assert last["speed_rpm"] == pytest.approx(2000, rel=1e-3)
    assert last["current_a"] == pytest.approx(30.825, rel=2e-3)
    assert last["voltage_v"] == pytest.approx(37.861, rel=2e-3)
    assert last["power_w"] == pytest.approx(1047.2, rel=2e-3)
    assert last["efficiency"] == pytest.approx(0.8973, rel=2e-3)
    assert last["duty_cycle"] == pytest.approx(0.8416, rel=2e-3)
    assert last["load_torque"] == pytest.approx(5)


def test_a_step_down_stays_within_its_promise(motor, start):
    session = start()["session_id"]
    with motor.socket(f"/ws/{session}") as socket:
        motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 2000})
        settled(socket)
        motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 500})
        first = receive(socket, lambda m: is_data(m) and m["data"]["target_speed_rpm"] == 500)["data"]
        course = [first, *frames(socket, 60)]
    assert min(frame["speed_rpm"] for frame in course) > 500 - 0.05 * 1500
    late = [frame for frame in course if frame["simulation_step"] >= first["simulation_step"] + 200]
    assert all(abs(frame["speed_rpm"] - 500) < 25 for frame in late)


@pytest.mark.parametrize("motor_id, reached", [("bldc_2kw_48v", False), ("bldc_2kw_48v_3000rpm", True)])
def test_only_the_second_motor_reaches_its_rated_speed(motor, start, motor_id, reached):
    session = start(motor_id=motor_id)["session_id"]
    with motor.socket(f"/ws/{session}") as socket:
        motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 3000})
        speed = settled(socket)["speed_rpm"]
    assert (speed > 2999) == reached
    if not reached:
        assert speed == pytest.approx(2704.65, rel=1e-3), "48 V without load"


def test_the_literal_pid_keeps_its_static_error_and_the_cascade_has_none(motor, start):
    session = start(use_cascaded_control=False)["session_id"]
    with motor.socket(f"/ws/{session}") as socket:
        motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 2000, "load_torque_percent": 60})
        data = settled(socket)
        assert 2000 - data["speed_rpm"] == pytest.approx(data["voltage_v"] - 5, rel=1e-2), "V = kp e + ki 50 rpm s"
        motor.put(f"/api/simulation/{session}/control", {"use_cascaded_control": True})
        assert receive(socket, lambda m: is_data(m) and abs(m["data"]["speed_rpm"] - 2000) < 0.1)


def test_the_voltage_mode_is_an_open_loop_until_a_set_point_comes(motor, start):
    session = start(control_mode="voltage")["session_id"]
    with motor.socket(f"/ws/{session}") as socket:
        motor.put(f"/api/simulation/{session}/control", {"manual_voltage": 24})
        data = settled(socket)
        assert data["voltage_v"] == pytest.approx(24) and data["speed_rpm"] == pytest.approx(1352.3, rel=1e-3)
        motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 1000, "manual_voltage": 12})
        assert settled(socket)["voltage_v"] == pytest.approx(12), "manual_voltage rules where both are given"
        motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 1000})
        assert receive(socket, lambda m: is_data(m) and abs(m["data"]["speed_rpm"] - 1000) < 50)


def test_manual_mode_without_pid_is_an_open_loop_on_the_last_command(motor, start):
    session = start(control_mode="manual")["session_id"]
    with motor.socket(f"/ws/{session}") as socket:
        motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 900})
        assert settled(socket)["speed_rpm"] == pytest.approx(900, abs=0.5)
        answer = motor.put(f"/api/simulation/{session}/control", {"enable_pid": False, "manual_duty_cycle": 0.5})
        assert answer.json()["updated_parameters"]["pid_enabled"] is False
        data = settled(socket)
        assert data["duty_cycle"] == 0.5
        lost = 1.92 + 0.02 * abs(data["current_a"])
        assert data["voltage_v"] == pytest.approx(24 - lost, rel=1e-3), "uncompensated: dead time and drops are lost"


def test_current_and_torque_modes_hold_what_they_name(motor, start):
    session = start(control_mode="torque")["session_id"]
    with motor.socket(f"/ws/{session}") as socket:
        motor.put(f"/api/simulation/{session}/control", {"target_torque_nm": 2, "load_torque_percent": 30})
        assert receive(socket, lambda m: is_data(m) and abs(m["data"]["torque_nm"] - 2) < 0.02)
        motor.put(f"/api/simulation/{session}/control", {"control_mode": "current", "target_current_a": 5})
        assert receive(socket, lambda m: is_data(m) and abs(m["data"]["current_a"] - 5) < 0.05)


def test_a_negative_load_drives_the_shaft_and_power_comes_back(motor, start):
    session = start()["session_id"]
    with motor.socket(f"/ws/{session}") as socket:
        motor.put(f"/api/simulation/{session}/control", {"target_speed_rpm": 1000, "load_torque_percent": -50})
        data = settled(socket)
    assert data["current_a"] < 0 and data["power_w"] < 0 and 0 < data["efficiency"] < 1
