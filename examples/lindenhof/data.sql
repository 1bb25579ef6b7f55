-- SPDX-License-Identifier: MIT
--
-- Data of "Lindenhof Gartenversand GmbH": FICTIONAL from the first to the last
-- line. No person, address, number, account or e-mail address here is real.
-- Always the same data: nothing is random, nothing reads the clock.

PRAGMA foreign_keys = ON;
BEGIN;

INSERT INTO staff (staff_id, display_name, unit) VALUES
	(1, 'Roswitha Ahornfeld', 'Kundendienst'),
	(2, 'Jannik Espenlaub', 'Kundendienst'),
	(3, 'Güneş Tannenberg', 'Buchhaltung'),
	(4, 'Mirko Holunder', 'Versand');

INSERT INTO article (article_no, name, packing, price) VALUES
	('A-1001', 'Kräuterschere „Petersilie“, rostfrei', 'Stück', 14.90),
	('A-1002', 'Rosenschere mit Ledertasche', 'Stück', 39.50),
	('A-1003', 'Spaten, geschmiedet, Eschenstiel', 'Stück', 54.00),
	('A-1004', 'Grabegabel, vier Zinken', 'Stück', 49.00),
	('A-1005', 'Gießkanne 10 l, verzinkt', 'Stück', 34.95),
	('A-1006', 'Gartenschlauch ½ Zoll, 25 m', 'Stück', 42.80),
	('A-1007', 'Tomate „Berner Rose“', 'Pflanze', 3.95),
	('A-1008', 'Tomate „Gelbe von Thun“', 'Pflanze', 3.95),
	('A-1009', 'Kürbis „Hokkaido“', 'Samentüte', 2.95),
	('A-1010', 'Kopfsalat „Maikönig“', 'Samentüte', 1.95),
	('A-1011', 'Radieschen „Eiszapfen“', 'Samentüte', 1.75),
	('A-1012', 'Steckzwiebeln „Stuttgarter Riesen“', '500 g', 2.49),
	('A-1013', 'Apfelbaum „Kaiser Wilhelm“, Halbstamm', 'Pflanze', 58.00),
	('A-1014', 'Birnbaum „Gute Luise“, Spalier', 'Pflanze', 72.50),
	('A-1015', 'Johannisbeere „Jonkheer van Tets“', 'Pflanze', 9.80),
	('A-1016', 'Himbeere „Schönemann“', 'Pflanze', 6.90),
	('A-1017', 'Kletterrose „Sympathie“', 'Pflanze', 19.80),
	('A-1018', 'Beetrose „Aspirin“', 'Pflanze', 16.50),
	('A-1019', 'Pfingstrose „Sarah Bernhardt“', 'Pflanze', 14.90),
	('A-1020', 'Rittersporn „Völkerfrieden“', 'Pflanze', 6.50),
	('A-1021', 'Lavendel „Hidcote Blue“', '6 Pflanzen', 21.00),
	('A-1022', 'Tulpenmischung „Frühlingserwachen“', '50 Zwiebeln', 17.95),
	('A-1023', 'Schneeglöckchen', '25 Zwiebeln', 8.95),
	('A-1024', 'Rasensamen „Schattengrün“', '2 kg', 24.90),
	('A-1025', 'Hornspäne', '5 kg', 13.90),
	('A-1026', 'Pflanzerde ohne Torf', '40 l', 9.90),
	('A-1027', 'Rindenmulch', '60 l', 8.50),
	('A-1028', 'Regentonne 200 l mit Deckel', 'Stück', 64.00),
	('A-1029', 'Komposter aus Lärchenholz', 'Stück', 89.00),
	('A-1030', 'Frühbeet mit Doppelstegplatten', 'Stück', 119.00),
	('A-1031', 'Vogelhaus „Kleine Meise“', 'Stück', 27.50),
	('A-1032', 'Igelhaus aus Weide', 'Stück', 44.00),
	('A-1033', 'Insektenhotel, groß', 'Stück', 59.00),
	('A-1034', 'Gartenhandschuhe, Größe 8', 'Paar', 12.50),
	('A-1035', 'Kniekissen', 'Stück', 11.90),
	('A-1036', 'Pflanzschilder aus Schiefer', '10 Stück', 15.60),
	('A-1037', 'Bast, naturbelassen', '200 m', 5.40),
	('A-1038', 'Schubkarre, 100 l, Luftrad', 'Stück', 129.00),
	('A-1039', 'Gartenbank „Lindenhof“, Robinie', 'Stück', 349.00),
	('A-1040', 'Große Staudensammlung „Bauerngarten“ mit Pflanzplan', '24 Pflanzen', 98.00);

