"""Builds the plugins of README.md and docs/plugin_guide.md from an installed SDK, and runs the pages on a real host."""
import argparse
import pathlib
import shutil
import signal
import subprocess
import sys

from host import Host
from pages import check_routes, read_blocks, same_shape

PAGES = ("README.md", "docs/plugin_guide.md", "docs/api.md")
BUILD_TIMEOUT_S = 400


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S)
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")


def write_files(blocks, stage, folder):
    """The files the pages give for this stage, as they stand."""
    for block in blocks:
        if "guide" in block.words and block.stage == stage:
            path = folder / block.words["guide"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)


def build(folder, options):
    run("cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
        f"-DCMAKE_PREFIX_PATH={options.work / 'prefix'}", f"-DCMAKE_CXX_COMPILER={options.cxx}")
    run("cmake", "--build", folder / "build")


def follow(page, blocks, host):
    """Runs the curl lines of a page in order; a JSON block has the shape of the last answer."""
    answer, count, faults = None, 0, []
    for block in blocks:
        if block.language == "sh":
            for line in block.text.splitlines():
                if line.startswith("curl "):
                    status, answer = host.curl(line)
                    count += 1
                    if status >= 400:
                        faults.append(f"{page}:{block.line}: {line}\n  answers {status}: {answer}")
        elif block.language == "json":
            faults += [f"{page}:{block.line}: {fault}" for fault in same_shape(block.text, answer)]
    return count, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("source", "sdk", "host", "plugins", "work"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--cxx", required=True)
    options = parser.parse_args()
    shutil.rmtree(options.work, ignore_errors=True)
    pages = {page: read_blocks(options.source / page) for page in PAGES}
    everything = [block for blocks in pages.values() for block in blocks]
    tank, readme = options.work / "tank", options.work / "readme"

    run("cmake", "--install", options.sdk, "--component", "sdk", "--prefix", options.work / "prefix")
    write_files(everything, 1, options.work)
    project = (tank / "CMakeLists.txt").read_text().replace("sim_add_plugin(tank", "sim_add_plugin(heater")
    (readme / "CMakeLists.txt").write_text(project.replace("plugin.cpp tank.hpp", "heater.cpp"))
    build(tank, options)
    build(readme, options)

    faults = []
    folders = (tank / "build/plugins", readme / "build/plugins", options.plugins)
    with Host(options.host, folders, options.work / "state") as host:
        status, _ = host.curl("curl localhost:8080/v1/models/heater")
        if status != 200:
            faults.append("README.md: the plugin is not served")
        for page, blocks in pages.items():
            for stage in (1, 2):
                some = [block for block in blocks if block.stage == stage]
                if stage == 2 and some:
                    write_files(some, 2, options.work)
                    build(tank, options)
                count, found = follow(page, some, host)
                faults += found
                print(f"{page}, stage {stage}: {count} requests")
        faults += check_routes(options.source / "docs/api.md", host)
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # a time-out of ctest ends the host too
    sys.exit(main())
