//! Number of rules of each user, updated with every write. It reads the tables, never the world.

use rolecall_core::Result;
use rolecall_core::access::RuleId;
use rolecall_core::identity::Email;

use super::ChangeTx;
use crate::sql::Sql;

/// Maximum rules or users in one statement.
const AT_ONCE: usize = 500;

/// What happened to the counted rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Made,
    Removed,
}

impl ChangeTx {
    // INVARIANT: rules are created and deleted by `insert_rules` and `remove_rules`, and both call this. A row holds
    // the number of undeleted rules that name its user or one of their groups.

    /// Updates the counts after rules were created or deleted. A group's rule changes one row for each member.
    pub(super) async fn count_rules(&mut self, rules: &[RuleId], counted: Counted) -> Result<()> {
        for rules in rules.chunks(AT_ONCE) {
            let sign = if counted == Counted::Made { "+" } else { "-" };
            let mut sql = Sql::new(&format!("UPDATE rule_counts SET rules = rules {sign} a.times FROM ("));
            sql.push("SELECT h.email, count(*) AS times FROM (");
            sql.push("SELECT r.subject AS email FROM access_rules r WHERE r.subject_type = 'user' AND r.id IN ");
            sql.bind_all(rules.iter().map(|id| id.number()));
            sql.push(" UNION ALL SELECT g.email FROM access_rules r JOIN user_groups g ON g.group_name = r.subject ");
            sql.push("WHERE r.subject_type = 'group' AND r.id IN ");
            sql.bind_all(rules.iter().map(|id| id.number()));
            sql.push(") h GROUP BY h.email) a WHERE a.email = rule_counts.email");
            self.transaction.execute(sql).await?;
        }
        Ok(())
    }

    /// Counts all rules of users who are new, or whose groups may have changed.
    pub(super) async fn count_rules_of(&mut self, users: &[&Email]) -> Result<()> {
        for users in users.chunks(AT_ONCE) {
            let mut sql = Sql::new("INSERT INTO rule_counts (email, rules) SELECT u.email, (");
            sql.push("SELECT count(*) FROM access_rules r WHERE r.deleted_at IS NULL ");
            sql.push("AND r.subject_type = 'user' AND r.subject = u.email) + (");
            sql.push("SELECT count(*) FROM user_groups g JOIN access_rules r ON r.subject = g.group_name ");
            sql.push("WHERE g.email = u.email AND r.deleted_at IS NULL AND r.subject_type = 'group') ");
            sql.push("FROM users u WHERE u.email IN ").bind_all(users.iter().map(|email| email.as_str()));
            sql.push(" ON CONFLICT (email) DO UPDATE SET rules = excluded.rules");
            self.transaction.execute(sql).await?;
        }
        Ok(())
    }
}
