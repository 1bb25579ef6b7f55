# SPDX-License-Identifier: MIT
"""No page ends with the head of rows that stand on the next one."""
import os
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "e2e"))
import letters
from letters import ok

LETTER = """<?xml version="1.0" encoding="UTF-8"?>
<letter xmlns="urn:datenbrief:letter:1" form="report" lang="de" title="Gruppen" case="K7Q3-9XB2-ABC1"><subject>Gruppen</subject><body><table>
<thead><tr><th>Angabe</th><th>Inhalt</th></tr></thead><tbody>%s</tbody></table></body>
<page-label>Seite {page} von {pages}</page-label></letter>
"""
ROW = "<tr><td>Zeile</td><td>Inhalt</td></tr>"
HEAD = '<tr><th colspan="2">Gruppe</th></tr>'


def last_rows(pdf):
    """The last row of each page."""
    for page in letters.pdf_text(pdf, "-layout").split("\f"):
        rows = [line for line in page.splitlines() if line.startswith(("Zeile", "Gruppe"))]
        if rows:
            yield rows[-1]


def main():
    letters.need_tools("pdftotext")
    folder = letters.fresh_folder("pagebreaks")
    xml, pdf = os.path.join(folder, "letter.xml"), os.path.join(folder, "letter.pdf")
    made = pages = alone = 0
    for before in range(30, 60):
        with open(xml, "w", encoding="utf-8") as f:
            f.write(LETTER % (ROW * before + (HEAD + ROW * 3) * 4))
        code, said = letters.program("render-letter", "-o", pdf, xml)
        if code:
            ok(False, "a letter with groups of rows is made", said)
            break
        ends = list(last_rows(pdf))
        made += 1
        pages += len(ends)
        alone += sum(end.startswith("Gruppe") for end in ends)
    ok(made == 30 and pages > 45 and not alone, "the head of a group of rows stands on the page of its first row", "%d of %d pages" % (alone, pages))
    letters.done()


main()
