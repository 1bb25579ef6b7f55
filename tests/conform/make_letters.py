# SPDX-License-Identifier: MIT
"""Makes the letters the other tests of this folder judge: the sample company's, those of Chinook, and torture letters."""
import csv
import glob
import os
import re
import shutil
import struct
import sys
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import conform
from conform import DATA, FOLDER, SRCDIR, ok, run

DATE = "2026-11-23"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<letter xmlns="urn:datenbrief:letter:1" form="din5008-b" lang="de" title="%s">
<recipient><line>Zoë Beispiel</line></recipient><subject>%s</subject><body>"""
FOOT = "</body><page-label>Seite {page} von {pages}</page-label></letter>"


def png(path, width, height, color, depth, row, extra=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + row(y) for y in range(height))
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)) +
                extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def make_pictures(folder):
    def at(name):
        return os.path.join(folder, name)
    png(at("rgb.png"), 64, 32, 2, 8, lambda y: bytes(sum(([4 * x, 8 * y, 255 - 4 * x] for x in range(64)), [])))
    png(at("rgba.png"), 64, 32, 6, 8, lambda y: bytes(sum(([4 * x, 8 * y, 255 - 4 * x, 4 * x] for x in range(64)), [])))
    png(at("gray.png"), 64, 32, 0, 8, lambda y: bytes(4 * x for x in range(64)))
    png(at("deep.png"), 16, 16, 2, 16, lambda y: bytes([y * 16] * 6) * 16)
    palette = b"PLTE" + bytes([255, 255, 0, 0, 0, 128])
    png(at("palette.png"), 64, 8, 3, 1, lambda y: b"\xaa" * 8, struct.pack(">I", 6) + palette + struct.pack(">I", zlib.crc32(palette)))
    if not shutil.which("convert"):
        return False
    made = [run("convert", at("rgb.png"), at("colour.jpg")), run("convert", at("gray.png"), "-colorspace", "Gray", at("grey.jpg")),
            run("convert", at("rgb.png"), "-interlace", "Plane", at("progressive.jpg"))]
    return all(code == 0 for code, _, _ in made)


def write(path, title, blocks):
    with open(path, "w", encoding="utf-8") as f:
        f.write(HEAD % (title, title) + "\n".join(blocks) + FOOT)


def make_large(folder):
    """Letters too large to be kept as files."""
    rows = ["<tr><th>B%03d-K</th><td>%s</td><td>%d,%02d €</td></tr>" % (n, "Artikel mit einer Bezeichnung, " * (1 + n % 5), n, n % 100)
            for n in range(400)]
    write(os.path.join(folder, "long-table.xml"), "Lange Tabelle", [
        "<table><caption>Vierhundert Zeilen</caption><thead><tr><th rowspan='2'>Code</th><th colspan='2'>Zeile</th></tr>"
        "<tr><th>Artikel</th><th>Betrag</th></tr></thead><tbody>", *rows, "</tbody><tfoot><tr><th colspan='2'>Summe</th><td>1 €</td></tr></tfoot></table>"])
    text = "Wir zeigen Ihnen, was wir über Sie gespeichert haben, wozu wir es brauchen, woher es kommt und wer es erhält. "
    write(os.path.join(folder, "thirty-pages.xml"), "Dreißig Seiten", [
        "<h1>Abschnitt %d</h1><p>%s</p><h2>Darunter</h2><ul><li>%s</li><li>kurz</li></ul><dl><dt>Zweck</dt><dd>%s</dd></dl>"
        "<box><p>%s</p></box>" % (n, text * 8, text * 2, text, text * 3) for n in range(60)])
    cell = "<p>" + text * 60 + "</p>"
    write(os.path.join(folder, "long-cells.xml"), "Lange Zellen", [
        "<table><thead><tr><th>Kopf</th><th>noch einer</th></tr></thead><tr><td>%s</td><td>eins</td></tr>"
        "<tr><td>zwei</td><td>%s</td></tr></table>" % (cell, cell)])


def make_delivered(folder):
    """One letter in every form, with every mark, printed on both sides or by a post."""
    with open(os.path.join(SRCDIR, "tests", "golden", "layout", "front-b.xml"), encoding="utf-8") as f:
        plain = f.read().replace("</body>", "<page-break/><p>Rückseite</p><page-break/><p>Vorderseite</p></body>")
    ways = [("din5008-a", 'marks="fold"'), ("din5008-b", 'inserter="omr" duplex="yes"'), ("swiss", 'marks="none" inserter="qr"'),
            ("swiss", 'inserter="datamatrix" duplex="yes"'), ("austria", 'inserter="datamatrix" marks="hole"'), ("austria", 'profile="hybrid" duplex="yes"'),
            ("din5008-b", 'profile="hybrid"'), ("report", 'inserter="qr" duplex="yes"')]
    for n, (form, attributes) in enumerate(ways):
        text = plain.replace('form="din5008-b"', 'form="%s" %s' % (form, attributes))
        if form == "report":
            text = re.sub(r"(?s)<return-address>.*</info-block>", "", text)
        with open(os.path.join(folder, "delivered-%d-%s.xml" % (n, form)), "w", encoding="utf-8") as f:
            f.write(text)


def make_torture():
    folder = os.path.join(FOLDER, "torture")
    os.makedirs(folder)
    photographs = make_pictures(folder)
    for path in glob.glob(os.path.join(SRCDIR, "tests", "torture", "*.xml")):
        if photographs or not path.endswith("photographs.xml"):
            shutil.copy(path, folder)
    make_large(folder)
    make_delivered(folder)
    for path in sorted(glob.glob(os.path.join(folder, "*.xml"))):
        code, _, said = run("./datenbrief", "render-letter", path, "-o", path[:-4] + ".pdf")
        ok(code == 0, "%s is rendered" % os.path.basename(path), said)


def make_customer(config, source, date, subject, folder, cases):
    """The letter document and the model of a customer, beside the PDF of the run."""
    command = ["./datenbrief", "letter", "-c", config, *source, "--date", date, subject, "--stop-after"]
    code, model, said = run(*command, "model")
    if code != 0:
        return None
    case = model.split(b'case="', 1)[1].split(b'"', 1)[0].decode()
    pdf = os.path.join(folder, case + ".pdf")
    if case not in cases:
        return case
    shutil.copy(cases.pop(case), pdf)
    with open(pdf[:-4] + ".model", "wb") as f:
        f.write(model)
    with open(pdf[:-4] + ".xml", "wb") as f:
        f.write(run(*command, "letter")[1])
    return None


def make_company(name, config, source, date, subjects, *limit):
    folder = os.path.join(FOLDER, name)
    out = folder + ".run"
    os.makedirs(folder)
    code, _, said = run("./datenbrief", "run", "-c", config, *source, "--date", date, "-o", out, "--progress", "none", *limit)
    ok(code in (0, 1), "%s: the run ends" % name, "exit code %d" % code, said)
    with open(os.path.join(out, "manifest.csv"), encoding="utf-8", newline="") as f:
        cases = {row["case"]: os.path.join(out, row["file"]) for row in csv.DictReader(f)}
    n = len(cases)
    conform.in_parallel(lambda s: make_customer(config, source, date, s, folder, cases), subjects)
    ok(n > 0 and not cases, "%s: each of %d letters has its model and its letter document" % (name, n), *cases)
    first = sorted(glob.glob(os.path.join(folder, "*.pdf")))[0]
    shutil.rmtree(out)
    return first


def lindenhof(dates):
    if not shutil.which("sqlite3"):
        return ok(True, "the sample company's letters # SKIP sqlite3 is not installed")
    samples = os.path.join(SRCDIR, "examples", "lindenhof")
    database = os.path.join(FOLDER, "crm.db")
    sql = "".join(open(os.path.join(samples, f), encoding="utf-8").read() for f in ("schema.sql", "data.sql"))
    run("sqlite3", database, ".read " + os.path.join(samples, "schema.sql"), ".read " + os.path.join(samples, "data.sql"))
    _, out, _ = run("sqlite3", database, "SELECT customer_no FROM customer ORDER BY customer_no")
    ok(len(sql) > 0 and out, "the sample company has customers")
    for date in dates:
        make_company("lindenhof-" + date, os.path.join(samples, "datenbrief.xml"), ["--source", "crm=sqlite:" + database], date,
                     out.decode().split())


# The standard letters in all their kinds, sizes and languages: (template, mode, customers).
VARIANTS = [(size + "-" + lang, mode, ["K-100001", "K-100010"]) for lang in ("de", "en", "plain") for size, mode in
            (("letter", "yearly"), ("letter", "request"), ("large", "yearly"))] + \
           [("short-" + lang, "yearly", ["K-100024"]) for lang in ("de", "en", "plain")] + \
           [("nothing-" + lang, "request", ["A-900001"]) for lang in ("de", "en", "plain")]


def make_variant(variant):
    """Letters of one template, each with its model and its letter document beside it."""
    template, mode, subjects = variant
    samples, folder = os.path.join(SRCDIR, "examples", "lindenhof"), os.path.join(FOLDER, "variants")
    with open(os.path.join(samples, "datenbrief.xml"), encoding="utf-8") as f:
        text = re.sub(r"  <template .*/>\n", "", f.read()).replace('href="register.xml"', 'href="%s"' % os.path.join(samples, "register.xml"))
    config = os.path.join(FOLDER, "%s-%s.config" % (template, mode))
    with open(config, "w", encoding="utf-8") as f:
        f.write(text.replace("  <register ", '  <template href="%s"/>\n  <register ' % os.path.join(SRCDIR, "templates", "standard", template + ".xml"), 1))
    made = []
    for subject in subjects:
        name = os.path.join(folder, "%s-%s-%s" % (template, mode, subject))
        command = ["./datenbrief", "letter", "-c", config, "--source", "crm=sqlite:" + os.path.join(FOLDER, "crm.db"), "--date", DATE, "--mode",
                   mode, subject]
        code, _, said = run(*command, "-o", name + ".pdf")
        for stage, end in (("model", ".model"), ("letter", ".xml")):
            run(*command, "--stop-after", stage, "-o", name + end)
        made.append((code == 0, os.path.basename(name), said))
    return made


def variants():
    if not os.path.exists(os.path.join(FOLDER, "crm.db")):
        return
    os.makedirs(os.path.join(FOLDER, "variants"))
    for made in conform.in_parallel(make_variant, VARIANTS):
        for good, name, said in made:
            ok(good, "the variant %s is made" % name, said)


def main():
    conform.need_tools()
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    chinook = os.path.abspath(os.path.join(DATA, "chinook", "chinook.sqlite"))
    there = os.path.exists(chinook)
    if os.environ.get("SAN_FLAGS"):
        lindenhof([])
        make_torture()
        conform.done()
    lindenhof([DATE] if there else [DATE, "2025-11-23", "2024-02-29"])
    variants()
    if there:
        make_company("chinook", os.path.join(SRCDIR, "examples", "chinook", "datenbrief.xml"), ["--source", "chinook=sqlite:" + chinook],
                     DATE, [str(n) for n in range(1, 34)], "--limit", "33")
    make_torture()
    n = len(glob.glob(os.path.join(FOLDER, "*", "*.pdf")))
    ok(n >= 100 or not shutil.which("sqlite3"), "there are 100 letters or more to judge", "%d letters" % n)
    conform.done()


main()
