# SPDX-License-Identifier: MIT
"""What the conformance tests share: the letters to judge, their words, and running other people's programs."""
import concurrent.futures
import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from letters import SRCDIR, done, need_tools, ok, skip_all  # noqa: E402, F401

DATA = os.environ.get("DATENBRIEF_DATA") or os.path.join(SRCDIR, "..", "shared", "data")
FOLDER = os.path.abspath(os.path.join("tests", "conform", "letters.dir"))
NS = "{urn:datenbrief:letter:1}"
# Elements inside a line; all others begin a new word.
INLINE = {"b", "i", "a", "span"}
BIDI = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x200B])


class Letter:
    """A PDF, the letter document it was made from, and the model that is attached, if any."""

    def __init__(self, pdf):
        self.pdf = pdf
        self.name = os.path.relpath(pdf, FOLDER)
        self.document = pdf[:-4] + ".xml"
        model = pdf[:-4] + ".model"
        self.model = model if os.path.exists(model) else None


def all_letters():
    """The letters make_letters.py left behind."""
    if os.environ.get("SAN_FLAGS"):
        skip_all("letters are judged in the plain build; compare-builds.sh shows that these are the same")
    found = []
    for folder, _, files in os.walk(FOLDER):
        found += [os.path.join(folder, f) for f in files if f.endswith(".pdf")]
    if not found:
        skip_all("there are no letters: make_letters.py did not run")
    return [Letter(f) for f in sorted(found)]


def run(*command, **more):
    """Exit code, stdout as bytes, stderr as text, in the C locale with UTF-8."""
    env = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC", **more.pop("env", {}))
    p = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, **more)
    return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace")


def in_parallel(function, items):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(function, items))


def plain(text):
    return unicodedata.normalize("NFC", text).translate(BIDI)


def _walk(element, parts, without):
    tag = element.tag.replace(NS, "")
    if tag in without:
        return
    if tag not in INLINE:
        parts.append("\n")
    if tag in ("item", "bar"):
        parts += [element.get("label"), "\n", element.get("text") or (element.get("value") if tag == "bar" else ""), "\n"]
    parts.append(element.text or "")
    for child in element:
        _walk(child, parts, without)
        parts.append(child.tail or "")
    if tag not in INLINE:
        parts.append("\n")


def expected_words(document, without=("style", "page-label", "footer")):
    """The words of a letter document in reading order, without what stands at the edge of pages."""
    parts = []
    _walk(ElementTree.parse(document).getroot(), parts, without)
    return plain("".join(parts)).replace("\u00ad", "").split()


def text_of(pdf, program):
    if program == "pdftotext":
        code, out, said = run("pdftotext", "-raw", "-enc", "UTF-8", pdf, "-")
    else:
        code, out, said = run("mutool", "draw", "-q", "-F", "txt", pdf)
    return plain(out.decode("utf-8", "replace")) if code == 0 else ""


def struct_lines(pdf):
    """(role, text) of the structure tree, in its order."""
    code, out, said = run("pdfinfo", "-struct-text", pdf)
    path, found = [], []
    for line in out.decode("utf-8", "replace").splitlines():
        body = line.lstrip(" ")
        depth = (len(line) - len(body)) // 2
        if body.startswith('"'):
            found.append((path[depth - 1] if depth else "", plain(body[1:].rstrip('"') if body.endswith('"') else body[1:])))
        elif body and not body.startswith(("/", "Object")):
            path[depth:] = [re.match(r"\w+", body).group(0) if re.match(r"\w+", body) else body]
    return found


def _reaches(word, text):
    """Does the word stand in the text, parted by line ends (with or without a hyphen) only?"""
    pattern = r"(?:[-\u00ad]?[ \u00a0]*\n\s*)?".join(re.escape(c) for c in word)
    return re.search(r"(?<!\S)" + pattern + r"(?!\S)", text) is not None


def lost_words(words, text):
    """Expected words that are no words of the text, neither whole nor hyphenated; right-to-left ones also when seen from the left."""
    there = set(re.sub(r"\u00ad\s*\n\s*", "", text).split())
    lost = []
    for word in dict.fromkeys(words):
        if word in there or word[::-1] in there:
            continue
        if len(word) < 4 or not _reaches(word, text):
            lost.append(word)
    return lost
