# SPDX-License-Identifier: MIT
# Sources that do not know the customer number: found by e-mail and by phone, held where a key leads to more than one person.
. "${srcdir:-.}/tests/cli/common.sh"
letter() { run letter -c datenbrief.xml "$@"; }
model() { letter "$1" --stop-after model; }

# A newsletter that knows e-mail addresses, a help line that knows phone numbers and birthdays; two addresses a customer.
identity() {
	fixture
	rm -f news.db
	database news.db <<'SQL'
CREATE TABLE reader (email TEXT, topic TEXT);
INSERT INTO reader VALUES ('zoe@EXAMPLE.org', 'Rosen'), ('zoe.b@example.net', 'Tulpen'), ('other@example.org', 'Nelken');
CREATE TABLE caller (phone TEXT, born TEXT, note TEXT);
INSERT INTO caller VALUES ('0049691234567', '1980-02-29', 'fragt nach Rosen');
SQL
	database shop.db <<'SQL'
CREATE TABLE contact (id INTEGER PRIMARY KEY, customer_no INTEGER, kind TEXT, value TEXT);
INSERT INTO contact (customer_no, kind, value) VALUES (1001, 'E', ' zoe@example.org'), (1001, 'E', 'zoe.b@Example.NET'), (1001, 'T', '069 123 45 67'),
	(1002, 'E', 'jm@example.org'), (1003, 'T', '+49 (69) 1234567');
SQL
	python3 - <<'PY'
s = open("datenbrief.xml", encoding="utf-8").read()
s = s.replace('  <source id="shop"', '''  <identity>
    <key name="email" type="email" strength="strong"><from records="shop/contact" field="value" when="kind" is="E"/></key>
    <key name="phone" type="phone" strength="weak" country="49"><from records="shop/contact" field="value" when="kind" is="T"/></key>
    <key name="birthday" type="text" strength="weak"><from records="shop/person" field="born"/></key>
  </identity>
  <source id="news" type="sqlite" url="sqlite:news.db" label="Newsletter" found-by="email">
    <records name="reader" label="Themen" activity="contract" subject-key="email">
      <query>SELECT email, topic FROM reader WHERE email = :subject COLLATE NOCASE</query>
      <field name="topic" label="Thema" type="text"/>
    </records>
  </source>
  <source id="help" type="sqlite" url="sqlite:news.db" label="Telefon" found-by="phone" confirm-by="birthday">
    <records name="calls" label="Anrufe" activity="contract" subject-key="phone" confirm-key="born">
      <query>SELECT phone, born, note FROM caller WHERE phone = :subject</query>
      <field name="note" label="Notiz" type="text"/>
    </records>
  </source>
  <source id="shop"''')
s = s.replace('''  </source>
  <subject>''', '''    <records name="contact" label="Kontakt" activity="contract" subject-key="customer_no" key="id">
      <query>SELECT * FROM contact WHERE customer_no = :subject</query>
      <field name="kind" label="Art" type="text"/>
      <field name="value" label="Wert" type="text" show="masked"/>
    </records>
    <shared key="email" subject-key="customer_no">
      <query>SELECT a.customer_no FROM contact AS a JOIN contact AS b ON trim(b.value) = trim(a.value) COLLATE NOCASE
        WHERE a.customer_no = :subject AND a.kind = 'E' AND b.kind = 'E' AND b.customer_no &lt;> a.customer_no</query>
    </shared>
  </source>
  <subject>''')
open("datenbrief.xml", "w", encoding="utf-8").write(s)
PY
}
news() { database news.db <<<"$1"; }
shop() { database shop.db <<<"$1"; }
all() { rm -rf out; run run -c datenbrief.xml -o out; }

