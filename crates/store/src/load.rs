//! Loads the world: all access facts at one revision, from one snapshot, a part at a time, so that memory never holds
//! millions of rows beside the world built from them.

use std::num::NonZeroU16;

use rolecall_core::identity::{ClientId, ServiceAccount, ServiceAccountName};
use rolecall_core::org::{
    Account, AccountId, Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId,
};
use rolecall_core::{Change, Error, Result, RevisionStamp, World};

use crate::Store;
use crate::backend::Rows;
use crate::sql::{Row, Sql};
use crate::stored;

/// Reads a row of a table.
type Read = fn(&Row) -> Result<Change>;

/// All access facts at one revision that are still to be read.
#[derive(Debug)]
pub struct Loading {
    stamp: RevisionStamp,
    account: Account,
    rows: Rows,
}

impl Loading {
    /// The revision whose facts these are.
    #[must_use]
    pub const fn stamp(&self) -> RevisionStamp {
        self.stamp
    }

    /// The root of the tree.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// The next facts; `None` at the end.
    ///
    /// # Errors
    /// When the database does not answer, or holds invalid facts.
    pub async fn more(&mut self) -> Result<Option<Vec<Change>>> {
        let Some((statement, rows)) = self.rows.next().await? else { return Ok(None) };
        let read: Read = match statement {
            NODES => node,
            USERS => |row| stored::user(row).map(Change::UserSet),
            SERVICE_ACCOUNTS => service_account,
            ROLES => |row| stored::role(row).map(Change::RoleSet),
            RULES => |row| stored::rule(row).map(Change::RuleSet),
            PROVIDERS => |row| stored::provider(row).map(Change::ProviderSet),
            SESSIONS => ended_session,
            _ => return Err(Error::internal("there is more than one revision or account")),
        };
        rows.iter().map(read).collect::<Result<_>>().map(Some)
    }
}

/// Rows read at a time.
const PART: NonZeroU16 = NonZeroU16::new(10_000).unwrap();

// The statements, by index.
const REVISION: usize = 0;
const ACCOUNT: usize = 1;
const NODES: usize = 2;
const USERS: usize = 3;
const SERVICE_ACCOUNTS: usize = 4;
const ROLES: usize = 5;
const RULES: usize = 6;
const PROVIDERS: usize = 7;
const SESSIONS: usize = 8;

impl Store {
    /// All access facts, at the world's revision. The result equals the world of a follower of the feed.
    ///
    /// # Errors
    /// When the database does not answer, or holds invalid facts.
    pub async fn load_world(&self) -> Result<World> {
        const NOTHING: [Change; 0] = [];
        let mut loading = self.load().await?;
        let empty = World::empty(loading.account.clone());
        let mut world = empty.apply(loading.stamp.revision, NOTHING).identified(loading.stamp.id);
        while let Some(facts) = loading.more().await? {
            world = world.with(facts);
        }
        Ok(world)
    }

    /// Whether any user exists, so that the account is bootstrapped.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_bootstrapped(&self) -> Result<bool> {
        Ok(!self.read(Sql::new("SELECT id FROM users LIMIT 1")).await?.is_empty())
    }

    /// Starts to load all access facts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load(&self) -> Result<Loading> {
        let users = format!("SELECT {} FROM users", stored::USER_COLUMNS);
        let roles = format!(
            "SELECT {} FROM roles WHERE permissions IS NOT NULL AND deleted_at IS NULL ORDER BY id",
            stored::ROLE_COLUMNS
        );
        let rules = format!("SELECT {} FROM access_rules WHERE deleted_at IS NULL ORDER BY id", stored::RULE_COLUMNS);
        let providers = format!("SELECT {} FROM identity_providers ORDER BY id", stored::PROVIDER_COLUMNS);
        let statements = [
            "SELECT r.value, coalesce((SELECT c.id FROM changes c WHERE c.revision = r.value AND c.place = 0), 0) \
             FROM revision r",
            "SELECT id, name FROM account",
            "SELECT kind, id, name, cluster, department, default_department FROM nodes \
             WHERE deleted_at IS NULL AND kind <> 'tenant'",
            &users,
            "SELECT id, client_id, name, enabled FROM service_accounts",
            &roles,
            &rules,
            &providers,
            // Sessions in the order of their end, without those whose tokens had expired when the last one ended: a
            // follower of the feed would have dropped the same.
            "SELECT id, ended_at, tokens_until FROM sessions WHERE ended_at IS NOT NULL \
             AND tokens_until >= (SELECT max(ended_at) FROM sessions) ORDER BY ended_at, id",
        ];
        let mut rows = self.backend.stream(statements.map(Sql::new).to_vec(), PART, Box::new(())).await?;
        let revision = first(&mut rows, REVISION).await?;
        let account = first(&mut rows, ACCOUNT).await?;
        Ok(Loading {
            stamp: stored::stamp(&revision, 0)?,
            account: Account {
                id: AccountId::new(i32::try_from(account.int(0)?).map_err(Error::internal)?),
                name: node_name(account.text(1)?)?,
            },
            rows,
        })
    }
}

/// The row that a statement must return.
async fn first(rows: &mut Rows, statement: usize) -> Result<Row> {
    let part = rows.next().await?.filter(|(of, _)| *of == statement);
    let row = part.and_then(|(_, rows)| rows.into_iter().next());
    row.ok_or_else(|| Error::internal("the revision or the account is missing"))
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
    NodeName::known("name", text).map_err(Error::internal)
}

fn service_account(row: &Row) -> Result<Change> {
    Ok(Change::ServiceAccountSet(ServiceAccount {
        id: stored::service_account_id(row.text(0)?)?,
        client_id: ClientId::known("clientId", row.text(1)?).map_err(Error::internal)?,
        name: ServiceAccountName::parse("name", row.text(2)?).map_err(Error::internal)?,
        enabled: row.bool(3)?,
    }))
}

fn ended_session(row: &Row) -> Result<Change> {
    Ok(Change::SessionEnded { id: stored::session_id(row.text(0)?)?, at: row.time(1)?, until: row.time(2)? })
}
