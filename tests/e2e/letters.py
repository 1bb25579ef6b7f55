# SPDX-License-Identifier: MIT
"""What the whole-letter tests share: TAP, running the program, the text of a PDF, display forms of values."""
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

NS = "{urn:datenbrief:config:1}"
SRCDIR = os.path.abspath(os.environ.get("srcdir", "."))
DATE = "2026-11-23"
count = 0
failures = 0


def ok(good, what, *notes):
    global count, failures
    count += 1
    failures += not good
    print("%sok %d - %s" % ("" if good else "not ", count, what))
    if not good:
        for note in notes:
            for line in str(note).splitlines()[:12]:
                print("# " + line)
    sys.stdout.flush()
    return good


def done():
    print("1..%d" % count)
    sys.exit(1 if failures else 0)


def skip(what, why):
    global count
    count += 1
    print("ok %d - %s # SKIP %s" % (count, what, why))


def skip_all(why):
    print("1..0 # SKIP " + why)
    sys.exit(0)


def need_tools(*tools):
    if not os.path.exists("datenbrief"):
        skip_all("the program datenbrief is not built here")
    for tool in tools:
        if not shutil.which(tool):
            skip_all(tool + " is not installed")


def fresh_folder(name):
    path = os.path.abspath(os.path.join("tests", "e2e", name + ".dir"))
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def program(*args):
    """Runs datenbrief; gives exit code and what it said on stderr."""
    env = dict(os.environ, LC_ALL="C", TZ="UTC")
    done_process = subprocess.run([os.environ.get("DATENBRIEF", "./datenbrief"), *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    return done_process.returncode, done_process.stderr.decode("utf-8", "replace")


def squeeze(text):
    """Without white space and hyphens, so that line ends and hyphenation do not matter."""
    text = unicodedata.normalize("NFC", text)
    return re.sub("[\\s\u00ad\u00a0\u202f\u2010\u2011\u200b-]+", "", text)


def pdf_text(path, *flags):
    out = subprocess.run(["pdftotext", "-enc", "UTF-8", *flags, path, "-"], stdout=subprocess.PIPE, check=True)
    return out.stdout.decode("utf-8")


def pdf_texts(path):
    """The text in the order of the content stream, of the page, and of the printed lines."""
    return [pdf_text(path, "-raw"), pdf_text(path), pdf_text(path, "-layout")]


def holds(texts, value):
    """Is the value there in one piece, or in pieces that a page break parts?"""
    for text in texts:
        if value in text:
            return True
    if len(value) < 150:
        return False
    for text in texts:
        rest = value
        while rest:
            low, high = 0, len(rest)
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if rest[:middle] in text else (low, middle - 1)
            if low < min(20, len(rest)):
                break
            rest = rest[low:]
        if not rest:
            return True
    return False


def grouped(digits):
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", digits)


def german_number(value, digits=None):
    text = repr(value) if isinstance(value, float) else str(value)
    if digits is not None:
        text = "%.*f" % (digits, float(value))
    elif text.endswith(".0"):
        text = text[:-2]
    sign = "-" if text.startswith("-") else ""
    whole, _, rest = text.lstrip("-").partition(".")
    return sign + grouped(whole) + ("," + rest if rest else "")


def german_date(value):
    m = re.match(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d))?", value)
    return "%s.%s.%s" % (m[3], m[2], m[1]) + (", " + m[4] if m[4] else "")


class Field:
    """A <field> of a configuration and how its values are printed."""

    def __init__(self, element, codes):
        self.name = element.get("name")
        self.label = element.get("label")
        self.type = element.get("type")
        self.secret = element.get("sensitivity") == "secret"
        self.show = "named" if self.secret else element.get("show", "value")
        self.currency = element.get("currency")
        self.unit = element.get("unit")
        self.codes = codes.get(element.get("codes"), {})

    def display(self, value):
        if self.type == "money":
            return german_number(value, 2) + {"EUR": "€", "USD": "$"}[self.currency]
        if self.type in ("integer", "decimal"):
            return german_number(value) + (self.unit or "")
        if self.type in ("date", "datetime"):
            return german_date(value)
        if self.type == "boolean":
            return "Ja" if value else "Nein"
        if self.type == "code":
            return self.codes[str(value)]
        if self.type == "binary":
            return "%dByte" % len(value)
        return str(value)


class Config:
    def __init__(self, path):
        root = ElementTree.parse(path).getroot()
        codes = {c.get("id"): {v.get("value"): v.text for v in c} for c in root.findall(NS + "codes")}
        self.text = squeeze("".join(root.itertext()) + "".join(str(e.attrib) for e in root.iter()))
        self.collections = {}
        for records in root.iter(NS + "records"):
            self.collections[records.get("name")] = {
                "query": records.find(NS + "query").text,
                "keys": {records.get("key"), records.get("subject-key"), records.get("link")},
                "fields": {f.get("name"): Field(f, codes) for f in records.findall(NS + "field")},
                "ignored": {i.get("field") for i in records.findall(NS + "ignore")},
            }