-- People written by hand. idx numbers them and seeds what is computed below.
CREATE TEMP TABLE person (
	idx INTEGER PRIMARY KEY, salutation TEXT, title TEXT, first_name TEXT, last_name TEXT, birth_date TEXT,
	addition TEXT, street TEXT, postcode TEXT, city TEXT, country TEXT, n_orders INTEGER, n_notes INTEGER
);
INSERT INTO person VALUES
	( 1, 'F', 'Dr.', 'Käthe', 'Weißgerber', '1958-03-12', NULL, 'Rosenstieg 14', '34998', 'Birkenau-Süd', 'DE', 5, 2),
	( 2, 'M', NULL, 'Łukasz', 'Wiśniewski-Dąbrowski', '1983-07-30', 'm. 12', 'ul. Przykładowa 7', '00-999', 'Wzorowo', 'PL', 3, 1),
	( 3, 'F', NULL, 'Ayşe Gülşen', 'Yıldırım', '1990-11-02', NULL, 'Tulpengasse 3', '34997', 'Lindenrode-Nord', 'DE', 6, 2),
	( 4, 'M', NULL, 'Ștefan', 'Țăndărică-Ionescu', '1976-01-19', 'c/o Hofmann', 'Mühlweg 21 a', '34996', 'Erlenbach (Muster)', 'DE', 2, 1),
	( 5, 'F', NULL, 'Phương Thảo', 'Nguyễn Thị', '1995-05-08', NULL, 'Kirschallee 40', '34995', 'Ulmenstadt', 'DE', 4, 1),
	( 6, 'M', 'Ing.', 'Ondřej', 'Černý', '1969-09-27', NULL, 'Vzorová 118/5', '999 01', 'Příkladov', 'CZ', 2, 1),
	( 7, 'F', NULL, 'Anaïs', 'Lefèvre-d’Hœuvre', '1988-02-14', 'Bât. C', '12, rue de l’Exemple', '99900', 'Sainte-Fiction', 'FR', 3, 1),
	( 8, 'M', NULL, 'Þórður', 'Ægisson', '1962-12-24', NULL, 'Dæmisgata 9', '999', 'Sýnisvík', 'IS', 1, 1),
	( 9, 'F', NULL, 'Hannelore', 'Blümel', NULL, 'Einkauf', 'Gewerbering 5', '34994', 'Lindenrode', 'DE', 9, 2),
	(10, 'M', NULL, 'Gottfried', 'Brandtmüller', NULL, NULL, 'Feldrain 1', '34993', 'Hainbuchen', 'DE', 0, 0),
	(11, 'M', NULL, 'Maximilian', 'Großkopf', '1951-06-21', NULL, 'Am alten Obstgarten 77', '34992', 'Apfelstedt', 'DE', 130, 45),
	(12, 'M', NULL, 'Peter', 'Schmidt', '1971-05-04', NULL, 'Lindenweg 8', '34991', 'Buchenried', 'DE', 4, 1),
	(13, 'M', NULL, 'Peter', 'Schmidt', '1971-05-04', NULL, 'Hafenstraße 112', '20998', 'Musterhafen', 'DE', 3, 2),
	(14, 'F', NULL, 'Mia', 'Sommerfeld', '2012-08-17', NULL, 'Kastanienplatz 2', '34990', 'Lindenrode', 'DE', 1, 1),
	(15, 'M', NULL, 'Wilhelm', 'Ackermännchen', '1934-04-01', NULL, 'Friedhofsweg 6', '34989', 'Eschenau', 'DE', 6, 2),
	(16, 'F', NULL, 'Sabine', 'Vogtländer', '1980-10-10', NULL, 'Postfach 99 99 01', '34988', 'Lindenrode', 'DE', 3, 1),
	(17, 'M', NULL, 'Ralf', 'Königsteiner', '1966-02-28', NULL, 'Pappelhof 4', '34987', 'Weidental', 'DE', 2, 1),
	(18, 'F', NULL, 'Dörte', 'Petersen-Uhl', '1973-03-03', NULL, 'Deichstraße 45', '25998', 'Norderfleth', 'DE', 2, 1),
	(19, 'M', 'Mag.', 'Franz Xaver', 'Hüttl-Oberösterreicher', '1959-01-06', 'Stiege 2, Tür 17', 'Beispielgasse 33', '9999', 'Musterdorf am See', 'AT', 4, 1),
	(20, 'F', NULL, 'Béatrice', 'Zürcher-Äbi', '1985-08-01', NULL, 'Exempelweg 6', '9998', 'Mustiswil', 'CH', 3, 1),
	(21, 'F', 'Prof. Dr. Dr. h. c.', 'Friederike-Charlotte Maria Theodora', 'Freifrau von Hohenstein-Wittelsbach zu Lindenthal-Oberkirchen', '1947-11-11', 'Schloss Lindenthal, Westflügel', 'Schlossallee 1', '34986', 'Oberkirchen-Niederlindenthal', 'DE', 7, 2),
	(22, NULL, NULL, NULL, 'Leerhoff', NULL, NULL, NULL, NULL, 'Ödenhausen', 'DE', 0, 0),
	(23, 'M', NULL, 'Robert „Bob“', 'O''Neill-<Tag> & Söhne', '1979-12-31', '{Hinterhaus}', 'Straße "Am Bach" 5 & 7', '34985', 'Klammerberg', 'DE', 3, 1),
	(24, 'F', NULL, 'Gisela', 'Langenbergerin', '1944-07-07', NULL, 'Erzählerweg 30', '34984', 'Lindenrode', 'DE', 2, 0),
	(25, 'M', NULL, 'Timo', 'Kettenreißer', '1999-09-09', NULL, 'Zeilenweg 255', '34983', 'Bitburg-Muster', 'DE', 2, 1),
	(26, 'F', NULL, 'Đurđica', 'Šimunović', '1970-06-15', NULL, 'Quittenweg 12', '34982', 'Ulmenstadt', 'DE', 3, 1),
	(27, 'F', NULL, 'Erzsébet', 'Kőszegi-Tóth', '1964-04-23', NULL, 'Weinbergsteig 9', '34981', 'Rebenheim', 'DE', 5, 1),
	(28, 'M', NULL, 'Søren', 'Ørsted-Bjørk', '1991-05-17', NULL, 'Eksempelvej 4', '9997', 'Prøvestrup', 'DK', 2, 1),
	(29, 'M', NULL, 'Íñigo', 'Muñoz Ibáñez', '1987-01-27', '3º Izq.', 'Calle del Ejemplo 18', '99996', 'Villaficticia', 'ES', 1, 1),
	(30, 'M', NULL, 'Γεώργιος', 'Παπαδόπουλος', '1968-03-25', NULL, 'Feigengasse 2', '34980', 'Lindenrode', 'DE', 2, 1),
	(31, 'F', NULL, 'Олена', 'Коваленко', '1993-10-14', 'bei Familie Lorenz', 'Sonnenblumenweg 8', '34979', 'Birkenau-Süd', 'DE', 2, 1),
	(32, 'M', NULL, 'Jānis', 'Bērziņš', '1982-06-23', NULL, 'Erlengrund 61', '34978', 'Erlenbach (Muster)', 'DE', 1, 0),
	(33, 'F', NULL, 'Žydrūnė', 'Šimkutė', '1996-02-16', NULL, 'Ahornhain 15', '34977', 'Lindenrode', 'DE', 2, 1),
	(34, 'F', NULL, 'Anna', 'Lindemann', '1978-12-05', NULL, 'Wiesengrund 23', '34976', 'Hainbuchen', 'DE', 3, 1),
	(35, 'M', NULL, 'Bernd', 'Lindemann', '1975-04-18', NULL, 'Wiesengrund 23', '34976', 'Hainbuchen', 'DE', 2, 1),
	(36, 'D', NULL, 'Kim', 'Żółkiewska', '2001-07-19', NULL, 'Regenbogenplatz 1', '34975', 'Ulmenstadt', 'DE', 3, 1);

