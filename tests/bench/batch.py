#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures a yearly run: `make bench-batch`. Makes a CRM of BENCH_CUSTOMERS (100,000) outside the sources and its letters
from it, with BENCH_LETTER=full (copies of the sample company's customers, 9.5 pages each) or short (a contact and up to
four orders, one page). First some runs of BENCH_PART (10,000) letters, then all. Prints figures, asserts nothing."""
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time

SRCDIR = os.path.abspath(os.environ.get("srcdir", "."))
PROGRAM = os.path.abspath("tests/batch/datenbrief-points")  # the same code; the way of syncing can be chosen
CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "100000"))
PART = min(CUSTOMERS, int(os.environ.get("BENCH_PART", "10000")))
FOLDER = os.environ.get("BENCH_FOLDER") or os.path.join(os.environ.get("TMPDIR", "/var/tmp"), "datenbrief-bench")
LETTER = os.environ.get("BENCH_LETTER", "full")
CONFIG, SOURCE = {"full": ("examples/lindenhof/datenbrief.xml", "crm"), "short": ("tests/fixture/datenbrief.xml", "shop")}[LETTER]
CONFIG = os.path.join(SRCDIR, CONFIG)
CRM = os.path.join(FOLDER, "crm.db")
KEEP = {"article_no", "line_no", "staff_id"}


def command(name, out, *more):
    return [PROGRAM, name, "-c", CONFIG, "--source", "%s=sqlite:%s" % (SOURCE, CRM), "-o", out] + list(more)


def usable(db):
    """Customers who get a letter: the sample company has some that are held on purpose."""
    out = []
    for (number,) in db.execute("SELECT customer_no FROM customer ORDER BY customer_no").fetchall():
        made = subprocess.run([PROGRAM, "letter", "-c", CONFIG, "--source", "crm=sqlite:" + CRM, number, "-o", os.path.join(FOLDER, "one.pdf"),
                               "--date", "2026-11-23"], stderr=subprocess.DEVNULL, check=False)
        if made.returncode == 0:
            out.append(number)
    return out


def copy_rows(db, table, columns, rows, k, new):
    cells = []
    for row in rows:
        cell = []
        for (name, kind, primary), value in zip(columns, row):
            if name == "customer_no":
                value = new
            elif name in KEEP or value is None:
                pass
            elif name.endswith("_id") and primary and "INT" in kind:
                value = None
            elif name.endswith("_no") and primary and "INT" in kind:
                value = None
            elif name.endswith("_no"):
                value = "%s-%d" % (value, k)
            cell.append(value)
        cells.append(cell)
    if cells:
        db.executemany("INSERT INTO %s VALUES (%s)" % (table, ",".join("?" * len(columns))), cells)


def keyed(db, table, columns, number):
    names = [c[0] for c in columns]
    if "customer_no" in names:
        return db.execute("SELECT * FROM %s WHERE customer_no = ?" % table, (number,)).fetchall()
    for name, parent in (("order_no", "orders"), ("card_no", "loyalty")):
        if name in names:
            return db.execute("SELECT * FROM %s WHERE %s IN (SELECT %s FROM %s WHERE customer_no = ?)" % (table, name, name, parent), (number,)).fetchall()
    return []


def make_short(db):
    """A million in half a minute: the database multiplies a few invented names itself."""
    with open(os.path.join(SRCDIR, "tests/fixture/shop.sql"), encoding="utf-8") as f:
        db.executescript(f.read())
    db.executescript("DELETE FROM customer; DELETE FROM orders; PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;")
    first = "Anna Bernd Cem Doris Emil Frieda Gül Hanna Ivo Jürgen Käthe Łucja Mara Nils Oda Pia Zoë".split()
    last = "Beispiel Muster Probe Exempel Vorbild Modell Przykład Örnek Specimen Müßig Schablone Entwurf Skizze".split()
    streets = "Musterweg Probegasse Am_Teich Beispielallee Lindenstraße Bahnhofstraße Schulweg".replace("_", " ").split(" ")
    towns = ["34117 Kassel", "99084 Erfurt", "10999 Musterstadt", "01067 Beispielhausen", "80331 Probeheim"]
    for name, words in (("first", first), ("last", last), ("street", streets), ("town", towns)):
        db.execute("CREATE TEMP TABLE %s(i INTEGER PRIMARY KEY, w TEXT)" % name)
        db.executemany("INSERT INTO %s VALUES (?, ?)" % name, enumerate(words))
    db.execute("""WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d)
        INSERT INTO customer SELECT 1000000 + n.i, f.w || ' ' || l.w || '-' || char(65 + n.i / 26 %% 26) || char(97 + n.i %% 26)
        || lower(hex(n.i %% 4093)), s.w || ' ' || (1 + n.i %% 199), t.w, 'DE', date('1940-01-01', (n.i * 7 %% 25000) || ' days') FROM n
        JOIN first f ON f.i = n.i %% %d JOIN last l ON l.i = n.i %% %d JOIN street s ON s.i = n.i %% %d JOIN town t ON t.i = n.i %% %d"""
               % (CUSTOMERS, len(first), len(last), len(streets), len(towns)))
    for k in range(4):
        db.execute("""INSERT INTO orders SELECT printf('B-%%d-%d', customer_no), customer_no, date('2024-01-01', (customer_no * %d %% 700) || ' days'),
            (customer_no * %d %% 20000) / 100.0, 1 FROM customer WHERE customer_no %% 4 >= %d""" % (k, 13 + k, 31 + k, k))
    db.execute("CREATE INDEX order_customer ON orders(customer_no)")
    db.commit()


def make_crm():
    os.makedirs(FOLDER, mode=0o700, exist_ok=True)
    if os.path.exists(CRM):
        os.remove(CRM)
    db = sqlite3.connect(CRM)
    if LETTER == "short":
        make_short(db)
        db.close()
        return
    for name in ("schema.sql", "data.sql"):
        with open(os.path.join(SRCDIR, "examples/lindenhof", name), encoding="utf-8") as f:
            db.executescript(f.read())
    db.commit()
    base = usable(db)
    db.execute("PRAGMA foreign_keys=OFF")
    db.execute("PRAGMA synchronous=OFF")
    db.execute("PRAGMA journal_mode=OFF")
    tables = [t for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    shape = {t: [(c[1], c[2], c[5] == 1) for c in db.execute("PRAGMA table_info(%s)" % t).fetchall()] for t in tables}
    data = {n: [(t, keyed(db, t, shape[t], n)) for t in tables] for n in base}
    for k in range(CUSTOMERS):
        for table, rows in data[base[k % len(base)]]:
            copy_rows(db, table, shape[table], rows, k, "N-%07d" % k)
    db.execute("CREATE TEMP TABLE old AS SELECT customer_no FROM customer WHERE customer_no NOT LIKE 'N-%'")
    db.execute("DELETE FROM customer WHERE customer_no IN (SELECT customer_no FROM old)")
    db.commit()
    db.close()


def child_of(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as f:
            return int(f.read().split()[0])
    except (OSError, IndexError):
        return None


def rss(pid):
    try:
        with open("/proc/%d/status" % pid, encoding="ascii") as f:
            for line in f:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
    except (OSError, TypeError):
        pass
    return 0


def stage(what, out, name, *more):
    """A stage that is one process: time, CPU and the most memory it had."""
    began = time.monotonic()
    process = subprocess.Popen(command(name, out, *more), stdout=subprocess.PIPE)
    said = process.stdout.read().decode().strip()
    process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    print("%-30s %-7s %7.1f s %7.1f s CPU  RSS %5.1f MB at most  exit %d: %s" % (what, name, time.monotonic() - began, used.ru_utime + used.ru_stime,
          used.ru_maxrss / 1024, process.returncode, said), flush=True)


def run(what, out, threads, limit, **env):
    """One run: letters a second, CPU a letter, memory after 1,000 letters and at the end."""
    out = os.path.join(FOLDER, out)
    shutil.rmtree(out, ignore_errors=True)
    stage(what, out, "plan", "--date", "2026-11-23", "--form", os.environ.get("BENCH_FORM", "files"), *(["--limit", str(limit)] if limit < CUSTOMERS else []))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    process = subprocess.Popen(command("render", out, "-j", str(threads), "--progress", "json"), stderr=subprocess.PIPE,
                               env=dict(os.environ, **env), text=True)
    early = late = worst = quarter = 0
    last = {}
    for line in process.stderr:
        try:
            last = json.loads(line)
        except ValueError:
            sys.stderr.write(line)
            continue
        now = rss(child_of(process.pid) or 0)
        early = early or (now if last.get("done", 0) >= 1000 else 0)
        quarter = quarter or (last["elapsed_ms"] if last.get("done", 0) * 4 >= limit else 0)
        if last.get("done", 0) * 20 <= limit * 19:  # after that the threads end one by one
            late = now or late
        worst = max(worst, now)
    process.wait()
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    n = last.get("letters", 0) + last.get("held", 0) or 1
    print("%-30s render  %7.1f s %8.1f letters/s %7.3f ms CPU a letter  RSS %5.1f MB after 1,000, %5.1f at the end, %5.1f at most  exit %d"
          "  (%d letters; the first quarter took %.1f s)" % (what, seconds, n / seconds, cpu * 1000 / n, early / 1024, late / 1024, worst / 1024,
                                                             process.returncode, n, quarter / 1000), flush=True)
    if limit == CUSTOMERS:
        for name in ("merge", "verify", "status"):
            stage(what, out, name)
        began = time.monotonic()
        shutil.rmtree(out)
        print("%-30s removed in %.1f s" % (what, time.monotonic() - began), flush=True)
    shutil.rmtree(out, ignore_errors=True)
    return seconds


def main():
    print("%d customers, %s letters, in %s" % (CUSTOMERS, LETTER, FOLDER))
    began = time.monotonic()
    make_crm()
    print("made in %.0f s, %.0f MB" % (time.monotonic() - began, os.path.getsize(CRM) / 1e6), flush=True)
    if not os.environ.get("BENCH_ALL_ONLY"):
        one = run("1 thread, one syncfs a chunk", "one", 1, PART)
        two = run("2 threads, one syncfs a chunk", "two", 2, PART)
        run("1 thread, fsync of each letter", "each", 1, PART, DATENBRIEF_SYNC="each")
        none = run("1 thread, letters not synced", "none", 1, PART, DATENBRIEF_SYNC="none")
        print("2 threads against 1: %.2f; syncfs takes %.3f ms a letter" % (one / two, (one - none) * 1000 / PART), flush=True)
    if CUSTOMERS > PART or os.environ.get("BENCH_ALL_ONLY"):
        run("2 threads, all", "all", 2, CUSTOMERS)
    if not os.environ.get("BENCH_KEEP"):
        shutil.rmtree(FOLDER, ignore_errors=True)


main()
