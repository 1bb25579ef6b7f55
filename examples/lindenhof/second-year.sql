-- Fictional persons. What happened at the sample company between two yearly letters; see two-years.sh.
-- One moved: a value of an entry is another.
UPDATE address SET street = 'Dahlienweg 3', geo_hash = NULL WHERE customer_no = 'K-100001' AND kind = 'R';
-- One has another telephone: an entry is new.
INSERT INTO contact_point VALUES (7901, 'K-100009', 'M', '0176 040690 77', 0, NULL);
-- Of one the oldest newsletters were deleted: entries are gone.
DELETE FROM newsletter_event WHERE customer_no = 'K-100004' AND event_id IN
	(SELECT event_id FROM newsletter_event WHERE customer_no = 'K-100004' ORDER BY event_at LIMIT 3);
-- And one is new altogether: her first letter has no marks.
INSERT INTO customer(customer_no, salutation, first_name, last_name, customer_since) VALUES ('K-100901', 'F', 'Nele', 'Neuhaus', '2027-02-01');
INSERT INTO address(address_id, customer_no, kind, street, postcode, city, valid_from)
	VALUES (5901, 'K-100901', 'R', 'Asternweg 2', '34998', 'Birkenau-Süd', '2027-02-01');