-- token: eight hexadecimal digits that nobody else has.
CREATE TEMP VIEW p AS
SELECT *, printf('K-%06d', 100000 + idx) AS customer_no, printf('%08x', (idx * 2654435761) % 4294967296) AS token
FROM person;

INSERT INTO customer (customer_no, salutation, title, first_name, last_name, company, birth_date, language,
	customer_since, acquired_by, customer_class, login_name, password_hash, row_version, sync_token)
SELECT customer_no, salutation, title, first_name, last_name,
	CASE idx WHEN 9 THEN 'Gärtnerei Blümel & Söhne OHG' END,
	birth_date,
	CASE WHEN idx IN (10, 22) THEN NULL WHEN country = 'PL' THEN 'pl' WHEN country = 'FR' THEN 'fr'
		WHEN country IN ('IS', 'DK', 'ES') THEN 'en' ELSE 'de' END,
	CASE WHEN idx = 11 THEN '2016-12-28' ELSE date('2019-01-03', printf('+%d days', idx * 37)) END,
	CASE WHEN idx IN (10, 22) THEN NULL ELSE substr('KWEM', 1 + idx % 4, 1) END,
	CASE WHEN n_orders = 0 THEN NULL WHEN n_orders > 4 THEN 'A' WHEN n_orders > 1 THEN 'B' ELSE 'C' END,
	CASE WHEN idx NOT IN (10, 22) AND idx % 3 > 0 THEN 'garten-' || token END,
	CASE WHEN idx NOT IN (10, 22) AND idx % 3 > 0 THEN '$argon2id$v=19$m=65536,t=3,p=4$Erfunden$' || token || token || token END,
	1 + idx % 7,
	'sync-' || token
