"""Pages as the guide's test reads them: fenced blocks, the shape of answers, the table of routes."""
import json
import re

METHODS = ("get", "post", "patch", "put", "delete")
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.S | re.M)


class Block:
    """One fenced block: language, words of its first line (key=value), text, place."""

    def __init__(self, match, line):
        self.language, self.text, self.line = match[1], match[3], line
        self.words = dict(word.split("=", 1) for word in match[2].split())
        self.stage = int(self.words.get("stage", 1))
        self.is_stage_set = "stage" in self.words


def read_blocks(page):
    """The blocks of a page; one without a stage belongs to that of the block before."""
    text = page.read_text()
    blocks = [Block(match, text.count("\n", 0, match.start()) + 1) for match in FENCE.finditer(text)]
    for before, block in zip(blocks, blocks[1:]):
        if not block.is_stage_set:
            block.stage = before.stage
    return blocks


def kind(value):
    return float if type(value) in (int, float) else type(value)


def differences(shown, real, place):
    if kind(shown) is not kind(real):
        yield f"{place} shows {shown!r}, the host gives {real!r}"
    elif isinstance(shown, dict):
        if shown.keys() != real.keys():
            yield f"{place or 'the answer'} shows the keys {sorted(shown)}, the host gives {sorted(real)}"
        for key in shown.keys() & real.keys():
            yield from differences(shown[key], real[key], f"{place}/{key}")
    elif isinstance(shown, list):
        if len(shown) != len(real):
            yield f"{place} shows {len(shown)} entries, the host gives {len(real)}"
        elif shown:
            yield from differences(shown[0], real[0], f"{place}/0")
    elif isinstance(shown, bool) and shown != real:
        yield f"{place} shows {shown}, the host gives {real}"


def same_shape(shown, real):
    """What differs between a shown answer and a real one, numbers and texts aside."""
    try:
        return list(differences(json.loads(shown), json.loads(real), ""))
    except json.JSONDecodeError as error:
        return [f"no two JSON values here: {error}"]


def check_routes(page, host):
    """The table between <!-- routes --> and <!-- end --> against /openapi.json."""
    table = page.read_text().split("<!-- routes -->")[1].split("<!-- end -->")[0]
    shown = set()
    for methods, path in re.findall(r"^\| ([A-Z, ]+) \| `(\S+)` \|", table, re.M):
        shown |= {f"{method} {path}" for method in methods.split(", ")}
    _, answer = host.curl("curl localhost:8080/openapi.json")
    real = set()
    for path, item in json.loads(answer)["paths"].items():
        if not path.startswith("/plugins/") and path != "/v1/stream":
            real |= {f"{method.upper()} {path}" for method in item if method in METHODS}
    return [f"docs/api.md does not list {route}" for route in sorted(real - shown)] + [
        f"docs/api.md lists {route}, which the host does not have" for route in sorted(shown - real)]
