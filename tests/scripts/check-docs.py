#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The man pages tell of every element and attribute that the schemas know, and of none besides; their examples load and are set.
doc/forms.md names every element and attribute of the other forms.
"""
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import zlib

SRC = os.path.abspath(os.environ.get("srcdir", "."))
WORK = os.path.abspath(os.path.join("tests", "scripts", "check-docs.dir"))
LETTER_NS = "urn:datenbrief:letter:1"
count = failures = 0


def ok(good, what, *notes):
    global count, failures
    count += 1
    failures += not good
    print("%sok %d - %s" % ("" if good else "not ", count, what))
    for note in [] if good else notes:
        print("# " + str(note).replace("\n", "\n# ")[:1500])
    sys.stdout.flush()


def read(*path):
    with open(os.path.join(SRC, *path), encoding="utf-8") as f:
        return f.read()


def schema_names(form):
    """element -> attributes, as far as the text of the schema shows them; and all attributes."""
    text = read("templates", "schema", form + ".rng")
    elements = set(re.findall(r'<element name="([^"]+)"', text)) | set(re.findall(r"<name>([^<]+)</name>", text))
    return elements, set(re.findall(r'<attribute name="([^"]+)"', text))


class Page:
    """Entries of a man page: element -> attributes; and its examples, by the entry they stand in."""

    def __init__(self, name):
        self.name, self.entries, self.properties, self.common, self.examples, self.functions = name, {}, set(), set(), [], set()
        section = entry = None
        lines = iter(read("doc", name + ".5").splitlines())
        for line in lines:
            if line.startswith(".Sh "):
                section, entry = line[4:], None
            elif line.startswith(".It "):
                entry = line[4:]
                self.enter(section, entry)
            elif line.startswith(".Bd -literal"):
                block = []
                for line in lines:
                    if line == ".Ed":
                        break
                    block.append(line.replace("\\e", "\\"))
                self.examples.append((section, entry or section, "\n".join(block)))

    def enter(self, section, entry):
        words = entry.split()
        attributes = {w for i, w in enumerate(words) if i and words[i - 1] == "Fa"}
        if words[0] == "Cm":
            self.entries.setdefault(words[1].replace("t:", ""), set()).update(attributes)
        elif words[0] == "Fa" and section == "COMMON ATTRIBUTES":
            self.common.add(words[1])
        elif words[0] == "Va":
            self.properties.add(words[1])
        elif words[0] == "Fn":
            self.functions.add(words[1].replace("t:", ""))


def check_names(page, form):
    elements, attributes = schema_names(form)
    told = set(page.entries)
    ok(elements == told, "%s: every element of the schema has its entry, and nothing else does" % page.name,
       "missing: %s" % sorted(elements - told), "too many: %s" % sorted(told - elements))
    named = set().union(page.common, *page.entries.values())
    ok(attributes == named, "%s: every attribute of the schema has its entry, and nothing else does" % page.name,
       "missing: %s" % sorted(attributes - named), "too many: %s" % sorted(named - attributes))
    lacking = [e for e in page.entries if not any(entry.split()[1].replace("t:", "") == e for _, entry, _ in page.examples if entry.startswith("Cm "))]
    ok(not lacking, "%s: every element has an example" % page.name, lacking)


def source_words(path, pattern):
    return set(re.findall(pattern, read(*path.split("/")), re.M))


# ---- examples ----

INLINE = ("b", "i", "a", "br", "span", "img", "checkbox")
PARTS = ("style", "letterhead", "return-address", "remark", "recipient", "info-block", "subject", "salutation", "body", "closing", "reply-slip",
         "footer", "page-label")


def first_tag(text):
    return re.match(r"\s*<([\w:-]+)", text).group(1)


def letter_of(example):
    """The example in the letter around it that it needs."""
    tag = first_tag(example)
    if tag == "letter":
        return example
    parts = {"recipient": "<recipient><line>Zoë Beispiel</line></recipient>", "subject": "<subject>Probe</subject>", "body": "<body/>"}
    if tag in PARTS:
        parts[tag] = example
    else:
        parts["body"] = "<body>%s</body>" % example
    return '<letter xmlns="%s" form="din5008-b" lang="de" title="Probe" case="K7Q3-9XB2-ABC1">%s</letter>' % (LETTER_NS, "".join(parts.values()))


def run(*args):
    p = subprocess.run(["./datenbrief", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    return p.returncode, p.stderr.decode("utf-8", "replace")


def write(name, text):
    path = os.path.join(WORK, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def make_logo():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    with open(os.path.join(WORK, "logo.png"), "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 4, 8, 0, 0, 0, 0)) +
                chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * 8) * 4)) + chunk(b"IEND", b""))


def check_letter_examples(page):
    for number, (_, entry, example) in enumerate(page.examples):
        code, said = run("render-letter", write("example-%d.xml" % number, letter_of(example)), "-o", os.path.join(WORK, "example.pdf"))
        ok(code == 0, "%s: the example of '%s' is set" % (page.name, entry), said, example)


def template_of(example):
    return """<t:template xmlns:t="urn:datenbrief:template:1" xmlns="%s" version="1" lang="de" texts="texts-de.xml">
