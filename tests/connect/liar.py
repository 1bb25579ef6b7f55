# SPDX-License-Identifier: MIT
"""A source of the shop that tells the truth of its customers but for 1002.

  liar.py MODE [FILE]     with FILE it notes its process number there
"""
import json
import os
import signal
import subprocess
import sys
import time

MODE = sys.argv[1]
CUSTOMERS = {"1001": ("Zoë Beispiel", "1980-02-29"), "1002": ("Jürgen Müßig", None), "1003": ("Łucja Przykład", "1971-07-01")}
ORDERS = {"1001": [("A-1", 12.5), ("A-2", 1234)], "1002": [("A-3", 0.99)], "1003": []}


def write(message):
    text = message if isinstance(message, bytes) else json.dumps(message, ensure_ascii=False).encode()
    sys.stdout.buffer.write(text + b"\n")
    sys.stdout.buffer.flush()


def person(subject):
    name, born = CUSTOMERS[subject]
    return {"customer_no": int(subject), "name": name, "street": "Weg 1", "city": "34117 Kassel", "country": "DE", "born": born}


def order(subject, number, total):
    return {"customer_no": subject, "order_no": number, "ordered_on": "2025-03-02", "total": total, "row_version": 1}


def records(subject):
    yield "person", person(subject)
    for number, total in ORDERS[subject]:
        yield "orders", order(subject, number, total)


def lie(request, subject):
    """What stands between the customer's records and its end; the number of records it adds; the end to send."""
    def record(collection, **values):
        base = person(subject) if collection == "person" else order(subject, "A-9", 1)
        base.update(values)
        write({"request": request, "collection": collection, "record": base})
        return 1
    if MODE == "crash":
        sys.stdout.buffer.write(b'{"request":%d,"collection":"orders","rec' % request)
        sys.stdout.buffer.flush()
        os._exit(3)
    elif MODE == "signal":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif MODE == "sleep":
        time.sleep(600)
    elif MODE == "child":
        subprocess.Popen(["sleep", "600"])
        time.sleep(600)
    elif MODE == "foreign":
        return record("orders", customer_no="1003")
    elif MODE == "unasked":
        return record("orders", customer_no="4711")
    elif MODE == "no-key":
        return record("orders", customer_no=None)
    elif MODE == "no-end":
        return None
    elif MODE == "count":
        return 1
    elif MODE == "other-end":
        write({"request": request, "end": "1001", "records": 2})
    elif MODE == "field":
        return record("orders", mood="good")
    elif MODE == "lacking":
        write({"request": request, "collection": "orders", "record": {"customer_no": "1002", "order_no": "A-9"}})
        return 1
    elif MODE == "collection":
        write({"request": request, "collection": "moods", "record": {"customer_no": "1002"}})
        return 1
    elif MODE == "repeat":
        return record("orders", order_no="A-3")
    elif MODE == "type":
        return record("orders", total="viel")
    elif MODE == "list":
        return record("orders", total=[1])
    elif MODE == "object":
        return record("orders", total={"amount": 1})
    elif MODE == "huge":
        try:
            for _ in range(2048):
                sys.stdout.buffer.write(b"x" * (1 << 20))
        except BrokenPipeError:
            os._exit(0)
    elif MODE == "value":
        return record("person", name="x" * 2000000)
    elif MODE == "nul":
        return record("person", name="A\0")
    elif MODE == "control":
        return record("person", name="\x01" + "12")
    elif MODE == "utf8":
        line = json.dumps({"request": request, "collection": "orders", "record": order(subject, "A-?", 1)}).encode()
        write(line.replace(b"A-?", b"A-\xfc"))
        return 1
    elif MODE == "garbage":
        write(b"Traceback (most recent call last): Geheimnis")
    elif MODE == "array":
        write(b"[]")
    elif MODE == "deep":
        write(b"{" + b'"a":{' * 1000)
    elif MODE == "closed":
        os.close(1)
        time.sleep(600)
    elif MODE == "number":
        write({"request": request - 1, "end": subject, "records": 2})
    elif MODE == "error":
        write({"request": request, "error": "table-locked"})
        return None
    elif MODE == "sentence":
        write({"request": request, "error": "Jürgen Müßig is unknown"})
        return None
    return 0


def main():
    if len(sys.argv) > 2:
        with open(sys.argv[2], "a") as f:
            f.write("%d\n" % os.getpid())
    print("Zoë Beispiel on standard error", file=sys.stderr)
    greeting = json.loads(sys.stdin.readline())
    if MODE == "dumb":
        return
    if MODE == "version":
        write({"datenbrief": 2, "collections": {}})
    elif MODE == "hello":
        write(b"Hello, world")
    else:
        write({"datenbrief": 1, "collections": {c["name"]: list(person("1001") if c["name"] == "person" else order("1", "", 1))
                                                for c in greeting["collections"]}})
    for line in sys.stdin:
        request = json.loads(line)
        number = request["request"]
        if "list" in request:
            for subject in CUSTOMERS:
                write({"request": number, "subject": subject})
            write({"request": number, "end": True, "subjects": len(CUSTOMERS) + (MODE == "short-list")})
        for subject in request.get("subjects", []):
            count = 0
            for collection, record in records(subject):
                write({"request": number, "collection": collection, "record": record})
                count += 1
            added = lie(number, subject) if subject == "1002" else 0
            if added is not None:
                write({"request": number, "end": subject, "records": count + added})


main()