identity
model 1001
is "$code" 0 "a customer with two e-mail addresses"
is "$(grep -c 'name="topic"' stdout)" 3 "gets what is stored under both (and the column)"
grep -q 'Rosen<' stdout && grep -q 'Tulpen<' stdout; ok "whatever the capitals of the domain"
grep -q 'Nelken' stdout && false; [ "$(grep -c Nelken stdout)" = 0 ]; ok "and nobody else's"
grep -q 'id="news".*records="2" found-by="email" strength="strong" keys="2"' stdout; ok "the model tells by what the customer was found"
grep -q 'fragt nach Rosen' stdout; ok "a phone number finds, too, when the birthday agrees"
grep -q 'found-by="phone" strength="weak" keys="1" confirmed-by="birthday"' stdout; ok "and says that it does"
grep -q '0049691234567\|1980-02-29.*birthday' stdout && false; [ "$(grep -c 0049691234567 stdout)" = 0 ]; ok "a key is no value of the model"
model 1002
is "$code" 0 "an address the newsletter does not know"
grep -q 'id="news".*status="empty".*keys="1"' stdout; ok "was asked for"
fails 1 "'birthday' does not confirm it" "the phone number of a person with another birthday" letter -c datenbrief.xml 1003 -o x.pdf
all
is "$code" 1 "in a run"
is "$(ls out/letters | wc -l)" 2 "the others get their letters"
grep -q '"ambiguous"' out/held.csv; ok "and held.csv names the cause"

shop "INSERT INTO contact (customer_no, kind, value) VALUES (1002, 'E', 'zoe@EXAMPLE.org')"
fails 1 "somebody else has the same" "namesakes: one address of two customers" letter -c datenbrief.xml 1001 -o x.pdf
grep -q "source news" stderr; ok "names the source"
grep -q "zoe" stderr && false; [ "$(grep -c zoe stderr)" = 0 ]; ok "and not the address"
all
is "$(grep -c '"ambiguous"' out/held.csv)" 3 "all of them are held in a run"
edit datenbrief.xml 'strength="strong"' 'strength="strong" unique="yes"'
python3 - <<'PY'
import re
s = open("datenbrief.xml", encoding="utf-8").read()
open("datenbrief.xml", "w", encoding="utf-8").write(re.sub(r"<shared.*?</shared>", "", s, flags=re.S))
PY
all
is "$(grep -c '"ambiguous"' out/held.csv)" 3 "also by customers that are asked for together"

identity
edit datenbrief.xml 'email = :subject COLLATE NOCASE' 'topic IS NOT NULL OR email = :subject'
fails 4 "another subject" "a record of an address that was not asked for" letter -c datenbrief.xml 1001 -o x.pdf
all
is "$code" 4 "ends a run, too"

identity
python3 - <<'PY'
import re
s = open("datenbrief.xml", encoding="utf-8").read()
open("datenbrief.xml", "w", encoding="utf-8").write(re.sub(r"<shared.*?</shared>", "", s, flags=re.S))
PY
fails 2 "nothing would tell" "a key without <shared>" letter -c datenbrief.xml 1001 -o x.pdf
identity
edit datenbrief.xml ' confirm-by="birthday"' ''
fails 2 "is weak" "a weak key alone" letter -c datenbrief.xml 1001 -o x.pdf
identity
edit datenbrief.xml ' confirm-key="born"' ''
fails 2 "must be confirmed" "records without their second key" letter -c datenbrief.xml 1001 -o x.pdf
identity
edit datenbrief.xml 'records="shop/contact" field="value" when="kind" is="E"' 'records="news/reader" field="topic"'
fails 2 "only they themselves deliver" "a source that would have to find itself" letter -c datenbrief.xml 1001 -o x.pdf
identity
edit datenbrief.xml 'found-by="email"' 'found-by="mail"'
fails 2 "no key" "an unknown key" letter -c datenbrief.xml 1001 -o x.pdf
identity
edit datenbrief.xml 'field="born"/></key>' 'field="birth"/></key>'
fails 2 "do not have" "an unknown field" letter -c datenbrief.xml 1001 -o x.pdf
done_testing
