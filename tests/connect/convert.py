# SPDX-License-Identifier: MIT
"""The data of a SQLite database for another server, and configurations that read it there.

  convert.py dump DB postgresql|mariadb    SQL on standard output
  convert.py views DB                      PostgreSQL views with the names of DB over tables in snake_case
  convert.py quote DB CONFIG               CONFIG with the names of DB in its queries quoted
"""
import re
import sqlite3
import sys

TYPES = {
    "postgresql": {"INTEGER": "bigint", "TEXT": "text", "BLOB": "bytea", "REAL": "double precision", "DATETIME": "timestamp"},
    "mariadb": {"INTEGER": "bigint", "TEXT": "longtext", "BLOB": "longblob", "REAL": "double", "DATETIME": "datetime"},
}


def column_type(declared, dialect):
    declared = declared.upper()
    for prefix, kind in (("INT", "INTEGER"), ("BLOB", "BLOB"), ("NUMERIC", "REAL"), ("REAL", "REAL"), ("DATETIME", "DATETIME"), ("", "TEXT")):
        if declared.startswith(prefix):
            return TYPES[dialect][kind]


def literal(value, dialect):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return ("'\\x%s'" if dialect == "postgresql" else "x'%s'") % value.hex()
    if isinstance(value, (int, float)):
        return repr(value)
    text = value.replace("'", "''")
    return "'%s'" % (text if dialect == "postgresql" else text.replace("\\", "\\\\"))


def tables(db):
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")]
    return [(name, db.execute('PRAGMA table_info("%s")' % name).fetchall()) for name in names]


def dump(db, dialect):
    for table, columns in tables(db):
        print('CREATE TABLE "%s" (%s);' % (table, ", ".join('"%s" %s' % (c[1], column_type(c[2], dialect)) for c in columns)))
        for row in db.execute('SELECT * FROM "%s"' % table):
            print('INSERT INTO "%s" VALUES (%s);' % (table, ", ".join(literal(v, dialect) for v in row)))


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def views(db):
    for table, columns in tables(db):
        listed = ", ".join('%s AS "%s"' % (snake(c[1]), c[1]) for c in columns)
        print('CREATE VIEW "%s" AS SELECT %s FROM %s;' % (table, listed, snake(table)))


def quote(db, config):
    names = {name for table, columns in tables(db) for name in [table] + [c[1] for c in columns]}
    names |= set(re.findall(r"\bAS ([A-Z]\w+)", config))
    word = re.compile(r"'[^']*'|(?<![:\w\"])(%s)(?![\w\"])" % "|".join(sorted(names, key=len, reverse=True)))

    def quoted(match):
        return re.sub(word, lambda m: '"%s"' % m.group(1) if m.group(1) else m.group(0), match.group(0))
    sys.stdout.write(re.sub(r"(?s)(?<=<query>).*?(?=</query>)|(?<=<subjects>).*?(?=</subjects>)", quoted, config))


def main():
    db = sqlite3.connect("file:%s?mode=ro" % sys.argv[2], uri=True)
    if sys.argv[1] == "dump":
        dump(db, sys.argv[3])
    elif sys.argv[1] == "views":
        views(db)
    else:
        with open(sys.argv[3], encoding="utf-8") as f:
            quote(db, f.read())


main()
