# SPDX-License-Identifier: MIT
"""Where things stand on the paper of every form: read from the PDFs with pdftotext -bbox and from their pixels."""
import html
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "e2e"))
import letters
from letters import ok

MM = 72 / 25.4
TOLERANCE = 0.5
CASE = "K7Q3-9XB2-ABC1"
RETURN = "Muster Versand GmbH · Musterweg 1 · 34117 Kassel"
REMARK = "Nicht nachsenden!"
ADDRESS = ["Frau", "Dr. Zoë Beispiel", "c/o Wohnstift Sonnenhang", "Musterstraße 12", "12345 Musterstadt", "ÖSTERREICH"]
TEXT = "Wir zeigen Ihnen, was wir über Sie gespeichert haben, wozu wir es brauchen, woher es kommt und wer es erhält. "

# In mm: left edge of the address and top of its first line, distance of its lines, left and top of the info block, top of
# the subject, folds, what a window can show (left, top, right, bottom). The hole is at 148.5 everywhere.
FORMS = {
    "din5008-b": (25, 62.7, 4.23, 125, 50, 98.46, (105, 210), (20, 45, 105, 90)),
    "din5008-a": (25, 44.7, 4.23, 125, 32, 80.46, (87, 192), (20, 27, 105, 72)),
    "swiss": (120, 52.7, 4.23, 25, 45, 100, (105, 210), (95, 30, 210, 97)),
    "austria": (25, 62.7, 25 / 6, 125, 50, 98.46, (105, 210), (20, 45, 105, 90)),
}
HYBRID = (25, 66, 4.0, 125, 50, 107, (), (20, 45, 105, 90))


def letter(body, form="din5008-b", attributes="", head="<h1>Muster Versand GmbH</h1><p>Musterweg 1</p>"):
    lines = "".join("<line>%s</line>" % line for line in ADDRESS)
    return ('<letter xmlns="urn:datenbrief:letter:1" form="%s" %s lang="de" title="Ihr Datenbrief" case="%s"><letterhead>%s</letterhead>'
            '<return-address>%s</return-address><remark><line>%s</line></remark><recipient>%s</recipient>'
            '<info-block><item label="Datum">23.11.2026</item>%s</info-block><subject>Betrifft Ihre Daten</subject><body>%s</body>'
            '<footer><column><p>Muster Versand GmbH</p></column><column><p>Telefon 0561 000000</p></column></footer>'
            '<page-label>Seite {page} von {pages}</page-label></letter>'
            % (form, attributes, CASE, head, RETURN, REMARK, lines, '<item label="Zeichen">Z-4</item>' * 5, body))


