-- Whether the sign-in page leads to this identity provider by itself; at most one.
ALTER TABLE identity_providers ADD COLUMN auto_redirect BIGINT NOT NULL DEFAULT 0;
