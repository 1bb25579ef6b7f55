#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Functions of at most 80 lines between their braces, files of at most 500; prints median and 90th percentile."""
import os
import re
import sys

sys.dont_write_bytecode = True

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checklib import Planted, Tap, blank, files_below, read, source_root  # noqa: E402

FUNCTION_LINES = 80
FILE_LINES = 500
MEDIAN = 15
P90 = 50

# "path: function" or "path" of pure tables and switches, with the reason.
EXCEPTIONS = {}


def code_lines(text):
    """Lines without comments, strings and preprocessor lines."""
    lines = blank(text).split("\n")
    inside = False
    for i, line in enumerate(lines):
        directive = inside or line.lstrip().startswith("#")
        inside = directive and line.endswith("\\")
        if directive:
            lines[i] = ""
    return lines


def function_name(header):
    """Name of the function whose header stands before a brace, or None: a struct, an array, an extern block."""
    header = header.strip()
    if "=" in header or not header.endswith(")"):
        return None
    match = re.search(r"([A-Za-z_]\w*)\s*\(", re.sub(r"__attribute__\s*\(\(.*?\)\)", "", header))
    return match.group(1) if match else None


def functions(text):
    """(name, lines between the braces). A brace in column 0 that closes ends whatever is open."""
    found = []
    depth = 0
    header, name, start = "", None, 0
    for number, line in enumerate(code_lines(text)):
        if line.startswith("}"):
            if depth and name:
                found.append((name, number - start - 1))
            depth, header, name = 0, "", None
            line = line[1:]
        for c in line:
            if c == "{":
                if depth == 0:
                    name, start = function_name(header), number
                depth += 1
            elif c == "}":
                depth = max(0, depth - 1)
                if depth == 0:
                    if name:
                        found.append((name, max(0, number - start - 1)))
                    header, name = "", None
            elif depth == 0:
                header = "" if c == ";" else header + c
        if depth == 0:
            header += " "
    return found


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0


def check(root, exceptions):
    findings, lengths = [], []
    for path in files_below(root, ["lib", "tools"], (".c", ".h")):
        text = read(root, path)
        n = text.count("\n")
        if n > FILE_LINES and path not in exceptions:
            findings.append(f"{path}: {n} lines; split it by purpose")
        for name, length in functions(text):
            lengths.append(length)
            if length > FUNCTION_LINES and f"{path}: {name}" not in exceptions:
                findings.append(f"{path}: {name}: {length} lines; split it")
    return findings, lengths


def stale(root, exceptions):
    """Exceptions that nothing needs any more."""
    return [e for e in exceptions if not any(f.startswith(e + ":") for f in check(root, {})[0])]


def body(lines):
    return "int f(int a)\n{\n" + "\ta++;\n" * lines + "}\n"


def main():
    tap = Tap()
    root = source_root()
    findings, lengths = check(root, EXCEPTIONS)
    tap.ok(not findings, f"no function above {FUNCTION_LINES} lines, no file above {FILE_LINES}", findings)
    left = stale(root, EXCEPTIONS)
    tap.ok(not left, "no exception is out of date", left)
    for folder in ("lib", "tools"):
        part = [n for path in files_below(root, [folder], (".c", ".h")) for _, n in functions(read(root, path))]
        if not part:
            continue
        median, p90 = percentile(part, 0.5), percentile(part, 0.9)
        print(f"# {folder}: {len(part)} functions, median {median}, p90 {p90}, longest {max(part)} lines")
        tap.ok(median <= MEDIAN and p90 <= P90, f"{folder}: median at most {MEDIAN}, 90th percentile at most {P90}")
    cases = [
        ("a function of 80 lines", body(80), False),
        ("a function of 81 lines", body(81), True),
        ("a brace on the line of the header", body(81).replace("\n{", " {"), True),
        ("a long table", "static const int t[] = {\n" + "\t1,\n" * 100 + "};\n", False),
        ("a long struct", "struct s {\n" + "\tint a;\n" * 100 + "};\n", False),
        ("a function behind a table", "static int t[] = {\n\t1,\n};\n" + body(90), True),
        ("braces in strings and comments", 'int f(void)\n{\n\tg("{{{"); /* } */\n}\n' + body(81), True),
        ("unbalanced branches of the preprocessor", "int g(void)\n{\n#if A\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t}\n}\n" + body(10), False),
        ("an attribute before the body", "static int f(int a) __attribute__((noinline));\n" + body(81), True),
        ("a file of 501 lines", "int a;\n" * 501, True),
        ("a file of 500 lines", "int a;\n" * 500, False),
    ]
    for what, text, breach in cases:
        with Planted({"lib/util/a.c": text}) as planted:
            tap.ok(bool(check(planted, {})[0]) == breach, f"{'found' if breach else 'allowed'}: {what}")
    with Planted({"lib/util/a.c": body(81)}) as planted:
        tap.ok(not check(planted, {"lib/util/a.c: f": "table"})[0], "allowed: a function named as exception")
        tap.ok(stale(planted, {"lib/util/a.c: g": "table"}) == ["lib/util/a.c: g"], "found: an exception out of date")
    tap.done()


main()
