//! The server with one route more, `POST /empty`, which goes through the same layers, wants to know who asks, and answers
//! nothing. `cargo xtask bench` compares decisions over HTTP with it.
//!
//! It starts as `rolecall serve` does on a database that has been bootstrapped, and takes the same options.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for measuring, not a part of the product")]

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::serve::ListenerExt;
use clap::Parser;
use rolecall::app::App;
use rolecall::app::jobs::Jobs;
use rolecall::cli::encryption;
use rolecall::clock::Clock;
use rolecall::config::{self, Settings};
use rolecall::http::extract::Caller;
use rolecall::http::{Http, layers};
use rolecall::outbound::Outbound;
use rolecall::random::Random;
use rolecall_core::Result;
use rolecall_store::Store;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
enum Command {
    Serve(Box<Settings>),
}

#[tokio::main]
async fn main() -> Result<()> {
    let Command::Serve(settings) = config::parse(std::env::args_os()).unwrap_or_else(|refused| refused.exit());
    tracing_subscriber::fmt()
        .with_env_filter(&settings.log)
        .with_writer(std::io::stderr)
        .json()
        .flatten_event(true)
        .init();

    let socket = tokio::net::TcpListener::bind(settings.listen).await.expect("an address that is free");
    let address = socket.local_addr().expect("an address");
    let store = Store::open(&settings.storage.database()).await?;
    let random = Random::system();
    let vault = encryption::vault(&settings, &store, &random).await?;
    let outbound = Outbound::new(&settings.outbound_networks, settings.outbound_ca_file.as_deref())?;
    let public_url = settings.public_url(address.port());
    let app =
        App::start(store, Clock::system(), random, vault, outbound, public_url, settings.lifetimes.clone()).await?;
    let _jobs = Jobs::start(&app);
    let http =
        Http { app, trusted_proxies: settings.trusted_proxies.into(), metrics: Arc::new(layers::Metrics::new()) };

    let empty = layers::apply(Router::new().route("/empty", post(empty)), &http).with_state(http.clone());
    let router = rolecall::http::router(http).merge(empty);
    println!("listening on http://{address}");
    let socket = socket.tap_io(|stream| drop(stream.set_nodelay(true)));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(socket, service).await.expect("a socket");
    Ok(())
}

/// Takes the body as a decision does, reads nothing of it, and answers as JSON.
async fn empty(Caller(_): Caller, _body: axum::body::Bytes) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], "{}")
}
