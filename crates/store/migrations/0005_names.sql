-- The keys of names: the form in which they are compared, after full Unicode case folding, which no database can work out. Whatever
-- writes a name writes its key; where it is empty, `migrations.rs` fills it in.
ALTER TABLE nodes ADD COLUMN name_key {text} NOT NULL DEFAULT '';
ALTER TABLE roles ADD COLUMN name_key {text} NOT NULL DEFAULT '';
ALTER TABLE access_rules ADD COLUMN subject_key {text} NOT NULL DEFAULT '';
DROP INDEX access_rules_subject_in_any_case;
CREATE INDEX access_rules_subject_key ON access_rules (subject_key, subject, id, deleted_at);

-- That no two nodes have the same name is ensured by the change that would make a second one: earlier versions may have left some,
-- which are kept.
DROP INDEX nodes_cluster_name;
DROP INDEX nodes_unit_name;
DROP INDEX nodes_name;
CREATE INDEX nodes_name ON nodes (kind, name_key, name, number, id) WHERE deleted_at IS NULL;

-- Who made users: names that are ASCII.
DROP INDEX users_created_by;
CREATE INDEX users_created_by ON users (lower(created_by), created_by, email);

-- Those who never signed in come last when the latest sign-in comes first.
CREATE INDEX users_last_login_first ON users (coalesce(last_login, -9223372036854775807), email, last_login);

-- Whether the password is a generated one that its owner may keep and has not changed.
ALTER TABLE users ADD COLUMN generated_password BIGINT NOT NULL DEFAULT 0;
CREATE INDEX users_generated_password ON users (generated_password, email);
