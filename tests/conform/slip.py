# SPDX-License-Identifier: MIT
"""
The reply slips of the sample letters: folded like a letter of form B, they show our address in the window and nothing else; the QR
code is the case code. Millimetres from the top left corner.
"""
import os
import re
import shutil
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import conform
from conform import NS, ok, run

WINDOW = (20.0, 45.0, 105.0, 90.0)
ADDRESS_TOP = 62.7


def words_of_page(pdf, page):
    """(left, top, right, bottom, word) in millimetres."""
    _, out, _ = run("pdftotext", "-bbox", "-f", str(page), "-l", str(page), pdf, "-")
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', out.decode("utf-8"))
    return [tuple(float(v) * 25.4 / 72 for v in w[:4]) + (w[4],) for w in found]


def pages_of(pdf):
    _, out, _ = run("pdfinfo", pdf)
    return int(re.search(r"Pages:\s+(\d+)", out.decode())[1])


def overlaps(word):
    return word[2] > WINDOW[0] and word[0] < WINDOW[2] and word[3] > WINDOW[1] and word[1] < WINDOW[3]


def judge(letter):
    root = ElementTree.parse(letter.document).getroot()
    address = ["".join(root.find(NS + "return-address").itertext())][0].replace(" · ", " ").split()
    page = pages_of(letter.pdf)
    seen = [w for w in words_of_page(letter.pdf, page) if overlaps(w)]
    inside = all(w[0] >= WINDOW[0] and w[2] <= WINDOW[2] and w[1] >= ADDRESS_TOP - 0.5 and w[3] <= WINDOW[3] for w in seen)
    return address, [w[4] for w in seen], inside, qr_of(letter.pdf, page), root.get("case")


def qr_of(pdf, page):
    if not shutil.which("zbarimg"):
        return None
    folder = tempfile.mkdtemp(dir=conform.FOLDER)
    try:
        run("pdftoppm", "-r", "150", "-gray", "-png", "-f", str(page), "-l", str(page), "-singlefile", pdf, os.path.join(folder, "page"))
        _, out, _ = run("zbarimg", "-q", "--raw", os.path.join(folder, "page.png"))
        return out.decode().strip()
    finally:
        shutil.rmtree(folder)


def main():
    conform.need_tools("pdftotext", "pdftoppm", "pdfinfo")
    letters = [one for one in conform.all_letters() if os.sep + "variants" + os.sep in one.pdf and "nothing" not in os.path.basename(one.pdf)]
    if not letters:
        conform.skip_all("the sample company's letters were not made")
    for letter, (address, seen, inside, code, case) in zip(letters, conform.in_parallel(judge, letters)):
        ok(seen == address, "%s: the window shows the address and nothing else" % letter.name, seen)
        ok(inside, "%s: the address stands where the norm wants it" % letter.name)
        if code is not None:
            ok(code == case, "%s: the QR code is the case code" % letter.name, code)
    conform.done()


main()
