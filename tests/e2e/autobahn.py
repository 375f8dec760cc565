"""Runs the Autobahn WebSocket cases against the echo program and fails on any that is not strictly OK."""

import asyncio
import collections
import pathlib
import subprocess
import sys

SKIPPED = 77
CASES = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*"]
CASES_AT_LEAST = 301  # a driver that forgets cases must not pass
# What RFC 6455 leaves open: any behaviour is right there, and the suite says so itself.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}

try:
    import kosoku
except ImportError:
    print("SKIPPED e2e.autobahn: the Python package kosoku is not installed", file=sys.stderr)
    sys.exit(SKIPPED)


def run_cases(address):
    """All results, whether or not some failed."""
    try:
        return asyncio.run(kosoku.run_fuzzingclient(address, CASES, None, concurrency=2))
    except kosoku.FailureError as failure:
        return failure.results


def is_strictly_ok(result):
    """OK in what was exchanged and in how it closed; open questions count only where they are known to be open."""
    taken = {"OK", "INFORMATIONAL"} if result.case_id in INFORMATIONAL else {"OK"}
    return result.behavior.value in taken and result.behavior_close.value in taken


def main():
    program = pathlib.Path(sys.argv[1])
    echo = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        port = int(echo.stdout.readline())
        results = run_cases(f"127.0.0.1:{port}")
        alive = echo.poll() is None
    finally:
        echo.stdin.close()
        status = echo.wait(timeout=20)
    bad = [result for result in results if not is_strictly_ok(result)]
    for result in bad:
        print(f"{result.case_id}: {result.behavior.value}, close {result.behavior_close.value}: {result.result}")
    count = collections.Counter(result.behavior.value for result in results)
    print(f"{len(results)} cases: {dict(count)}, {len(bad)} not OK; echo program ended with {status}")
    return 0 if alive and status == 0 and not bad and len(results) >= CASES_AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
