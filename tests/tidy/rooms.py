"""Which room may include which: the arrows of the house, and the one door of each third-party library."""
import re

from tree import HEADERS, under, under_any

EVERYTHING = ("sdk", "host", "api", "plugins", "tests")
HOST = ("host/base", "host/settings", "host/store", "host/plugin", "host/engine", "host/session", "host/telemetry",
        "host/services", "host/record", "host/jobs", "host/plan", "host/rules", "host/playback")

# Room: what it may include besides itself. The longest room that a file lies in counts. Every folder of sources
# must lie in one, so a new room is a line here.
ROOMS = {
    "sdk": (),
    "plugins": ("sdk",),
    "host/base": (),
    "host/settings": ("host/base",),
    "host/store": ("host/base",),
    "host/jobs": ("host/store", "host/base"),
    "host/plugin": ("host/base", "sdk"),
    "host/engine": ("host/plugin", "host/base", "sdk"),
    "host/session": ("host/engine", "host/plugin", "host/settings", "host/store", "host/base", "sdk"),
    "host/plan": ("host/session", "host/engine", "host/plugin", "host/store", "host/base", "sdk"),
    "host/telemetry": ("host/session", "host/engine", "host/plugin", "host/base", "sdk"),
    "host/rules": ("host/telemetry", "host/session", "host/engine", "host/plugin", "host/store", "host/base", "sdk"),
    "host/record": ("host/telemetry", "host/session", "host/engine", "host/plugin", "host/base", "sdk"),
    "host/playback": ("host/record", "host/session", "host/engine", "host/plugin", "host/base", "sdk"),
    "host/services": HOST + ("sdk",),
    "api/http": ("api/net/websocket.hpp", "host/base"),
    "api/net": ("api/http", "host/base"),
    "api/ws": ("api/http", "api/net/websocket.hpp", "sdk") + HOST,
    "api/routes": ("api/http", "api/net/websocket.hpp", "sdk") + HOST,
    "api/cli": EVERYTHING,
    "api/main.cpp": EVERYTHING,
    "tests": EVERYTHING,
}

# Third-party or system header: who may include it, besides the tests.
DOORS = [
    (r"boost/beast", ("api/net",), "HTTP and WebSocket bytes are api/net's"),
    (r"boost/asio|sys/(socket|un)\.h|netinet/|arpa/inet\.h|netdb\.h", ("api/net", "api/cli", "api/main.cpp"),
     "host knows no socket; api/net owns them"),
    (r"rapidjson/", ("host/base/json.cpp",), "parse and write JSON with host/base/json.hpp"),
    (r"boost/dll|elf\.h|link\.h", ("host/plugin",), "libraries are loaded by host/plugin"),
    (r"dlfcn\.h", ("host/plugin", "host/record/parquet_module.cpp"), "plugins are loaded by host/plugin"),
    (r"(oneapi/)?tbb/", ("host/engine",), "the pool is host/engine's"),
    (r"spdlog/", ("host/base/log*", "api/cli", "api/main.cpp"), "log through host/base"),
    (r"prometheus/", ("host/services", "api/routes"), "count through host/services"),
    (r"CLI/", ("api/cli", "api/main.cpp"), "the command line is api/cli's"),
    (r"sqlite3\.h|libpq-fe\.h|pqxx/", ("host/store",), "SQL is host/store's"),
    (r"date/", ("host/plan",), "zones and calendars are host/plan's"),
    (r"arrow/|parquet/", ("host/record/parquet_read.cpp", "host/record/parquet_write.cpp"),
     "Arrow stays within its module, which is loaded when it is needed"),
    (r"g(test|mock)/|benchmark/", (), "test libraries stay in tests"),
    (r"(thread|future|pthread\.h)$", ("host", "api"), "plugins start no threads: use sim.jobs"),
]

