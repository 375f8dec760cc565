"""The files of the project as the rules see them: text, code without comments and strings, includes, comments."""
import pathlib
import re

CODE = {".c", ".h", ".cpp", ".hpp"}
HEADERS = {".h", ".hpp"}
FOLDERS = ("sdk", "host", "api", "plugins", "config", "tests", "docs", ".ci")
SKIPPED = {"build", "node_modules", "dist", "__pycache__", ".git", ".venv", ".pytest_cache", ".hypothesis"}

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|(?:u8|[uUL])?R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])\'(?:\\.|[^\'\\\n])+\'',
    re.S,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)


class Finding:
    """One broken rule at one place, printed the way a compiler does."""

    def __init__(self, path, line, text):
        self.path, self.line, self.text = path, line, text

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


def blank(text):
    """As many lines as text, nothing on them but the quotes of a string."""
    fill = '""' if text[:1] != "/" else " "
    return fill + "\n" * text.count("\n")


class File:
    """One file: path from the root, as text with slashes."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.name, self.suffix = path.name, path.suffix
        self.folder = self.path.rpartition("/")[0]
        self.text = path.read_text(encoding="utf-8", errors="replace")
        self.lines = self.text.splitlines()

    @property
    def is_code(self):
        return self.suffix in CODE

    @property
    def is_cmake(self):
        return self.name == "CMakeLists.txt" or self.suffix == ".cmake"

    @property
    def is_script(self):
        return self.suffix in {".py", ".sh"} or self.text.startswith("#!")

    def code(self):
        """The text with comments and the insides of strings taken out, line numbers kept."""
        if self.is_code:
            return TOKEN.sub(lambda match: blank(match[0]), self.text)
        if self.is_cmake or self.is_script:
            return re.sub(r"(^|(?<=\s))#[^\n]*", "", self.text)
        return self.text

    def includes(self):
        """(line, target, quoted) of each #include."""
        if not self.is_code:
            return []
        text = re.sub(r"//[^\n]*|/\*.*?\*/", lambda match: "\n" * match[0].count("\n"), self.text, flags=re.S)
        return [(line_of(text, m.start(2)), m[2], m[1] == '"') for m in INCLUDE.finditer(text)]

    def at(self, line, text):
        return Finding(self.path, line, text)


class Tree:
    """All files below the folders of the house, and those at its root."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.files = [File(self.root, path) for path in sorted(self._paths())]
        self.by_path = {file.path: file for file in self.files}

    def _paths(self):
        for path in self.root.iterdir():
            if path.is_file():
                yield path
            elif path.name in FOLDERS:
                yield from self._below(path)

    def _below(self, folder):
        for path in folder.iterdir():
            if path.is_dir():
                if path.name not in SKIPPED:
                    yield from self._below(path)
            elif self._is_text(path):
                yield path

    @staticmethod
    def _is_text(path):
        with path.open("rb") as stream:
            return b"\0" not in stream.read(2048)

    def code(self):
        return [file for file in self.files if file.is_code]

    def matching(self, *suffixes):
        return [file for file in self.files if file.suffix in suffixes]

    def cmake(self):
        return [file for file in self.files if file.is_cmake]


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def under(path, prefix):
    """Is path the file prefix, below the folder prefix, or, for a prefix ending in *, does it begin with it?"""
    if prefix.endswith("*"):
        return path.startswith(prefix[:-1])
    return prefix == "" or path == prefix or path.startswith(prefix + "/")


def under_any(path, prefixes):
    return any(under(path, prefix) for prefix in prefixes)
