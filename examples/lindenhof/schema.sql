-- SPDX-License-Identifier: MIT
--
-- Customer database of "Lindenhof Gartenversand GmbH".
--
-- FICTIONAL: the firm, its customers, addresses, telephone numbers, e-mail
-- addresses and bank accounts are invented. Telephone numbers come from the
-- ranges kept free for film and television, e-mail addresses end in .example,
-- every IBAN has the impossible check digits 00.
--
-- sqlite3 crm.db < schema.sql && sqlite3 crm.db < data.sql

PRAGMA foreign_keys = ON;

CREATE TABLE staff (
	staff_id      INTEGER PRIMARY KEY,
	display_name  TEXT NOT NULL,
	unit          TEXT NOT NULL
);

CREATE TABLE customer (
	customer_no     TEXT PRIMARY KEY,
	salutation      TEXT,                       -- 'F', 'M', 'D' or NULL
	title           TEXT,
	first_name      TEXT,
	last_name       TEXT NOT NULL,
	company         TEXT,
	birth_date      TEXT,
	language        TEXT,
	customer_since  TEXT NOT NULL,
	acquired_by     TEXT,                       -- code
	customer_class  TEXT,                       -- code, computed
	guardian_name   TEXT,
	guardian_role   TEXT,
	deceased        INTEGER NOT NULL DEFAULT 0,
	address_blocked INTEGER NOT NULL DEFAULT 0, -- § 51 BMG or shelter
	letter_opt_out  INTEGER NOT NULL DEFAULT 0,
	letter_wish     TEXT,                       -- code: large print, plain language
	login_name      TEXT,
	password_hash   TEXT,
	photo           BLOB,
	row_version     INTEGER NOT NULL DEFAULT 1,
	sync_token      TEXT
);

CREATE TABLE address (
	address_id      INTEGER PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	kind            TEXT NOT NULL,              -- 'R' bill, 'L' delivery
	addition        TEXT,
	street          TEXT,
	postcode        TEXT,
	city            TEXT NOT NULL,
	country         TEXT NOT NULL DEFAULT 'DE',
	valid_from      TEXT NOT NULL,
	returned_on     TEXT,                       -- mail came back
	delivery_hint   TEXT,
	geo_hash        TEXT
);
CREATE INDEX address_customer ON address (customer_no);

CREATE TABLE contact_point (
	contact_id      INTEGER PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	kind            TEXT NOT NULL,              -- 'E' mail, 'T' telephone, 'M' mobile, 'F' fax
	value           TEXT NOT NULL,
	preferred       INTEGER NOT NULL DEFAULT 0,
	confirmed_on    TEXT
);
CREATE INDEX contact_customer ON contact_point (customer_no);

CREATE TABLE article (
	article_no      TEXT PRIMARY KEY,
	name            TEXT NOT NULL,
	packing         TEXT NOT NULL,
	price           NUMERIC(10,2) NOT NULL
);

CREATE TABLE orders (
	order_no        TEXT PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	ordered_on      TEXT NOT NULL,
	channel         TEXT NOT NULL,              -- code
	state           TEXT NOT NULL,              -- code
	pay_method      TEXT NOT NULL,              -- code
	shipping        NUMERIC(10,2) NOT NULL,
	total           NUMERIC(10,2) NOT NULL,
	gift_text       TEXT,
	pick_wave       INTEGER
);
CREATE INDEX orders_customer ON orders (customer_no);

CREATE TABLE order_line (
	order_no        TEXT NOT NULL REFERENCES orders,
	line_no         INTEGER NOT NULL,
	article_no      TEXT NOT NULL REFERENCES article,
	quantity        INTEGER NOT NULL,
	unit_price      NUMERIC(10,2) NOT NULL,
	PRIMARY KEY (order_no, line_no)
);

CREATE TABLE payment (
	payment_id      INTEGER PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	order_no        TEXT NOT NULL REFERENCES orders,
	booked_on       TEXT NOT NULL,
	amount          NUMERIC(10,2) NOT NULL,
	iban            TEXT,
	account_holder  TEXT,
	mandate_ref     TEXT
);
CREATE INDEX payment_customer ON payment (customer_no);

CREATE TABLE return_item (
	return_no       TEXT PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	order_no        TEXT NOT NULL REFERENCES orders,
	article_no      TEXT NOT NULL REFERENCES article,
	returned_on     TEXT NOT NULL,
	reason          TEXT NOT NULL,              -- code
	refund          NUMERIC(10,2) NOT NULL
);
CREATE INDEX return_customer ON return_item (customer_no);