def render(folder, name, text, *options):
    """Path of the PDF, or None."""
    path = os.path.join(folder, name + ".xml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    code, said = letters.program("render-letter", path, "-o", path[:-4] + ".pdf", "--date", letters.DATE, *options)
    return path[:-4] + ".pdf" if ok(code == 0, name + ": the letter is made", said) else None


def words_of(pdf):
    """Pages of words: left, top, right, bottom in mm, text."""
    out = subprocess.run(["pdftotext", "-bbox", pdf, "-"], stdout=subprocess.PIPE, check=True).stdout.decode("utf-8")
    found = [re.findall(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', page)
             for page in out.split("<page ")[1:]]
    return [[tuple(float(v) / MM for v in w[:4]) + (html.unescape(w[4]),) for w in page] for page in found]


class Pixels:
    """A page, or a part of it given in mm, in gray."""

    def __init__(self, pdf, page, dpi=300, left=0.0, top=0.0, width=210.0, height=297.0):
        self.scale = dpi / 25.4
        box = [str(round(v * self.scale)) for v in (left, top, width, height)]
        out = subprocess.run(["pdftoppm", "-gray", "-r", str(dpi), "-f", str(page), "-l", str(page), "-x", box[0], "-y", box[1],
                              "-W", box[2], "-H", box[3], pdf], stdout=subprocess.PIPE, check=True).stdout
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", out)
        self.width, self.height = int(head.group(1)), int(head.group(2))
        self.rows = bytearray(out[head.end():])
        self.bytes = out
        self.left, self.top = left, top

    def column(self, x):
        return max(0, min(self.width, round((x - self.left) * self.scale)))

    def row(self, y):
        return max(0, min(self.height, round((y - self.top) * self.scale)))

    def blank(self, box):
        """Whether the rectangle, in mm, is empty paper."""
        for y in range(self.row(box[1]), self.row(box[3])):
            part = self.rows[y * self.width + self.column(box[0]):y * self.width + self.column(box[2])]
            if part.count(255) != len(part):
                return False
        return True

    def wipe(self, box):
        a, b = self.column(box[0]), self.column(box[2])
        for y in range(self.row(box[1]), self.row(box[3])):
            self.rows[y * self.width + a:y * self.width + b] = b"\xff" * (b - a)

    def rules(self, x):
        """Middles, in mm, of the horizontal rules crossed by the vertical line at x."""
        found, start = [], None
        for y in range(self.height + 1):
            dark = y < self.height and self.rows[y * self.width + self.column(x)] < 200
            if dark and start is None:
                start = y
            if not dark and start is not None:
                found.append(self.top + (start + y) / 2 / self.scale)
                start = None
        return found


def near(a, b):
    return abs(a - b) <= TOLERANCE


def find(words, text):
    return [w for w in words if w[4] == text][0]


def middle(word):
    return (word[1] + word[3]) / 2


def check_front(name, pdf, measures):
    left, top, step, info_left, info_top, subject, folds, window = measures
    page = words_of(pdf)[0]
    starts = [find(page, line.split()[0]) for line in ADDRESS]
    ok(all(near(w[0], left) and near(middle(w), top + (i + 0.5) * step) for i, w in enumerate(starts)),
       name + ": six lines of the address stand in their places", starts)
    info = find(page, "Datum")
    ok(near(info[0], info_left) and near(middle(info), info_top + 9 * 1.3323 / MM / 2), name + ": so does the info block", info)
    word = find(page, "Betrifft")
    ok(near(word[0], 25) and near(middle(word), subject + 11.5 * 1.25 / MM / 2), name + ": and the subject", word)
    marks = Pixels(pdf, 1, left=4, top=80, width=6, height=135).rules(6.2)
    want = sorted(folds + (148.5,)) if folds else []
    ok(len(marks) == len(want) and all(near(a, b) for a, b in zip(marks, want)), name + ": fold and hole marks, and no others", marks, want)
    check_window(name, pdf, page, window)


def check_window(name, pdf, page, window):
    allowed = " ".join(ADDRESS + [RETURN, REMARK]).split()
    inside = [w for w in page if w[2] > window[0] and w[0] < window[2] and w[3] > window[1] and w[1] < window[3]]
    ok(sorted(w[4] for w in inside) == sorted(allowed), name + ": the window holds the address, return line and remark, all of them and nothing else",
       sorted(w[4] for w in inside))
    pixels = Pixels(pdf, 1, 150, window[0], window[1], window[2] - window[0], window[3] - window[1])
    for w in inside:
        pixels.wipe((w[0] - 0.3, w[1] - 0.3, w[2] + 0.3, w[3] + 0.3))
    line = find(page, "·")
    pixels.wipe((window[0], line[3] - 0.5, window[2], line[3] + 0.8))  # the hairline below the return line
    ok(pixels.blank(window), name + ": no ink in the window but theirs")


def check_forms(folder):
    body = "<p>%s</p><h1>Liste</h1><ul>%s</ul>" % (TEXT * 3, "<li>Punkt</li>" * 40)
    for form, measures in FORMS.items():
        pdf = render(folder, form, letter(body, form))
        if pdf:
            check_front(form, pdf, measures)
    pdf = render(folder, "switched", letter(body), "--letter-form", "swiss", "--marks", "fold")
    if pdf:
        marks = Pixels(pdf, 1, left=4, top=80, width=6, height=135).rules(6.2)
        ok(len(marks) == 2 and near(find(words_of(pdf)[0], "Frau")[0], 120), "form and marks are switched without a change of the letter", marks)
    seven = letter("<p>x</p>").replace("<line>ÖSTERREICH</line>", "<line>Oberstadt</line><line>ÖSTERREICH</line>")
    wide = letter("<p>x</p>").replace("c/o Wohnstift Sonnenhang", "W" * 60)
    for name, text in (("seven lines", seven), ("a line too wide", wide)):
        for form in FORMS:
            path = os.path.join(folder, "overflow.xml")
            with open(path, "w", encoding="utf-8") as f:
                f.write(text.replace("din5008-b", form))
            code, said = letters.program("render-letter", path, "-o", os.path.join(folder, "overflow.pdf"))
            ok(code == 1 and "overflow.xml: " in said and not os.path.exists(os.path.join(folder, "overflow.pdf")),
               "%s: %s are refused, by place" % (form, name), said)


def check_hybrid(folder):
    body = "<p>%s</p>" % (TEXT * 40) + "<table>%s</table>" % ("<tr><td>%s</td><td>1</td></tr>" % TEXT * 60)
    pdf = render(folder, "hybrid", letter(body, attributes='marks="fold hole" inserter="omr"'), "--profile", "hybrid")
    if not pdf:
        return
    check_front("hybrid", pdf, HYBRID)
    pages = words_of(pdf)
    ok(min(w[1] for w in pages[0] if w[4] == "Betrifft") >= 105, "hybrid: the text starts below 105 mm")
    ok(Pixels(pdf, 1, 150, 20, 52, 85, 15).blank((20, 53.1, 105, 65.9)), "hybrid: the franking zone is empty")
    edges = ((0, 0, 12, 297), (0, 0, 210, 7), (0, 290, 210, 297), (207.5, 0, 210, 297))
    ok(len(pages) >= 3 and all(p.blank(e) for p in (Pixels(pdf, n + 1, 150) for n in range(len(pages))) for e in edges),
       "hybrid: not a pixel in the strips at the edges of %d pages" % len(pages))
    for form, said in (("din5008-a", "window"), ("swiss", "window")):
        path = os.path.join(folder, "refused.xml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(letter("<p>x</p>", form, 'profile="hybrid"'))
        code, err = letters.program("render-letter", path, "-o", os.path.join(folder, "refused.pdf"))
        ok(code == 1 and said in err, "hybrid: refused with the form %s, whose window is elsewhere" % form, err)


def omr_of(pdf, page):
    marks = Pixels(pdf, page, left=6, top=218, width=12, height=32).rules(12)
    return [round((y - 220) / 4.23) for y in marks], all(near(y, 220 + 4.23 * round((y - 220) / 4.23)) for y in marks)


def decode(folder, pdf, page, kind):
    """What the code in the left margin says, and where it stands."""
    pixels = Pixels(pdf, page, left=3, top=216, width=20, height=22)
    path = os.path.join(folder, "code.pgm")
    with open(path, "wb") as f:
        f.write(pixels.bytes)
    command = ["dmtxread", "-N1", path] if kind == "datamatrix" else ["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", path]
    said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode().strip()
    dark = [i for i, v in enumerate(pixels.rows) if v < 128]
    box = (min(i % pixels.width for i in dark), min(dark) // pixels.width, max(i % pixels.width for i in dark), max(dark) // pixels.width) if dark else None
    return said, box


def check_omr(name, pdf, fronts):
    good, seen = True, []
    for sheet, page in enumerate(fronts):
        marks, placed = omr_of(pdf, page)
        sequence = sheet % 7 + 1
        want = [0] + [1] * (sheet + 1 == len(fronts)) + [2 + i for i in range(3) if sequence >> i & 1]
        want = sorted(want + [6] + [5] * (len(want) % 2 == 0))
        good = good and placed and marks == want
        seen.append((marks, want))
    ok(good, name + ": start, insert on the last front only, sequence, even number, safety", *seen)


def check_codes(folder, name, pdf, kind, fronts, pages):
    want = ["DB1;%s;S%03d/%03d;P%03d/%03d;L%d" % (CASE, i + 1, len(fronts), page, pages, i + 1 == len(fronts)) for i, page in enumerate(fronts)]
    got = [decode(folder, pdf, page, kind) for page in fronts]
    ok([text for text, _ in got] == want, name + ": the code says set, sheet, page and last", *got)
    ok(len({box for _, box in got}) == 1, name + ": on all sheets at the same place", *got)


def check_inserter(folder):
    tool = {"datamatrix": "dmtxread", "qr": "zbarimg"}
    for kind in ("omr", "datamatrix", "qr"):
        if kind in tool and not letters.shutil.which(tool[kind]):
            ok(True, "inserter %s # SKIP %s is not installed" % (kind, tool[kind]))
            continue
        for sheets in (1, 2, 3, 5):
            for duplex in (False, True):
                pages = sheets * 2 - 1 if duplex else sheets
                name = "%s, %d sheets, %s" % (kind, sheets, "duplex" if duplex else "simplex")
                text = letter("<page-break/>".join(["<p>%s</p>" % TEXT] * pages), attributes='inserter="%s" duplex="%s"' % (kind, ("no", "yes")[duplex]))
                pdf = render(folder, "inserter", text)
                if not pdf and kind == "datamatrix" and sheets == 1:
                    return ok(False, "DataMatrix is in this build")
                fronts = list(range(1, pages + 1, 2 if duplex else 1))
                words = words_of(pdf)
                ok(len(words) == (sheets * 2 if duplex else sheets) and (not duplex or not words[-1]), name + ": as many pages as sheets have sides")
                backs = [p for p in range(1, len(words) + 1) if p not in fronts]
                ok(all(Pixels(pdf, p, 100, 0, 0, 24, 297).blank((0, 0, 24, 297)) for p in backs), name + ": no marks on backs")
                if kind == "omr":
                    check_omr(name, pdf, fronts)
                else:
                    check_codes(folder, name, pdf, kind, fronts, pages)


def check_pages(folder):
    for pages in (1, 2, 37):
        for duplex in ("no", "yes"):
            text = letter("<page-break/>".join(["<p>%s</p>" % TEXT] * pages), attributes='duplex="%s"' % duplex)
            pdf = render(folder, "pages", text)
            words = words_of(pdf)
            labels = [" ".join(w[4] for w in page)[-40:] for page in words[:pages]]
            ok(len(words) == pages + (duplex == "yes") * (pages % 2) and all(
                "Seite %d von %d" % (i + 1, pages) in " ".join(w[4] for w in page) and any(w[4] == CASE for w in page)
                for i, page in enumerate(words[:pages])), "page n of %d and the case on each page, duplex %s" % (pages, duplex), *labels)


def check_extremes(folder):
    note = " ".join("Notiz%03d" % n for n in range(334))
    rows = "".join("<tr><td>Z%03d</td><td>%s</td><td>%d,00 €</td></tr>" % (n, "Bezeichnung " * (n % 4 + 1), n) for n in range(400))
    tokens = ["DE89370400440532013000", "https://www.muster.example/konto/daten?kunde=0000&amp;ansicht=alles", "a1" * 100, "x" * 200]
    body = ("<table><thead><tr><th>Kopf</th><th>Text</th><th>Wert</th></tr></thead><tbody>%s<tr><td>N</td><td>%s</td><td>0</td></tr></tbody></table>"
            % (rows, note) + "".join("<p>%s</p><table><tr><td>%s</td><td>%s</td></tr></table>" % (t, t, TEXT) for t in tokens))
    pdf = render(folder, "extremes", letter(body))
    words = words_of(pdf)
    flat = [w for page in words for w in page]
    outside = [w for page in words for w in page if w[0] < 24.5 or w[2] > (200.5 if page is words[0] and w[1] < 98 else 190.5) or w[1] < 7 or w[3] > 292]
    ok(not outside, "a note of 3,000 characters, 400 rows, long tokens: nothing outside the margins on %d pages" % len(words), *outside[:5])
    ok(all(any(w[4] == "Notiz%03d" % n for w in flat) for n in range(334)) and sum(w[4].startswith("Z") and w[4][1:].isdigit() for w in flat) == 400,
       "every word of the note and every row is there")
    heads = [page for page in words if any(re.fullmatch(r"Z\d{3}", w[4]) for w in page)]
    ok(all(any(w[4] == "Kopf" for w in page) for page in heads), "the table's head stands on each of its %d pages" % len(heads))
    overlaps = [(a, b) for page in words for a, b in zip(page, page[1:]) if a[1] < middle(b) < a[3] and a[0] < b[0] < a[2] - 0.2]
    ok(not overlaps, "no word is printed over another", *overlaps[:3])


def main():
    letters.need_tools("pdftotext", "pdftoppm")
    folder = letters.fresh_folder("positions")
    check_forms(folder)
    check_hybrid(folder)
    check_inserter(folder)
    check_pages(folder)
    check_extremes(folder)
    letters.done()


main()
