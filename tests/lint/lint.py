#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each folder breaks one rule of the base configuration, and `check` finds that rule and nothing else."""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

HERE = os.path.join(os.path.abspath(os.environ.get("srcdir", ".")), "tests", "lint")
WORK = os.path.join(os.getcwd(), "tests", "lint", "lint.dir")
PROGRAM = os.path.join(os.getcwd(), "datenbrief")
FILES = ("datenbrief.xml", "register.xml", "letter.xml")
# Found besides, because one change breaks two rules; each with its reason.
BESIDES = {
    "L26-own-processing-missing": {"L31"},     # its printer gets data of no activity any more
    "template-broken": set(),
}
count = failures = 0


def ok(good, what, *notes):
    global count, failures
    count += 1
    failures += not good
    print("%sok %d - %s" % ("" if good else "not ", count, what))
    if not good:
        for note in notes:
            print("# " + str(note).replace("\n", "\n# ")[:2000])
    sys.stdout.flush()


def build(name):
    """The base with the change of `name` in a folder of its own."""
    folder = os.path.join(WORK, name)
    os.makedirs(folder)
    for f in FILES:
        shutil.copy(os.path.join(HERE, "base", f), folder)
        os.chmod(os.path.join(folder, f), 0o600)
    db = sqlite3.connect(os.path.join(folder, "shop.db"))
    with open(os.path.join(HERE, "base", "shop.sql"), encoding="utf-8") as f:
        db.executescript(f.read())
    db.close()
    if name == "base":
        return folder, None, 0
    with open(os.path.join(HERE, name, "change"), encoding="utf-8") as f:
        target, old, new = re.fullmatch(r"(\S+)\n<<<<<<<\n(.*)\n=======\n(.*)\n>>>>>>>\n", f.read(), re.S).groups()
    path = os.path.join(folder, target)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if text.count(old) < 1:
        raise SystemExit("Bail out! the base lacks what %s changes" % name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new, 1))
    return folder, target, text[:text.index(old)].count("\n") + 1


def check(folder, *more):
    p = subprocess.run([PROGRAM, "check", "-c", os.path.join(folder, "datenbrief.xml"), *more], capture_output=True, text=True,
                       stdin=subprocess.DEVNULL)
    return p.returncode, p.stdout, p.stderr


def rule_of(name):
    return name.split("-")[0]


def test_base():
    folder, _, _ = build("base")
    code, out, err = check(folder)
    ok(code == 0 and out == "nothing found\n" and err == "", "the base: nothing is found", code, out, err)
    code, out, _ = check(folder, "--json")
    ok(code == 0 and json.loads(out) == {"errors": 0, "warnings": 0, "findings": []}, "the base: nothing is found, as JSON", out)


def test_change(name):
    folder, target, _ = build(name)
    code, out, err = check(folder, "--json")
    try:
        result = json.loads(out)
    except ValueError:
        ok(False, name, code, out, err)
        return
    found = result["findings"]
    rules = {f["rule"] for f in found}
    ok(rules - BESIDES.get(name, set()) == {rule_of(name)}, "%s: finds %s and nothing else" % (name, rule_of(name)), out)
    ok(code == (1 if result["errors"] else 0) and result["errors"] == sum(f["severity"] == "error" for f in found),
       "%s: exit status %d" % (name, code), out)
    for f in found:
        if f["rule"] == rule_of(name):
            place = re.fullmatch(r"(.*):(\d+):(\d+)", f["place"])
            ok(place and os.path.basename(place.group(1)) in FILES and (";" in f["text"] or name[:6] == "source"),
               "%s: says where and what to do" % name, f["place"], f["text"])
            break


def test_places():
    """Mistyped paths are found where they stand, with a suggestion."""
    for name, line, word in (("path-element", 17, "did you mean purpose?"), ("path-attribute", 14, "did you mean @as-of?"),
                             ("path-collection", 50, "did you mean person?"), ("path-field", 50, "did you mean street?"),
                             ("path-variable", None, "did you mean column?"), ("path-condition", None, "did you mean collection?")):
        _, out, _ = check(os.path.join(WORK, name))
        first = out.split("\n")[0]
        ok(word in first and (line is None or re.search(r"\.xml:%d:\d+: error: path: " % line, first)), "%s: %s" % (name, word), out)


def test_unreadable():
    code, out, err = check(os.path.join(WORK, "nowhere"))
    ok(code == 2 and out == "" and err.startswith("datenbrief: "), "no configuration: exit status 2, one line", code, out, err)


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    names = sorted(n for n in os.listdir(HERE) if os.path.exists(os.path.join(HERE, n, "change")))
    ok([n[:3] for n in names if n[0] == "L"] == ["L%02d" % i for i in range(1, 33)], "every rule from L01 to L32 has its folder")
    test_base()
    for name in names:
        test_change(name)
    test_places()
    test_unreadable()
    print("1..%d" % count)
    sys.exit(1 if failures else 0)


main()
