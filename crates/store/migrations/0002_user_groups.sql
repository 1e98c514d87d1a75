-- Who is in which group, so that lists can ask for those who hold a rule through one. `users.group_names` says it too, for whoever
-- reads one user; what writes users writes both. `{texts}` is the database's function that makes rows of a JSON list.
CREATE TABLE user_groups (
    group_name {text} NOT NULL,
    email {text} NOT NULL REFERENCES users (email) ON DELETE CASCADE,
    PRIMARY KEY (group_name, email)
);
CREATE INDEX user_groups_email ON user_groups (email, group_name);
INSERT INTO user_groups (group_name, email)
    SELECT DISTINCT g.value, u.email FROM users u, {texts}(CAST(u.group_names AS {json})) g;

-- Who holds a role, and who holds a rule in a scope, without reading a row.
CREATE INDEX access_rules_holders ON access_rules (role, subject_type, subject, scope) WHERE deleted_at IS NULL;
CREATE INDEX access_rules_scope_holders ON access_rules (scope, subject_type, subject, role) WHERE deleted_at IS NULL;

-- Users who may not sign in, and those with a temporary password, are few.
CREATE INDEX users_enabled ON users (enabled, email);
CREATE INDEX users_credential ON users (credential, email);
