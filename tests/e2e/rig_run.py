"""Runs tests of the rig with pytest against a host program: rig_run.py <simhost> <test file> ..."""

import importlib.util
import os
import sys

SKIPPED = 77
NEEDED = ("pytest", "websockets", "pandas")


def main():
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        print(f"SKIPPED {sys.argv[2]}: {sys.executable} lacks {', '.join(missing)}; see tests/requirements.txt")
        return SKIPPED
    import pytest

    os.environ["SIMHOST"] = os.path.abspath(sys.argv[1])
    sys.dont_write_bytecode = True
    return pytest.main(["-q", "-rxXs", "--noconftest", "-p", "no:cacheprovider", "-p", "rig_fixtures", *sys.argv[2:]])


if __name__ == "__main__":
    sys.exit(main())
