-- When the identity provider last said which groups a user is in; NULL for users whom none described.
ALTER TABLE users ADD COLUMN groups_at BIGINT;
UPDATE users SET groups_at = COALESCE(last_login, created_at) WHERE provider IS NOT NULL;
CREATE INDEX users_groups_at ON users (groups_at) WHERE groups_at IS NOT NULL AND group_names <> '[]';

-- What becomes of a sign-in when the provider does not say which groups the person is in: refuse, or keep the known ones.
ALTER TABLE identity_providers ADD COLUMN groups_absent {text} NOT NULL DEFAULT 'refuse';

-- Users whom a provider, as it was at that change, described as being in no group any more.
CREATE TABLE vanished_groups (
    provider {text} NOT NULL,
    changed BIGINT NOT NULL,
    user_id {text} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (provider, changed, user_id)
);
