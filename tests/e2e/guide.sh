# SPDX-License-Identifier: MIT
# doc/your-own-letter.md: its commands run as they stand there, and do what it says.
set -u
src=$(cd "${srcdir:-.}" && pwd)
dir=tests/e2e/guide.dir
n=0 bad=0
check() { # WHAT COMMAND...
	what=$1
	shift
	n=$((n + 1))
	if "$@" >>said 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/# /' said
		bad=1
	fi
}
if ! command -v sqlite3 >/dev/null; then
	echo "1..0 # SKIP sqlite3 is not installed"
	exit 0
fi
build=$PWD
rm -rf "$dir" && mkdir -p "$dir" && cd "$dir" || exit 1
mkdir bin && printf '#!/bin/sh\nexec "%s" "$@"\n' "${DATENBRIEF:-$build/datenbrief}" >bin/datenbrief && chmod +x bin/datenbrief
PATH=$PWD/bin:$PATH TEMPLATES=$src/templates EXAMPLES=$src/examples
export PATH TEMPLATES EXAMPLES
cat "$EXAMPLES/lindenhof/schema.sql" "$EXAMPLES/lindenhof/data.sql" | sqlite3 crm.db
awk '/^```sh$/ { on = 1; file = sprintf("step-%02d.sh", ++k); print "set -eu" >file; next } /^```$/ { on = 0 } on { print >file }' "$src/doc/your-own-letter.md"
check "there are seven steps" test "$(ls step-*.sh | wc -l)" -eq 7
chmod -R u+w . 2>/dev/null
for step in step-*.sh; do
	[ "$step" = step-02.sh ] && chmod -R u+w mine
	check "the commands of $step run" sh "$step"
	chmod -R u+w .
done
check "the check finds nothing" grep -q '^nothing found$' said
check "the letter says it in other words" sh -c 'datenbrief letter -c datenbrief.xml --source crm=sqlite:crm.db K-100001 --stop-after letter | grep -q "Was Lindenhof über Sie weiß"'
check "in another colour" sh -c 'datenbrief letter -c datenbrief.xml --source crm=sqlite:crm.db K-100001 --stop-after letter | grep -q "#7a1f4e"'
check "whose data are few gets plain German" sh -c 'datenbrief letter -c datenbrief.xml --source crm=sqlite:crm.db K-100010 --stop-after letter | grep -q "Das Wichtigste"'
check "the others do not" sh -c '! datenbrief letter -c datenbrief.xml --source crm=sqlite:crm.db K-100001 --stop-after letter | grep -q "Das Wichtigste"'
check "a request is answered as one" sh -c 'datenbrief letter -c datenbrief.xml --source crm=sqlite:crm.db --mode request K-100001 --stop-after letter | grep -q "Sie haben uns gefragt"'
for f in letter yearly answer plain; do
	check "$f.pdf is a PDF" test "$(head -c 5 $f.pdf)" = %PDF-
done
echo "1..$n"
exit $bad
