-- The revision of the last change to a row, which its ETag shows; 0 for rows that nobody has changed since this migration.
-- Signing in writes `last_login` and is no change.
ALTER TABLE nodes ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE service_accounts ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