FROM p;
UPDATE customer SET guardian_name = 'Jörg Sommerfeld', guardian_role = 'Vater' WHERE customer_no = 'K-100014';
UPDATE customer SET birth_date = '2013-06-23' WHERE customer_no = 'K-100032';
UPDATE customer SET deceased = 1 WHERE customer_no = 'K-100015';
UPDATE customer SET address_blocked = 1 WHERE customer_no = 'K-100016';
UPDATE customer SET letter_opt_out = 1 WHERE customer_no = 'K-100017';
-- A picture of one grey pixel.
UPDATE customer SET photo =
	x'89504E470D0A1A0A0000000D49484452000000010000000108000000003A7E9B550000000A4944415478DA6368000000820081DA45083B0000000049454E44AE426082'
WHERE customer_no IN ('K-100003', 'K-100011', 'K-100036');

INSERT INTO address (address_id, customer_no, kind, addition, street, postcode, city, country, valid_from, delivery_hint, geo_hash)
SELECT 5000 + idx * 3, customer_no, 'R', addition, street, postcode, city, country,
	CASE WHEN idx = 11 THEN '2016-12-28' ELSE date('2019-01-03', printf('+%d days', idx * 37)) END,
	CASE idx
		WHEN 1 THEN 'Bitte zweimal klingeln, die Klingel ist leise'
		WHEN 11 THEN 'Pakete in die Gartenlaube links vom Tor; der Hund ist freundlich'
		WHEN 23 THEN 'Code am Tor: {#4711} <nicht> weitergeben & "nie" aufschreiben'
		WHEN 34 THEN 'Bei Lindemann im Erdgeschoss abgeben'
	END,
	'u1' || substr(token, 1, 4)
FROM p;
INSERT INTO address (address_id, customer_no, kind, addition, street, postcode, city, country, valid_from, delivery_hint)
SELECT 5001 + idx * 3, customer_no, 'L', 'Packstation ' || (700 + idx), 'Bahnhofsvorplatz ' || idx, postcode, city, country,
	date('2022-02-01', printf('+%d days', idx * 11)),
	CASE WHEN idx % 2 = 0 THEN 'Ablage ' || token || ' nur bei trockenem Wetter' END
FROM p WHERE idx % 4 = 1 OR idx = 11;
UPDATE address SET returned_on = '2026-02-11' WHERE customer_no = 'K-100018';

INSERT INTO contact_point (contact_id, customer_no, kind, value, preferred, confirmed_on)
SELECT 7000 + idx * 5, customer_no, 'E', 'kontakt.' || token || '@postfach.example', 1,
	date('2019-02-01', printf('+%d days', idx * 41))
FROM p WHERE idx NOT IN (10, 22);
INSERT INTO contact_point (contact_id, customer_no, kind, value, preferred)
SELECT 7001 + idx * 5, customer_no, 'T', printf('030 23125 %03d', 500 + idx), 0
FROM p WHERE idx % 2 = 1;
INSERT INTO contact_point (contact_id, customer_no, kind, value, preferred)
SELECT 7002 + idx * 5, customer_no, 'M', printf('0176 040690 %02d', idx), 0
FROM p WHERE idx % 3 = 0;
INSERT INTO contact_point (contact_id, customer_no, kind, value, preferred, confirmed_on)
VALUES (7048, 'K-100009', 'F', '069 90009 209', 0, '2020-06-02');
-- A household shares its telephone.
INSERT INTO contact_point (contact_id, customer_no, kind, value, preferred) VALUES
	(7173, 'K-100034', 'T', '040 66969 334', 0),
	(7178, 'K-100035', 'T', '040 66969 334', 0);

