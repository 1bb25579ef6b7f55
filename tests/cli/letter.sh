# SPDX-License-Identifier: MIT
# datenbrief letter: a letter is made whole, or a line says why not.
. "${srcdir:-.}/tests/cli/common.sh"
fixture

run letter -c datenbrief.xml 1001 -o letter.pdf --date 2026-11-23
is "$code" 0 "a letter is made"
is "$(wc -c <stderr)" 0 "nothing is said"
is "$(head -c 5 letter.pdf)" "%PDF-" "it is a PDF"
is "$(stat -c %a letter.pdf)" 600 "only the owner may read it"
run letter -c datenbrief.xml 1001 --date 2026-11-23
cmp -s letter.pdf stdout; ok "standard output gets the same bytes"
if command -v pdftotext >/dev/null; then
	pdftotext -layout letter.pdf letter.txt
	grep -q 'Zoë Beispiel' letter.txt && grep -q 'Musterweg 1' letter.txt && grep -q '1.234,00 €' letter.txt
	ok "it shows what is stored"
else
	skip "it shows what is stored" "no pdftotext"
fi
if command -v qpdf >/dev/null; then qpdf --check letter.pdf >/dev/null; ok "qpdf finds nothing wrong"; fi

for stage in model letter layout; do
	run letter -c datenbrief.xml 1001 --stop-after $stage --date 2026-11-23
	is "$code" 0 "--stop-after $stage succeeds"
	cp stdout $stage.first
	run letter -c datenbrief.xml 1001 --stop-after=$stage --date 2026-11-23
	cmp -s stdout $stage.first; ok "--stop-after $stage gives equal bytes again"
done
grep -q '<model xmlns="urn:datenbrief:model:1"' model.first; ok "the model is the model form"
grep -q '<letter xmlns="urn:datenbrief:letter:1"' letter.first; ok "the letter is the letter form"
run letter -c datenbrief.xml 1001 --date 2026-11-23 --stop-after model; grep -q 'mode="yearly"' stdout; ok "mode is yearly"
run letter -c datenbrief.xml 1001 --mode request --stop-after model; grep -q 'mode="request"' stdout; ok "--mode request"

cp shop.db copy.db
mkdir elsewhere && mv shop.db elsewhere
run letter -c datenbrief.xml 1001 -o other.pdf --source shop=sqlite:copy.db --date 2026-11-23
is "$code" 0 "--source replaces the database"
cmp -s letter.pdf other.pdf; ok "the same data gives the same bytes"
cd elsewhere && run letter -c ../datenbrief.xml 1001 -o other.pdf --source shop=sqlite:shop.db; cd ..
is "$code" 0 "a relative name of --source starts at the current folder"
mv elsewhere/shop.db .

run render-letter ready.xml -o ready.pdf
is "$code" 0 "a ready letter is printed"
is "$(head -c 5 ready.pdf)" "%PDF-" "as a PDF"
echo '<letter xmlns="urn:datenbrief:letter:1"><no-such/></letter>' >wrong.xml
fails 2 "wrong.xml:1:" "a wrong letter document" render-letter wrong.xml -o wrong.pdf
fails 2 "missing.xml" "a letter document that is not there" render-letter missing.xml -o wrong.pdf

fails 1 "no source knows this identifier" "an unknown identifier" letter -c datenbrief.xml 4711 -o held.pdf
fails 1 "another form" "an identifier in another form" letter -c datenbrief.xml 01001 -o held.pdf
fails 1 "no source knows this identifier" "SQL in an identifier" letter -c datenbrief.xml "1001' OR '1'='1" -o held.pdf
for text in 4711 01001 "OR '1'"; do ! grep -qF -- "$text" stderr; ok "no message repeats an identifier"; done
no_file held.pdf "no letter, no file"
fails 2 "cannot open the database file" "a missing database" letter -c datenbrief.xml 1001 -o held.pdf --source shop=sqlite:none.db
fails 2 "No such file or directory" "a missing database names the reason" letter -c datenbrief.xml 1001 -o held.pdf --source shop=sqlite:none.db
fails 2 "source shop" "a missing database names the source" letter -c datenbrief.xml 1001 -o held.pdf --source shop=sqlite:none.db
fails 2 "not a SQLite database" "a file that is no database" letter -c datenbrief.xml 1001 -o held.pdf --source shop=sqlite:letter.xml
fails 2 "--source: " "an unknown source" letter -c datenbrief.xml 1001 -o held.pdf --source nosuch=sqlite:shop.db
fails 2 "no connector" "an unknown type of URL" letter -c datenbrief.xml 1001 -o held.pdf --source shop=gopher:shop.db
fails 2 "" "a --source without URL" letter -c datenbrief.xml 1001 -o held.pdf --source shop

