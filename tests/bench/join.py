"""Joins the results of several bench programs into one file of Google Benchmark's format: join.py FOLDER OUTPUT."""
import json
import pathlib
import sys


def main():
    folder, output = map(pathlib.Path, sys.argv[1:3])
    parts = sorted(folder.glob("*.json"))
    if not parts:
        sys.exit(f"no bench has written a result to {folder}")
    joined = {"context": {}, "benchmarks": []}
    for part in parts:
        result = json.loads(part.read_text())
        joined["context"] = joined["context"] or {**result["context"], "executable": "simhost benches"}
        for row in result["benchmarks"]:
            joined["benchmarks"].append({**row, "name": f"{part.stem}/{row['name']}"})
    output.write_text(json.dumps(joined, indent=1) + "\n")
    print(f"{len(joined['benchmarks'])} results in {output}")


if __name__ == "__main__":
    main()
