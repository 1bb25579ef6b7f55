# SPDX-License-Identifier: MIT
"""Each word of a letter comes out as one word, by pdftotext and by mutool; none runs into the next at a line's end."""
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import conform
from conform import ok

# What these programs make of scripts they reorder is their own; pdf/readers.sh looks at samples of them.
REORDERED = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def judge(letter):
    words = [w for w in conform.expected_words(letter.document) if not REORDERED.search(w)]
    lost = {}
    for program in ("pdftotext", "mutool"):
        if program == "mutool" and os.path.basename(letter.pdf) in ("rtl.pdf", "scripts.pdf"):
            continue  # it parts words where writing directions or marks meet, ActualText or not
        if shutil.which(program):
            lost[program] = conform.lost_words(words, conform.text_of(letter.pdf, program))
    return len(words), lost


def main():
    conform.need_tools("pdftotext")
    letters = conform.all_letters()
    ok(conform.lost_words(["zwei", "Wörter"], "zweiWörter\n") == ["zwei", "Wörter"], "words that run together are found")
    ok(not conform.lost_words(["getrennt", "x"], "ge\u00ad\ntrennt x"), "a hyphenated word is one word")
    for letter, (n, lost) in zip(letters, conform.in_parallel(judge, letters)):
        for program, words in lost.items():
            ok(n > 0 and not words, "%s: each of %d words by %s" % (letter.name, n, program), *words)
    conform.done()


main()
