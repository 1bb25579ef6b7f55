# SPDX-License-Identifier: MIT
# datenbrief check against the schema of a database: what is stored and not declared, and the reverse.
. "${srcdir:-.}/tests/cli/common.sh"

# Twelve tables: a customer, what refers to it over up to three tables, what that looks up, and two of nobody.
schema() {
	cat <<'SQL'
CREATE TABLE customer (customer_no INTEGER PRIMARY KEY, name TEXT, street TEXT, city TEXT, email TEXT, class_id INTEGER REFERENCES class, card_no TEXT REFERENCES card);
CREATE TABLE class (class_id INTEGER PRIMARY KEY, title TEXT);
CREATE TABLE card (card_no TEXT PRIMARY KEY, issued TEXT);
CREATE TABLE orders (order_no INTEGER PRIMARY KEY, customer_no INTEGER REFERENCES customer, ordered_on TEXT, shop_id INTEGER REFERENCES shop);
CREATE TABLE shop (shop_id INTEGER PRIMARY KEY, name TEXT, town_id INTEGER REFERENCES town);
CREATE TABLE town (town_id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE line (order_no INTEGER REFERENCES orders, line_no INTEGER, article_id INTEGER REFERENCES article, PRIMARY KEY (order_no, line_no));
CREATE TABLE article (article_id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE complaint (complaint_id INTEGER PRIMARY KEY, order_no INTEGER, line_no INTEGER, said TEXT, FOREIGN KEY (order_no, line_no) REFERENCES line);
CREATE TABLE review (review_id INTEGER PRIMARY KEY, article_id INTEGER REFERENCES article, stars INTEGER, words TEXT);
CREATE TABLE weather (day TEXT, rain INTEGER);
CREATE TABLE newsletter (newsletter_id INTEGER PRIMARY KEY, customer_no INTEGER REFERENCES customer, since TEXT);
SQL
}
config() {
	cat >datenbrief.xml <<'XML'
<datenbrief xmlns="urn:datenbrief:config:1" lang="de">
  <controller><name>Beispiel</name><line>Weg 1</line><country>DE</country></controller>
  <authority><name>Behörde</name></authority>
  <register href="register.xml"/>
  <source id="shop" type="sqlite" url="sqlite:shop.db" label="Laden">
    <subjects>SELECT customer_no FROM customer ORDER BY customer_no</subjects>
    <records name="customer" label="Kunde" activity="contract" subject-key="customer_no" key="customer_no">
      <query>SELECT c.customer_no, c.name, c.street, c.city, c.email, k.title, d.issued, d.card_no FROM customer AS c
        LEFT JOIN class AS k USING (class_id) LEFT JOIN card AS d ON d.card_no = c.card_no WHERE c.customer_no = :subject</query>
      <field name="name" label="Name" type="text"/><field name="street" label="Straße" type="text"/>
      <field name="city" label="Ort" type="text"/><field name="email" label="E-Mail" type="text"/>
      <field name="title" label="Klasse" type="text"/><field name="issued" label="Karte vom" type="text"/>
      <field name="card_no" label="Karte" type="text"/>
    </records>
    <records name="orders" label="Bestellungen" activity="contract" subject-key="customer_no" key="order_no">
      <query>SELECT o.order_no, o.customer_no, date(o.ordered_on) AS ordered_on, s.name || ', ' || t.name AS shop FROM orders AS o
        JOIN shop AS s USING (shop_id) JOIN town AS t USING (town_id) WHERE o.customer_no = :subject</query>
      <field name="ordered_on" label="Datum" type="text"/><field name="shop" label="Laden" type="text"/>
    </records>
    <records name="line" label="Artikel" activity="contract" subject-key="customer_no">
      <query>SELECT o.customer_no, l.line_no, a.name FROM orders AS o JOIN line AS l USING (order_no) JOIN article AS a USING (article_id)
        WHERE o.customer_no = :subject</query>
      <field name="line_no" label="Zeile" type="integer"/><field name="name" label="Artikel" type="text"/>
    </records>
    <records name="complaint" label="Reklamationen" activity="contract" subject-key="customer_no">
      <query>SELECT o.customer_no, x.said FROM complaint AS x JOIN orders AS o USING (order_no) WHERE o.customer_no = :subject</query>
      <field name="said" label="Text" type="text"/>
    </records>
    <records name="newsletter" label="Rundschreiben" activity="contract" subject-key="customer_no">
      <query>SELECT customer_no, since FROM newsletter WHERE customer_no = :subject</query>
      <field name="since" label="Seit" type="text"/>
    </records>
    <!-- ignored -->
  </source>
  <subject><name select="collections/collection[@name='customer']/record/field[@name='name']"/>
    <line select="collections/collection[@name='customer']/record/field[@name='street']"/></subject>
</datenbrief>
XML
}
cp "$src/tests/fixture/register.xml" .
make_db() { rm -f shop.db; { schema; cat; } | database shop.db; }
# What is said of the schema: "severity table.column" or "severity table", a line each.
covered() {
	run check -c datenbrief.xml --json
	python3 -c 'import json, re
for f in json.load(open("stdout"))["findings"]:
    if f["rule"] == "coverage":
        print(f["severity"], re.sub(r"^source \w+: ", "", f["text"]).split(":")[0] if f["severity"] != "info" else f["text"].rsplit(": ", 1)[1])' | sort >found
	cat found
}

config
make_db </dev/null
is "$(covered)" "info review, weather" "all is declared but what nothing connects with the customer, which is named"

make_db <<'SQL'
ALTER TABLE customer ADD COLUMN memo TEXT;
ALTER TABLE complaint ADD COLUMN "Internal note" TEXT;
ALTER TABLE class ADD COLUMN gossip TEXT;
SQL
is "$(covered)" "$(printf '%s\n' 'error class' 'error complaint.Internal note' 'error customer.memo' 'info review, weather')" \
	"three planted columns of free text: exactly these are listed"
run check -c datenbrief.xml
is "$code" 1 "and the exit status is 1"
grep -q '^datenbrief.xml:5:3: error: coverage (Art. 15(1) GDPR): customer.memo: .*; .*<ignore table="customer" column="memo" reason="..."/>$' stdout
ok "each with its place and what to do"
grep -q 'class: .*not declared are gossip; ' stdout; ok "of a table that is looked up the columns are named"

edit datenbrief.xml '<!-- ignored -->' '<ignore table="customer" column="memo" reason="R"/><ignore table="class" reason="R"/><ignore table="COMPLAINT" column="internal note" reason="R"/>'
is "$(covered)" "info review, weather" "ignored tables and columns are not listed, in any case of letters"

config
edit datenbrief.xml '<source id="shop"' '<identity><key name="email" type="email" strength="strong"><from records="shop/customer" field="email"/></key></identity><source id="shop"'
edit datenbrief.xml '<!-- ignored -->' '<shared key="email" subject-key="customer_no"><query>SELECT customer_no, memo FROM customer WHERE customer_no = :subject AND email IS NULL</query></shared>'
is "$(covered)" "$(printf '%s\n' 'error class' 'error complaint.Internal note' 'error customer.memo' 'info review, weather')" \
	"a column that only a <shared> reads stands in no letter: it is listed"

config
edit datenbrief.xml '<!-- ignored -->' '<ignore table="customer" column="memo" reason="R"/><ignore table="class" reason="R"/><ignore table="COMPLAINT" column="internal note" reason="R"/>'
make_db </dev/null
is "$(covered)" "$(printf '%s\n' 'error COMPLAINT.internal note' 'error customer.memo' 'info review, weather')" "an <ignore> of what is not there any more is listed"

config
make_db <<'SQL'
ALTER TABLE customer DROP COLUMN street;
DROP TABLE newsletter;
SQL
is "$(covered)" "$(printf '%s\n' 'error records customer' 'error records newsletter' 'info review, weather')" "and so are a column and a table that queries name"
run check -c datenbrief.xml
grep -q 'records customer: .*no such column: c.street' stdout && grep -q 'records newsletter: .*no such table: newsletter' stdout; ok "by their names"
! grep -q 'was not compared' stdout; ok "and once only"

config
edit datenbrief.xml '<records name="newsletter"' '<!-- <records name="newsletter"'
edit datenbrief.xml '<!-- ignored -->' ''
python3 - <<'PY'
import re
s = open("datenbrief.xml").read()
s = re.sub(r"<!-- <records name=.newsletter.*?</records>", "", s, flags=re.S)
open("datenbrief.xml", "w").write(s)
PY
make_db </dev/null
is "$(covered)" "$(printf '%s\n' 'error newsletter' 'info review, weather')" "a table of which nothing is read is one finding"

# ---- without foreign keys ----

rm -f shop.db
schema | sed 's/ REFERENCES [a-z]*//g; s/, FOREIGN KEY (order_no, line_no)//' | cat - <(echo 'CREATE TABLE visit (visit_id INTEGER PRIMARY KEY, email TEXT);
	CREATE TABLE "Login" (id INTEGER, CustNo INTEGER, at TEXT); CREATE TABLE ship (customer INTEGER, crew TEXT);') | database shop.db
is "$(covered)" "$(printf '%s\n' 'error complaint.line_no' 'info review, ship, weather' 'warning Login' 'warning newsletter' 'warning visit')" \
	"no keys are declared: names like the customer's are warnings, what queries read is looked at as before"
grep -q 'Login: .*looks like the customer.s: CustNo is named like customer.customer_no' stdout; ok "they say what they look like"

done_testing
