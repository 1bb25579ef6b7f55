# SPDX-License-Identifier: MIT
"""
Model, letter document and placed pages of some customers equal files that were read by people. REGEN=1, as `make regen`
sets it, writes them anew: read the difference before you commit it.
"""
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "e2e"))
import letters
from letters import SRCDIR, ok

GOLDEN = os.path.join(SRCDIR, "tests", "golden")
STAGES = {"model": ".model.xml", "letter": ".letter.xml", "layout": ".layout.txt"}
# (folder of the golden files, customer, stages)
CASES = [
    ("shop", "1001", ("model", "letter", "layout")),
    ("shop", "1003", ("model", "letter", "layout")),
    ("lindenhof", "K-100010", ("model", "letter", "layout")),  # hardly anything stored
    ("lindenhof", "K-100009", ("model", "letter")),            # a firm with a contact person
    ("lindenhof", "K-100005", ("model", "letter", "layout")),  # letters with two marks
    ("lindenhof", "K-100007", ("model", "letter")),            # lives abroad
    ("lindenhof", "K-100023", ("model", "letter")),            # values full of markup
]


def make_database(path, *scripts):
    db = sqlite3.connect(path)
    for script in scripts:
        with open(script, encoding="utf-8") as f:
            db.executescript(f.read())
    db.commit()
    db.close()


def has_arimo():
    listed = letters.subprocess.run(["fc-list", "Arimo"], stdout=letters.subprocess.PIPE) if shutil.which("fc-list") else None
    return bool(listed and listed.stdout.strip())


def sources(folder):
    """name -> (configuration, --source)"""
    example, fixture = os.path.join(SRCDIR, "examples", "lindenhof"), os.path.join(SRCDIR, "tests", "fixture")
    crm, shop = os.path.join(folder, "crm.db"), os.path.join(folder, "shop.db")
    make_database(crm, os.path.join(example, "schema.sql"), os.path.join(example, "data.sql"))
    make_database(shop, os.path.join(fixture, "shop.sql"))
    return {
        "lindenhof": (os.path.join(example, "datenbrief.xml"), "crm=sqlite:" + crm),
        "shop": (os.path.join(fixture, "datenbrief.xml"), "shop=sqlite:" + shop),
    }


def first_difference(got, want):
    for number, (a, b) in enumerate(zip(got.split(b"\n"), want.split(b"\n")), 1):
        if a != b:
            return ["line %d" % number, "got:  " + a.decode("utf-8", "replace")[:300], "want: " + b.decode("utf-8", "replace")[:300]]
    return ["%d bytes, wanted %d" % (len(got), len(want))]


def compare(path, got, what):
    if os.environ.get("REGEN"):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(got)
        ok(True, what + ": written anew")
        return
    want = b""
    if os.path.exists(path):
        with open(path, "rb") as f:
            want = f.read()
    ok(got == want, what, *first_difference(got, want))


def main():
    letters.need_tools()
    folder = letters.fresh_folder("golden")
    known = sources(folder)
    arimo = has_arimo()
    for name, customer, stages in CASES:
        config, source = known[name]
        for stage in stages:
            what = "%s %s: the %s is as before" % (name, customer, stage)
            if stage == "layout" and not arimo:
                ok(True, what + " # SKIP Arimo is not installed")
                continue
            out = os.path.join(folder, "out")
            code, said = letters.program("letter", "-c", config, "--source", source, "--date", letters.DATE, "--stop-after", stage,
                                         "-o", out, customer)
            if code:
                ok(False, what, "exit code %d" % code, said)
                continue
            with open(out, "rb") as f:
                compare(os.path.join(GOLDEN, name, customer + STAGES[stage]), f.read(), what)
            os.remove(out)
    letters.done()


main()
