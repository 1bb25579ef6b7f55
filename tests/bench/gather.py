# SPDX-License-Identifier: MIT
"""
Writes bench.db, the sample company's customers copied many times over, and its configuration with all collections
(all.xml) and with the first six (six.xml). The one customer with several hundred records is left out.
Usage: gather.py EXAMPLE TEMPLATES COPIES
"""
import re
import sqlite3
import sys
from xml.sax.saxutils import quoteattr

example, templates, copies = sys.argv[1], sys.argv[2], int(sys.argv[3])
LARGE = "K-100011"


def copy(name, value, n):
    """A key of copy n."""
    if value is None or n == 0:
        return value
    if name == "customer_no":
        return "K-%d" % (int(value[2:]) + n * 1000)
    if name.endswith("_no") and name != "article_no" and isinstance(value, str):
        return "%s-%d" % (value, n)
    if name.endswith("_id") and name not in ("staff_id", "article_id") and isinstance(value, int):
        return value + n * 1000000
    return value


db = sqlite3.connect("bench.db")
for script in ("schema.sql", "data.sql"):
    with open(example + "/" + script, encoding="utf-8") as f:
        db.executescript(f.read())
tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
columns = {t: [r[1] for r in db.execute("PRAGMA table_info(%s)" % t)] for t in tables}
db.execute("PRAGMA foreign_keys = OFF")
own = [t for t in tables if "customer_no" in columns[t] or t in ("order_line", "loyalty_booking")]
for t in own:
    if "customer_no" in columns[t]:
        db.execute("DELETE FROM %s WHERE customer_no = ?" % t, (LARGE,))
db.execute("DELETE FROM order_line WHERE order_no NOT IN (SELECT order_no FROM orders)")
db.execute("DELETE FROM loyalty_booking WHERE card_no NOT IN (SELECT card_no FROM loyalty)")
for t in own:
    names = columns[t]
    rows = db.execute("SELECT * FROM %s" % t).fetchall()
    # Keys of one column that is counted up need a number of their own.
    counted = [r[1] for r in db.execute("PRAGMA table_info(%s)" % t) if r[5] and r[2].upper().startswith("INTEGER")]
    single = counted if sum(r[5] > 0 for r in db.execute("PRAGMA table_info(%s)" % t)) == 1 else []
    for n in range(1, copies):
        db.executemany("INSERT INTO %s VALUES (%s)" % (t, ",".join("?" * len(names))),
                       [[v + n * 1000000 if name in single else copy(name, v, n) for name, v in zip(names, row)] for row in rows])
db.commit()
db.execute("ANALYZE")
db.commit()

with open(example + "/datenbrief.xml", encoding="utf-8") as f:
    config = f.read()
config = re.sub(r"\s*<hold [^>]*/>", "", config).replace("../../templates", templates)
config = config.replace('href="register.xml"', "href=" + quoteattr(example + "/register.xml"))
with open("all.xml", "w", encoding="utf-8") as f:
    f.write(config)
parts = re.split(r"(?=    <records )", config)
keep, rest = parts[:7], parts[-1]
with open("six.xml", "w", encoding="utf-8") as f:
    f.write("".join(keep) + rest[rest.index("  </source>"):])
