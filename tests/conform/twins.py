# SPDX-License-Identifier: MIT
"""
Every printed value has its twin in the attached XML, and back: each field of the XML that `pdfdetach` takes out of the letter is
printed as it stands there, and each printed word comes from that XML or is one of the template's own words.
"""
import os
import re
import shutil
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import conform
from conform import SRCDIR, ok, plain, run
from letters import holds, pdf_texts, squeeze  # noqa: E402

MODEL = "{urn:datenbrief:model:1}"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
EDGE = "„“”\"'’‘().,;:!?·–—/[]…"
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def attached(pdf):
    """The root of the attached XML."""
    folder = tempfile.mkdtemp(dir=conform.FOLDER)
    try:
        code, _, said = run("pdfdetach", "-saveall", "-o", folder, pdf)
        files = os.listdir(folder)
        return ElementTree.parse(os.path.join(folder, files[0])).getroot() if code == 0 and len(files) == 1 else None
    finally:
        shutil.rmtree(folder)


def is_short(letter):
    return os.path.basename(letter.pdf).startswith("short-")


def unprinted(root, texts):
    """Fields of the XML that the letter does not print."""
    lost = []
    for field in root.iter(MODEL + "field"):
        text = squeeze("".join(field.itertext()))
        if text and not holds(texts, text):
            lost.append("%s: %s" % (field.get("item"), text[:60]))
    return lost


def dates_of(text):
    """The dates of a text as letters print them, numerically or in words."""
    forms = []
    for year, month, day in DATE.findall(text):
        if 1 <= int(month) <= 12:
            forms += ["%s.%s.%s" % (day, month, year), "%s/%s/%s" % (month, day, year), "%d/%d/%s" % (int(month), int(day), year[2:]), str(int(day)),
                      "%d/%d/%s" % (int(month), int(day), year), MONTHS[int(month) - 1], year]
    return forms


def words_of(text):
    return {w.strip(EDGE) for w in plain(text).replace("\u00ad", "").split()}


class Own:
    """The words of the templates: of their texts in all languages, and of what no text is needed for."""

    def __init__(self):
        folder = os.path.join(SRCDIR, "templates", "standard")
        text = "".join(open(os.path.join(folder, f), encoding="utf-8").read() for f in sorted(os.listdir(folder)) if f.startswith("texts-"))
        self.words = words_of(re.sub(r"<[^>]*>", " ", text.replace("&#160;", " ").replace("&#173;", "")))
        self.words |= {literal.strip(EDGE) for quoted in re.findall(r"'([^'<>]*)'", text) for literal in quoted.split()}
        self.words |= {"____________________", "•"} # the line to write on, the bullets of lists


def foreign_words(root, printed, own):
    """Printed words that stand neither in the XML nor in the template."""
    whole = " ".join(list(root.itertext()) + [v for e in root.iter() for v in e.attrib.values()])
    known = own.words | words_of(whole) | {w for text in whole.split() for w in dates_of(text)}
    known |= {w.upper() for w in words_of(root.findtext(MODEL + "subject/" + MODEL + "country", ""))}
    known |= {part for article in re.findall(r"\d+(?:\(\w+\))+", whole) for part in re.split(r"[()]+", article)}
    everything = squeeze(whole) + squeeze(" ".join(own.words))
    most = max([len(list(root.iter(MODEL + "record")))] + [len(printed)])
    text = re.sub("\u00ad\\s*\n\\s*", "", printed)
    found = []
    for word in dict.fromkeys(plain(text).split()):
        core = word.strip(EDGE)
        if core in known or (core.isdigit() and int(core) <= most):
            continue
        # A long value that is broken at a line's end leaves pieces of itself.
        if squeeze(core) and squeeze(core) not in everything:
            found.append(word)
    return found


def judge(letter):
    root = attached(letter.pdf)
    if root is None:
        return None, None
    raw = conform.text_of(letter.pdf, "pdftotext")
    texts = [squeeze(t) for t in pdf_texts(letter.pdf)]
    return [] if is_short(letter) else unprinted(root, texts), foreign_words(root, raw, OWN)


OWN = Own()


def main():
    conform.need_tools("pdftotext", "pdfdetach")
    letters = [one for one in conform.all_letters() if one.model]
    root = attached(letters[0].pdf)
    some = next(root.iter(MODEL + "field"))
    some.text = "Nirgendwo gedruckt 4711"
    ok(unprinted(root, [squeeze(t) for t in pdf_texts(letters[0].pdf)]), "a value of the XML that is not printed is found")
    ok(foreign_words(root, "Fremdwort 99.999,99", OWN) == ["Fremdwort", "99.999,99"], "a printed word that is not in the XML is found")
    for letter, (lost, foreign) in zip(letters, conform.in_parallel(judge, letters)):
        if lost is None:
            ok(False, "%s: holds one attached file" % letter.name)
            continue
        ok(not lost, "%s: every value of the attached XML is printed" % letter.name, *lost)
        ok(not foreign, "%s: every printed word is of the attached XML or of the template" % letter.name, *foreign)
    conform.done()


main()
