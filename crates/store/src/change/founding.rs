//! Founding: filling an empty account, with its first administrator or with a whole sample.

use std::collections::{HashMap, HashSet};

use rolecall_core::access::{Act, Permit, Rule};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{
    ClientId, Credential, Email, GroupName, ServiceAccount, ServiceAccountId, ServiceAccountName, Subject, User, UserId,
};
use rolecall_core::org::{
    AccountId, Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope,
};
use rolecall_core::{Error, Result, Timestamp};

use super::nodes::{Node, NodeRow};
use super::rules::RuleRow;
use super::service_accounts::ServiceAccountRow;
use super::users::UserRow;
use super::{ChangeTx, wrong_act};
use crate::sql::Sql;
use crate::stored;

/// What an account begins with.
pub struct Founding {
    /// What the account is called.
    pub account_name: NodeName,
    /// Its users; one of them at least must be a way in.
    pub users: Vec<FoundingUser>,
    /// Its clusters, with what is below them.
    pub clusters: Vec<FoundingCluster>,
    /// Its service accounts.
    pub service_accounts: Vec<FoundingServiceAccount>,
    /// Its access rules.
    pub rules: Vec<FoundingRule>,
}

/// A user of the founding.
pub struct FoundingUser {
    /// His id.
    pub id: UserId,
    /// His name.
    pub email: Email,
    /// How he proves who he is.
    pub credential: Credential,
    /// The hash of his password; none for one who signs in with an identity provider.
    pub password_hash: Option<String>,
    /// When his temporary password lapses.
    pub password_expires_at: Option<Timestamp>,
    /// Whether he may sign in.
    pub enabled: bool,
    /// His groups.
    pub groups: Vec<GroupName>,
    /// Who made him.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When he was changed last.
    pub updated_at: Timestamp,
    /// When he signed in last.
    pub last_login: Option<Timestamp>,
}

/// A cluster of the founding.
pub struct FoundingCluster {
    /// Its id.
    pub id: ClusterId,
    /// Its name.
    pub name: NodeName,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub at: Timestamp,
    /// What is below it; exactly one is the default.
    pub departments: Vec<FoundingDepartment>,
}

/// A department of the founding.
pub struct FoundingDepartment {
    /// Its name.
    pub name: NodeName,
    /// What it is for.
    pub description: String,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// Whether it is the cluster's default one.
    pub is_default: bool,
    /// What is below it.
    pub projects: Vec<FoundingProject>,
}

/// A project of the founding.
pub struct FoundingProject {
    /// Its name.
    pub name: NodeName,
    /// What it is for.
    pub description: String,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    pub created_by: String,
}

/// A service account of the founding.
pub struct FoundingServiceAccount {
    /// Its id.
    pub id: ServiceAccountId,
    /// What it signs in as.
    pub client_id: ClientId,
    /// What people call it.
    pub name: ServiceAccountName,
    /// Whether it may sign in.
    pub enabled: bool,
    /// The SHA-256 of what it signs in with.
    pub secret_hash: [u8; 32],
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// When it signed in last.
    pub last_login: Option<Timestamp>,
}

/// A rule of the founding.
pub struct FoundingRule {
    /// Whom it is about.
    pub subject: Subject,
    /// What it permits.
    pub role: RoleId,
    /// Where.
    pub scope: FoundingScope,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub at: Timestamp,
}

