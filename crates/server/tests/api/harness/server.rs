//! A whole server in this process: store, app and router, with a fixed clock and repeatable randomness.

use std::future::Future;
use std::net::Ipv4Addr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use rolecall::app::{App, Vault};
use rolecall::clock::Clock;
use rolecall::config::{self, Lifetimes, PublicUrl};
use rolecall::http::layers::Metrics;
use rolecall::http::{Http, router};
use rolecall::outbound::Outbound;
use rolecall::random::Random;
use rolecall_core::access::Actor;
use rolecall_core::acts::BootstrapAccount;
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{Credential, Email, GroupName, Subject, UserId};
use rolecall_core::org::{AccountId, NodeName};
use rolecall_core::{Revision, RevisionId, Timestamp};
use rolecall_signin::password::hash::Hasher;
use rolecall_signin::secret::Secret;
use rolecall_signin::token::signing::SigningKey;
use rolecall_store::{
    AuditRecord, Bootstrap, BootstrapRule, BootstrapScope, BootstrapUser, Database, RequestFacts, Store,
};
use tower::ServiceExt;
use uuid::Uuid;

use super::{Answer, GIA, PLATFORM, ROOT, ROOTS_PASSWORD, SOL, Token};

/// How a test's server differs from the default.
#[derive(Debug, Clone)]
pub struct Options {
    pub public_url: PublicUrl,
    pub lifetimes: Lifetimes,
    /// Trusted proxies.
    pub trusted_proxies: Vec<String>,
    /// Initial rules: a user's email, and their role at the account.
    pub rules: Vec<(String, RoleId)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            public_url: PublicUrl::localhost(8080, false),
            lifetimes: config::parse([""]).unwrap(),
            trusted_proxies: Vec::new(),
            rules: Vec::new(),
        }
    }
}

/// A server, with root signed in.
#[derive(Debug)]
pub struct Server {
    pub app: Arc<App>,
    pub clock: Clock,
    router: Router,
    /// The access token of the first administrator.
    pub root: Token,
}

impl Server {
    /// Runs a test on a server of its own.
    pub async fn run<F: Future<Output = ()>>(database: Database, test: impl FnOnce(Self) -> F) {
        let server = Self::start(&database).await;
        let store = server.app.store.clone();
        test(server).await;
        store.close().await;
    }

    /// Identity providers of tests are on loopback.
    pub fn outbound() -> Outbound {
        Outbound::new(&["127.0.0.0/8".parse().unwrap()], None).unwrap()
    }

    /// The vault of all servers here: keys in the clear, which the real program then encrypts.
    pub fn vault() -> Vault {
        Vault::default()
    }

    /// A bootstrapped server on a fresh database.
    pub async fn start(database: &Database) -> Self {
        Self::start_with(database, Options::default()).await
    }

    /// The same, with options of its own.
    pub async fn start_with(database: &Database, options: Options) -> Self {
        let store = Store::open(database).await.unwrap();
        let clock = Clock::held_at(began());
        store.key_or_insert("token-signing", signing_key(), clock.now()).await.unwrap();
        bootstrap(&store, &options.rules).await;
        Self::over(store, clock, 1, options).await
    }

    /// Another server on the same database: a second replica, with its own clock at the same time.
    pub async fn replica(&self) -> Self {
        let clock = Clock::held_at(self.clock.now());
        Self::over(self.app.store.clone(), clock, 2, Options::default()).await
    }

    /// The server after a restart: everything new except the database.
    pub async fn restarted(&self, database: &Database) -> Self {
        Self::over(Store::open(database).await.unwrap(), self.clock.clone(), 3, Options::default()).await
    }

    async fn over(store: Store, clock: Clock, seed: u64, options: Options) -> Self {
        let app = App::start(
            store,
            clock.clone(),
            Random::seeded(seed),
            Self::vault(),
            Self::outbound(),
            options.public_url,
            options.lifetimes,
        )
        .await
        .unwrap();
        let networks: Vec<_> = options.trusted_proxies.iter().map(|network| network.parse().unwrap()).collect();
        let http = Http { app: app.clone(), trusted_proxies: networks.into(), metrics: Arc::new(Metrics::new()) };
        let nobody = Token(String::new());
        let server = Self { app, clock, router: router(http), root: nobody };
        let root = server.sign_in(ROOT, ROOTS_PASSWORD).await;
        Self { root, ..server }
    }