case_of() { # case_of CODE TEXT WHAT OLD NEW: the configuration with OLD replaced
	fixture
	edit datenbrief.xml "$4" "$5"
	fails "$1" "$2" "$3" letter -c datenbrief.xml 1001 -o held.pdf
}
case_of 2 "no such column: nam" "a wrong SQL statement" "SELECT customer_no, name," "SELECT customer_no, nam,"
case_of 2 "datenbrief.xml:1" "a wrong SQL statement has its place" "SELECT customer_no, name," "SELECT customer_no, nam,"
case_of 2 "one SELECT" "a statement that writes" "SELECT customer_no, name, street, city, country, born FROM customer WHERE" \
	"DELETE FROM customer WHERE"
case_of 2 "more than one statement" "two statements" "FROM orders WHERE customer_no = :subject<" \
	"FROM orders WHERE customer_no = :subject; SELECT 1<"
case_of 2 ":subject" "no parameter" "FROM orders WHERE customer_no = :subject" "FROM orders"
case_of 2 "which nothing fills" "two parameters" "FROM orders WHERE customer_no = :subject" \
	"FROM orders WHERE customer_no = :subject AND total > :total"
case_of 2 "two columns named" "a column twice" "SELECT customer_no, order_no, " "SELECT customer_no, order_no, order_no, "
case_of 2 "named by subject-key" "no echo of the subject" "SELECT customer_no, order_no" "SELECT order_no"
case_of 1 "row_version" "an undeclared column" '<ignore field="row_version" reason="Technical counter of the database"/>' ""
case_of 1 "colour" "a declared column that is missing" '<field name="order_no" label' \
	'<field name="colour" label="Farbe" type="text"/><field name="order_no" label'
case_of 2 "datenbrief.xml:" "a configuration that is not well-formed" "</datenbrief>" ""
case_of 2 "datenbrief.xml:" "an unknown element" "<controller>" "<controler/><controller>"
case_of 2 "tax" "an activity nobody declared" 'label="Ihre Angaben" activity="contract"' 'label="Ihre Angaben" activity="tax"'
case_of 4 "subject" "a record of somebody else" "WHERE customer_no = :subject</query>
      <field name=\"order_no\"" "WHERE customer_no = :subject OR customer_no = 1002</query>
      <field name=\"order_no\""
fixture
edit letter.xml "</t:template>" ""
fails 2 "letter.xml:" "a template that is not well-formed" letter -c datenbrief.xml 1001 -o held.pdf
fixture
edit letter.xml 'select="t:date(@date)"' 'select="t:date("'
fails 2 "letter.xml:9:" "a broken expression in the template" letter -c datenbrief.xml 1001 -o held.pdf
fixture
edit letter.xml 'select="controller/name"' 'select="controller/nam"'
fails 1 "letter.xml:4:" "a select that finds nothing" letter -c datenbrief.xml 1001 -o held.pdf
fixture
database shop.db <<'SQL'
UPDATE customer SET name = 'Zoë ' || char(0xE123) WHERE customer_no = 1001;
SQL
fails 1 "U+E123" "a character that no font draws" letter -c datenbrief.xml 1001 -o held.pdf
no_file 'held.pdf*' "none of these left a file"
no_file '*.tmp*' "none left a temporary file"

fixture
fails 4 "" "a folder that is not there" letter -c datenbrief.xml 1001 -o nowhere/held.pdf
echo text >plain
fails 4 "" "a file in place of a folder" letter -c datenbrief.xml 1001 -o plain/held.pdf
fails 4 "" "a folder in place of the file" letter -c datenbrief.xml 1001 -o "$work"
if [ -d /proc/self ]; then
	fails 4 "" "a folder nobody can write into" letter -c datenbrief.xml 1001 -o /proc/held.pdf
else
	skip "a folder nobody can write into" "no /proc"
fi
if [ -c /dev/full ]; then
	fails 4 "" "a full device" letter -c datenbrief.xml 1001 -o /dev/full
	[ -c /dev/full ]; ok "the device is still there"
	"$datenbrief" letter -c datenbrief.xml 1001 >/dev/full 2>stderr
	is $? 4 "standard output that is full: exit status 4"
else
	skip "a full device" "no /dev/full"
fi
(trap '' XFSZ; ulimit -f 4; "$datenbrief" letter -c datenbrief.xml 1001 -o held.pdf >stdout 2>stderr)
is $? 4 "a file that may not grow: exit status 4"
is "$(wc -l <stderr)" 1 "a file that may not grow: one line on standard error"
no_file '*held.pdf*' "none of these left a file"
done_testing