CREATE TABLE service_note (
	note_id         INTEGER PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	noted_at        TEXT NOT NULL,
	channel         TEXT NOT NULL,              -- code
	topic           TEXT NOT NULL,
	note            TEXT NOT NULL,
	staff_id        INTEGER NOT NULL REFERENCES staff
);
CREATE INDEX note_customer ON service_note (customer_no);

CREATE TABLE consent (
	consent_id      INTEGER PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	subject         TEXT NOT NULL,
	wording         TEXT NOT NULL,
	given_at        TEXT NOT NULL,
	channel         TEXT NOT NULL,              -- code
	state           TEXT NOT NULL,              -- code
	withdrawn_at    TEXT
);
CREATE INDEX consent_customer ON consent (customer_no);

CREATE TABLE newsletter_event (
	event_id        INTEGER PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	event_at        TEXT NOT NULL,
	campaign        TEXT NOT NULL,
	event           TEXT NOT NULL,              -- code
	link            TEXT
);
CREATE INDEX newsletter_customer ON newsletter_event (customer_no);

CREATE TABLE marketing_profile (
	customer_no     TEXT PRIMARY KEY REFERENCES customer,
	segment         TEXT NOT NULL,              -- code, computed
	interests       TEXT,
	garden_guess    TEXT,                       -- assumed kind of garden
	advert_blocked  INTEGER NOT NULL DEFAULT 0,
	computed_on     TEXT NOT NULL
);

CREATE TABLE score (
	score_id        INTEGER PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	name            TEXT NOT NULL,
	value           NUMERIC(6,1) NOT NULL,
	scale           TEXT NOT NULL,
	computed_on     TEXT NOT NULL,
	inputs          TEXT NOT NULL,
	model_version   TEXT NOT NULL,
	decision        TEXT NOT NULL               -- code
);
CREATE INDEX score_customer ON score (customer_no);

CREATE TABLE loyalty (
	card_no         TEXT PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	since           TEXT NOT NULL,
	points          INTEGER NOT NULL,
	tier            TEXT NOT NULL               -- code
);
CREATE INDEX loyalty_customer ON loyalty (customer_no);

CREATE TABLE loyalty_booking (
	booking_no      INTEGER PRIMARY KEY,
	card_no         TEXT NOT NULL REFERENCES loyalty,
	booked_on       TEXT NOT NULL,
	points          INTEGER NOT NULL,
	reason          TEXT NOT NULL
);
CREATE INDEX booking_card ON loyalty_booking (card_no);

CREATE TABLE special_need (
	need_id         INTEGER PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	noted_on        TEXT NOT NULL,
	need            TEXT NOT NULL               -- health data, Art. 9
);
CREATE INDEX need_customer ON special_need (customer_no);

CREATE TABLE disclosure (
	disclosure_id   INTEGER PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	disclosed_on    TEXT NOT NULL,
	recipient       TEXT NOT NULL,
	content         TEXT NOT NULL,
	reason          TEXT NOT NULL
);
CREATE INDEX disclosure_customer ON disclosure (customer_no);

CREATE TABLE access_log (
	access_id       INTEGER PRIMARY KEY,
	customer_no     TEXT NOT NULL REFERENCES customer,
	accessed_at     TEXT NOT NULL,
	purpose         TEXT NOT NULL,
	unit            TEXT NOT NULL,
	staff_id        INTEGER NOT NULL REFERENCES staff
);
CREATE INDEX access_customer ON access_log (customer_no);

-- Requests under Art. 15 GDPR; who asks need not be a customer.
CREATE TABLE request (
	request_no      TEXT PRIMARY KEY,
	customer_no     TEXT NOT NULL,
	received_on     TEXT NOT NULL,
	channel         TEXT NOT NULL,              -- code
	name            TEXT,                       -- and address: of those who are no customers
	street          TEXT,
	postcode        TEXT,
	city            TEXT
);
CREATE INDEX request_customer ON request (customer_no);

CREATE TABLE datenbrief_log (
	customer_no     TEXT NOT NULL REFERENCES customer,
	period          INTEGER NOT NULL,
	sent_on         TEXT NOT NULL,
	way             TEXT NOT NULL,              -- code
	PRIMARY KEY (customer_no, period)
);
