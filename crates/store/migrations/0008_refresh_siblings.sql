-- How often a refresh token was used again within the time of grace after its first use.
ALTER TABLE refresh_tokens ADD COLUMN siblings BIGINT NOT NULL DEFAULT 0;
