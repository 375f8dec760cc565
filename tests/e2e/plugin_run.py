"""Runs tests of a plugin with pytest: plugin_run.py <simhost> <fixtures> <test file> ..."""

import importlib.util
import os
import sys

SKIPPED = 77
NEEDED = ("pytest", "websockets", "jsonschema", "pandas")


def main():
    program, fixtures, *files = sys.argv[1:]
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        print(f"SKIPPED {files[0]}: {sys.executable} lacks {', '.join(missing)}; see tests/requirements.txt")
        return SKIPPED
    import pytest

    os.environ["SIMHOST"] = os.path.abspath(program)
    sys.dont_write_bytecode = True
    return pytest.main(["-q", "-rxXs", "--noconftest", "-p", "no:cacheprovider", "-p", fixtures, *files])


if __name__ == "__main__":
    sys.exit(main())
