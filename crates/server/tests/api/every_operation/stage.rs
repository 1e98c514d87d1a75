//! The stage: entities for operations, all in one branch of the tree, and callers.

use std::sync::Arc;

use rolecall_core::access::Actor;
use rolecall_core::acts::{Admission, AdmitNewcomer, AdmitUser};
use rolecall_core::identity::{Binding, Email, PersonNames, ProviderAlias, UserId};
use rolecall_store::{NewSignIn, SignInRecord};
use serde_json::json;

use crate::harness::people::Machine;
use crate::harness::{Server, TestScope, Token, claims};

/// An entity of an operation, as the audit log names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    pub kind: &'static str,
    pub name: String,
    pub id: String,
}

impl Thing {
    fn new(kind: &'static str, name: &str, id: &str) -> Self {
        Self { kind, name: name.to_owned(), id: id.to_owned() }
    }

    pub fn viewer() -> Self {
        Self::new("role", "Viewer", "7")
    }

    pub fn permission_set() -> Self {
        let preset = &rolecall_core::catalogue::Preset::all()[0];
        Self::new("permission-set", preset.name, &preset.id.to_string())
    }

    fn node(name: &str, place: &TestScope) -> Self {
        Self::new(place.kind, name, &place.id)
    }

    /// A node, as requests to create something in it name it.
    pub fn place(&self) -> TestScope {
        TestScope { kind: self.kind, id: self.id.clone() }
    }
}

/// A branch, with one of everything in it.
#[derive(Debug)]
pub struct Stage {
    /// Distinguishes the names of this stage from those of another.
    pub tag: String,
    pub cluster: Thing,
    pub department: Thing,
    pub project: Thing,
    /// A role of the organization's own, that no rule has.
    pub role: Thing,
    /// A node without contents, so that it can be deleted.
    pub empty_cluster: Thing,
    pub empty_department: Thing,
    pub user: Thing,
    /// A user who signed in with the provider.
    pub bound: Thing,
    /// A user who signed in with a provider that was removed.
    pub orphan: Thing,
    pub machine: Thing,
    pub provider: Thing,
    /// A recent sign-in with the provider.
    pub sign_in: Thing,
    /// The service account's secret.
    pub credentials: Machine,
    /// The user has Viewer in the project.
    pub rule: Thing,
}

impl Stage {
    /// Set by root.
    pub async fn set(server: &Server, number: usize) -> Self {
        let tag = format!("-{number}");
        let named = |text: &str| format!("{text}{tag}");
        let (berlin, empty) = (named("berlin"), named("empty"));
        let (research, archive, vision) = (named("research"), named("archive"), named("vision"));
        let cluster = server.cluster(&berlin).await;
        let empty_cluster = server.cluster(&empty).await;
        let department = server.department(&research, &cluster).await;
        let empty_department = server.department(&archive, &cluster).await;
        let project = server.project(&vision, &cluster, &department).await;

        let email = named("ana") + "@example.com";
        let (user, _) = server.user(&email).await;
        let rule = server.grant(&email, 7, &project).await;
        let role = named("Lead");
        let made = json!({ "name": role, "permissions": [{ "resourceType": "project", "actions": ["read"] }] });
        let made = server.post(&server.root, "/api/v2/authorization/roles", made).await.created();
        let machine = server.service_account(&named("nightly")).await;
        // An account has only a few: those of earlier stages go, except for the first one, where reads go on.
        for earlier in server.get(&server.root, "/api/v1/idps").await.ok().as_array().unwrap() {
            let alias = earlier["alias"].as_str().unwrap();
            if alias != "idp-0" {
                server.delete(&server.root, &format!("/api/v1/idps/{alias}")).await;
            }
        }
        server.delete(&server.root, "/api/v1/removed-idps/bindings").await.ok();
        let removed = named("removed");
        server.post(&server.root, "/api/v1/idps", super::table::oidc(&removed)).await.created();
        let orphan = admitted(server, &removed, &(named("olga") + "@example.com")).await;
        server.delete(&server.root, &format!("/api/v1/idps/{removed}")).await;
        let provider = named("idp");
        server.post(&server.root, "/api/v1/idps", super::table::oidc(&provider)).await.created();
        let bound = admitted(server, &provider, &(named("nia") + "@example.com")).await;
        let sign_in = kept(server, &provider, number).await;
        Self {
            sign_in,
            role: Thing::new("role", &role, &made["id"].to_string()),
            rule: Thing::new(
                "access-rule",
                &format!("{email} has Viewer in Acme/{berlin}/{research}/{vision}"),
                &rule.to_string(),
            ),
            cluster: Thing::node(&berlin, &cluster),
            department: Thing::node(&research, &department),
            project: Thing::node(&vision, &project),
            empty_cluster: Thing::node(&empty, &empty_cluster),
            empty_department: Thing::node(&archive, &empty_department),
            user: Thing::new("user", &email, &user),
            bound,
            orphan,
            machine: Thing::new("service-account", &named("nightly"), &machine.id),
            provider: Thing::new("identity-provider", &provider, &provider),
            credentials: machine,
            tag,
        }
    }
}

