//! Loading the world: all access facts at one revision, from one snapshot.

use rolecall_core::identity::{ClientId, ServiceAccount, ServiceAccountName};
use rolecall_core::org::{
    Account, AccountId, Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId,
};
use rolecall_core::{Change, Error, Result, Revision, World};

use crate::Store;
use crate::sql::{Row, Sql};
use crate::stored;

/// Reads a row of a table.
type Read = fn(&Row) -> Result<Change>;

impl Store {
    /// All access facts, at the revision that the world says. It is the world that whoever followed the feed has.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load_world(&self) -> Result<World> {
        let users = format!("SELECT {} FROM users", stored::USER_COLUMNS);
        let rules = format!("SELECT {} FROM access_rules WHERE deleted_at IS NULL ORDER BY id", stored::RULE_COLUMNS);
        let statements = [
            "SELECT value FROM revision",
            "SELECT id, name FROM account",
            "SELECT kind, id, name, cluster, department, default_department FROM nodes \
             WHERE deleted_at IS NULL AND kind <> 'tenant'",
            &users,
            "SELECT id, client_id, name, enabled FROM service_accounts",
            &rules,
            // In the order in which they ended, of those whose tokens lived on when the last one ended: so the world
            // forgets what it would have forgotten, had it followed.
            "SELECT id, ended_at, tokens_until FROM sessions WHERE ended_at IS NOT NULL \
             AND tokens_until >= (SELECT max(ended_at) FROM sessions) ORDER BY ended_at, id",
        ];
        let answers = self.read_together(statements.map(Sql::new).to_vec()).await?;
        let [revision, account, nodes, users, service_accounts, rules, sessions] = <[_; 7]>::try_from(answers)
            .map_err(|answers: Vec<_>| Error::internal(format!("{} of 7 statements were answered", answers.len())))?;
        let (Some(revision), Some(account)) = (revision.first(), account.first()) else {
            return Err(Error::internal("the revision or the account is missing"));
        };
        let facts: [(Vec<Row>, Read); 5] = [
            (nodes, node),
            (users, |row| stored::user(row).map(Change::UserSet)),
            (service_accounts, service_account),
            (rules, |row| stored::rule(row).map(Change::RuleSet)),
            (sessions, ended_session),
        ];
        let account = Account {
            id: AccountId::new(i32::try_from(account.int(0)?).map_err(Error::internal)?),
            name: node_name(account.text(1)?)?,
        };
        // A row goes as soon as the world has it: of millions of rules there is never a second list.
        let changes = facts.into_iter().flat_map(|(rows, read)| rows.into_iter().map(move |row| read(&row)));
        let mut wrong = None;
        let readable = changes.map_while(|change| change.map_err(|error| wrong = Some(error)).ok());
        let world = World::empty(account).apply(Revision::new(revision.int(0)?), readable);
        wrong.map_or(Ok(world), Err)
    }
}

fn node(row: &Row) -> Result<Change> {
    let id = row.text(1)?;
    let name = node_name(row.text(2)?)?;
    let wrong = || Error::internal(format!("the node {id:?} is none"));
    Ok(match row.text(0)? {
        "cluster" => Change::ClusterSet(Cluster {
            id: ClusterId::parse(id).ok_or_else(wrong)?,
            name,
            default_department: DepartmentId::new(row.int(5)?),
        }),
        "department" => Change::DepartmentSet(Department {
            id: DepartmentId::parse(id).ok_or_else(wrong)?,
            name,
            cluster: ClusterId::parse(row.text(3)?).ok_or_else(wrong)?,
        }),
        "project" => Change::ProjectSet(Project {
            id: ProjectId::parse(id).ok_or_else(wrong)?,
            name,
            department: DepartmentId::new(row.int(4)?),
        }),
        _ => return Err(wrong()),
    })
}

fn node_name(text: &str) -> Result<NodeName> {
    NodeName::parse("name", text).map_err(Error::internal)
}

fn service_account(row: &Row) -> Result<Change> {
    Ok(Change::ServiceAccountSet(ServiceAccount {
        id: stored::service_account_id(row.text(0)?)?,
        client_id: ClientId::parse("clientId", row.text(1)?).map_err(Error::internal)?,
        name: ServiceAccountName::parse("name", row.text(2)?).map_err(Error::internal)?,
        enabled: row.bool(3)?,
    }))
}

fn ended_session(row: &Row) -> Result<Change> {
    Ok(Change::SessionEnded { id: stored::session_id(row.text(0)?)?, at: row.time(1)?, until: row.time(2)? })
}
