"""Calls that are not made here, each with what stands in for it."""
import re

from tree import line_of, under, under_any

LIBRARIES = ("sdk", "host", "api/http", "api/net", "api/ws", "api/routes", "plugins")
ANYWHERE = ("sdk", "host", "api", "plugins", "tests")
C_TEXT = r"\b(?:strcpy|strcat|sprintf|vsprintf|strtok|gets)\s*\("
HEAP = r"(?<!operator )(?<!<)\bnew\b|(?<!= )(?<!operator )\bdelete\b|\b(?:malloc|calloc|realloc|std::free)\s*\("
# Forms in which new has an owner at once, or is meant never to be freed.
OWNED = re.compile(r"_ptr<[^;{}]*?[({]\s*new\b|\.reset\(\s*new\b|\bstatic\b[^;{}=]*=\s*new\b")

# Pacing, polls with a deadline where nothing tells, and clients and plugins whose slowness is what is tested.
SLEEPERS = ("host/engine", "api/net/server.cpp", "tests/support", "tests/bench", "tests/unit/net",
            "tests/unit/services/plugin")

# pattern, where it is banned, files excepted, what to write instead
CALLS = [
    (r"\bs?rand\s*\(|\bstd::random_device\b|\bmt19937", ("sdk", "host", "plugins"), ("host/base/ids*",),
     "counter-based random numbers keyed by seed, lane and tick: same seed, same bytes"),
    (r"\bstd::(?:j?thread|async)\b|\bpthread_create\b", ("sdk", "plugins"), (), "sim.jobs: plugins start no threads"),
    (r"\bthread\w*\.detach\(\)|\bstd::j?thread\([^;]*\.detach\(\)", ANYWHERE, (),
     "a thread that is joined: a detached one outlives what it uses"),
    (r"\b(?:sleep_for|sleep_until|usleep|nanosleep|clock_nanosleep|sleep)\s*\(", ANYWHERE,
     SLEEPERS, "a condition, a manual clock, or the driver's pacing"),
    (r"\bstd::(?:cout|cerr|clog|printf|puts)\b|(?<![\w:])v?f?printf\s*\(|(?<![\w:.])(?:puts|perror)\s*\(", LIBRARIES,
     ("host/base/check.cpp", "sdk/kit", "sdk/template"), "an Error, a counter, or the log: libraries never print"),
    (r"\bstd::endl\b", ANYWHERE, (), "'\\n': std::endl flushes each time"),
    (C_TEXT, ("sdk", "host", "api", "plugins"), (), "std::string, or the bounded snprintf"),
    (r"\bato[ifl]\s*\(|\bstd::sto[a-z]+\s*\(|\bstrto(?:d|f|u?ll?)\s*\(", ("host", "api", "plugins"), (),
     "std::from_chars: no locale, no exception, no silent zero"),
    (r"\bsetlocale\s*\(|\bstd::locale\b", ANYWHERE, ("host/plugin/ambient.cpp",),
     "std::to_chars and std::from_chars, which know no locale"),
    (r"\bgetenv\s*\(", ("sdk", "host", "api", "plugins"), ("host/settings", "api/cli", "api/main.cpp"),
     "a setting, or sim.config in a plugin: one place reads the environment"),
    (r"(?<![\w:.>])system\s*\(|\bpopen\s*\(", ANYWHERE, (), "a library call: nothing here runs a shell"),
    (r"\b(?:system|steady|high_resolution)_clock\b|\bclock_gettime\s*\(|\bgettimeofday\s*\(|\bstd::time\s*\(",
     ("sdk/include", "plugins"), (), "the step's time, or sim.clock where wall time is wanted"),
    (r"\bstd::(?:quick_|_)?(?:exit|abort|terminate)\s*\(|[;{}]\s*(?:quick_|_)?(?:exit\s*\(|abort\s*\(\))", LIBRARIES,
     ("host/base/check.cpp", "host/base/check.hpp", "sdk/kit"), "an Error; SIM_CHECK for a bug of our own"),
    (r"(?<![\w_])assert\s*\(", ("host", "api"), (), "SIM_CHECK: it stays on in what is shipped"),
    (HEAP, ("host", "api", "plugins"), (), "std::make_unique, std::vector or a value"),
    (r"\bstd::regex\b", ("sdk", "host", "api", "plugins"), (), "lines that scan: std::regex recurses on its input"),
    (r"\bthread_local\b", ("sdk/include", "plugins"), (), "the instance's state: it outlives a library that unloads"),
    (r"\bstd::any\b|\bdynamic_pointer_cast\b", ("sdk", "host", "api"), (), "std::variant or a virtual function"),
]

