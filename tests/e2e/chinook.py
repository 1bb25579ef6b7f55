# SPDX-License-Identifier: MIT
"""All letters of the public Chinook database by one run: counts equal SQL's, every track is named, every file is sound."""
import csv
import glob
import os
import re
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "e2e"))
import letters
from letters import SRCDIR, ok, squeeze

DATA = os.environ.get("DATENBRIEF_DATA") or os.path.join(SRCDIR, "..", "shared", "data")


def customers(db):
    found = {}
    for row in db.execute("SELECT CustomerId, Email FROM Customer"):
        key = row[0]
        invoices = db.execute("SELECT InvoiceId, Total FROM Invoice WHERE CustomerId = ?", (key,)).fetchall()
        tracks = db.execute("SELECT t.Name, l.InvoiceLineId FROM Invoice JOIN InvoiceLine AS l USING (InvoiceId)"
                            " JOIN Track AS t USING (TrackId) WHERE CustomerId = ?", (key,)).fetchall()
        found[squeeze(row[1])] = (key, invoices, [t[0] for t in tracks])
    return found


def check_letter(path, known):
    texts = letters.pdf_texts(path)
    squeezed = [squeeze(t) for t in texts]
    owners = [mail for mail in known if mail in squeezed[0]]
    if not ok(len(owners) == 1, "%s: belongs to one customer" % os.path.basename(path), *owners):
        return None
    key, invoices, tracks = known[owners[0]]
    codes = set(re.findall(r"\b([A-Z]\d{2,})-[A-Z]\b", texts[0]))
    n_invoices = sum(c.startswith("C") for c in codes)
    n_lines = sum(c.startswith("D") for c in codes)
    ok(n_invoices == len(invoices), "customer %d: invoices" % key, "printed %d, stored %d" % (n_invoices, len(invoices)))
    ok(n_lines == len(tracks), "customer %d: invoice lines" % key, "printed %d, stored %d" % (n_lines, len(tracks)))
    lost = [t for t in tracks if not letters.holds(squeezed, squeeze(t))]
    lost += [str(n) for n, total in invoices if not any(squeeze(letters.german_number(total, 2) + "$") in t for t in squeezed)]
    ok(not lost, "customer %d: every track and every total is printed" % key, *lost)
    return key


def check_sound(path):
    run = subprocess.run(["qpdf", "--check", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    ok(run.returncode == 0, "%s: qpdf finds no fault" % os.path.basename(path), run.stdout.decode("utf-8", "replace"))


def main():
    database = os.path.join(DATA, "chinook", "chinook.sqlite")
    if not os.path.exists(database):
        letters.skip_all("no chinook/chinook.sqlite; set DATENBRIEF_DATA to the folder that holds it")
    letters.need_tools("pdftotext", "qpdf")
    out = os.path.join(letters.fresh_folder("chinook"), "out")
    db = sqlite3.connect("file:%s?mode=ro&immutable=1" % os.path.abspath(database), uri=True)
    known = customers(db)
    code, said = letters.program("run", "-c", os.path.join(SRCDIR, "examples", "chinook", "datenbrief.xml"), "-o", out,
                                 "--source", "chinook=sqlite:" + os.path.abspath(database), "--date", letters.DATE, "--progress", "none")
    ok(code == 0, "the run ends with all letters", "exit code %d" % code, said)
    pdfs = sorted(glob.glob(os.path.join(out, "letters", "*.pdf")))
    ok(len(pdfs) == len(known), "one letter for each customer", "%d files" % len(pdfs))
    seen = [check_letter(path, known) for path in pdfs]
    ok(len(set(seen)) == len(known), "no customer twice and none left out", len(set(seen)))
    for path in pdfs:
        check_sound(path)
    manifest = os.path.join(out, "manifest.csv")
    if ok(os.path.exists(manifest), "there is a manifest"):
        with open(manifest, encoding="utf-8", newline="") as f:
            ok(sum(1 for _ in csv.DictReader(f)) == len(known), "the manifest lists each letter")
    letters.done()


main()
