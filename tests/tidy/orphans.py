"""Nothing lies about: every source is compiled, every header included, every script called, the top level closed."""
import re

from tree import HEADERS, under

TOP = {
    "CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md", "LICENSE", "dev",
    ".ci", "sdk", "host", "api", "plugins", "config", "tests", "docs",
    ".clang-format", ".clang-tidy", ".gitignore", ".gitattributes",
}
MADE = {".git", ".venv", "build", ".cache", ".pytest_cache", ".hypothesis", ".schemathesis"}


def cmake_above(tree, file):
    """The CMakeLists.txt files of the file's folder and the folders above it, nearest first."""
    folder = file.folder
    while True:
        path = f"{folder}/CMakeLists.txt" if folder else "CMakeLists.txt"
        if path in tree.by_path:
            yield tree.by_path[path], file.path[len(folder) + 1 :] if folder else file.path
        if not folder:
            return
        folder = folder.rpartition("/")[0]


def named_in_cmake(tree, file):
    for cmake, relative in cmake_above(tree, file):
        if re.search(rf"(?<![\w./-]){re.escape(relative)}(?![\w.-])", cmake.code()):
            return True
        if re.search(rf"/{re.escape(file.path)}(?![\w.-])", cmake.code()):
            return True
    return False


def sources(tree):
    """Every .c and .cpp is named in a CMakeLists.txt of its folder or one above."""
    for file in tree.matching(".c", ".cpp"):
        if not named_in_cmake(tree, file):
            yield file.at(1, "no CMakeLists.txt names this source: add it or remove it")


def headers(tree):
    """Every header is included by someone, or named in CMake; the SDK's are a product of their own."""
    used = set()
    for file in tree.code():
        for _, target, quoted in file.includes():
            used.add(target)
            used.add(f"{file.folder}/{target}")
    for file in tree.code():
        if file.suffix not in HEADERS or under(file.path, "sdk/include"):
            continue
        if file.path not in used and file.path.removeprefix("sdk/include/") not in used:
            if not named_in_cmake(tree, file):
                yield file.at(1, "nobody includes this header: include it or remove it")


def scripts(tree):
    """Every Python file is imported, or named by CMake, by dev or by another script."""
    readers = [file for file in tree.files if file.is_cmake or file.is_script]
    for file in tree.matching(".py"):
        if file.name in ("conftest.py", "__init__.py"):
            continue
        stem = re.compile(rf"(?<![\w]){re.escape(file.name[:-3])}(?![\w])")
        if not any(stem.search(other.code()) for other in readers if other is not file):
            yield file.at(1, "nothing imports or runs this script: call it or remove it")


def top_level(tree):
    """The top level holds what docs/contributing.md lists, and nothing else."""
    for path in sorted(tree.root.iterdir()):
        if path.name not in TOP | MADE:
            where = path.name + ("/" if path.is_dir() else "")
            yield f"{where}: the top level holds {', '.join(sorted(TOP))}"


RULES = {"orphan_sources": sources, "orphan_headers": headers, "orphan_scripts": scripts, "top_level": top_level}