# What the SDK's headers may include besides each other: C++ headers have no dot, of C these.
SDK_SYSTEM = re.compile(r"[a-z_0-9]+$|(errno|float|limits|math|std(arg|bool|def|int|io|lib)|string)\.h$")


def room_of(path):
    rooms = [room for room in ROOMS if under(path, room)]
    return max(rooms, key=len) if rooms else None


def resolve(tree, file, target, quoted):
    """The path of an included file of ours, or None for a library's or a generated one."""
    if quoted:
        here = f"{file.folder}/{target}"
        return None if is_generated(tree, file, target) else here if here in tree.by_path else target
    if target.startswith("sim/"):
        return f"sdk/include/{target}"
    return target if target.partition("/")[0] in {"sdk", "host", "api", "plugins", "tests"} else None


def is_generated(tree, file, target):
    """Is it made by the build, because the folder's CMakeLists.txt names what is not there?"""
    cmake = tree.by_path.get(f"{file.folder}/CMakeLists.txt")
    return f"{file.folder}/{target}" not in tree.by_path and cmake is not None and target in cmake.code()


def may_include(room, path, target):
    if room == "plugins":  # one plugin never sees another
        own = "/".join(path.split("/")[:2])
        return under_any(target, (own, "sdk"))
    return under_any(target, (room, *ROOMS[room]))


def arrows(tree):
    """Arrows run one way: plugins, sdk, host, api; each room includes only what the table allows."""
    for file in tree.code():
        room = room_of(file.path)
        if room is None:
            yield file.at(1, "lies in no room: add the room to tests/tidy/rooms.py, or move the file into one")
            continue
        for line, target, quoted in file.includes():
            path = resolve(tree, file, target, quoted)
            if path is None:
                continue
            if path not in tree.by_path:
                yield file.at(line, f"includes <{target}>, which is no file of ours")
            elif not may_include(room, file.path, path):
                allowed = ", ".join(ROOMS[room]) or "itself"
                yield file.at(line, f"{room} may not include <{target}>; allowed: {allowed}")


def spelling(tree):
    """Includes are written from the root in angle brackets; a header is guarded and keeps its names to itself."""
    for file in tree.code():
        for line, target, quoted in file.includes():
            neighbour = f"{file.folder}/{target}" in tree.by_path or is_generated(tree, file, target)
            if quoted and not (neighbour and under_any(file.path, ("plugins", "sdk", "tests"))):
                yield file.at(line, f'write <path/from/the/root.hpp>, not "{target}"')
    for file in tree.code():
        if file.suffix in HEADERS and re.search(r"\busing\s+namespace\b", file.code()):
            yield file.at(1, "using namespace in a header spills into everyone who includes it")
        if file.suffix == ".hpp" and "#pragma once" not in file.text:
            yield file.at(1, "a .hpp needs #pragma once")
        if file.suffix == ".h" and not re.search(r"#ifndef (\w+)\n#define \1\b", file.text):
            yield file.at(1, "a .h needs an include guard (C compilers need not know #pragma once)")


def doors(tree):
    """Each third-party library enters through one door."""
    for file in tree.code():
        if under(file.path, "tests"):
            continue
        for line, target, _ in file.includes():
            for pattern, allowed, why in DOORS:
                if re.match(rf"(?:{pattern})", target) and not under_any(file.path, allowed):
                    yield file.at(line, f"<{target}> not here: {why}")


def sdk_is_alone(tree):
    """The SDK depends on the C and C++ standard libraries and on nothing else."""
    for file in tree.code():
        if not under(file.path, "sdk") or file.suffix not in HEADERS:
            continue
        for line, target, quoted in file.includes():
            if not quoted and not target.startswith("sim/") and not SDK_SYSTEM.match(target):
                yield file.at(line, f"the SDK may include only <sim/...> and the standard library, not <{target}>")


RULES = {"include_arrows": arrows, "include_spelling": spelling, "library_doors": doors, "sdk_is_alone": sdk_is_alone}