-- Orders: the k-th of each person, evenly over the years.
CREATE TEMP TABLE o AS
WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < 199)
SELECT p.idx, p.customer_no, p.token, n.k,
	printf('B-%04d-%04d', 3000 + p.idx, n.k + 1) AS order_no,
	CASE WHEN p.idx = 11 THEN date('2017-01-09', printf('+%d days', n.k * 27))
		ELSE date('2020-03-02', printf('+%d days', p.idx * 5 + n.k * 241)) END AS ordered_on,
	1 + (p.idx + n.k) % 4 AS n_lines
FROM p JOIN n ON n.k < p.n_orders;

INSERT INTO orders (order_no, customer_no, ordered_on, channel, state, pay_method, shipping, total, pick_wave)
SELECT order_no, customer_no, ordered_on,
	substr('WWTPWE', 1 + (idx + k) % 6, 1),
	CASE WHEN ordered_on > '2026-10-20' THEN '10' WHEN (idx * 3 + k) % 23 = 7 THEN '90' ELSE '50' END,
	CASE (idx + k) % 3 WHEN 0 THEN 'LS' WHEN 1 THEN 'RE' ELSE 'VK' END,
	0, 0, 100 + (idx * 17 + k) % 60
FROM o;
INSERT INTO order_line (order_no, line_no, article_no, quantity, unit_price)
WITH RECURSIVE l(j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM l WHERE j < 4)
SELECT o.order_no, l.j, a.article_no, 1 + (o.k + l.j) % 3, a.price
FROM o JOIN l ON l.j <= o.n_lines
	JOIN article AS a ON a.article_no = printf('A-%04d', 1001 + (o.idx * 7 + o.k * 5 + l.j * 11) % 40);
UPDATE orders SET total = (SELECT round(sum(quantity * unit_price), 2) FROM order_line AS l WHERE l.order_no = orders.order_no);
UPDATE orders SET shipping = 4.95, total = round(total + 4.95, 2) WHERE total < 60;
UPDATE orders SET gift_text = 'Alles Gute zum Einzug wünscht ' || (SELECT coalesce(first_name, '') || ' (' || token || ')' FROM p WHERE p.customer_no = orders.customer_no)
WHERE order_no IN (SELECT order_no FROM o WHERE (idx * 5 + k) % 11 = 4);
UPDATE orders SET gift_text = 'Liebe Oma, <b>herzlichen</b> Glückwunsch! {Dein} "Bob" & Co. – 100 % O''Neill'
WHERE order_no = 'B-3023-0001';

INSERT INTO payment (payment_id, customer_no, order_no, booked_on, amount, iban, account_holder, mandate_ref)
SELECT 40000 + o.idx * 200 + o.k, o.customer_no, o.order_no, date(o.ordered_on, printf('+%d days', 3 + (o.idx + o.k) % 12)),
	d.total,
	CASE d.pay_method WHEN 'LS' THEN printf('DE00%08d%010d', 99900000 + o.idx, 1000000000 + o.idx * 7919) END,
	CASE d.pay_method WHEN 'LS' THEN c.last_name END,
	CASE d.pay_method WHEN 'LS' THEN 'LH-' || o.token END
FROM o JOIN orders AS d USING (order_no) JOIN customer AS c ON c.customer_no = o.customer_no
WHERE d.state = '50';

INSERT INTO return_item (return_no, customer_no, order_no, article_no, returned_on, reason, refund)
SELECT 'R-' || substr(o.order_no, 3), o.customer_no, o.order_no, l.article_no, date(o.ordered_on, '+16 days'),
	CAST(1 + (o.idx + o.k) % 4 AS TEXT), l.unit_price
FROM o JOIN orders AS d USING (order_no) JOIN order_line AS l ON l.order_no = o.order_no AND l.line_no = 1
WHERE d.state = '50' AND (o.idx + o.k) % 9 = 3;

