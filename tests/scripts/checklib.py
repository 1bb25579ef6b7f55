# SPDX-License-Identifier: MIT
"""What the check scripts share: TAP output, reading C, planting breaches."""
import os
import re
import shutil
import subprocess
import sys
import tempfile


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, good, name, details=()):
        self.count += 1
        if not good:
            self.failed += 1
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        if not good:
            for line in details:
                print(f"# {line}")
        return good

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}")

    def done(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def source_root():
    return os.path.abspath(os.environ.get("srcdir") or
                           os.path.join(os.path.dirname(__file__), "..", ".."))


def files_below(root, folders, endings):
    """Paths relative to root, sorted."""
    found = []
    for folder in folders:
        for where, _, names in os.walk(os.path.join(root, folder)):
            for name in names:
                if name.endswith(endings):
                    found.append(os.path.relpath(os.path.join(where, name), root))
    return sorted(found)


def tracked_files(root):
    """Every file of the project: git's list, or in a released archive what is there."""
    try:
        out = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, check=True).stdout
        names = [n for n in out.decode().split("\0") if n]
        if names:
            return sorted(n for n in names if os.path.isfile(os.path.join(root, n)))
    except (OSError, subprocess.CalledProcessError):
        pass
    top = ["lib", "include", "tools", "tests", "templates", "examples", "doc"]
    names = files_below(root, top, "")
    return sorted(names + [n for n in os.listdir(root) if n in ("README.md", "Makefile.am", "configure.ac")])


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as f:
        return f.read()


TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(text, keep_strings=False):
    """C without comments and, unless wanted, without what stands in quotes; lines stay where they are."""
    def replace(match):
        token = match.group(0)
        if token[0] == "/":
            return "\n" * token.count("\n") or " "
        return token if keep_strings else token[0] + token[-1]
    return TOKEN.sub(replace, text)


def includes(text):
    """(line, form, name) of each #include; form is '<' or '"'."""
    for number, line in enumerate(blank(text, keep_strings=True).split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1), match.group(2)


class Planted:
    """A small source tree for a self-test, removed at the end."""
    def __init__(self, files):
        self.files = files

    def __enter__(self):
        self.root = tempfile.mkdtemp(prefix="planted.", dir=os.getcwd())
        for path, text in self.files.items():
            full = os.path.join(self.root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as f:
                f.write(text)
        return self.root

    def __exit__(self, *_):
        shutil.rmtree(self.root, ignore_errors=True)
