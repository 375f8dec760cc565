"""Runs one house rule over the project: tidy.py RULE [--root DIR] [--build DIR]; 0 kept, 1 broken, 2 no such rule."""
import argparse
import pathlib
import sys

import built
import calls
import docs
import orphans
import rooms
import shape
from tree import Tree

SOURCE_RULES = {**rooms.RULES, **shape.RULES, **calls.RULES, **orphans.RULES, **docs.RULES}
BUILD_RULES = built.RULES
SHOWN_MAX = 200


def check(rule, root, build):
    """The findings of one rule, as lines."""
    tree = Tree(root)
    if rule in SOURCE_RULES:
        return [str(finding) for finding in SOURCE_RULES[rule](tree)]
    return [str(finding) for finding in BUILD_RULES[rule](tree, build)]


def main():
    here = pathlib.Path(__file__).resolve()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rule", nargs="?", help="a rule's name, all, or nothing to list them")
    parser.add_argument("--root", type=pathlib.Path, default=here.parents[2])
    parser.add_argument("--build", type=pathlib.Path, default=here.parents[2] / "build/dev")
    options = parser.parse_args()
    rules = {**SOURCE_RULES, **BUILD_RULES}
    if options.rule is None:
        for name, function in rules.items():
            print(f"{name:17} {function.__doc__.splitlines()[0]}")
        return 0
    if options.rule != "all" and options.rule not in rules:
        print(f"there is no rule '{options.rule}'", file=sys.stderr)
        return 2
    chosen = rules if options.rule == "all" else [options.rule]
    count = 0
    for name in chosen:
        findings = check(name, options.root, options.build)
        count += len(findings)
        for line in findings[:SHOWN_MAX]:
            print(f"{line} [{name}]")
    print(f"{count} findings")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
