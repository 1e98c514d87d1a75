-- Answers of SAML providers that a browser posted, until it comes back for them a moment later.
CREATE TABLE posted_answers (
    -- SHA-256 of the id in the address.
    hash {bytes} PRIMARY KEY,
    provider {text} NOT NULL,
    -- The network that it came from.
    network {text} NOT NULL,
    response {text} NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX posted_answers_at ON posted_answers (at);

-- SAML assertions that were used, until they would be refused anyway.
CREATE TABLE used_assertions (
    -- SHA-256 of the provider, the issuer and the id.
    hash {bytes} PRIMARY KEY,
    forget_at BIGINT NOT NULL
);
CREATE INDEX used_assertions_forget_at ON used_assertions (forget_at);
