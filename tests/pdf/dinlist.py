# SPDX-License-Identifier: MIT
"""The list of DIN 91379, from data that is not part of this package."""
import os
import sys
import unicodedata


def find_list():
    for base in (os.environ.get("DATENBRIEF_DATA"), os.path.join(os.environ.get("srcdir", "."), "..", "shared", "data")):
        path = os.path.join(base, "din91379", "latin_list_1.3.txt") if base else ""
        if os.path.exists(path):
            return path
    return None


def skip(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


def read_entries(path):
    """(group, text) of each character or sequence; what is white space cannot be told apart in a page."""
    entries = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            part = [p.strip() for p in line.split(";")]
            if len(part) < 3:
                continue
            text = "".join(chr(int(code, 16)) for code in part[2].replace("+", " ").split())
            if text.strip() and text.isprintable():
                entries.append((part[0], unicodedata.normalize("NFC", text)))
    return entries
