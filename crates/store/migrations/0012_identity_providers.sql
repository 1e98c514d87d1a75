-- Identity providers. The settings and the mappers are JSON, without the secret, which is encrypted on its own.
CREATE TABLE identity_providers (
    id {text} PRIMARY KEY,
    alias {text} NOT NULL,
    -- oidc, saml, openshift-v4
    kind {text} NOT NULL,
    enabled BIGINT NOT NULL,
    settings {text} NOT NULL,
    mappers {text} NOT NULL,
    secret {bytes},
    created_by {text} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    revision_id BIGINT NOT NULL
);
CREATE UNIQUE INDEX identity_providers_alias ON identity_providers (alias);

-- Who an SSO user is at an identity provider: what they are bound to at their first sign-in.
ALTER TABLE users ADD COLUMN provider {text};
ALTER TABLE users ADD COLUMN issuer {text};
ALTER TABLE users ADD COLUMN subject {text};
CREATE UNIQUE INDEX users_binding ON users (provider, issuer, subject) WHERE provider IS NOT NULL;

-- The identity provider that a session began with.
ALTER TABLE sessions ADD COLUMN provider {text};
CREATE INDEX sessions_provider ON sessions (provider) WHERE provider IS NOT NULL AND ended_at IS NULL;
