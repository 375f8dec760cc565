"""Talks to the echo program with the PyPI package websockets, a client that was not written with our server in mind."""

import os
import subprocess
import sys
import threading

SKIPPED = 77

try:
    import websockets
    from websockets.sync.client import connect
except ImportError:
    print("SKIPPED unit_net.websockets: the Python package websockets is not installed", file=sys.stderr)
    sys.exit(SKIPPED)


def echoes_text_and_bytes(url):
    with connect(url) as socket:
        lengths = ["x" * 125, "x" * 126, "x" * 65535, b"y" * 65536]
        for message in ["", "a", "grüße, 世界", b"", bytes(range(256)), *lengths]:
            socket.send(message)
            assert socket.recv(timeout=5) == message


def echoes_a_mebibyte(url):
    with connect(url, max_size=None) as socket:
        message = os.urandom(1 << 20)
        socket.send(message)
        assert socket.recv(timeout=10) == message


def joins_fragments(url):
    with connect(url) as socket:
        socket.send(iter(["one ", "", "two ", "three"]))
        assert socket.recv(timeout=5) == "one two three"


def answers_pings(url):
    with connect(url) as socket:
        assert socket.ping("payload").wait(timeout=5)


def echoes_the_close_code(url):
    with connect(url) as socket:
        socket.close(4321, "enough")
    assert socket.close_code == 4321, socket.close_code


def keeps_order_under_load(url):
    with connect(url, max_queue=None) as socket:
        count = 5000
        reader = threading.Thread(target=lambda: [socket.send(str(i)) for i in range(count)])
        reader.start()
        for i in range(count):
            assert socket.recv(timeout=10) == str(i)
        reader.join()


def refuses_a_foreign_origin(url):
    try:
        connect(url, origin="http://evil.example").close()
    except websockets.exceptions.InvalidStatus as refusal:
        assert refusal.response.status_code == 403, refusal
        assert b"origin_not_allowed" in refusal.response.body
    else:
        raise AssertionError("a foreign origin came in")


def serves_many_at_once(url):
    sockets = [connect(url) for _ in range(200)]
    for i, socket in enumerate(sockets):
        socket.send(str(i))
    for i, socket in enumerate(sockets):
        assert socket.recv(timeout=5) == str(i)
        socket.close()


CHECKS = [
    echoes_text_and_bytes,
    echoes_a_mebibyte,
    joins_fragments,
    answers_pings,
    echoes_the_close_code,
    keeps_order_under_load,
    refuses_a_foreign_origin,
    serves_many_at_once,
]


def main():
    echo = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    failed = 0
    try:
        url = f"ws://127.0.0.1:{int(echo.stdout.readline())}/"
        for check in CHECKS:
            try:
                check(url)
                print(f"ok {check.__name__}")
            except Exception as error:  # each check reports for itself
                failed += 1
                print(f"FAILED {check.__name__}: {error!r}")
    finally:
        echo.stdin.close()
        status = echo.wait(timeout=20)
    print(f"{len(CHECKS) - failed} of {len(CHECKS)} passed; echo program ended with {status}")
    return 0 if failed == 0 and status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
