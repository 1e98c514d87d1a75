-- What people are called, where somebody said so. The key is of both, with a space between them.
ALTER TABLE users ADD COLUMN first_name {text};
ALTER TABLE users ADD COLUMN last_name {text};
ALTER TABLE users ADD COLUMN names_key {text} NOT NULL DEFAULT '';
-- A search reads nothing but this.
CREATE INDEX users_searched ON users (email, names_key);
