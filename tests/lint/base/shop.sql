CREATE TABLE person (no TEXT, name TEXT, street TEXT, city TEXT, class TEXT, guardian TEXT, illness TEXT, iban TEXT, dead TEXT, locked TEXT, row INTEGER);
CREATE TABLE orders (no TEXT, order_no TEXT, ordered_on TEXT, total TEXT, channel TEXT);
CREATE TABLE consent (no TEXT, consent_no TEXT, wording TEXT, given TEXT, state TEXT);
