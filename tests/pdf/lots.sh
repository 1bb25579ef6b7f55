#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A lot holds the same pages as the letters alone: to readers, in pixels, and
# after it was split. Prints TAP; what is not installed is skipped.
set -u
export LC_ALL=C.UTF-8
maker=$(pwd)/tests/unit/pdf_lot
work=$(mktemp -d "${TMPDIR:-$(pwd)}/lots-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
count=0 failed=0
letters=5

report() { # good name
	count=$((count + 1))
	if [ "$1" = 1 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; failed=1; fi
}

skip() { count=$((count + 1)); echo "ok $count - $1 # SKIP $2 is not installed"; }

# silent NAME PROGRAM ARGUMENT...: exit code 0 and nothing on stderr (a build without ICC says so)
silent() {
	local name=$1
	shift
	if "$@" >"$work/out" 2>"$work/err" && ! grep -v 'ICC support is not available' "$work/err" | grep -q .; then
		report 1 "$name"
	else
		report 0 "$name"
		head -5 "$work/err" "$work/out" | sed 's/^/# /'
	fi
}

# same NAME: what a command says of the n-th letter's pages in the lot is what it says of the letter alone.
# The command gets file, first and last page.
same() {
	local name=$1 i good=1
	shift
	for ((i = 0; i < letters; i++)); do
		"$@" lot.pdf $((3 * i + 1)) $((3 * i + 3)) >one 2>/dev/null
		"$@" "letter-$i.pdf" 1 3 >two 2>/dev/null
		[ -s one ] && cmp -s one two || { good=0; echo "# letter $i differs"; }
	done
	report $good "$name"
}

poppler_text() { pdftotext -f "$2" -l "$3" "$1" -; }
mupdf_text() { mutool draw -q -F txt -o - "$1" "$2-$3"; }
# Splash places glyphs more finely when all of a subset are small, so that some resolutions show other subsets otherwise.
poppler_pixels() { pdftoppm -r 80 -gray -f "$2" -l "$3" "$1" pixels && cat pixels-*.pgm; rm -f pixels-*.pgm; }
mupdf_pixels() { mutool draw -q -r 50 -F pgm -o - "$1" "$2-$3"; }

cd "$work" || exit 1
"$maker" "$work" $letters || { echo "Bail out! the files were not made"; exit 1; }

if command -v pdftotext >/dev/null; then
	same "poppler reads the same text" poppler_text
	same "poppler draws the same pixels" poppler_pixels
	report "$(pdffonts lot.pdf | awk 'NR > 2 { n++; if ($(NF-4) != "yes" || $(NF-3) != "yes" || $(NF-2) != "yes") bad = 1 } END { print n == 2 && !bad ? 1 : 0 }')" \
		"two fonts for all letters, embedded, subset, with their characters"
	report "$(pdfinfo duplex.pdf | grep -c '^Pages: *12$')" "three letters of three pages make twelve pages on both sides"
else
	skip "poppler reads and draws the same" poppler-utils
fi
if command -v mutool >/dev/null; then
	same "MuPDF reads the same text" mupdf_text
	same "MuPDF draws the same pixels" mupdf_pixels
	mutool show lot.pdf outline | sed 's/^[^"]*"\([^"]*\)".*page=\([0-9]*\).*/\1 \2/' >outline
	for ((i = 0; i < letters; i++)); do echo "K7Q3-000$i-ABC$i $((3 * i + 1))"; done >want
	cmp -s outline want
	report $((! $?)) "bookmarks are the case codes, each at its letter"
else
	skip "MuPDF reads and draws the same" mupdf-tools
fi
if command -v qpdf >/dev/null; then
	silent "qpdf finds no fault" qpdf --check lot.pdf
	silent "nor for both sides" qpdf --check duplex.pdf
	silent "it splits the lot into letters" qpdf --split-pages=3 lot.pdf part-%d.pdf
	silent "a letter split off is sound" qpdf --check part-04-06.pdf
	silent "pages can be taken out" qpdf --empty --pages lot.pdf 7-9 -- taken.pdf
	silent "they are sound" qpdf --check taken.pdf
	qpdf --json --json-key=pagelabels lot.pdf 2>/dev/null | python3 -c '
import json, sys
labels = json.load(sys.stdin)["pagelabels"]
print([(l["index"], l["label"]["/S"], l["label"]["/P"].replace("u:", "")) for l in labels[:2]] == [(0, "/D", "1-"), (3, "/D", "2-")] and len(labels))' >labels
	report $(($(cat labels) == letters)) "page labels begin anew with each letter"
	if command -v pdftotext >/dev/null; then
		cmp -s <(pdftotext part-04-06.pdf -) <(pdftotext letter-1.pdf -)
		report $((! $?)) "a letter split off reads like the letter alone"
	fi
else
	skip "the lot can be split" qpdf
fi
if command -v gs >/dev/null; then
	silent "Ghostscript draws it" gs -q -dNOPAUSE -dBATCH -sDEVICE=nullpage lot.pdf
else
	skip "Ghostscript draws it" ghostscript
fi
echo "1..$count"
exit $failed
