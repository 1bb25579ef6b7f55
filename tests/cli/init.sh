# SPDX-License-Identifier: MIT
# datenbrief init: a draft from a schema loads, makes a letter, holds no customer's value, and nothing it leaves out stays unsaid.
. "${srcdir:-.}/tests/cli/common.sh"
. "$src/tests/cli/init-common.sh" || exit 99

# Every value of a person holds "canary" or is a number nobody else has.
database shop.db <<'SQL'
CREATE TABLE customer (customer_no INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, street TEXT, zip TEXT, city TEXT, email TEXT, born_on TEXT,
	active INTEGER, status TEXT, iban TEXT, password_hash TEXT, health_note TEXT, risk_score REAL, created_by TEXT, photo BLOB,
	agent_id INTEGER REFERENCES employee, deceased INTEGER DEFAULT 0, "Odd ""name""" TEXT);
CREATE TABLE employee (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, phone TEXT);
CREATE TABLE "order" (order_no INTEGER PRIMARY KEY, customer_no INTEGER REFERENCES customer, ordered_on TEXT, total NUMERIC(10,2), shop_id INTEGER REFERENCES shop);
CREATE TABLE shop (id INTEGER PRIMARY KEY, name TEXT, rent NUMERIC, region_id INTEGER REFERENCES region);
CREATE TABLE region (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE order_line (order_no INTEGER REFERENCES "order", line_no INTEGER, article TEXT, PRIMARY KEY (order_no, line_no));
CREATE TABLE message (id INTEGER PRIMARY KEY, sender INTEGER REFERENCES customer, receiver INTEGER REFERENCES customer, body TEXT);
CREATE TABLE visit (visit_id INTEGER PRIMARY KEY, email TEXT, page TEXT);
CREATE TABLE stock (article TEXT, pieces INTEGER);
INSERT INTO employee VALUES (1, 'canary-e', 'canary-f', 'canary-p');
INSERT INTO region VALUES (1, 'canary-region'); INSERT INTO shop VALUES (1, 'canary-shop', 100, 1);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
INSERT INTO customer SELECT 4711000 + i, 'canary-a' || i, 'canary-b' || i, 'canary-c' || i, '4711' || i, 'canary-d', 'canary' || i || '@canary.example',
	'1980-02-0' || (1 + i % 9), i % 2, substr('ABC', 1 + i % 3, 1), 'DE00canary' || i, 'canary-h', 'canary-i', 0.4711, 'canary-j', x'00', 1, 0, 'canary-k' FROM n;
INSERT INTO "order" SELECT customer_no + 1000, customer_no, '2024-03-02 10:00:00', 12.5, 1 FROM customer;
INSERT INTO order_line SELECT order_no, 1, 'canary-l' FROM "order";
INSERT INTO message SELECT customer_no, customer_no, 4711001, 'canary-m' FROM customer;
INSERT INTO visit SELECT NULL, email, 'canary-n' FROM customer;
SQL

run init sqlite:shop.db --subject customer.customer_no
is "$code" 0 "a draft is written"
grep -q '^Wrote datenbrief.xml and register.xml from 9 tables with ' stdout && grep -q '[0-9]* TODOs mark' stdout &&
	grep -q 'datenbrief letter -c datenbrief.xml ID' stdout; ok "the end says what was written, what is left to decide and what comes next"
grep -q 'Nothing connects a customer with: stock\.' stdout; ok "and which tables nothing connects"
! grep -qi 'canary\|4711' datenbrief.xml register.xml stdout; ok "no value of a person stands in the drafts or on the screen"
is "$(stat -c %a datenbrief.xml register.xml | sort -u)" 600 "the drafts are their owner's"
run letter -c datenbrief.xml 4711001 -o letter.pdf
is "$code" 0 "the draft makes a letter as it is"
model() { run letter -c datenbrief.xml 4711001 --stop-after model; cat stdout; }
model >model.xml
has() { grep -q "$1" "${3:-datenbrief.xml}"; ok "$2"; }
has '<name>canary-a1 canary-b1</name>' "the name is found" model.xml
has '<line>canary-c1</line>' "the street is found" model.xml
has '<line>47111 canary-d</line>' "postcode and town are found" model.xml
has 'name="status" label="Status" type="code" codes="customer.status"' "few values of many rows are codes"
has '<code value="A">A</code>' "with their list"
has 'name="active" label="Aktiv" type="boolean"' "0 and 1 are a boolean where the name says so"
has 'name="born_on" .*type="date"' "dates stored as text are dates"
has 'name="ordered_on" .*type="datetime"' "times stored as text are times"
has 'name="total" label="Summe" type="money" currency="EUR"' "money goes by name and decimals"
has 'name="iban" label="IBAN" type="text" show="masked"' "account numbers are masked"
has 'name="password_hash" .*sensitivity="secret"' "password hashes are secret"
has 'name="health_note" .*sensitivity="special"' "health is a special category"
has 'name="created_by" .*show="named" third-party="yes"' "who wrote a record is another person"
has 'name="agent_last_name" .*show="named" third-party="yes"' "and so is an employee who is looked up"
has 'name="risk_score" .*kind="derived"' "scores are derived"
has 'name="photo" .*type="binary"' "blobs are binary"
has 'name="shop_name" label="Shop"' "what is looked up is joined"
has 'name="region_name" label="Region"' "and what that looks up"
has '<records name="order_line" .*within="order" link="order_no"' "lines stand within their orders"
has '<records name="message" ' "messages that were sent"
has '<records name="message.[0-9]*" ' "and those that were received"
has 'FROM "order" AS t' "names that SQL has for itself are quoted"
has 't."Odd ""name"""' "and so are odd ones"
has '<flag name="deceased"' "flags that hold letters are proposed"
has 'found-by="email"' "records that know an e-mail address only are found by it"
no_todo_is_left

cp datenbrief.xml before.xml
run init sqlite:shop.db --subject customer.customer_no
is "$code/$(cat stderr)" "2/datenbrief: datenbrief.xml: is there already and is not overwritten; move it away, or name another file with -o" "nothing is overwritten"
cmp -s before.xml datenbrief.xml; ok "the file is as it was"
run init sqlite:shop.db --subject customer.customer_no -o crm.xml --lang en
is "$code" 0 "another name, in English"
[ -f crm-register.xml ] && grep -q '<register href="crm-register.xml"/>' crm.xml && grep -q 'label="First name"' crm.xml; ok "has its own register and English labels"
mkdir sub
run init sqlite:shop.db --subject customer.customer_no -o sub/datenbrief.xml
run letter -c sub/datenbrief.xml 4711001 -o letter.pdf
is "$code" 0 "a draft in another folder finds the database"

fails 2 "did you mean 'customer'" "a mistyped table" init sqlite:shop.db --subject custmer.customer_no -o x.xml
fails 2 "did you mean 'customer_no'" "a mistyped column" init sqlite:shop.db --subject customer.custmer_no -o x.xml
fails 2 "TABLE.COLUMN" "a table alone" init sqlite:shop.db --subject customer -o x.xml
fails 2 "cannot open the database file" "no such file" init sqlite:nosuch.db --subject a.b -o x.xml
fails 2 "no connector for this URL" "an unknown kind of source" init ftp:shop --subject a.b -o x.xml
fails 2 "do not tell what their records are" "files" init csv:. --subject a.b -o x.xml
fails 2 "SOURCE-URL is missing" "no URL" init --subject a.b
fails 2 "cannot be written" "a folder that is not there" init sqlite:shop.db --subject customer.customer_no -o nowhere/x.xml
[ ! -e x.xml ]; ok "a failure leaves nothing behind"

# ---- databases that were made without this library in mind ----

public() { # public FILE SUBJECT ID WHAT
	if [ ! -f "$data/$1" ]; then
		skip "$4" "no $1; set DATENBRIEF_DATA to the folder that holds it"
		return
	fi
	mkdir -p "$4" && cd "$4" || exit 99
	run init "sqlite:$data/$1" --subject "$2"
	is "$code" 0 "$4: a draft is written"
	run letter -c datenbrief.xml "$3" -o letter.pdf
	is "$code" 0 "$4: it makes a letter"
	no_todo_is_left "$4: "
	cd ..
}
public chinook/chinook.sqlite Customer.CustomerId 5 Chinook
public fides/fides_postgres_example.sqlite customer.id 1 fides

# The vendor of that sample marked its personal columns: the draft reads all but those of employees (doc/init.md explains).
if [ -f "$data/fides/postgres_example_test_dataset.yml" ] && [ -f fides/datenbrief.xml ]; then
	is "$(python3 - "$data/fides/postgres_example_test_dataset.yml" <<'PY'
import re, sys
table, personal, read = None, set(), set()
for line in open(sys.argv[1], encoding="utf-8"):
    name = re.match(r"( +)- name: (\w+)", line)
    if name and len(name.group(1)) == 6:
        table = name.group(2)
    elif name:
        column = name.group(2)
    elif re.match(r" +data_categories: \[user", line):
        personal.add((table, column))
for query in re.findall(r"<query>(.*?)</query>", open("fides/datenbrief.xml", encoding="utf-8").read(), re.S):
    tables = {a: t for t, a in re.findall(r"(?:FROM|JOIN) (\w+) AS (\w+)", query)}
    read |= {(tables[a], c) for a, c in re.findall(r"\b(\w+)\.(\w+)", query.split("FROM")[0])}
print(" ".join(sorted("%s.%s" % c for c in personal - read)), len(personal) > 20)
PY
)" "employee.email employee.id service_request.employee_id True" "fides: every column that its vendor calls personal is read, but those of employees"
else
	skip "fides: the vendor's own marks" "no fides/postgres_example_test_dataset.yml"
fi
done_testing
