#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Other people's programs open our PDFs without a word, and read the text that was written.
# Prints TAP; each program that is not installed is skipped.
set -u
export LC_ALL=C.UTF-8
writer=$(pwd)/tests/unit/pdf_write
work=$(mktemp -d "${TMPDIR:-$(pwd)}/readers-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
count=0 failed=0

report() { # good name
	count=$((count + 1))
	if [ "$1" = 1 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; failed=1; fi
}

# silent NAME PROGRAM ARGUMENT...: exit code 0 and nothing on stderr (a build without ICC says so)
silent() {
	local name=$1
	shift
	command -v "$1" >/dev/null || { count=$((count + 1)); echo "ok $count - $name # SKIP $1 is not installed"; return; }
	if "$@" >"$work/out" 2>"$work/err" && ! grep -v 'ICC support is not available' "$work/err" | grep -q .; then
		report 1 "$name"
	else
		report 0 "$name"
		head -5 "$work/err" "$work/out" | sed 's/^/# /'
	fi
}

# reads PROGRAM TEXT: the last output holds the text
reads() {
	grep -qF -- "$2" "$work/text" && report 1 "$1 reads: $2" || report 0 "$1 reads: $2"
}

"$writer" "$work" >"$work/samples.log" && "${writer%write}parts" "$work" >>"$work/samples.log" || { cat "$work/samples.log"; exit 1; }
for f in "$work"/*.pdf; do
	n=$(basename "$f")
	silent "qpdf checks $n" qpdf --check "$f"
	silent "pdftotext opens $n" pdftotext "$f" -
	silent "pdftoppm draws $n" pdftoppm -l 3 -r 30 -png "$f" "$work/page"
	silent "mutool draws $n" mutool draw -q -r 30 -o "$work/mu%d.png" "$f" 1-3
	silent "ghostscript draws $n" gs -q -dNOPAUSE -dBATCH -sDEVICE=nullpage "$f"
done
if command -v pdftotext >/dev/null; then
	pdftotext -raw "$work/everything.pdf" "$work/text"
	for t in 'Überschrift (mit Klammern \)' 'Auflage finden Affinität Kraftfahrt: das ist ein' 'Straße und Ort' \
		'Schreiben Sie an datenschutz@example.org oder rufen Sie an.' 'M̌ L̥ C̨̆ R̥̄ ḷ̥ Łukasz Şışçı' 'שלום' 'مكتوب' \
		$'Die Daten schutz\u00ad' 'erklärung liegt bei.' 'und endet auf der zweiten.'; do
		reads pdftotext "$t"
	done
fi
if command -v mutool >/dev/null; then
	mutool draw -q -F txt "$work/everything.pdf" >"$work/text" 2>/dev/null
	for t in 'Überschrift (mit Klammern \)' 'Schreiben Sie an datenschutz@example.org oder rufen Sie an.' 'Łukasz Şışçı'; do
		reads mutool "$t"
	done
fi
if command -v pdffonts >/dev/null; then
	pdffonts "$work/everything.pdf" | tail -n +3 >"$work/text"
	[ -s "$work/text" ] && ! grep -qv 'yes yes yes' "$work/text" && g=1 || g=0
	report $g "all fonts are embedded, subset and have Unicode"
fi
if command -v pdfdetach >/dev/null; then
	pdfdetach -save 1 -o "$work/model.xml" "$work/full-1.pdf" >/dev/null 2>&1
	head -c 5 "$work/model.xml" | grep -q '<?xml' && report 1 "the attachment comes out" || report 0 "the attachment comes out"
fi
if command -v pdfinfo >/dev/null; then
	pdfinfo -struct-text "$work/everything.pdf" >"$work/text" 2>/dev/null
	for t in 'Document' '/Scope /Column' 'Link (inline)' '"34117 Kassel'; do
		reads 'pdfinfo -struct-text' "$t"
	done
fi
echo "1..$count"
exit $failed
