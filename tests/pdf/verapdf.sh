#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# veraPDF judges our PDFs: PDF/A-3a and PDF/UA-1, lots PDF/A-3b, one JVM call
# each. It must refuse a broken file, else its praise is worth nothing.
# Judged are the writer's samples and the letters of tests/conform/make_letters.py.
# More files: verapdf.sh FILE.pdf|FOLDER ..., or DATENBRIEF_PDFS="FOLDER ...".
# Prints TAP; skips with a reason without java, maven or the network.
set -u
version=1.28.2
here=$(cd "$(dirname "$0")" && pwd)
writer=$(pwd)/tests/unit/pdf_write
work=$(mktemp -d "${TMPDIR:-$(pwd)}/verapdf-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

skip_all() { echo "1..0 # SKIP $1"; exit 0; }

count=0 failed=0
report() { # good name
	count=$((count + 1))
	if [ "$1" = 1 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; failed=1; fi
}

find_classpath() {
	command -v java >/dev/null || skip_all "java is not installed"
	command -v mvn >/dev/null || skip_all "maven is not installed"
	sed "s/@VERSION@/$version/" >"$work/pom.xml" <<-'POM'
	<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
	<groupId>x</groupId><artifactId>judge</artifactId><version>1</version><packaging>pom</packaging>
	<dependencies><dependency><groupId>org.verapdf.apps</groupId><artifactId>greenfield-apps</artifactId>
	<version>@VERSION@</version></dependency></dependencies></project>
	POM
	for offline in -o ''; do
		(cd "$work" && timeout 400 mvn -B -q $offline dependency:build-classpath -Dmdep.outputFile=classpath) \
			>"$work/mvn.log" 2>&1 </dev/null && [ -s "$work/classpath" ] && return
	done
	skip_all "maven cannot fetch veraPDF $version"
}

# judge PROFILE FILE...: lines "PASS file profile" and "FAIL file profile", with the rules broken
judge() {
	local profile=$1
	shift
	timeout 500 java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(cat "$work/classpath")" org.verapdf.apps.GreenfieldCliWrapper -f "$profile" --format text -v "$@" 2>"$work/java.log"
}

make_samples() {
	mkdir "$work/pdf"
	if [ -x "$writer" ]; then
		"$writer" "$work/pdf" >"$work/samples.log" || { sed 's/^/# /' "$work/samples.log"; report 0 "the samples are written"; }
	fi
	local i=0 f
	for f in "$@" ${DATENBRIEF_PDFS:-} tests/conform/letters.dir/*/; do
		[ -d "$f" ] && set -- "$f"/*.pdf || set -- "$f"
		for f in "$@"; do
			[ -f "$f" ] && i=$((i + 1)) && cp "$f" "$work/pdf/more-$i-$(basename "$f")"
		done
	done
}

# One file that never was an archive file, and one of ours that no longer says it is tagged.
make_broken() {
	printf '%s\n' '%PDF-1.4' '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj' '2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj' \
		'3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj' 'trailer<</Root 1 0 R/Size 4>>' >"$work/broken-plain.pdf"
	if command -v qpdf >/dev/null && [ -f "$work/pdf/gray.pdf" ]; then
		qpdf --qdf --object-streams=disable "$work/pdf/gray.pdf" "$work/qdf.pdf" 2>/dev/null
		sed 's,/Marked true,/Marked null,; s,/S /Figure,/S /Sigure,' "$work/qdf.pdf" >"$work/broken-untagged.pdf"
	fi
}

[ -z "${SAN_FLAGS:-}" ] || skip_all "judged in the plain build; compare-builds.sh shows that these are the same"
find_classpath
make_samples "$@"
make_broken
echo "# $(ls "$work/pdf" | wc -l) files are judged"
for profile in 3a ua1; do
	judge "$profile" "$work"/pdf/*.pdf "$work"/broken-*.pdf >"$work/verdict"
	for f in "$work"/pdf/*.pdf; do
		good=0
		grep -q "^PASS $f " "$work/verdict" && good=1
		report $good "$(basename "$f") is $profile"
		[ $good = 1 ] || sed -n "\\,^FAIL $f ,,/^PASS\\|^FAIL/p" "$work/verdict" | head -20 | sed "s,$work/,,; s/^/# /"
	done
	for f in "$work"/broken-*.pdf; do
		good=0
		grep -q "^PASS $f " "$work/verdict" || good=1
		report $good "$(basename "$f") is refused as $profile"
	done
done
if [ -x tests/unit/pdf_lot ]; then
	mkdir "$work/lots"
	tests/unit/pdf_lot "$work/lots" 30 && rm "$work"/lots/letter-*
	judge 3b "$work"/lots/*.pdf "$work"/broken-plain.pdf >"$work/verdict"
	for f in "$work"/lots/*.pdf; do
		good=0
		grep -q "^PASS $f " "$work/verdict" && good=1
		report $good "$(basename "$f") is 3b"
		[ $good = 1 ] || sed -n "\\,^FAIL $f ,,/^PASS\\|^FAIL/p" "$work/verdict" | head -20 | sed "s,$work/,,; s/^/# /"
	done
	good=0
	grep -q "^PASS $work/broken-plain.pdf " "$work/verdict" || good=1
	report $good "broken-plain.pdf is refused as 3b"
fi
echo "1..$count"
exit $failed
