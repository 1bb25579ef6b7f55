# SPDX-License-Identifier: MIT
"""Line breaks stored in a value stand in the letter, in tables and in paragraphs, and no blank line at its end."""
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "e2e"))
import letters
from letters import SRCDIR, ok

EXAMPLE = os.path.join(SRCDIR, "examples", "lindenhof")
# The last word of a line and the first of the next one: far from filling it.
SHORT = ("Rückruf", "ab zehn", "Freitag")
LONG = SHORT + ("und dazu noch ein Satz, der so lang ist, dass die Sammlung nicht mehr als Tabelle, sondern als Liste oder als Absatz steht",)


def check(folder, name, who, lines, end):
    path = os.path.join(folder, name + ".db")
    db = sqlite3.connect(path)
    for script in ("schema.sql", "data.sql"):
        with open(os.path.join(EXAMPLE, script), encoding="utf-8") as f:
            db.executescript(f.read())
    db.execute("UPDATE service_note SET note = ? WHERE customer_no = ?", (end.join(lines) + end, who))
    ok(db.total_changes and db.execute("SELECT count(*) FROM service_note WHERE customer_no = ?", (who,)).fetchone()[0], "the note is stored")
    db.commit()
    db.close()
    pdf = os.path.join(folder, name + ".pdf")
    code, said = letters.program("letter", "-c", os.path.join(EXAMPLE, "datenbrief.xml"), "--source", "crm=sqlite:" + path,
                                 "--date", letters.DATE, "-o", pdf, who)
    if not ok(code == 0, name + ": the letter is made", said):
        return
    text = letters.pdf_text(pdf, "-layout").splitlines()
    first = [i for i, line in enumerate(text) if lines[0] in line]
    good = bool(first) and lines[1] not in text[first[0]] and any(lines[1] in t and lines[2] not in t for t in text[first[0] + 1:first[0] + 3])
    ok(good, name + ": its lines are lines of the letter", *text[first[0]:first[0] + 4] if first else ["not found"])


def main():
    letters.need_tools("pdftotext")
    folder = letters.fresh_folder("linebreaks")
    check(folder, "short", "K-100001", SHORT, "\n")
    check(folder, "crlf", "K-100001", SHORT, "\r\n")
    check(folder, "long", "K-100001", LONG, "\n")
    letters.done()


main()
