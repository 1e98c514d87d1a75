//! `rolecall serve`.

use std::sync::Arc;

use rolecall_core::Result;
use rolecall_store::Store;

use super::listener::Listener;
use super::signals::StopSignals;
use super::{block_on, data, encryption, exposure, logs, terminal};
use crate::app::App;
use crate::app::bootstrap::{self, Bootstrapped, FirstStart};
use crate::app::doctor;
use crate::app::jobs::Jobs;
use crate::clock::Clock;
use crate::config::{PublicUrl, Settings};
use crate::http::layers::Metrics;
use crate::http::{self, Http};
use crate::outbound::Outbound;
use crate::random::Random;

/// Serves until told to stop.
pub fn run(settings: Settings) -> Result<()> {
    logs::start(&settings.log)?;
    block_on(serve(settings))
}

async fn serve(settings: Settings) -> Result<()> {
    let clock = Clock::system();
    let random = Random::system();
    let mut stop = StopSignals::take()?;
    // All checks come before the first start generates a password, which it can show only once.
    let listener = Listener::bind(&settings).await?;
    let lock = data::take(&settings.storage)?;
    exposure::warn(&settings);
    let store = Store::open(&settings.storage.database()).await?;
    let vault = encryption::vault(&settings, &store, &random).await?;
    let outbound = Outbound::new(&settings.outbound_networks, settings.outbound_ca_file.as_deref())?;
    let public_url = settings.public_url(listener.port());

    let bootstrapped = bootstrap(&settings, &store, &clock, &random).await?;
    introduce(&settings, &public_url, bootstrapped);

    let app = App::start(store.clone(), clock, random, vault, outbound, public_url, settings.lifetimes.clone()).await?;
    for line in doctor::mistakable_names(&app.engine.world()) {
        tracing::warn!("{line}");
    }
    let jobs = Jobs::start(&app);
    let http = Http { app, trusted_proxies: settings.trusted_proxies.into(), metrics: Arc::new(Metrics::new()) };
    terminal::show(&format!("listening on {}", listener.url()));
    let served = listener.serve(http::router(http), async move { stop.received().await }).await;

    jobs.stop().await;
    store.close().await;
    drop(lock);
    tracing::info!("stopped");
    served
}

/// Bootstraps an empty database. The file with the password is read only then: it may be gone later.
async fn bootstrap(settings: &Settings, store: &Store, clock: &Clock, random: &Random) -> Result<Option<Bootstrapped>> {
    if store.is_bootstrapped().await? {
        return Ok(None);
    }
    let start = FirstStart {
        administrator: settings.administrator.email.clone(),
        own_password: settings.administrator.own_password()?,
        sample: settings.demo,
    };
    bootstrap::bootstrap(store, clock, random, start).await
}

/// Tells the operator how to use the server.
fn introduce(settings: &Settings, url: &PublicUrl, bootstrapped: Option<Bootstrapped>) {
    let Some(bootstrapped) = bootstrapped else {
        if settings.demo {
            terminal::show(
                "\nThe sample organization exists already; its administrator's password was shown at the first start.\n\
                 To get back in, run rolecall admin recover with the same --data-dir or --database-url.\n",
            );
        }
        return;
    };
    let password = match &bootstrapped.temporary_password {
        Some(password) => {
            format!("{}   (temporary, shown only once: sign in with it and choose your own)", password.expose())
        }
        None => "the one in --admin-password-file".to_owned(),
    };
    let what = if settings.demo { "Rolecall with a sample organization" } else { "Rolecall" };
    terminal::show(&format!(
        "\n{what}\n\n  address    {url}\n  the API    {url}/api/docs\n  email      {}\n  password   {password}\n  \
         data       {}\n",
        bootstrapped.administrator, settings.storage,
    ));
}