INSERT INTO service_note (note_id, customer_no, noted_at, channel, topic, note, staff_id)
WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < 99)
SELECT 60000 + p.idx * 100 + n.k, p.customer_no,
	CASE WHEN p.idx = 11 THEN datetime('2023-02-01 09:15:00', printf('+%d days', n.k * 29), printf('+%d minutes', n.k * 13))
		ELSE datetime('2024-01-15 10:00:00', printf('+%d days', p.idx * 11 + n.k * 160), printf('+%d minutes', p.idx * 7)) END,
	substr('TEPT', 1 + (p.idx + n.k) % 4, 1),
	CASE (p.idx + n.k) % 5 WHEN 0 THEN 'Lieferung verspätet' WHEN 1 THEN 'Pflanze nicht angewachsen'
		WHEN 2 THEN 'Frage zur Rechnung' WHEN 3 THEN 'Lob' ELSE 'Beratung' END,
	CASE (p.idx + n.k) % 5
		WHEN 0 THEN 'Paket lag zwei Tage im Verteilzentrum. Nachgefragt und um Geduld gebeten. Vorgang '
		WHEN 1 THEN 'Foto der Pflanze erhalten: Blätter braun, Wurzel trocken. Ersatz im Herbst zugesagt, ohne Rücksendung. Vorgang '
		WHEN 2 THEN 'Summe der Rechnung stimmt nicht mit der Bestellung überein; Versandkosten gutgeschrieben. Vorgang '
		WHEN 3 THEN 'Lobt die Verpackung der Stauden und erzählt vom Enkel, der jetzt auch einen Garten hat. Vorgang '
		ELSE 'Fragt nach Rosen für Halbschatten. „Sympathie“ und „Aspirin“ empfohlen, Pflanzabstand 60 cm. Vorgang ' END
		|| p.token || printf('-%02d', n.k + 1) || '.',
	1 + (p.idx + n.k) % 4
FROM p JOIN n ON n.k < p.n_notes;
UPDATE service_note SET topic = '<b>Sonderzeichen</b> & "Klammern"', note =
	'Er sagte: "Bitte <b>nicht</b> klingeln & {Hund} nicht füttern!"' || char(10)
	|| 'Zweite Zeile: a < b && c > d; <script>alert(''x'')</script>; </letter> ]]> <!-- -->' || char(10)
	|| 'Dritte Zeile: {count(//field)} {{page}} {page} $wert C:\Pfad\neu %s %n =1+1 &amp; &#65; ’einfache‘ „doppelte“ «französische»'
	|| char(10) || char(10) || 'Nach einer Leerzeile: 50 % Rabatt für O''Neill, Vorgang 23-Klammeraffe@tor.'
WHERE customer_no = 'K-100023';
INSERT INTO service_note (note_id, customer_no, noted_at, channel, topic, note, staff_id)
WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 34)
SELECT 69001, 'K-100024', '2025-05-20 11:40:00', 'T', 'Ausführliches Gespräch über den Garten',
	group_concat(CASE k % 4
		WHEN 0 THEN printf('Beet %d liegt im Schatten der alten Linde und bleibt bis in den Juni hinein kühl und feucht.', k)
		WHEN 1 THEN printf('Rose Nr. %d hat den Winter gut überstanden, zeigt aber Sternrußtau an den unteren Blättern.', k)
		WHEN 2 THEN printf('Am %d. Tag nach der Pflanzung hat sie mit Brennnesseljauche gegossen, verdünnt eins zu zehn.', k)
		ELSE printf('Sie möchte wissen, ob Staude %d geteilt werden kann und wann dafür die beste Zeit ist.', k) END, ' ')
	|| ' Vorgang Langenberg-Gespräch-3000.', 1
FROM n;
INSERT INTO service_note (note_id, customer_no, noted_at, channel, topic, note, staff_id)
WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 40)
SELECT 69002, 'K-100025', '2025-07-01 08:05:00', 'E', 'Link aus der E-Mail des Kunden',
	'Der Link funktioniert nicht: https://www.lindenhof.example/konto/bestaetigung?schluessel='
	|| group_concat(printf('%08x', (k * 2246822519) % 4294967296), '') || ' – neuen Link geschickt.', 2
FROM n;
INSERT INTO service_note (note_id, customer_no, noted_at, channel, topic, note, staff_id) VALUES
	(69003, 'K-100025', '2025-07-02 08:05:00', 'E', 'Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle',
	'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz und Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung erwähnt; Vorgang Kettenreißer-Langwort.', 2),
	(69004, 'K-100001', '2025-09-30 16:20:00', 'T', 'Nachbar nimmt Pakete an',
	'Nachbar Herr Erwin Zaunkönig (Rosenstieg 12) nimmt Pakete an, wenn sie nicht da ist.', 1);