# The same for CMake, for Python and for every text.
CMAKE = [
    (r"\bfile\s*\(\s*GLOB", (), "the list of files: a glob does not see a new one"),
    (r"(?<!target_)\b(?:include_directories|link_directories|link_libraries|add_definitions)\s*\(", (),
     "the target_ form: it stays with its target"),
    (r"-ffast-math|-Ofast|-march=native", ("tests/unit/plugin", "tests/contract"),
     "nothing: results are the same bytes on every machine"),
]
PYTHON = [
    (r"\btime\.sleep\s*\(", ("tests/support", "tests/bench", "tests/e2e/conftest.py"),
     "a poll with a deadline, or an event from the host"),
    (r"\bos\.system\s*\(|shell=True", (), "subprocess.run with a list"),
    (r"^\s*except\s*:", (), "the exceptions that can come"),
]
# Written in pieces, so that this file does not find itself.
TEXTS = [
    (r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b", "an issue: a note in the code is never read again"),
    (r"(?<![\w.$}])/(?:wo" r"rk|ro" r"ot|ho" r"me)/", "a path from the project's root: no machine is named here"),
    (r"<<<<<" r"<<|>>>>>" r">>", "the merged text"),
]


def banned_calls(tree):
    """Some calls are banned, each with its replacement."""
    for file in tree.code():
        code = OWNED.sub(lambda match: "\n" * match[0].count("\n"), file.code())
        for pattern, where, excepted, instead in CALLS:
            if not under_any(file.path, where) or under_any(file.path, excepted):
                continue
            for match in re.finditer(pattern, code):
                yield file.at(line_of(code, match.start()), f"{match[0].strip()!r}: use {instead}")


def banned_cmake(tree):
    """CMake keeps to targets: no glob, no directory-wide state, no arithmetic that differs between machines."""
    for file in tree.cmake():
        code = re.sub(r'"[^"\n]*"', '""', file.code())  # a message may name what it refuses
        for pattern, excepted, instead in CMAKE:
            if under_any(file.path, excepted):
                continue
            for match in re.finditer(pattern, code):
                yield file.at(line_of(code, match.start()), f"{match[0].strip()!r}: use {instead}")


def banned_python(tree):
    """Tests in Python wait for events, not for time, and start no shell."""
    for file in tree.matching(".py"):
        if under(file.path, "tests/tidy"):  # the rules and their examples
            continue
        code = file.code()
        for pattern, excepted, instead in PYTHON:
            if under_any(file.path, excepted):
                continue
            for match in re.finditer(pattern, code, re.M):
                yield file.at(line_of(code, match.start()), f"{match[0].strip()!r}: use {instead}")


def banned_words(tree):
    """No text holds a note to oneself, a machine's path or an unresolved merge."""
    for file in tree.files:
        for pattern, instead in TEXTS:
            for match in re.finditer(pattern, file.text):
                yield file.at(line_of(file.text, match.start()), f"{match[0]!r}: write {instead}")


RULES = {
    "banned_calls": banned_calls,
    "banned_cmake": banned_cmake,
    "banned_python": banned_python,
    "banned_words": banned_words,
}
