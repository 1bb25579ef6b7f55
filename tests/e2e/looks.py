# SPDX-License-Identifier: MIT
"""Two house styles change how a letter looks and not a word of what it says; how it is delivered is said beside it."""
import os
import re
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "e2e"))
import letters
from letters import SRCDIR, ok

EXAMPLE = os.path.join(SRCDIR, "examples", "lindenhof")
LOOKS = os.path.join(SRCDIR, "examples", "house-style")


def make(folder, name, *options):
    """What a letter of the sample company looks like, as a display list."""
    path = os.path.join(folder, name + ".txt")
    code, said = letters.program("letter", "-c", os.path.join(folder, "datenbrief.xml"), "--source", "crm=sqlite:" + os.path.join(folder, "crm.db"),
                                 "--date", letters.DATE, "--stop-after", "layout", "-o", path, "K-100001", *options)
    if not ok(code == 0, name + ": the letter is laid out", said):
        return ""
    with open(path, encoding="utf-8") as f:
        return f.read()


def content(dump):
    """What the elements say in reading order, without spaces and hyphens, from the return address to the footer."""
    texts = {}
    for run in re.finditer(r'^  run \S+ "((?:[^"\\]|\\.)*)".* #(\d+) ', dump, re.M):
        texts[int(run.group(2))] = texts.get(int(run.group(2)), "") + run.group(1)
    whole = re.sub(r"[\s\u00a0-]", "", "\n".join(texts[i] for i in sorted(texts)))
    start = whole.index("LindenhofGartenversandGmbH·AmLindenhof1")
    return whole[start:whole.rindex("LindenhofGartenversandGmbH")]


def setup(folder):
    db = sqlite3.connect(os.path.join(folder, "crm.db"))
    for script in ("schema.sql", "data.sql"):
        with open(os.path.join(EXAMPLE, script), encoding="utf-8") as f:
            db.executescript(f.read())
    db.close()
    with open(os.path.join(EXAMPLE, "datenbrief.xml"), encoding="utf-8") as f:
        config = f.read()
    config = config.replace('href="register.xml"', 'href="%s"' % os.path.join(EXAMPLE, "register.xml"))
    config = config.replace('href="../../templates', 'href="%s' % os.path.join(SRCDIR, "templates"))
    write(folder, "datenbrief.xml", config)
    return config


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write(text)
    return os.path.join(folder, name)


def check_output(folder, config):
    """What <output> says rules over the letter, also in a run, and the call rules over it."""
    write(folder, "datenbrief.xml", re.sub(r"(<register href=[^>]*>)", r'\1<output form="swiss" marks="none" inserter="omr" duplex="yes"/>', config, count=1))
    dump = make(folder, "output")
    pages = dump.count("\npage ")
    marks = [page.count("29.76x1.13 #000000") + page.count("29.76x1.13 artifact") for page in dump.split("\npage ")[1:]]
    ok(pages % 2 == 0 and all((n >= 4) == (i % 2 == 0) for i, n in enumerate(marks)) and "#808080" not in dump and '  run 340.16,' in dump,
       "<output> of the configuration: form, marks, inserter and both sides", marks)
    dump = make(folder, "call", "--inserter", "none", "--letter-form", "austria", "--marks", "hole", "--duplex", "no")
    ok("29.76x1.13" not in dump and dump.count("#808080") == 1 and '  run 340.16,' not in dump, "options rule over it")
    out = os.path.join(folder, "run")
    code, said = letters.program("run", "-c", os.path.join(folder, "datenbrief.xml"), "--source", "crm=sqlite:" + os.path.join(folder, "crm.db"),
                                 "--date", letters.DATE, "--limit", "2", "-o", out, "--progress", "none")
    made = [os.path.join(out, "letters", f) for f in os.listdir(os.path.join(out, "letters"))] if code == 0 else []
    sides = [open(f, "rb").read().count(b"/MediaBox") for f in made]
    ok(made and all(n % 2 == 0 for n in sides), "a run delivers as the configuration says", said, sides)
    write(folder, "datenbrief.xml", re.sub(r"(<register href=[^>]*>)", r'\1<output profile="hybrid" inserter="qr"/>', config, count=1))
    code, said = letters.program("letter", "-c", os.path.join(folder, "datenbrief.xml"), "K-100001", "-o", os.path.join(folder, "no.pdf"))
    ok(code == 2 and "datenbrief.xml:" in said and "inserter" in said, "hybrid post and an inserter's marks exclude each other, by place", said)


def check_mistakes(folder):
    head = '<house-style xmlns="urn:datenbrief:letter:1">'
    for name, text, said in (("an unknown property", "<style>h1 { font-colour: red }</style>", "bad.xml:1"), ("a part of the letter", "<body/>", "bad.xml:1"),
                             ("a picture elsewhere", '<letterhead><img src="../leaf.png" alt=""/></letterhead>', "'..'"),
                             ("a font that is not there", "<style>p { font-family: Nowhere }</style>", "Nowhere")):
        path = write(folder, "bad.xml", head + text + "</house-style>")
        code, err = letters.program("render-letter", os.path.join(SRCDIR, "examples", "mail-merge", "letter.xml"), "--house-style", path,
                                    "-o", os.path.join(folder, "bad.pdf"))
        ok(code in (1, 2) and said in err and not os.path.exists(os.path.join(folder, "bad.pdf")), name + " is refused by its place", err)


def check_schema():
    if not shutil.which("xmllint"):
        return ok(True, "the looks follow their schema # SKIP xmllint is not installed")
    looks = [os.path.join(LOOKS, name) for name in ("garden.xml", "office.xml")]
    done = subprocess.run(["xmllint", "--noout", "--relaxng", os.path.join(SRCDIR, "templates", "schema", "house-style.rng"), *looks],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return ok(done.returncode == 0, "the looks follow their schema", done.stdout.decode())


def main():
    letters.need_tools()
    check_schema()
    folder = letters.fresh_folder("looks")
    config = setup(folder)
    garden = make(folder, "garden", "--house-style", os.path.join(LOOKS, "garden.xml"))
    if not garden:
        return letters.done()
    office = make(folder, "office", "--house-style", os.path.join(LOOKS, "office.xml"))
    if "Arimo" not in office or "Tinos" not in garden:
        ok(True, "the looks # SKIP Arimo or Tinos is not installed")
        return letters.done()
    ok(" Arimo " not in garden and " Tinos " not in office and "\n  image " in garden and "\n  image " not in office,
       "each look has its font, and one of them its picture")
    ok("#2f6b3a" in garden and "#2f6b3a" not in office and "#1f4e79" not in garden, "and its colours")
    ok("1921" in garden and "1921" not in office, "and its letterhead")
    ok(len(content(garden)) > 3000 and content(garden) == content(office), "the letter says the same in both")
    write(folder, "datenbrief.xml", re.sub(r"(<register href=[^>]*>)", r'\1<house-style href="%s"/>' % os.path.join(LOOKS, "garden.xml"), config, count=1))
    ok(make(folder, "configured") == garden, "a configuration may name the look")
    check_output(folder, config)
    check_mistakes(folder)
    letters.done()


main()
