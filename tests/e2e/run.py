"""Runs a file of tests with pytest; exits with 77, saying why, where a package of tests/requirements.txt is missing."""

import importlib.util
import pathlib
import sys

SKIPPED = 77
NEEDED = ("pytest", "websockets", "msgpack", "jsonschema", "openapi_spec_validator", "schemathesis", "pandas",
          "pyarrow", "duckdb")


def main():
    name = sys.argv[1]
    missing = [package for package in NEEDED if importlib.util.find_spec(package) is None]
    if missing:
        print(f"SKIPPED e2e/{name}: {sys.executable} lacks {', '.join(missing)}; see tests/requirements.txt")
        return SKIPPED
    import pytest

    here = pathlib.Path(__file__).resolve().parent
    sys.dont_write_bytecode = True
    return pytest.main(["-q", "-rxXs", "-p", "no:cacheprovider", str(here / name), *sys.argv[2:]])


if __name__ == "__main__":
    sys.exit(main())
