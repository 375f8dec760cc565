"""Tests the parts of ./dev that need no build: its help, its refusals, the order of its package list."""
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERBS = ("run", "test", "bench", "sanitize", "fuzz", "format", "tidy", "setup", "completion")


def dev(*arguments, folder="/"):
    """Runs ./dev from another folder than its own, without input."""
    command = [ROOT / "dev", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, stdin=subprocess.DEVNULL)


class Dev(unittest.TestCase):
    def test_names_every_verb_in_its_overview(self):
        shown = dev("--help").stdout
        for verb in VERBS:
            self.assertRegex(shown, rf"(?m)^  {verb} +\w")

    def test_explains_every_verb(self):
        for verb in VERBS:
            answer = dev(verb, "--help")
            self.assertEqual((0, ""), (answer.returncode, answer.stderr), verb)
            self.assertTrue(answer.stdout.startswith("usage: "), verb)
            self.assertEqual(answer.stdout, dev("help", verb).stdout)

    def test_refuses_an_unknown_verb(self):
        answer = dev("launch")
        self.assertEqual(2, answer.returncode)
        self.assertIn("there is no verb 'launch'", answer.stderr)

    def test_refuses_an_unknown_sanitizer_before_it_installs_anything(self):
        answer = dev("sanitize", "msan")
        self.assertEqual(1, answer.returncode)
        self.assertIn("asan, tsan or all", answer.stderr)

    def test_completes_its_verbs(self):
        words = "COMP_WORDS=(./dev te); COMP_CWORD=1"
        script = f'source <("{ROOT}/dev" completion); {words}; _simhost_dev; echo $COMPREPLY'
        answer = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
        self.assertEqual("test\n", answer.stdout)

    def test_gives_each_package_one_line_and_a_reason(self):
        text = (ROOT / "dev").read_text().split("cat <<'LIST'\n")[1].split("\nLIST\n")[0]
        rows = [line.split(None, 2) for line in text.splitlines()]
        self.assertTrue(all(len(row) == 3 for row in rows), rows)
        self.assertEqual(len(rows), len({(group, name) for group, name, _ in rows}))


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
