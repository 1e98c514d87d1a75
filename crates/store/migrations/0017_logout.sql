-- Whom and what the identity provider means by a session that began there: SHA-256 of the issuer and its word for the
-- person, and of the issuer and its word for the session (`sid` of OpenID Connect, SessionIndex of SAML).
ALTER TABLE sessions ADD COLUMN provider_person {bytes};
ALTER TABLE sessions ADD COLUMN provider_session {bytes};
CREATE INDEX sessions_provider_person ON sessions (provider_person) WHERE provider_person IS NOT NULL AND ended_at IS NULL;
CREATE INDEX sessions_provider_session ON sessions (provider_session) WHERE provider_session IS NOT NULL AND ended_at IS NULL;

-- What signing out at the provider needs, encrypted; NULL where the provider cannot sign people out, or did.
ALTER TABLE sessions ADD COLUMN provider_sign_out {bytes};