<letter form="report" lang="de" title="Probe"><subject>Probe</subject><body>%s</body></letter></t:template>""" % (LETTER_NS, example)


def try_template(page, entry, config, example):
    write("letter.xml", example if first_tag(example) == "t:template" else template_of(example))
    code, said = run("letter", "-c", config, "1001", "--date", "2026-11-23", "-o", os.path.join(WORK, "example.pdf"))
    ok(code == 0, "%s: the example of '%s' makes a letter" % (page.name, entry), said, example)


def check_template_examples(page):
    base = os.path.join(SRC, "tests", "fixture")
    for name in ("register.xml", "datenbrief.xml"):
        shutil.copy(os.path.join(base, name), WORK)
    db = sqlite3.connect(os.path.join(WORK, "shop.db"))
    with open(os.path.join(base, "shop.sql"), encoding="utf-8") as f:
        db.executescript(f.read())
    db.close()
    config = os.path.join(WORK, "datenbrief.xml")
    by_tag = {first_tag(e): e for _, _, e in page.examples}
    write("texts-de.xml", by_tag["t:texts"])
    write("own.xml", '<t:texts xmlns:t="urn:datenbrief:template:1"/>')
    write("part.xml", by_tag["t:fragment"])
    for _, entry, example in page.examples:
        tag = first_tag(example)
        if tag in ("t:texts", "t:fragment"):
            continue
        if tag == "template":
            with open(config, encoding="utf-8") as f:
                text = f.read()
            for name in set(re.findall(r'href="([^"]+)"', example)):
                write(name, template_of("<p/>"))
            conditions = example.replace("collections/collection[@name='news']/@count = 0", "false()")
            several = write("several.xml", text.replace('<template href="letter.xml"/>', conditions))
            code, said = run("letter", "-c", several, "1001", "-o", os.path.join(WORK, "example.pdf"))
            ok(code == 0, "%s: the example of '%s' makes a letter" % (page.name, entry), said, example)
            continue
        try_template(page, entry, config, example)


def check_forms():
    text = read("doc", "forms.md")
    for form in ("config", "register", "model"):
        elements, attributes = schema_names(form)
        lacking = sorted(n for n in elements | attributes if not re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(n), text))
        ok(not lacking, "doc/forms.md names every element and attribute of the form %s" % form, lacking)


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    letter, template = Page("datenbrief-letter"), Page("datenbrief-template")
    check_names(letter, "letter")
    known = source_words("lib/letter/style_parse.c", r'^\t\{ "([a-z-]+)", DBI_PROP')
    shorthand = {p for p in known if any(p.startswith(x + "-") for x in ("border", "margin", "padding"))} | {"background"}
    told = letter.properties | {p for p in shorthand if re.search(r"\b%s\b" % p, read("doc", "datenbrief-letter.5"))}
    ok(known == told and len(known) > 20, "datenbrief-letter: every property of styles has its entry", "missing: %s" % sorted(known - told),
       "too many: %s" % sorted(told - known))
    check_names(template, "template")
    functions = source_words("lib/template/func.c", r'^\t\{ "([a-z]+)", fn_')
    ok(functions == template.functions and functions, "datenbrief-template: every function has its entry", sorted(functions ^ template.functions))
    check_forms()
    if os.path.exists("datenbrief"):
        make_logo()
        check_letter_examples(letter)
        check_template_examples(template)
    print("1..%d" % count)
    sys.exit(1 if failures else 0)


main()
