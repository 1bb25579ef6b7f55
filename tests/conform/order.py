#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The structure tree, which a screen reader follows, holds the letter's text once, whole, in the order of the letter document."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import conform
from conform import ok

# Letters with several writing directions, or with ActualText inside a paragraph, behind which poppler's structured text ends
# (tests/conform/words.py looks at them); blocks.xml names its footer before its reply slip.
MIXED = {"rtl.pdf", "scripts.pdf", "links.pdf", "long-words.pdf", "blocks.pdf"}
# What the layout puts in front of the items of lists.
LABEL = re.compile("[\u2022\u2013\u25e6\u25aa]|[(]?([0-9]+|[a-z])[.)]")
DROPPED = re.compile("[\\s\u00a0\u202f\u00ad\u2010\u2011-]+")


def squeeze(text):
    return DROPPED.sub("", text)


def first_difference(got, want):
    at = next((i for i, (a, b) in enumerate(zip(got, want)) if a != b), min(len(got), len(want)))
    return ["at character %d of %d" % (at, len(want)), "tree:   " + got[max(0, at - 40):at + 60], "letter: " + want[max(0, at - 40):at + 60]]


def judge(letter):
    lines = conform.struct_lines(letter.pdf)
    got = squeeze("".join(text for role, text in lines if role != "Lbl" or not LABEL.fullmatch(text.strip())))
    return got, squeeze("".join(conform.expected_words(letter.document, ("style", "page-label"))))


def main():
    conform.need_tools("pdfinfo")
    letters = [letter for letter in conform.all_letters() if os.path.basename(letter.pdf) not in MIXED]
    for letter, (got, want) in zip(letters, conform.in_parallel(judge, letters)):
        ok(want and got == want, "%s: %d characters in the order of the letter" % (letter.name, len(want)), *first_difference(got, want))
    conform.done()


main()
