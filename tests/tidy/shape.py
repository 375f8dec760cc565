"""How long things may be and how a file begins: sizes that fit a screen, a first sentence that names one purpose."""
import ast
import re

from tree import line_of

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 120

TYPE = r"\b(?:namespace|class|struct|union|enum)\b"
QUALIFIER = r"(?:const|noexcept|override|->|$)"
NOT_A_BODY = re.compile(rf"{TYPE}(?![^;{{}}]*\)\s*{QUALIFIER})|^\s*extern\b")
OPERATOR = re.compile(r"\boperator\s*[-+*/%^&|~!=<>,\[\]()]{1,3}")


def house(tree):
    """Files the size rules count: what we write by hand and a compiler or an interpreter reads."""
    return [file for file in tree.files if file.is_code or file.is_cmake or file.is_script]


def file_length(tree):
    """A file has at most 400 lines."""
    for file in house(tree):
        if len(file.lines) > FILE_LINES_MAX:
            yield file.at(FILE_LINES_MAX + 1, f"{len(file.lines)} lines; split it by purpose, {FILE_LINES_MAX} at most")


def columns(tree):
    """A line has at most 120 columns, no tab and no blank at its end."""
    for file in house(tree):
        for number, line in enumerate(file.lines, 1):
            if len(line) > COLUMNS_MAX:
                yield file.at(number, f"{len(line)} columns; {COLUMNS_MAX} at most")
            if "\t" in line:
                yield file.at(number, "a tab; indent with spaces")
            if line != line.rstrip():
                yield file.at(number, "blanks at the end of the line")
        if file.text and not file.text.endswith("\n"):
            yield file.at(len(file.lines), "the last line has no end")


def is_function(head):
    """Does what stands before an opening brace begin a function's body?"""
    head = OPERATOR.sub("operator_", head)
    if "(" not in head or NOT_A_BODY.search(head.split("(")[0]):
        return False
    initialiser = re.search(r"(=|\breturn)\s*[\w:<>]*\s*$", head)
    return not initialiser and "=" not in head.split("(")[0]


def is_scope(head):
    """Is it a namespace, a class or the like, whose members are looked at one by one?"""
    return bool(re.search(r"\b(namespace|class|struct|union|enum)\b|\bextern\b\s*\"", head)) and not is_function(head)


def functions(code):
    """(first line, last line) of each outermost function, by matching braces."""
    start, depth, outer, begin = 0, 0, None, None  # outer: the depth at which the outermost body began
    for match in re.finditer(r"[{};]", code):
        if match[0] == "{":
            head = code[start : match.start()]
            if outer is None and not is_scope(head):
                outer = depth
                if begin is None and is_function(head):
                    begin = start + len(head) - len(head.lstrip())
            depth += 1
        elif match[0] == "}":
            depth = max(0, depth - 1)
            # "b_{2}, c_{3} {": a member's braces in a constructor's list; the body is still to come
            unfinished = re.match(r"\s*[,{]", code[match.end() :])
            if outer == depth:
                if begin is not None and not unfinished:
                    yield line_of(code, begin), line_of(code, match.start())
                outer, begin = None, begin if unfinished else None
        start = match.end()


def without_preprocessor(code):
    """Directives taken out, with their continuation lines; of an #if its first branch is kept, so that braces pair."""
    code = re.sub(r"\\\n", lambda _: "\x01\n", code)
    lines, directive, hidden = [], False, []
    for line in code.split("\n"):
        word = re.match(r"\s*#\s*(\w+)", line)
        if word and not directive:
            if word[1] in ("if", "ifdef", "ifndef"):
                hidden.append(False)
            elif word[1] in ("else", "elif") and hidden:
                hidden[-1] = True
            elif word[1] == "endif" and hidden:
                hidden.pop()
        is_directive = directive or bool(word)
        directive = is_directive and line.endswith("\x01")
        lines.append("" if is_directive or any(hidden) else line)
    return "\n".join(lines)


def python_functions(file):
    for node in ast.walk(ast.parse(file.text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno


def function_length(tree):
    """A function has at most 70 lines (an estimate by braces, good to a line or two)."""
    for file in tree.files:
        if file.is_code:
            found = functions(without_preprocessor(file.code()))
        elif file.suffix == ".py":
            found = python_functions(file)
        else:
            continue
        for first, last in found:
            if last - first + 1 > FUNCTION_LINES_MAX:
                yield file.at(first, f"a function of {last - first + 1} lines; {FUNCTION_LINES_MAX} at most")


def first_comment(file):
    """The comment a file opens with, after a possible #! line."""
    text = re.sub(r"\A#![^\n]*\n", "", file.text)
    hashes = r"((?:#(?!include|if|pragma|define)[^\n]*\n)+)"
    for opening in (r"((?://[^\n]*\n)+)", r"/\*(.*?)\*/", r'"""(.*?)"""', hashes):
        match = re.match(opening, text, re.S)
        if match:
            return re.sub(r"(?m)^\s*(//|#|\*)+", "", match[1]).strip()
    return ""


def purpose(tree):
    """A file opens with one sentence that says what it is for."""
    for file in house(tree):
        words = first_comment(file)
        if len(words.split()) < 2 or not re.search(r"[.:](\s|$)", words):
            yield file.at(1, "begin with a comment of one sentence: what is this file for?")


RULES = {"file_length": file_length, "function_length": function_length, "columns": columns, "purpose": purpose}
