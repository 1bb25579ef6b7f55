#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Each letter and sequence of DIN 91379 looks on the page as FreeType and HarfBuzz draw it: the pixels of our PDF, rendered by
poppler, are those that Pillow with raqm draws with the same font, marks in their places. What the text layer says is not asked.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from dinlist import find_list, read_entries, skip  # noqa: E402

PYTHON = "/usr/bin/python3"
try:
    from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, features
except ImportError:  # Debian's package serves Debian's interpreter
    if os.path.exists(PYTHON) and os.path.realpath(sys.executable) != os.path.realpath(PYTHON):
        os.execv(PYTHON, [PYTHON, *sys.argv])
    print("1..0 # SKIP python3-pil is not installed")
    sys.exit(0)

SCALE = 5                                 # pixels a point
SIZE = 10 * SCALE                         # tests/unit/pdf_parts draws in 10 pt
LINE, LEFT, TOP, BOTTOM = 13 * SCALE, 70 * SCALE, 60 * SCALE, 780 * SCALE
ABOVE, BELOW, WIDTH = 15 * SCALE, 8 * SCALE, 70 * SCALE  # of a cell, around the baseline
TOLERANCE = 9                             # pixels that may lie more than one pixel beside the other's ink; a dot has 25
# Arimo calls this letter a mark, and raqm draws it without a width, into the next letter. Ours keeps its width.
KNOWN = "\u02c8"


def find_font():
    found = subprocess.run(["fc-match", "-f", "%{file}", "Arimo:style=Regular"], stdout=subprocess.PIPE) if shutil.which("fc-match") else None
    path = found.stdout.decode() if found else ""
    return path if os.path.basename(path).startswith("Arimo") else None


def our_cells(lines, folder):
    """Each line's surroundings, cut from the rendered pages."""
    source, pdf = os.path.join(folder, "lines.txt"), os.path.join(folder, "lines.pdf")
    with open(source, "w", encoding="utf-8") as f:
        f.write("".join(line + "\n\n" for line in lines))  # room for high and low marks
    subprocess.run([os.path.join("tests", "unit", "pdf_parts"), source, pdf], check=True)
    subprocess.run(["pdftoppm", "-gray", "-r", str(72 * SCALE), "-W", str(LEFT + WIDTH), pdf, os.path.join(folder, "p")], check=True)
    pages = sorted(name for name in os.listdir(folder) if name.endswith(".pgm"))
    page, y = 0, TOP
    sheet = Image.open(os.path.join(folder, pages[0]))
    for _ in lines:
        for k in range(2):
            y += LINE
            if y > BOTTOM:
                page, y = page + 1, TOP
                sheet = Image.open(os.path.join(folder, pages[page])) if page < len(pages) else sheet
            if k == 0:
                yield sheet.crop((LEFT - 10, y - ABOVE, LEFT - 10 + WIDTH, y + BELOW))


def ink(image):
    return image.point(lambda v: 255 if v < 128 else 0)


def their_cell(text, font):
    image = Image.new("L", (WIDTH, ABOVE + BELOW), 255)
    ImageDraw.Draw(image).text((10, ABOVE), text, font=font, fill=0, anchor="ls")
    return image


def apart(a, b):
    """How many pixels of ink in either picture lie more than a pixel beside the ink of the other."""
    a, b = ink(a), ink(b)
    near_a, near_b = a.filter(ImageFilter.MaxFilter(3)), b.filter(ImageFilter.MaxFilter(3))
    return ImageChops.subtract(a, near_b).histogram()[255] + ImageChops.subtract(b, near_a).histogram()[255]


def without_marks(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def main():
    path, font_path = find_list(), find_font()
    if not path:
        skip("no DIN 91379 list: set DATENBRIEF_DATA")
    if not font_path or not features.check("raqm") or not shutil.which("pdftoppm"):
        skip("wants Arimo, libraqm0 and pdftoppm")
    font = ImageFont.truetype(font_path, SIZE, layout_engine=ImageFont.Layout.RAQM)
    entries = [text for _, text in read_entries(path)]
    lines = ["x" + text + "x" for text in entries]
    wrong, blind = [], []
    with tempfile.TemporaryDirectory() as folder:
        for text, line, cell in zip(entries, lines, our_cells(lines, folder)):
            gap = apart(cell, their_cell(line, font))
            if gap > TOLERANCE and text != KNOWN:
                wrong.append((text, gap))
            bare = without_marks(text)
            if bare not in ("", text):
                gap = apart(cell, their_cell("x" + bare + "x", font))
                if gap <= TOLERANCE:
                    blind.append((text, gap))
            if os.environ.get("KEEP"):
                cell.save(os.path.join(os.environ["KEEP"], "%s.png" % "-".join("%04X" % ord(c) for c in text)))
    marked = sum(without_marks(text) not in ("", text) for text in entries)
    print("1..2")
    for number, (bad, what) in enumerate(((wrong, f"{len(entries)} letters and sequences look as they should"),
                                          (blind, f"a missing mark would be seen in {marked} of them")), 1):
        print(f"{'not ok' if bad else 'ok'} {number} - {what}")
        for text, gap in bad[:40]:
            print("# U+%s: %d pixels are elsewhere" % (" ".join("%04X" % ord(c) for c in text), gap))
    sys.exit(1 if wrong or blind else 0)


main()