INSERT INTO special_need (need_id, customer_no, noted_on, need) VALUES
	(1, 'K-100001', '2024-04-02', 'Hört schlecht; Bote bitte laut sprechen'),
	(2, 'K-100024', '2025-05-20', 'Rollstuhl; Pakete bitte bis in die Wohnung tragen'),
	(3, 'K-100031', '2026-01-12', 'Sehbehindert; Rechnung bitte in großer Schrift');

INSERT INTO consent (consent_id, customer_no, subject, wording, given_at, channel, state, withdrawn_at)
SELECT 80000 + idx * 2, customer_no, 'Newsletter',
	'Ja, ich möchte den Newsletter der Lindenhof Gartenversand GmbH per E-Mail bekommen. Ich kann das jederzeit mit einem Klick beenden. (Fassung 3)',
	datetime('2021-05-01 18:00:00', printf('+%d days', idx * 23), printf('+%d minutes', idx)), 'W',
	CASE WHEN idx % 7 = 3 THEN 'W' ELSE 'G' END,
	CASE WHEN idx % 7 = 3 THEN datetime('2025-03-03 07:30:00', printf('+%d days', idx)) END
FROM p WHERE idx NOT IN (10, 22) AND (idx % 3 <> 2 OR idx = 11);
INSERT INTO consent (consent_id, customer_no, subject, wording, given_at, channel, state)
SELECT 80001 + n.need_id * 2000, n.customer_no, 'Hilfe bei der Zustellung',
	'Ich bin einverstanden, dass Lindenhof meinen Wunsch zur Zustellung speichert, auch wenn er etwas über meine Gesundheit verrät. (Fassung 1)',
	n.noted_on || ' 10:00:00', 'T', 'G'
FROM special_need AS n;

INSERT INTO newsletter_event (event_id, customer_no, event_at, campaign, event, link)
WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < 89)
SELECT 90000 + p.idx * 100 + n.k, p.customer_no,
	datetime('2025-01-07 06:00:00', printf('+%d days', n.k * CASE WHEN p.idx = 11 THEN 7 ELSE 60 END), printf('+%d minutes', p.idx * 3 + n.k)),
	printf('Gartenpost %d/%d', 1 + n.k % 12, 2025 + n.k / 52),
	CASE n.k % 3 WHEN 0 THEN 'S' WHEN 1 THEN 'O' ELSE 'C' END,
	CASE WHEN n.k % 3 = 2 THEN printf('https://www.lindenhof.example/n/%d?k=%s', n.k, p.token) END
FROM p JOIN consent AS c ON c.customer_no = p.customer_no AND c.subject = 'Newsletter' AND c.state = 'G'
	JOIN n ON n.k < CASE WHEN p.idx = 11 THEN 90 ELSE 3 + p.idx % 5 END;

INSERT INTO marketing_profile (customer_no, segment, interests, garden_guess, advert_blocked, computed_on)
SELECT customer_no, printf('S%d', 1 + idx % 4),
	CASE idx % 4 WHEN 0 THEN 'alte Gemüsesorten, Kräuter' WHEN 1 THEN 'Rosen, Stauden' WHEN 2 THEN 'Balkonkästen, kleine Obstbäume' END,
	CASE idx % 3 WHEN 0 THEN 'Hausgarten mit etwa 400 m²' WHEN 1 THEN 'Kleingarten' ELSE 'Balkon nach Süden' END || printf(' (Vermutung %s)', token),
	CASE WHEN idx % 6 = 5 THEN 1 ELSE 0 END, '2026-09-30'
FROM p WHERE n_orders > 0;

INSERT INTO score (score_id, customer_no, name, value, scale, computed_on, inputs, model_version, decision)
SELECT 95000 + idx, customer_no, 'Zahlungsscore', 61.5 + (idx * 37) % 38,
	'0 % (nie) bis 100 % (sicher)', date('2025-11-02', printf('+%d days', idx * 9)),
	printf('bezahlte Rechnungen: %d; Mahnungen: %d; Ausfälle laut Auskunftei: keine', n_orders, idx % 3),
	'ZS 4.2 / ' || token,
	CASE WHEN 61.5 + (idx * 37) % 38 >= 90 THEN '1' WHEN 61.5 + (idx * 37) % 38 >= 70 THEN '2' ELSE '3' END