    /// Sends a request through all layers.
    pub async fn answer(&self, asked: String, request: Request<Body>) -> Answer {
        let (parts, body) = self.response(request).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { asked, status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Sends a request through all layers, and returns the unread response.
    pub async fn response(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Moves the clock, while the server stays in contact with its database.
    pub async fn later(&self, by: Duration) {
        self.clock.advance(by);
        self.app.engine.catch_up(&self.app.store, self.clock.now()).await.unwrap();
    }

    /// Signs root in again, because time has passed.
    pub async fn root_again(&mut self) {
        self.root = self.sign_in(ROOT, ROOTS_PASSWORD).await;
    }

    /// The audit rows of changes of access after a revision, in order.
    pub async fn audited_after(&self, revision: Revision) -> Vec<AuditRecord> {
        let mut rows = self.app.store.audit_newest(1000).await.unwrap();
        rows.retain(|row| row.revision.is_some_and(|made| made > revision));
        rows.sort_by_key(|row| row.revision);
        rows
    }

    /// The newest revision in the database.
    pub async fn head(&self) -> Revision {
        self.app.store.head().await.unwrap()
    }
}

/// The time at which every test starts.
fn began() -> Timestamp {
    Timestamp::parse("2026-03-02T09:30:00Z").unwrap()
}

/// One signing key for all servers of a run: generating one takes longer than most tests.
pub(super) fn signing_key() -> &'static [u8] {
    static KEY: OnceLock<Vec<u8>> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate().unwrap().to_pkcs8().unwrap().to_vec())
}

fn roots_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| Hasher::new().hash(&Secret::from(ROOTS_PASSWORD), &[7; 16]).unwrap().to_phc())
}

/// Creates root, who is System administrator, and two users in a group.
async fn bootstrap(store: &Store, more: &[(String, RoleId)]) {
    let world = store.load_world().await.unwrap();
    let mut tx = store.begin(&world, RevisionId::new(1), began).await.unwrap().unwrap();
    let permit = tx.authorize(&Actor::Host, BootstrapAccount(AccountId::new(1001))).unwrap();
    let platform = || vec![GroupName::parse("group", PLATFORM).unwrap()];
    let bootstrap = Bootstrap {
        account_name: NodeName::parse("name", "Acme").unwrap(),
        users: vec![
            bootstrap_user(1, ROOT, Credential::Own, vec![], "host"),
            bootstrap_user(2, GIA, Credential::Own, platform(), "host"),
            bootstrap_user(3, SOL, Credential::External, platform(), "oidc"),
        ],
        clusters: vec![],
        service_accounts: vec![],
        rules: [(ROOT.to_owned(), RoleId::SYSTEM_ADMINISTRATOR)].iter().chain(more).map(bootstrap_rule).collect(),
    };
    tx.bootstrap_account(&permit, &bootstrap).await.unwrap();
    let facts = RequestFacts {
        source_ip: Ipv4Addr::LOCALHOST.to_string(),
        method: String::new(),
        url: String::new(),
        request_id: String::new(),
        audit_id: Uuid::from_u128(1),
        status: 200,
    };
    tx.commit(permit, &facts).await.unwrap();
}

fn bootstrap_rule((email, role): &(String, RoleId)) -> BootstrapRule {
    BootstrapRule {
        subject: Subject::User(Email::parse("email", email).unwrap()),
        role: *role,
        scope: BootstrapScope::Account,
        created_by: "host".to_owned(),
        at: began(),
    }
}

fn bootstrap_user(
    id: u128,
    email: &str,
    credential: Credential,
    groups: Vec<GroupName>,
    created_by: &str,
) -> BootstrapUser {
    BootstrapUser {
        id: UserId::new(Uuid::from_u128(id)),
        email: Email::parse("email", email).unwrap(),
        credential,
        password_hash: (credential == Credential::Own).then(|| roots_hash().to_owned()),
        password_expires_at: None,
        enabled: true,
        groups,
        created_by: created_by.to_owned(),
        created_at: began().minus(Duration::from_secs(24 * 60 * 60)),
        updated_at: began().minus(Duration::from_secs(60 * 60)),
        last_login: None,
    }
}
