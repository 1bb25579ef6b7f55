# SPDX-License-Identifier: MIT
"""Every letter is opened by other people's programs without a word; fonts are embedded; the model attached is the model."""
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import conform
from conform import ok, run

SILENT = {
    "qpdf": ["qpdf", "--check"],
    "mutool": ["mutool", "draw", "-q", "-r", "20", "-o", os.devnull, "-F", "pgm"],
    "mutool info": ["mutool", "info"],
    "gs": ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=nullpage"],
    "pdftoppm": ["pdftoppm", "-r", "20", "-gray"],
}
# Said by a build of a program, not of our file.
NOT_OURS = "ICC support is not available"


def judge(letter):
    """Complaints about one letter."""
    found = []
    for name, command in SILENT.items():
        if shutil.which(command[0]):
            code, _, said = run(*command, letter.pdf, *([os.devnull] if command[0] == "pdftoppm" else []))
            said = "".join(line + "\n" for line in said.splitlines() if NOT_OURS not in line)
            if code or said:
                found.append("%s: exit code %d %s" % (name, code, said))
    return found + fonts(letter) + attachment(letter)


def fonts(letter):
    if not shutil.which("pdffonts"):
        return []
    code, out, said = run("pdffonts", letter.pdf)
    lines = out.decode().splitlines()[2:]
    if code or said or not lines:
        return ["pdffonts: exit code %d, %d fonts %s" % (code, len(lines), said)]
    return ["pdffonts: " + line for line in lines if line.split()[-5:-2] != ["yes", "yes", "yes"]]


def attachment(letter):
    if not letter.model or not shutil.which("pdfdetach"):
        return []
    with tempfile.TemporaryDirectory(dir=conform.FOLDER) as folder:
        path = os.path.join(folder, "model.xml")
        code, _, said = run("pdfdetach", "-save", "1", "-o", path, letter.pdf)
        if code or said or not os.path.exists(path):
            return ["pdfdetach: exit code %d %s" % (code, said)]
        with open(path, "rb") as attached, open(letter.model, "rb") as model:
            same = without_indent(attached.read()) == without_indent(model.read())
        return [] if same else ["the attachment differs from letter --stop-after model by more than its indentation"]


def without_indent(xml):
    """The attachment is written without the line ends and blanks between elements that make the printed model readable."""
    return re.sub(rb">\n *<", b"><", xml)


def main():
    letters = conform.all_letters()
    missing = [name for name in ("qpdf", "mutool", "gs", "pdffonts", "pdfdetach", "pdftoppm") if not shutil.which(name)]
    for letter, complaints in zip(letters, conform.in_parallel(judge, letters)):
        ok(not complaints, "%s: nobody complains" % letter.name, *complaints)
    for name in missing:
        ok(True, "%s looks at the letters # SKIP it is not installed" % name)
    conform.done()


main()