FROM p WHERE n_orders > 1;

INSERT INTO loyalty (card_no, customer_no, since, points, tier)
SELECT 'GD-' || token, customer_no, date('2021-04-01', printf('+%d days', idx * 13)), 0, '1'
FROM p WHERE n_orders > 2 AND idx % 2 = 1;
INSERT INTO loyalty_booking (booking_no, card_no, booked_on, points, reason)
SELECT 98000 + o.idx * 200 + o.k, 'GD-' || o.token, date(o.ordered_on, '+14 days'), CAST(d.total AS INTEGER), 'Bestellung ' || o.order_no
FROM o JOIN orders AS d USING (order_no) JOIN loyalty AS y ON y.card_no = 'GD-' || o.token
WHERE d.state = '50' AND o.ordered_on >= y.since;
INSERT INTO loyalty_booking (booking_no, card_no, booked_on, points, reason)
SELECT 98199 + p.idx * 200, y.card_no, '2026-06-01', -50, 'Eingelöst: Gutschein ' || p.token
FROM p JOIN loyalty AS y USING (customer_no);
UPDATE loyalty SET points = (SELECT sum(points) FROM loyalty_booking AS b WHERE b.card_no = loyalty.card_no);
UPDATE loyalty SET tier = CASE WHEN points >= 2000 THEN '3' WHEN points >= 500 THEN '2' ELSE '1' END;

INSERT INTO disclosure (disclosure_id, customer_no, disclosed_on, recipient, content, reason)
SELECT 110000 + o.idx * 200 + o.k, o.customer_no, date(o.ordered_on, '+2 days'), 'Paketdienst Rotkehlchen AG',
	'Name und Lieferanschrift', 'Zustellung von ' || o.order_no
FROM o WHERE o.ordered_on >= '2024-06-01';
INSERT INTO disclosure (disclosure_id, customer_no, disclosed_on, recipient, content, reason)
SELECT 130000 + s.score_id, s.customer_no, s.computed_on, 'Auskunftei Muster KG', 'Name, Anschrift, Geburtsdatum',
	'Anfrage ' || substr(s.model_version, 10) || ' vor Kauf auf Rechnung'
FROM score AS s;

INSERT INTO access_log (access_id, customer_no, accessed_at, purpose, unit, staff_id)
WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < 59)
SELECT 150000 + p.idx * 100 + n.k, p.customer_no,
	datetime('2024-12-02 08:00:00', printf('+%d days', p.idx * 2 + n.k * CASE WHEN p.idx = 11 THEN 12 ELSE 90 END), printf('+%d minutes', (p.idx * 29 + n.k * 17) % 540)),
	CASE n.k % 3 WHEN 0 THEN 'Auskunft zu einer Bestellung' WHEN 1 THEN 'Prüfung einer Zahlung' ELSE 'Rückruf' END || printf(' (Z%s)', substr(p.token, 1, 5)),
	CASE n.k % 3 WHEN 1 THEN 'Buchhaltung' ELSE 'Kundendienst' END,
	1 + (p.idx + n.k) % 3
FROM p JOIN n ON n.k < CASE WHEN p.idx IN (10, 22) THEN 0 WHEN p.idx = 11 THEN 55 ELSE 2 + p.idx % 5 END;

INSERT INTO datenbrief_log (customer_no, period, sent_on, way)
SELECT p.customer_no, y.period, date(y.period || '-11-20', printf('+%d days', p.idx % 5)), CASE WHEN p.idx % 8 = 7 THEN 'K' ELSE 'P' END
FROM p JOIN (SELECT 2024 AS period UNION ALL SELECT 2025) AS y
WHERE p.idx NOT IN (10, 14, 15, 16, 17, 22, 36);

UPDATE customer SET letter_wish = 'G' WHERE customer_no IN ('K-100019', 'K-100026');
UPDATE customer SET letter_wish = 'E' WHERE customer_no IN ('K-100020', 'K-100027');
INSERT INTO request (request_no, customer_no, received_on, channel, name, street, postcode, city) VALUES
	('F-2026-01', 'A-900001', '2026-11-09', 'P', 'Wanda Nirgendwo', 'Wiesenpfad 12', '34997', 'Lindenrode'),
	('F-2026-02', 'K-100021', '2026-11-12', 'E', NULL, NULL, NULL, NULL);

COMMIT;
