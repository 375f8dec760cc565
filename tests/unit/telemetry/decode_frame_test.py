"""The decoders that clients copy, on the golden frames: each must give what the same message says in JSON."""
import json
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
SUPPORT = ROOT / "tests" / "support"
GOLDEN = ROOT / "tests" / "golden" / "stream"
CASES = ("latest", "all", "all_gap", "minmax")
SKIPPED = 77

# The schema of tests/unit/telemetry/frames.hpp, as a `subscribed` message names it.
FIELDS = [
    {"name": "speed_rpm", "unit": "rpm", "type": "real"},
    {"name": "pulses", "unit": None, "type": "integer"},
    {"name": "enabled", "unit": None, "type": "boolean"},
    {"name": "state", "unit": None, "type": "enum", "enum": ["idle", 'run "fast"', "stop"]},
]
LANES = [0, 1]

RUN = """
import { readFileSync } from "node:fs";
const [module, frame, fields, lanes] = process.argv.slice(1);
const { decodeFrame } = await import(module);
const bytes = readFileSync(frame);
const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
console.log(JSON.stringify(decodeFrame(buffer, JSON.parse(fields), JSON.parse(lanes))));
"""


def with_python(path):
    sys.path.insert(0, str(SUPPORT))
    from decode_frame import decode_frame

    return decode_frame(path.read_bytes(), FIELDS, LANES)


def with_javascript(path):
    module = (SUPPORT / "decode_frame.mjs").as_uri()
    command = ["node", "--input-type=module", "-e", RUN, module, str(path), json.dumps(FIELDS), json.dumps(LANES)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout)


def main():
    language = sys.argv[1]
    if language == "javascript" and shutil.which("node") is None:
        print("SKIPPED: node is not installed, the JavaScript decoder was not run")
        return SKIPPED
    decode = {"python": with_python, "javascript": with_javascript}[language]
    faults = 0
    for case in CASES:
        expected = json.loads((GOLDEN / f"{case}.json").read_text(encoding="utf-8"))
        got = decode(GOLDEN / f"{case}.bin")
        if got != expected:
            faults += 1
            print(f"{case}: {got}\nexpected: {expected}")
    print(f"{len(CASES) - faults} of {len(CASES)} frames decoded by {language}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
