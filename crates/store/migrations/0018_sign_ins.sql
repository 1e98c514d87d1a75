-- Recent sign-ins with identity providers, for administrators: how far each came, and what the provider said.
CREATE TABLE sign_ins (
    -- What the person is shown.
    reference {text} PRIMARY KEY,
    provider {text} NOT NULL,
    at BIGINT NOT NULL,
    -- Whether the person is known here. The others may be anybody, so only a few of those are kept.
    known BIGINT NOT NULL,
    network {text} NOT NULL,
    -- The code of the failure; NULL for a person who came in.
    problem {text},
    email {text},
    is_test BIGINT NOT NULL,
    -- JSON: the steps, the claims, and what was made of them.
    details {text} NOT NULL
);
CREATE INDEX sign_ins_at ON sign_ins (at, reference);
CREATE INDEX sign_ins_strangers ON sign_ins (at) WHERE known = 0;
CREATE INDEX sign_ins_of_network ON sign_ins (network, at) WHERE known = 0;

-- What an identity provider last said of each user, to try changed settings with.
CREATE TABLE last_claims (
    user_id {text} PRIMARY KEY,
    provider {text} NOT NULL,
    -- JSON.
    claims {text} NOT NULL
);
CREATE INDEX last_claims_provider ON last_claims (provider, user_id);
