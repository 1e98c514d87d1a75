-- How many access rules each user holds, by name and through groups, deleted ones aside: what the list of users sorts and filters by for
-- whoever sees all rules. Whatever writes rules, users or their groups brings it up to date in the same transaction. It
-- is a table of its own since a rule about a group changes the counts of all its members, and a row here is short.
CREATE TABLE rule_counts (
    email {text} PRIMARY KEY REFERENCES users (email) ON DELETE CASCADE,
    rules BIGINT NOT NULL
);
INSERT INTO rule_counts (email, rules)
    SELECT u.email, coalesce(h.rules, 0) FROM users u LEFT JOIN (
        SELECT a.email, count(*) AS rules FROM (
            SELECT r.subject AS email FROM access_rules r WHERE r.subject_type = 'user' AND r.deleted_at IS NULL
            UNION ALL
            SELECT g.email FROM access_rules r JOIN user_groups g ON g.group_name = r.subject
                WHERE r.subject_type = 'group' AND r.deleted_at IS NULL
        ) a GROUP BY a.email
    ) h ON h.email = u.email;
CREATE INDEX rule_counts_order ON rule_counts (rules, email);
