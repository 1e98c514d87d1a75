//! Bootstrap: fills an empty account, with its first administrator or a whole sample.

use std::collections::{HashMap, HashSet};

use rolecall_core::access::{Role, Rule};
use rolecall_core::acts::{BootstrapAccount, Permit};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{
    ClientId, Credential, Email, GroupName, PersonNames, ServiceAccount, ServiceAccountId, ServiceAccountName, Subject,
    User, UserId,
};
use rolecall_core::org::{
    Account, AccountId, Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope,
};
use rolecall_core::text::quoted;
use rolecall_core::{Change, Error, Result, Timestamp};

use super::ChangeTx;
use super::nodes::{Node, NodeRow};
use super::rules::RuleRow;
use super::service_accounts::ServiceAccountRow;
use super::users::UserRow;
use crate::sql::Sql;
use crate::stored;

/// The initial contents of an account.
pub struct Bootstrap {
    /// The account's name.
    pub account_name: NodeName,
    /// Its users; at least one must be a way in.
    pub users: Vec<BootstrapUser>,
    /// Its clusters, with everything below them.
    pub clusters: Vec<BootstrapCluster>,
    /// Its service accounts.
    pub service_accounts: Vec<BootstrapServiceAccount>,
    /// Its access rules.
    pub rules: Vec<BootstrapRule>,
}

/// An initial user.
pub struct BootstrapUser {
    /// Their id.
    pub id: UserId,
    /// Their email.
    pub email: Email,
    /// How they authenticate.
    pub credential: Credential,
    /// The hash of their password; `None` for a user of an identity provider.
    pub password_hash: Option<String>,
    /// When their temporary password expires.
    pub password_expires_at: Option<Timestamp>,
    /// Whether they are enabled.
    pub enabled: bool,
    /// Their groups.
    pub groups: Vec<GroupName>,
    /// The creator.
    pub created_by: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Time of the last sign-in.
    pub last_login: Option<Timestamp>,
}

/// An initial cluster.
pub struct BootstrapCluster {
    /// Its id.
    pub id: ClusterId,
    /// Its name.
    pub name: NodeName,
    /// The creator.
    pub created_by: String,
    /// Time of creation.
    pub at: Timestamp,
    /// Its departments; exactly one is the default.
    pub departments: Vec<BootstrapDepartment>,
}

/// An initial department.
pub struct BootstrapDepartment {
    /// Its name.
    pub name: NodeName,
    /// Its description.
    pub description: String,
    /// Time of creation.
    pub at: Timestamp,
    /// The creator.
    pub created_by: String,
    /// Whether it is the cluster's default department.
    pub is_default: bool,
    /// Its projects.
    pub projects: Vec<BootstrapProject>,
}

/// An initial project.
pub struct BootstrapProject {
    /// Its name.
    pub name: NodeName,
    /// Its description.
    pub description: String,
    /// Time of creation.
    pub at: Timestamp,
    /// The creator.
    pub created_by: String,
}

/// An initial service account.
pub struct BootstrapServiceAccount {
    /// Its id.
    pub id: ServiceAccountId,
    /// Its client id.
    pub client_id: ClientId,
    /// Its name.
    pub name: ServiceAccountName,
    /// Whether it is enabled.
    pub enabled: bool,
    /// The SHA-256 of its secret.
    pub secret_hash: [u8; 32],
    /// The creator.
    pub created_by: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Time of the last sign-in.
    pub last_login: Option<Timestamp>,
}

/// An initial rule.
pub struct BootstrapRule {
    /// The subject.
    pub subject: Subject,
    /// The role.
    pub role: RoleId,
    /// The scope.
    pub scope: BootstrapScope,
    /// The creator.
    pub created_by: String,
    /// Time of creation.
    pub at: Timestamp,
}

/// A scope by its names, since the ids are assigned at bootstrap.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BootstrapScope {
    /// The account.
    Account,
    /// The cluster of that name.
    Cluster(NodeName),
    /// The department of that name in the cluster of that name.
    Department(NodeName, NodeName),
    /// The project of that name in the cluster of that name.
    Project(NodeName, NodeName),
}

impl ChangeTx {
    /// Bootstraps the account: its id, its name and its initial contents.
    ///
    /// # Errors
    /// `Conflict` when a user exists already; `Invalid` when a rule names a scope that is not among the contents.
    pub async fn bootstrap_account(&mut self, permit: &Permit<BootstrapAccount>, bootstrap: &Bootstrap) -> Result<()> {
        let BootstrapAccount(account) = self.act_of(permit)?;
        if self.transaction.first(Sql::new("SELECT id FROM users LIMIT 1")).await?.is_some() {
            return Err(Error::conflict("the account has users already; it is bootstrapped only once"));
        }
        self.name_account(*account, &bootstrap.account_name).await?;
        let users: Vec<UserRow> = bootstrap.users.iter().map(user_row).collect();
        let accounts: Vec<ServiceAccountRow> = bootstrap.service_accounts.iter().map(service_account_row).collect();
        let (nodes, scopes) = self.tree(&bootstrap.clusters).await?;
        let rules = self.rules(&bootstrap.rules, &scopes).await?;
        let contents = users.iter().map(|row| Change::UserSet(row.user.clone()));
        let contents = contents.chain(accounts.iter().map(|row| Change::ServiceAccountSet(row.account.clone())));
        let contents = contents.chain(nodes.iter().map(|row| row.node.set()));
        let contents = contents.chain(rules.iter().map(|row| Change::RuleSet(row.rule.clone())));
        self.record_effects(permit, contents.collect())?;
        for role in Role::predefined() {
            self.set_role(&role).await?;
        }
        self.insert_users(users).await?;
        self.insert_service_accounts(accounts).await?;
        self.insert_nodes(nodes).await?;
        self.insert_rules(rules).await
    }

