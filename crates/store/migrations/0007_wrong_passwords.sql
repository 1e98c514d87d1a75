-- How many passwords a user had before the one of today: a browser is known only for the password that it signed in with.
ALTER TABLE users ADD COLUMN password_generation BIGINT NOT NULL DEFAULT 0;
-- How many wrong passwords in a row were given in a session to change the password.
ALTER TABLE sessions ADD COLUMN wrong_passwords BIGINT NOT NULL DEFAULT 0;
