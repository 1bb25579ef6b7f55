# SPDX-License-Identifier: MIT
"""
Value for value: whatever the sample company stores about a customer stands in that customer's letter, as often as it is
stored, and nothing of any other customer does. The oracle reads the tables itself and does not use the queries of the configuration.
"""
import os
import sqlite3
import sys
from collections import Counter

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "e2e"))
import letters
from letters import SRCDIR, ok, squeeze

EXAMPLE = os.path.join(SRCDIR, "examples", "lindenhof")
HELD = {"K-100032": "minor-without-guardian", "K-100015": "deceased", "K-100016": "address-blocked", "K-100017": "opt-out", "K-100018": "mail-returned"}
# Who is no customer and asked what is stored: nothing but the request.
ASKED = {"A-900001"}
# Tables without a customer number of their own, and how to reach it.
WITHIN = {
    "order_line": ("orders", "order_no"),
    "loyalty_booking": ("loyalty", "card_no"),
}
# Tables that describe things or staff. A column that points there stands for these columns of that table.
LOOKED_UP = {
    ("order_line", "article_no"): ("article", ["name", "packing"]),
    ("return_item", "article_no"): ("article", ["name"]),
    ("service_note", "staff_id"): ("staff", ["unit", "display_name"]),
}


def make_database(folder):
    path = os.path.join(folder, "crm.db")
    db = sqlite3.connect(path)
    for name in ("schema.sql", "data.sql"):
        with open(os.path.join(EXAMPLE, name), encoding="utf-8") as f:
            db.executescript(f.read())
    db.row_factory = sqlite3.Row
    return path, db


def rows_by_customer(db, table, columns):
    if "customer_no" in columns:
        rows = db.execute("SELECT t.*, t.customer_no AS _who FROM %s AS t" % table)
    else:
        parent, link = WITHIN[table]
        rows = db.execute("SELECT t.*, p.customer_no AS _who FROM %s AS t JOIN %s AS p USING (%s)" % (table, parent, link))
    return rows.fetchall()


def look_up(db, table, column, value):
    other, names = LOOKED_UP[table, column]
    row = db.execute("SELECT * FROM %s WHERE %s = ?" % (other, column), (value,)).fetchone()
    return [(name, row[name]) for name in names]


def stored_values(db, config):
    """customer -> list of (collection, field, value); and columns that nobody declared."""
    found, undeclared = {}, set()
    tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        columns = [r[1] for r in db.execute("PRAGMA table_info(%s)" % table)]
        if table in ("article", "staff"):
            continue
        if table not in config.collections:
            undeclared.add(table)
            continue
        coll = config.collections[table]
        for row in rows_by_customer(db, table, columns):
            for column in columns:
                if column in coll["ignored"]:
                    continue
                pairs = look_up(db, table, column, row[column]) if (table, column) in LOOKED_UP else [(column, row[column])]
                for name, value in pairs:
                    if name in coll["fields"]:
                        found.setdefault(row["_who"], []).append((table, coll["fields"][name], value))
                    elif name not in coll["keys"]:
                        undeclared.add(table + "." + name)
    return found, undeclared


def expected_texts(values):
    """What must be readable, with how often; and what must not."""
    present, absent = Counter(), set()
    for table, field, value in values:
        if value is None or value == "":
            continue
        if field.show == "value":
            present[(table + "." + field.name, squeeze(field.display(value)))] += 1
        else:
            absent.add((table + "." + field.name, squeeze(str(value))))
    return present, absent


def check_letter(who, path, present, absent, foreign):
    texts = [squeeze(t) for t in letters.pdf_texts(path)]
    lost = []
    for (place, text), times in present.items():
        if not text or letters.holds(texts, text) and (len(text) < 6 or len(text) > 80 or max(t.count(text) for t in texts) >= times):
            continue
        lost.append("%s x%d: %s" % (place, times, text[:60]))
    ok(not lost, "%s: every one of %d stored values is printed" % (who, sum(present.values())), *lost)
    shown = [place for place, text in absent if any(text in t for t in texts)]
    ok(not shown, "%s: what is masked or named is not printed in full" % who, *shown)
    # Not in printed lines, where neighbouring cells run into each other.
    leaked = [text[:60] for text in foreign if any(text in t for t in texts[:2])]
    ok(not leaked, "%s: no value of another customer is printed" % who, *leaked)


def owners_of(expected):
    owners = {}
    for who, (present, absent) in expected.items():
        for _, text in list(present) + list(absent):
            owners.setdefault(text, set()).add(who)
    return owners


def main():
    letters.need_tools("pdftotext")
    folder = letters.fresh_folder("values")
    path, db = make_database(folder)
    config = letters.Config(os.path.join(EXAMPLE, "datenbrief.xml"))
    with open(os.path.join(EXAMPLE, "register.xml"), encoding="utf-8") as f:
        public = config.text + squeeze(f.read())
    found, undeclared = stored_values(db, config)
    ok(not undeclared, "every stored column is declared or ignored with a reason", *sorted(undeclared))
    expected = {who: expected_texts(values) for who, values in found.items()}
    unique = {text: next(iter(who)) for text, who in owners_of(expected).items() if len(who) == 1 and len(text) >= 7 and text not in public}
    for who in sorted(expected):
        present, absent = expected[who]
        out = os.path.join(folder, who + ".pdf")
        code, said = letters.program("letter", "-c", os.path.join(EXAMPLE, "datenbrief.xml"), "--source", "crm=sqlite:" + path,
                                     "--date", letters.DATE, "--mode", "request" if who in ASKED else "yearly", "-o", out, who)
        if who in HELD:
            ok(code == 1 and not os.path.exists(out) and HELD[who] in said, "%s: held (%s)" % (who, HELD[who]), "exit code %d" % code, said)
            continue
        if ok(code == 0, "%s: the letter is made" % who, "exit code %d" % code, said):
            own = "\n".join(text for _, text in present)
            foreign = [text for text, owner in unique.items() if owner != who and text not in own]
            check_letter(who, out, present, absent, foreign)
    letters.done()


main()