    async fn rules(&mut self, new: &[BootstrapRule], scopes: &HashMap<BootstrapScope, Scope>) -> Result<Vec<RuleRow>> {
        let ids = self.next_numbers("access-rule", new.len()).await?;
        let row = |(id, new): (i64, &BootstrapRule)| {
            let BootstrapRule { subject, role, scope, created_by, at } = new;
            let scope = *scopes.get(scope).ok_or_else(|| {
                Error::invalid(format!("the rule for {subject} names {scope:?}, which is not in the bootstrap"))
            })?;
            let rule = Rule { id: stored::rule_id(id)?, subject: subject.clone(), role: *role, scope };
            Ok(RuleRow { rule, created_by: created_by.clone(), at: *at })
        };
        ids.zip(new).map(row).collect()
    }

    async fn name_account(&mut self, id: AccountId, name: &NodeName) -> Result<()> {
        let mut account = Sql::new("UPDATE account SET id = ");
        account.bind(id.number()).push(", name = ").bind(name.as_str());
        self.transaction.execute(account).await?;
        let mut node = Sql::new("UPDATE nodes SET id = ");
        node.bind(id.to_string()).push(", number = ").bind(id.number()).push(", name = ").bind(name.as_str());
        node.push(", name_key = ").bind(name.key()).push(" WHERE scope = 'tenant'");
        self.transaction.execute(node).await?;
        self.bootstrapped = Some(Account { id, name: name.clone() });
        Ok(())
    }

    async fn tree(&mut self, clusters: &[BootstrapCluster]) -> Result<(Vec<NodeRow>, HashMap<BootstrapScope, Scope>)> {
        let mut scopes = HashMap::from([(BootstrapScope::Account, Scope::Account)]);
        let mut rows = Vec::new();
        let departments = || clusters.iter().flat_map(|cluster| &cluster.departments);
        let units = departments().map(|department| 1 + department.projects.len()).sum();
        let mut ids = self.next_numbers("org-unit", units).await?;
        let mut next = || ids.next().ok_or_else(|| Error::internal("the bootstrap has more nodes than were counted"));
        for cluster in clusters {
            scopes.insert(BootstrapScope::Cluster(cluster.name.clone()), Scope::Cluster(cluster.id));
            let mut default = None;
            for department in &cluster.departments {
                let id = DepartmentId::new(next()?);
                if department.is_default {
                    default = Some(id);
                }
                let name = department.name.clone();
                scopes.insert(BootstrapScope::Department(cluster.name.clone(), name.clone()), Scope::Department(id));
                rows.push(NodeRow {
                    node: Node::Department(Department { id, name, cluster: cluster.id }),
                    description: department.description.clone(),
                    created_by: department.created_by.clone(),
                    at: department.at,
                });
                for project in &department.projects {
                    let (name, department) = (project.name.clone(), id);
                    let id = ProjectId::new(next()?);
                    scopes.insert(BootstrapScope::Project(cluster.name.clone(), name.clone()), Scope::Project(id));
                    rows.push(NodeRow {
                        node: Node::Project(Project { id, name, department }, cluster.id),
                        description: project.description.clone(),
                        created_by: project.created_by.clone(),
                        at: project.at,
                    });
                }
            }
            let name = cluster.name.clone();
            let default_department =
                default.ok_or_else(|| Error::invalid(format!("the cluster {name} has no default department")))?;
            rows.push(NodeRow {
                node: Node::Cluster(Cluster { id: cluster.id, name, default_department }),
                description: String::new(),
                created_by: cluster.created_by.clone(),
                at: cluster.at,
            });
        }
        ensure_apart(&rows)?;
        Ok((rows, scopes))
    }
}

/// Rejects clusters, or nodes of one kind in one cluster, that share a name.
fn ensure_apart(rows: &[NodeRow]) -> Result<()> {
    let mut names = HashSet::new();
    for row in rows {
        let (kind, cluster, name) = match &row.node {
            Node::Cluster(it) => ("cluster", None, &it.name),
            Node::Department(it) => ("department", Some(it.cluster), &it.name),
            Node::Project(it, cluster) => ("project", Some(*cluster), &it.name),
        };
        if !names.insert((kind, cluster, name.key())) {
            return Err(Error::conflict(format!("the bootstrap has a second {kind} named {}", quoted(name.as_str()))));
        }
    }
    Ok(())
}

fn user_row(new: &BootstrapUser) -> UserRow {
    UserRow {
        user: User {
            id: new.id,
            email: new.email.clone(),
            enabled: new.enabled,
            credential: new.credential,
            groups: new.groups.clone().into(),
            binding: None,
            email_there: None,
        },
        names: PersonNames::default(),
        password_hash: new.password_hash.clone(),
        password_expires_at: new.password_expires_at,
        generated_password: false,
        created_by: new.created_by.clone(),
        created_at: new.created_at,
        updated_at: new.updated_at,
        last_login: new.last_login,
    }
}

fn service_account_row(new: &BootstrapServiceAccount) -> ServiceAccountRow {
    let BootstrapServiceAccount { id, client_id, name, enabled, .. } = new;
    ServiceAccountRow {
        account: ServiceAccount { id: *id, client_id: client_id.clone(), name: name.clone(), enabled: *enabled },
        secret_hash: new.secret_hash,
        created_by: new.created_by.clone(),
        created_at: new.created_at,
        updated_at: new.updated_at,
        last_login: new.last_login,
    }
}
