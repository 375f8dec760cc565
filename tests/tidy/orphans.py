"""Nothing lies about: every source is compiled, every header included, every script called, the top level closed."""
import re

from tree import HEADERS, under

TOP = {
    "CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md", "LICENSE", "dev",
    ".ci", "sdk", "host", "api", "plugins", "config", "tests", "docs",
    ".clang-format", ".clang-tidy", ".gitignore", ".gitattributes",
}
MADE = {".git", ".venv", "build", ".cache", ".pytest_cache", ".hypothesis", ".schemathesis"}


def named_in_cmake(tree, file):
    """Does a CMake file of its folder or one above name it by its path from there, or any by its path from the root?"""
    for cmake in tree.cmake():
        if re.search(rf"/{re.escape(file.path)}(?![\w.-])", cmake.code()):
            return True
        if under(file.path, cmake.folder):
            relative = file.path.removeprefix(cmake.folder).lstrip("/")
            if re.search(rf"(?:(?<![\w./-])|(?<=}}/)){re.escape(relative)}(?![\w.-])", cmake.code()):
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


def names_script(code, stem):
    """The stem as a word; of x_test also x alone, where the suffix is added in a loop."""
    words = [stem] if not stem.endswith("_test") or "}_test.py" not in code else [stem, stem.removesuffix("_test")]
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", code) for word in words)


def scripts(tree):
    """Every Python file is imported, or named by CMake, by dev or by another script."""
    readers = [file for file in tree.files if file.is_cmake or file.is_script]
    for file in tree.matching(".py"):
        if file.name in ("conftest.py", "__init__.py"):
            continue
        if not any(names_script(other.code(), file.name[:-3]) for other in readers if other is not file):
            yield file.at(1, "nothing imports or runs this script: call it or remove it")


def top_level(tree):
    """The top level holds what docs/contributing.md lists, and nothing else."""
    for path in sorted(tree.root.iterdir()):
        if path.name not in TOP | MADE:
            where = path.name + ("/" if path.is_dir() else "")
            yield f"{where}: the top level holds {', '.join(sorted(TOP))}"


RULES = {"orphan_sources": sources, "orphan_headers": headers, "orphan_scripts": scripts, "top_level": top_level}
