"""Pages keep their form: one title each, links that lead somewhere, four headings in a plugin's README."""
import re

HEADINGS = ("Equations", "Parameters", "Validity", "References")
LINK = re.compile(r"!?\[[^\]\n]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")


def prose(file):
    """(line, text) outside fenced blocks."""
    fence = None
    for number, line in enumerate(file.lines, 1):
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark and fence is None:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = None
        elif fence is None:
            yield number, line


def headings(file, depth):
    return [(n, line[depth + 1 :].strip()) for n, line in prose(file) if re.match(rf"#{{{depth}}} ", line)]


def anchors(file):
    """The anchors of a page, spelled the way the usual viewers do."""
    found = set()
    for _, line in prose(file):
        match = re.match(r"#{1,6} +(.*)", line)
        if match:
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1]).strip().lower()
            found.add(re.sub(r"[^\w\- ]", "", text).replace(" ", "-"))
    return found


def titles(tree):
    """A page has one title, and it is the first line."""
    for file in tree.matching(".md"):
        found = headings(file, 1)
        if len(found) != 1 or found[0][0] != 1:
            yield file.at(1, f"one '# Title' on the first line and no other; found {len(found)}")


def links(tree):
    """A link inside the project leads to a file that is there, and to a heading that is in it."""
    for file in tree.matching(".md"):
        for number, line in prose(file):
            for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
                problem = None if re.match(r"[a-z]+:", target) else broken(tree, file, target)
                if problem:
                    yield file.at(number, f"link to {target}: {problem}")


def broken(tree, file, target):
    path, _, anchor = target.partition("#")
    place = (tree.root / file.folder / path).resolve() if path else tree.root / file.path
    if not place.is_relative_to(tree.root):
        return "leaves the project"
    if not place.exists():
        return "no such file"
    page = tree.by_path.get(place.relative_to(tree.root).as_posix())
    if anchor and page is not None and page.suffix == ".md" and anchor not in anchors(page):
        return "no such heading"
    return None


def plugin_readmes(tree):
    """A plugin's README has the four headings Equations, Parameters, Validity, References."""
    for cmake in tree.cmake():
        match = re.fullmatch(r"plugins/(\w+)/CMakeLists\.txt", cmake.path)
        if not match:
            continue
        readme = tree.by_path.get(f"plugins/{match[1]}/README.md")
        if readme is None:
            yield cmake.at(1, f"plugins/{match[1]} has no README.md")
            continue
        found = [text for _, text in headings(readme, 2)]
        missing = [heading for heading in HEADINGS if heading not in found]
        if missing:
            yield readme.at(1, f"headings missing: {', '.join('## ' + heading for heading in missing)}")


RULES = {"page_titles": titles, "page_links": links, "plugin_readmes": plugin_readmes}
