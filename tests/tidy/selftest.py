"""Proves that every rule can fail: a small tree that breaks it is found, the same tree mended is not."""
import pathlib
import sys
import tempfile
import unittest

import examples
import tidy
from tree import Tree


def findings(rule, files):
    """What one rule says about a tree made of these files (path: text)."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in files.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        return tidy.check(rule, root, root / "build")


class EveryRule(unittest.TestCase):
    """One pass over the examples, so that a rule without one cannot slip in."""

    def test_has_an_example(self):
        rules = {*tidy.SOURCE_RULES, *tidy.BUILD_RULES}
        self.assertEqual(rules, {rule for rule, *_ in examples.BROKEN})

    def test_is_a_test_of_its_own(self):
        self.assertEqual({*tidy.SOURCE_RULES, *tidy.BUILD_RULES}, set(NAMED))

    def test_fires_on_what_breaks_it(self):
        for rule, files, place, words in examples.BROKEN:
            with self.subTest(rule=rule, words=words):
                found = findings(rule, files)
                self.assertTrue(any(place in line and words in line for line in found), found)

    def test_is_silent_on_what_keeps_it(self):
        for rule, files in examples.KEPT:
            with self.subTest(rule=rule, files=list(files)):
                self.assertEqual([], findings(rule, files))


class Reading(unittest.TestCase):
    """What the rules look at: code without its comments and strings."""

    def code(self, text):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "host").mkdir()
            (root / "host/a.cpp").write_text(text)
            return Tree(root).by_path["host/a.cpp"].code()

    def test_takes_out_comments_and_strings(self):
        strings = """auto s = "rand()"; auto r = R"x(rand())x"; char c = '"'; int b;"""
        code = self.code(f"int a; // rand()\n/* rand()\n */ {strings}\n")
        self.assertNotIn("rand", code)
        self.assertIn("int b;", code)
        self.assertEqual(3, code.count("\n"))

    def test_is_not_misled_by_digit_separators(self):
        self.assertIn("rand", self.code("int a = 1'000; rand(); int b = 2'000;\n"))


NAMED = []

if __name__ == "__main__":
    if len(sys.argv) > 1:
        NAMED = sys.argv.pop(1).split(";")
    else:
        NAMED = [*tidy.SOURCE_RULES, *tidy.BUILD_RULES]
    unittest.main(verbosity=2)
