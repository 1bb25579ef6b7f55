# SPDX-License-Identifier: MIT
"""The data of a SQLite database as files, and configurations that read them.

  export.py tables DB FOLDER csv|json|xml           each table as FOLDER/TABLE.TYPE, for the queries of a configuration
  export.py records DB CONFIG FOLDER csv|json|xml   what each <query> of CONFIG returns, as FOLDER/NAME.TYPE; CONFIG without queries on stdout
"""
import base64
import json
import re
import sqlite3
import sys
from xml.sax.saxutils import escape


def plain(value):
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def as_csv(names, rows):
    def cell(value):
        if value is None:
            return ""
        return repr(value) if isinstance(value, (int, float)) else '"%s"' % value.replace('"', '""')
    return "".join(",".join(map(cell, row)) + "\r\n" for row in [names] + rows)


def as_json(names, rows):
    return json.dumps([dict(zip(names, row)) for row in rows], ensure_ascii=False)


def as_xml(names, rows):
    def element(name, value):
        return "" if value is None else "<%s>%s</%s>" % (name, escape(str(value)).replace("\r", "&#13;"), name)
    return "<?xml version='1.0' encoding='UTF-8'?>\n<rows>\n%s</rows>\n" % "".join(
        "<row>%s</row>\n" % "".join(map(element, names, row)) for row in rows)


def write(folder, name, kind, cursor):
    names = [c[0] for c in cursor.description]
    rows = [[plain(v) for v in row] for row in cursor]
    with open("%s/%s.%s" % (folder, name, kind), "w", encoding="utf-8", newline="") as f:
        f.write({"csv": as_csv, "json": as_json, "xml": as_xml}[kind](names, rows))


def subjects_of(db, config):
    query = re.search(r"(?s)<subjects>(.*?)</subjects>", config).group(1)
    return [row[0] for row in db.execute(query.replace("&lt;", "<").replace("&gt;", ">"))]


def records(db, config, folder, kind):
    subjects = subjects_of(db, config)

    def one(match):
        name, query = match.group(2), match.group(4).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        rows, cursor = [], None
        for subject in subjects:
            cursor = db.execute(query, {"subject": subject})
            rows += cursor.fetchall()
        names = [c[0] for c in cursor.description]
        with open("%s/%s.%s" % (folder, name, kind), "w", encoding="utf-8", newline="") as f:
            f.write({"csv": as_csv, "json": as_json, "xml": as_xml}[kind](names, [[plain(v) for v in row] for row in rows]))
        return match.group(1) + match.group(3)
    config = re.sub(r'(?s)(<records name="([^"]*)"[^>]*>)(\s*)<query>(.*?)</query>', one, config)
    config = re.sub(r'type="sqlite" url="sqlite:[^"]*"', 'type="%s" url="%s:%s"' % (kind, kind, folder), config)
    sys.stdout.write(config)


def main():
    db = sqlite3.connect("file:%s?mode=ro" % sys.argv[2], uri=True)
    if sys.argv[1] == "tables":
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall():
            write(sys.argv[3], name, sys.argv[4], db.execute('SELECT * FROM "%s"' % name))
    else:
        with open(sys.argv[3], encoding="utf-8") as f:
            records(db, f.read(), sys.argv[4], sys.argv[5])


main()
