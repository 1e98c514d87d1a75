-- The foundation. `{text}` and `{bytes}` are the database's words for bytewise-ordered text and for bytes;
-- integers are BIGINT on both. Times are milliseconds since the epoch, truth values are 0 and 1.

-- One row. Every change of access takes the next revision from here first, which puts all changes in one order.
CREATE TABLE revision (
    only_one BIGINT PRIMARY KEY CHECK (only_one = 1),
    value BIGINT NOT NULL
);
INSERT INTO revision (only_one, value) VALUES (1, 0);

-- Ids that are numbers come from here and are never given twice.
CREATE TABLE counters (
    name {text} PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('org-unit', 0), ('access-rule', 0);

CREATE TABLE account (
    id BIGINT PRIMARY KEY,
    name {text} NOT NULL
);
INSERT INTO account (id, name) VALUES (1001, 'account');

-- What changed, for whoever follows. `changes` is a JSON list; a large revision has several rows, and one that changed
-- nothing has one with an empty list, so that the feed has no gaps.
CREATE TABLE changes (
    revision BIGINT NOT NULL,
    place BIGINT NOT NULL,
    changes {text} NOT NULL,
    PRIMARY KEY (revision, place)
);

-- The tree. `scope` is the key that rules point to: `cluster:<uuid>`, `department:<n>`, `project:<n>`; `id` is its part
-- behind the colon. `cluster` and `department` are the ids of the lineage, the node's own included. Nodes are
-- deleted softly, so that the past stays readable.
CREATE TABLE nodes (
    scope {text} PRIMARY KEY,
    kind {text} NOT NULL,
    id {text} NOT NULL,
    number BIGINT NOT NULL,
    name {text} NOT NULL,
    description {text} NOT NULL,
    cluster {text},
    department BIGINT,
    project BIGINT,
    default_department BIGINT,
    created_by {text} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
INSERT INTO nodes (scope, kind, id, number, name, description, created_by, created_at, updated_at)
    VALUES ('tenant', 'tenant', '1001', 1001, 'account', '', 'rolecall', 0, 0);
CREATE UNIQUE INDEX nodes_cluster_name ON nodes (lower(name)) WHERE kind = 'cluster' AND deleted_at IS NULL;
CREATE UNIQUE INDEX nodes_unit_name ON nodes (kind, cluster, lower(name)) WHERE kind IN ('department', 'project') AND deleted_at IS NULL;
CREATE INDEX nodes_name ON nodes (kind, name, number, id) WHERE deleted_at IS NULL;
CREATE INDEX nodes_id ON nodes (id);
CREATE INDEX nodes_cluster ON nodes (cluster, scope);
CREATE INDEX nodes_department ON nodes (department, scope);

CREATE TABLE users (
    id {text} PRIMARY KEY,
    email {text} NOT NULL,
    enabled BIGINT NOT NULL,
    -- external, own, temporary, lasting-temporary
    credential {text} NOT NULL,
    kind {text} NOT NULL GENERATED ALWAYS AS (CASE WHEN credential = 'external' THEN 'sso' ELSE 'local' END) STORED,
    password_hash {text},
    password_expires_at BIGINT,
    -- A JSON list of names.
    group_names {text} NOT NULL,
    created_by {text} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_login BIGINT
);
CREATE UNIQUE INDEX users_email ON users (email);
-- One for each order of the list, so that neither a page nor a condition reads all rows. The name is the tie-breaker.
CREATE INDEX users_kind ON users (kind, email);
CREATE INDEX users_created_by ON users (created_by, email);
CREATE INDEX users_created_at ON users (created_at, email);
CREATE INDEX users_updated_at ON users (updated_at, email);
CREATE INDEX users_last_login ON users (last_login, email);

CREATE TABLE service_accounts (
    id {text} PRIMARY KEY,
    client_id {text} NOT NULL,
    name {text} NOT NULL,
    enabled BIGINT NOT NULL,
    secret_hash {bytes} NOT NULL,
    created_by {text} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_login BIGINT
);
CREATE UNIQUE INDEX service_accounts_client_id ON service_accounts (client_id);
CREATE UNIQUE INDEX service_accounts_name ON service_accounts (name);

-- The names of the roles, brought in line with the catalogue at each start, so that lists can sort and filter by them.
CREATE TABLE roles (
    id BIGINT PRIMARY KEY,
    name {text} NOT NULL
);

CREATE TABLE access_rules (
    id BIGINT PRIMARY KEY,
    subject_type {text} NOT NULL,
    subject {text} NOT NULL,
    role BIGINT NOT NULL,
    scope {text} NOT NULL REFERENCES nodes (scope),
    created_by {text} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX access_rules_once ON access_rules (subject_type, subject, role, scope) WHERE deleted_at IS NULL;
-- Counting and paging read nothing but an index where it ends in the id and says what was deleted.
CREATE INDEX access_rules_id ON access_rules (id, deleted_at);
CREATE INDEX access_rules_scope ON access_rules (scope, id, deleted_at);
CREATE INDEX access_rules_role ON access_rules (role, id, deleted_at);
CREATE INDEX access_rules_subject ON access_rules (subject, id, deleted_at);
CREATE INDEX access_rules_subject_in_any_case ON access_rules (lower(subject));
CREATE INDEX access_rules_created_at ON access_rules (created_at, id, deleted_at);
CREATE INDEX access_rules_updated_at ON access_rules (updated_at, id, deleted_at);

-- What a sign-in began. A browser's session is found by the hash of its cookie; a client's has none.
CREATE TABLE sessions (
    id {text} PRIMARY KEY,
    -- user or service-account, and the id of that row
    identity_type {text} NOT NULL,
    identity_id {text} NOT NULL,
    secret_hash {bytes},
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- When the last access token of it expires; no sooner is an end forgotten.
    tokens_until BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_secret ON sessions (secret_hash);
CREATE INDEX sessions_identity ON sessions (identity_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Each refresh token of a session; one that was used stays, so that its reuse is noticed.
CREATE TABLE refresh_tokens (
    hash {bytes} PRIMARY KEY,
    session_id {text} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- Keys that all replicas share: the token signing key, the key of device proofs.
CREATE TABLE keys (
    name {text} PRIMARY KEY,
    value {bytes} NOT NULL,
    created_at BIGINT NOT NULL
);

-- Who did what. `revision` is set where access changed.
CREATE TABLE audit (
    id {text} PRIMARY KEY,
    revision BIGINT,
    at BIGINT NOT NULL,
    subject {text} NOT NULL,
    subject_type {text} NOT NULL,
    source_ip {text} NOT NULL,
    action {text} NOT NULL,
    http_method {text} NOT NULL,
    url {text} NOT NULL,
    entity_type {text} NOT NULL,
    entity_name {text} NOT NULL,
    entity_id {text} NOT NULL,
    result {text} NOT NULL,
    http_status_code BIGINT NOT NULL,
    request_id {text} NOT NULL
);
CREATE INDEX audit_time ON audit (at);
