-- Roles are facts like all others. The predefined ones are written by the first start of this version, in a revision of their
-- own; until then `permissions` is NULL, and they permit nothing.
ALTER TABLE roles ADD COLUMN description {text} NOT NULL DEFAULT '';
ALTER TABLE roles ADD COLUMN custom BIGINT NOT NULL DEFAULT 0;
ALTER TABLE roles ADD COLUMN enabled BIGINT NOT NULL DEFAULT 1;
-- JSON lists.
ALTER TABLE roles ADD COLUMN permissions {text};
ALTER TABLE roles ADD COLUMN presets {text} NOT NULL DEFAULT '[]';
ALTER TABLE roles ADD COLUMN kubernetes {text};
ALTER TABLE roles ADD COLUMN created_by {text} NOT NULL DEFAULT '';
ALTER TABLE roles ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE roles ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE roles ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE roles ADD COLUMN revision_id BIGINT NOT NULL DEFAULT 0;
-- Deleted roles keep their names for the rules of the past.
ALTER TABLE roles ADD COLUMN deleted_at BIGINT;
-- Predefined roles have the ids below.
INSERT INTO counters (name, value) VALUES ('role', 10000);
