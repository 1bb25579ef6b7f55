# SPDX-License-Identifier: MIT
# What holds a letter, what is named in it, and what ends the run: sources and data that are not as they should be.
. "${srcdir:-.}/tests/cli/common.sh"
fixture
letter() { run letter -c datenbrief.xml "$@"; }

# ---- a source that is away ----

second() { # second ATTRIBUTES: a second source with the customer's visits
	edit datenbrief.xml '  <subject>' "  <source id=\"web\" type=\"sqlite\" url=\"sqlite:web.db\" label=\"Webseite\" $1>
    <records name=\"visits\" label=\"Besuche\" activity=\"contract\" subject-key=\"customer_no\">
      <query>SELECT customer_no, page FROM visit WHERE customer_no = :subject</query>
      <field name=\"page\" label=\"Seite\" type=\"text\"/>
    </records>
  </source>
  <subject>"
}
second ''
fails 2 "web.db" "a required database that is not there" letter -c datenbrief.xml 1001 --stop-after model
fixture
second 'optional="yes"'
letter 1001 --stop-after model
is "$code" 0 "without an optional database the letter goes on"
grep -q 'id="web".*status="failed"' stdout; ok "and names the source"
echo "this is no database, and long enough to be one if it were" >web.db
letter 1001 --stop-after model
is "$code" 0 "so it does when the file is no database"
grep -q 'id="web".*status="failed"' stdout; ok "and names the source, too"
rm web.db
database web.db <<<'CREATE TABLE visit (customer_no INTEGER, page TEXT); INSERT INTO visit VALUES (1001, "start")'
letter 1001 --stop-after model
grep -q 'sources total="2" complete="2"' stdout; ok "a database that is there is asked"

# ---- pictures ----

fixture
edit letter.xml '<p>diese Angaben speichern wir über Sie.</p>' \
	'<p>diese Angaben speichern wir über Sie. <img src="{subject/line[2]}.png" alt="Wappen" width="10mm"/></p>'
fails 1 "34117 Kassel.png" "a picture that is named by the data and not there" letter -c datenbrief.xml 1001 -o x.pdf
edit letter.xml '{subject/line[2]}.png' 'logo.png'
fails 2 "logo.png" "a picture of the template that is not there" letter -c datenbrief.xml 1001 -o x.pdf
no_file x.pdf "no letter is made"
done_testing
