-- The id of the revision in `revision`, so that an ETag of a history that is gone matches nothing. 0 for rows that nobody has
-- changed since this migration, and in what an older version writes that still runs beside this one.
ALTER TABLE nodes ADD COLUMN revision_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN revision_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE service_accounts ADD COLUMN revision_id BIGINT NOT NULL DEFAULT 0;