/// A scope by its names, since the ids come with the founding.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FoundingScope {
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
    /// Fills the account for the first time ([`Act::FoundAccount`]): its id, its name and all that it begins with.
    ///
    /// # Errors
    /// Conflict when there is a user already; invalid when a rule names a scope that is not in the founding.
    pub async fn found_account(&mut self, permit: &Permit, founding: &Founding) -> Result<()> {
        self.ensure_current(permit)?;
        let Act::FoundAccount(account) = permit.act() else { return Err(wrong_act(permit, "found the account")) };
        if self.transaction.first(Sql::new("SELECT id FROM users LIMIT 1")).await?.is_some() {
            return Err(Error::conflict("the account has users already; it is founded only once"));
        }
        self.name_account(*account, &founding.account_name).await?;
        self.insert_users(founding.users.iter().map(user_row).collect()).await?;
        self.insert_service_accounts(founding.service_accounts.iter().map(service_account_row).collect()).await?;
        let scopes = self.insert_tree(&founding.clusters).await?;
        let mut rules = Vec::with_capacity(founding.rules.len());
        let ids = self.next_numbers("access-rule", founding.rules.len()).await?;
        for (id, rule) in ids.zip(&founding.rules) {
            let FoundingRule { subject, role, scope, created_by, at } = rule;
            let scope = *scopes.get(scope).ok_or_else(|| {
                Error::invalid(format!("the rule for {subject} names {scope:?}, which is not in the founding"))
            })?;
            let rule = Rule { id: stored::rule_id(id)?, subject: subject.clone(), role: *role, scope };
            rules.push(RuleRow { rule, created_by: created_by.clone(), at: *at });
        }
        self.insert_rules(rules).await
    }

    async fn name_account(&mut self, id: AccountId, name: &NodeName) -> Result<()> {
        let mut account = Sql::new("UPDATE account SET id = ");
        account.bind(id.number()).push(", name = ").bind(name.as_str());
        self.transaction.execute(account).await?;
        let mut node = Sql::new("UPDATE nodes SET id = ");
        node.bind(id.to_string()).push(", number = ").bind(id.number()).push(", name = ").bind(name.as_str());
        node.push(", name_key = ").bind(name.key()).push(" WHERE scope = 'tenant'");
        self.transaction.execute(node).await?;
        self.founded = Some(name.clone());
        Ok(())
    }

    async fn insert_tree(&mut self, clusters: &[FoundingCluster]) -> Result<HashMap<FoundingScope, Scope>> {
        let mut scopes = HashMap::from([(FoundingScope::Account, Scope::Account)]);
        let mut rows = Vec::new();
        let departments = || clusters.iter().flat_map(|cluster| &cluster.departments);
        let units = departments().map(|department| 1 + department.projects.len()).sum();
        let mut ids = self.next_numbers("org-unit", units).await?;
        let mut next = || ids.next().ok_or_else(|| Error::internal("the founding has more nodes than were counted"));
        for cluster in clusters {
            scopes.insert(FoundingScope::Cluster(cluster.name.clone()), Scope::Cluster(cluster.id));
            let mut default = None;
            for department in &cluster.departments {
                let id = DepartmentId::new(next()?);
                if department.is_default {
                    default = Some(id);
                }
                let name = department.name.clone();
                scopes.insert(FoundingScope::Department(cluster.name.clone(), name.clone()), Scope::Department(id));
                rows.push(NodeRow {
                    node: Node::Department(Department { id, name, cluster: cluster.id }),
                    description: department.description.clone(),
                    created_by: department.created_by.clone(),
                    at: department.at,
                });
                for project in &department.projects {
                    let (name, department) = (project.name.clone(), id);
                    let id = ProjectId::new(next()?);
                    scopes.insert(FoundingScope::Project(cluster.name.clone(), name.clone()), Scope::Project(id));
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
        self.insert_nodes(rows).await?;
        Ok(scopes)
    }
}

/// Refuses nodes of one kind in one cluster, or clusters, that share a name.
fn ensure_apart(rows: &[NodeRow]) -> Result<()> {
    let mut names = HashSet::new();
    for row in rows {
        let (kind, cluster, name) = match &row.node {
            Node::Cluster(it) => ("cluster", None, &it.name),
            Node::Department(it) => ("department", Some(it.cluster), &it.name),
            Node::Project(it, cluster) => ("project", Some(*cluster), &it.name),
        };
        if !names.insert((kind, cluster, name.key())) {
            return Err(Error::conflict(format!("the founding has a second {kind} named {:?}", name.as_str())));
        }
    }
    Ok(())
}

fn user_row(new: &FoundingUser) -> UserRow {
    UserRow {
        user: User {
            id: new.id,
            email: new.email.clone(),
            enabled: new.enabled,
            credential: new.credential,
            groups: new.groups.clone().into(),
        },
        password_hash: new.password_hash.clone(),
        password_expires_at: new.password_expires_at,
        generated_password: false,
        created_by: new.created_by.clone(),
        created_at: new.created_at,
        updated_at: new.updated_at,
        last_login: new.last_login,
    }
}

fn service_account_row(new: &FoundingServiceAccount) -> ServiceAccountRow {
    let FoundingServiceAccount { id, client_id, name, enabled, .. } = new;
    ServiceAccountRow {
        account: ServiceAccount { id: *id, client_id: client_id.clone(), name: name.clone(), enabled: *enabled },
        secret_hash: new.secret_hash,
        created_by: new.created_by.clone(),
        created_at: new.created_at,
        updated_at: new.updated_at,
        last_login: new.last_login,
    }
}
