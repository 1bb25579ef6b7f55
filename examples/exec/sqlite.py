#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A source for datenbrief in Python: runs the queries of the configuration on a SQLite database.

    <source id="crm" type="exec" url="exec:python3 sqlite.py crm.db" label="Kundendatenbank">

Put your own way to the data in the place of `rows`. Protocol: datenbrief-exec(7).
"""
import base64
import json
import sqlite3
import sys

db = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)


def rows(query, **values):
    cursor = db.execute(query, values)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield {name: {"base64": base64.b64encode(v).decode()} if isinstance(v, bytes) else v for name, v in zip(names, row)}


def write(**message):
    print(json.dumps(message, ensure_ascii=False))


greeting = json.loads(sys.stdin.readline())
collections = greeting["collections"]
fields = {c["name"]: [column[0] for column in db.execute(c["query"], {"subject": None}).description] for c in collections}
write(datenbrief=1, collections=fields)
sys.stdout.flush()

for line in sys.stdin:
    request = json.loads(line)
    number = request["request"]
    if "list" in request:
        subjects = [row[0] for row in db.execute(greeting["subjects"])]
        for subject in subjects:
            write(request=number, subject=subject)
        write(request=number, end=True, subjects=len(subjects))
    for subject in request.get("subjects", []):
        count = 0
        for c in collections:
            for record in rows(c["query"], subject=subject):
                write(request=number, collection=c["name"], record=record)
                count += 1
        write(request=number, end=subject, records=count)
    sys.stdout.flush()