/// What the provider calls the person with that email since their second sign-in.
pub fn email_there(email: &str) -> String {
    format!("new.{email}")
}

/// Lets a person in, as their first two sign-ins with the provider do.
async fn admitted(server: &Server, provider: &str, email: &str) -> Thing {
    let id = UserId::new(server.app.random.uuid().unwrap());
    for name in [email, &email_there(email)] {
        let mut change = server.change_by(Actor::Rolecall).await;
        let alias = ProviderAlias::parse("name", provider).unwrap();
        let provider = change.tx.world().provider_named(&alias).unwrap();
        let admission = Admission {
            binding: Arc::new(Binding::new(provider.id, "https://id.example.com", email).unwrap()),
            changed: provider.changed,
            email: Email::parse("email", name).unwrap(),
            groups: Some([].into()),
        };
        if name == email {
            let permit = change.authorize(AdmitNewcomer(admission)).await.unwrap();
            change.tx.admit_newcomer(&permit, id, PersonNames::default()).await.unwrap();
            change.commit(permit, ()).await.unwrap();
        } else {
            let permit = change.authorize(AdmitUser(admission)).await.unwrap();
            change.tx.admit_user(&permit).await.unwrap();
            change.commit(permit, ()).await.unwrap();
        }
    }
    Thing::new("user", email, &id.to_string())
}

/// Keeps a sign-in with the provider among the recent ones.
async fn kept(server: &Server, provider: &str, number: usize) -> Thing {
    let reference = format!("{number:04}-TEST");
    let alias = ProviderAlias::parse("name", provider).unwrap();
    let world = server.app.engine.current(server.clock.now()).unwrap();
    let record = SignInRecord {
        reference: reference.clone(),
        provider: world.provider_named(&alias).unwrap().id,
        at: server.clock.now(),
        problem: Some("email-missing".to_owned()),
        email: None,
        is_test: false,
        details: json!({ "steps": ["read-claims"], "reading": { "supplementaryGroups": [], "warnings": [] } })
            .to_string(),
    };
    let new = NewSignIn { record, is_known: true, network: "192.0.2.0/24".to_owned() };
    server.app.store.note_sign_in(new).await.unwrap();
    Thing::new("sign-in", &reference, &reference)
}

/// A caller.
#[derive(Debug)]
pub struct Me {
    pub token: Token,
    pub user: Thing,
    pub session: Thing,
    pub password: String,
}

impl Me {
    /// A user with these rules, and their own password or a temporary one.
    pub async fn new(server: &Server, email: &str, temporary: bool, rules: &[(i32, &TestScope)]) -> Self {
        let (id, password) = if temporary { server.newcomer(email).await } else { server.user(email).await };
        for (role, place) in rules {
            server.grant(email, *role, place).await;
        }
        let token = server.sign_in(email, &password).await;
        let session = claims(&token)["sid"].as_str().unwrap().to_owned();
        Self { token, user: Thing::new("user", email, &id), session: Thing::new("session", email, &session), password }
    }

    /// A caller with all permissions.
    pub async fn administrator(server: &Server, number: usize) -> Self {
        Self::new(server, &format!("administrator-{number}@example.com"), false, &[(1, &TestScope::account())]).await
    }

    /// Ends their session.
    pub async fn log_out(&self, server: &Server) {
        self.told(server, "logout").await;
    }

    /// Disables them, and ends their session.
    pub async fn disable(&self, server: &Server) {
        self.told(server, "disable").await;
    }

    async fn told(&self, server: &Server, what: &str) {
        server.post(&server.root, &format!("/api/v1/users/{}/{what}", self.user.id), json!({})).await.done();
    }
}
