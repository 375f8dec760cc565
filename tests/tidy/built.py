"""What only the built tree tells: what a plugin is linked with, what it exports, whether every file is formatted."""
import re
import shutil
import subprocess

ENTRY = {"sim_entry_v1"}
FORMATTER = "clang-format"
AT_ONCE = 64  # files to a call of it: starting it takes longer than a file


def statements(ninja):
    """(outputs, inputs and variables as one text) of each build statement."""
    text = ninja.read_text().replace("$\n", "")
    for match in re.finditer(r"^build ([^:\n]+):([^\n]*\n(?:[ \t]+[^\n]*\n)*)", text, re.M):
        yield match[1].split(), match[2]


def plugin_libraries(tree, build):
    """(path of the library, its link statement) of every shared library made below plugins/."""
    for outputs, body in statements(build / "build.ninja"):
        if re.search(r"\b(C|CXX)_(SHARED|MODULE)_LIBRARY_LINKER", body) and re.search(r"\bplugins/\w+/", body):
            yield outputs[0], body


def plugin_links(tree, build):
    """A plugin is linked with nothing of the host or the api."""
    found = list(plugin_libraries(tree, build))
    if not found and any(re.fullmatch(r"plugins/\w+/plugin\.cpp", file.path) for file in tree.files):
        yield "build.ninja: no plugin library found; has the way they are linked changed?"
    for library, body in found:
        for part in sorted(set(re.findall(r"(?<!\S)\S*\b(?:host|api)/\S+\.(?:a|o|so)\b", body))):
            yield f"{library}: linked with {part}; a plugin stands on the SDK alone"


def plugin_exports(tree, build):
    """A plugin exports its entry and no other symbol."""
    for library, _ in plugin_libraries(tree, build):
        path = build / library
        if not path.exists():
            yield f"{library}: not built"
            continue
        command = ["nm", "-D", "--defined-only", path]
        listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        names = {line.split()[-1].partition("@")[0] for line in listing.splitlines() if line.strip()}
        surplus = sorted(names - ENTRY)
        if surplus:
            yield f"{library}: exports {', '.join(surplus[:5])}{' ...' if len(surplus) > 5 else ''}"
        if not ENTRY <= names:
            yield f"{library}: does not export {', '.join(ENTRY)}"


def formatted(tree, build):
    """Every C and C++ file is as .clang-format wants it: ./dev format."""
    program = shutil.which(FORMATTER)
    if program is None:
        yield f"{FORMATTER} is not installed: ./dev setup test"
        return
    files = list(tree.code())
    for group in (files[i:i + AT_ONCE] for i in range(0, len(files), AT_ONCE)):
        if _format(program, tree, group) == "".join(file.text for file in group):
            continue
        for file in group:
            want = _format(program, tree, [file])
            if want != file.text:
                pairs = zip(file.lines + [""], want.splitlines() + [""])
                line = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), 1)
                yield file.at(line, "not formatted: ./dev format")


def _format(program, tree, files):
    """The files as the formatter would write them, one after the other."""
    command = [program, "--style=file", *(file.path for file in files)]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=tree.root).stdout


RULES = {"plugin_links": plugin_links, "plugin_exports": plugin_exports, "formatted": formatted}
