//! Bootstrap: fills an empty account, with its first administrator or a whole sample.

use std::collections::{HashMap, HashSet};

use rolecall_core::access::Rule;
use rolecall_core::acts::{BootstrapAccount, Permit};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{
    ClientId, Credential, Email, GroupName, ServiceAccount, ServiceAccountId, ServiceAccountName, Subject, User, UserId,
};
use rolecall_core::org::{
    Account, AccountId, Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope,
};
use rolecall_core::text::quoted;
use rolecall_core::{Change, Error, Result, Timestamp};

use super::ChangeTx;
use super::details::{Details, NodeDetails, Origin, ServiceAccountDetails, UserDetails};
use super::node_rows::Node;
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
        let mut details = Details::default();
        let mut contents = Vec::new();
        for user in &bootstrap.users {
            contents.push(Change::UserSet(known_user(user)));
            details.users.insert(user.id, user_details(user));
        }
        for account in &bootstrap.service_accounts {
            contents.push(Change::ServiceAccountSet(known_service_account(account)));
            details.service_accounts.insert(account.id, service_account_details(account));
        }
        let (tree, scopes) = self.tree(&bootstrap.clusters, &mut details).await?;
        ensure_apart(&self.nodes_of(&tree)?)?;
        contents.extend(tree);
        contents.extend(self.rules(&bootstrap.rules, &scopes, &mut details).await?);
        self.enact_with(permit, contents, details).await.map(drop)
    }

    async fn rules(
        &mut self,
        new: &[BootstrapRule],
        scopes: &HashMap<BootstrapScope, Scope>,
        details: &mut Details,
    ) -> Result<Vec<Change>> {
        let ids = self.next_numbers("access-rule", new.len()).await?;
        let mut rules = Vec::new();
        for (id, new) in ids.zip(new) {
            let BootstrapRule { subject, role, scope, created_by, at } = new;
            let scope = *scopes.get(scope).ok_or_else(|| {
                Error::invalid(format!("the rule for {subject} names {scope:?}, which is not in the bootstrap"))
            })?;
            let id = stored::rule_id(id)?;
            rules.push(Change::RuleSet(Rule { id, subject: subject.clone(), role: *role, scope }));
            details.rules.insert(id, Origin { created_by: created_by.clone(), created_at: *at, updated_at: *at });
        }
        Ok(rules)
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

    /// The nodes, and each by its names.
    async fn tree(
        &mut self,
        clusters: &[BootstrapCluster],
        details: &mut Details,
    ) -> Result<(Vec<Change>, HashMap<BootstrapScope, Scope>)> {
        let mut scopes = HashMap::from([(BootstrapScope::Account, Scope::Account)]);
        let mut nodes = Vec::new();
        let departments = || clusters.iter().flat_map(|cluster| &cluster.departments);
        let units = departments().map(|department| 1 + department.projects.len()).sum();
        let mut ids = self.next_numbers("org-unit", units).await?;
        let mut next = || ids.next().ok_or_else(|| Error::internal("the bootstrap has more nodes than were counted"));
        let mut describe = |scope, description: &str, created_by: &str, at| {
            let origin = Origin { created_by: created_by.to_owned(), created_at: at, updated_at: at };
            let node = NodeDetails { description: description.to_owned(), origin: Some(origin) };
            details.nodes.insert(scope, node);
        };
        for cluster in clusters {
            scopes.insert(BootstrapScope::Cluster(cluster.name.clone()), Scope::Cluster(cluster.id));
            let mut default = None;
            for department in &cluster.departments {
                let id = DepartmentId::new(next()?);
                if department.is_default {
                    default = Some(id);
                }
                let BootstrapDepartment { name, description, at, created_by, .. } = department;
                describe(Scope::Department(id), description, created_by, *at);
                scopes.insert(BootstrapScope::Department(cluster.name.clone(), name.clone()), Scope::Department(id));
                nodes.push(Change::DepartmentSet(Department { id, name: name.clone(), cluster: cluster.id }));
                for project in &department.projects {
                    let (department, id) = (id, ProjectId::new(next()?));
                    let BootstrapProject { name, description, at, created_by } = project;
                    describe(Scope::Project(id), description, created_by, *at);
                    scopes.insert(BootstrapScope::Project(cluster.name.clone(), name.clone()), Scope::Project(id));
                    nodes.push(Change::ProjectSet(Project { id, name: name.clone(), department }));
                }
            }
            let BootstrapCluster { id, name, created_by, at, .. } = cluster;
            let default_department =
                default.ok_or_else(|| Error::invalid(format!("the cluster {name} has no default department")))?;
            describe(Scope::Cluster(*id), "", created_by, *at);
            nodes.push(Change::ClusterSet(Cluster { id: *id, name: name.clone(), default_department }));
        }
        Ok((nodes, scopes))
    }
}

/// Rejects clusters, or nodes of one kind in one cluster, that share a name.
fn ensure_apart(nodes: &[Node<'_>]) -> Result<()> {
    let mut names = HashSet::new();
    for node in nodes {
        let (kind, name) = (node.scope().kind(), node.name());
        if !names.insert((kind, node.within(), name.key())) {
            let (kind, name) = (kind.as_str(), quoted(name.as_str()));
            return Err(Error::conflict(format!("the bootstrap has a second {kind} named {name}")));
        }
    }
    Ok(())
}

fn known_user(new: &BootstrapUser) -> User {
    User {
        id: new.id,
        email: new.email.clone(),
        enabled: new.enabled,
        credential: new.credential,
        groups: new.groups.clone().into(),
        binding: None,
        email_there: None,
    }
}

fn user_details(new: &BootstrapUser) -> UserDetails {
    UserDetails {
        password_hash: new.password_hash.clone(),
        password_expires_at: new.password_expires_at,
        last_login: new.last_login,
        origin: Some(Origin {
            created_by: new.created_by.clone(),
            created_at: new.created_at,
            updated_at: new.updated_at,
        }),
        ..UserDetails::default()
    }
}

fn known_service_account(new: &BootstrapServiceAccount) -> ServiceAccount {
    let BootstrapServiceAccount { id, client_id, name, enabled, .. } = new;
    ServiceAccount { id: *id, client_id: client_id.clone(), name: name.clone(), enabled: *enabled }
}

fn service_account_details(new: &BootstrapServiceAccount) -> ServiceAccountDetails {
    ServiceAccountDetails {
        secret_hash: new.secret_hash,
        last_login: new.last_login,
        origin: Some(Origin {
            created_by: new.created_by.clone(),
            created_at: new.created_at,
            updated_at: new.updated_at,
        }),
    }
}
