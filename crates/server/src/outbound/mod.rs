//! Requests of this server to others: identity providers, and nothing else.
//!
//! Administrators choose the addresses, so an address must not lead into the server's own host or network:
//! `guard` judges the address that a name resolves to, and exactly that address is connected to. A request has limits
//! in time and size, follows no redirect, carries no cookie and uses no proxy. Each has its own connection: they are
//! rare.

mod address;
mod error;
mod guard;
#[cfg(test)]
mod tests;
mod trust;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, LOCATION, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use rolecall_core::Result;
use rolecall_signin::secret::Secret;
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

pub use address::Address;
pub use error::OutboundError;
use guard::Guard;

/// Maximum time of a request, from the resolution of its name to the last byte.
const LONGEST: Duration = Duration::from_secs(10);
/// Maximum time to connect to one address.
const LONGEST_CONNECT: Duration = Duration::from_secs(3);
/// Maximum addresses of a name that are tried.
const MOST_ADDRESSES: usize = 4;
/// Maximum body of a response, in bytes.
const LARGEST: usize = 1024 * 1024;
/// Maximum head of a response, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;
/// Maximum concurrent requests.
const AT_ONCE: usize = 32;

/// The client for all requests to other servers.
#[derive(Debug)]
pub struct Outbound {
    guard: Guard,
    tls: TlsConnectorOf,
    turns: Semaphore,
    longest: Duration,
}

/// A connector does not print.
struct TlsConnectorOf(TlsConnector);

/// What is sent.
#[derive(Debug, Default)]
pub struct Ask<'a> {
    /// The type of response that is wanted.
    pub accept: &'static str,
    /// An encoded form to post; without one it is a GET.
    pub form: Option<&'a Secret>,
    /// The value of `Authorization`.
    pub authorization: Option<&'a Secret>,
}

/// A response, of any status except a redirect.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its type, without parameters, in lowercase.
    pub content_type: Option<String>,
    /// How long it may be kept (`Cache-Control: max-age`).
    pub max_age: Option<Duration>,
    /// Its body.
    pub body: Bytes,
}

impl Outbound {
    /// `networks` are those that requests may reach although they are this host's own or link-local, also without TLS.
    /// Servers are authenticated by the system's authorities and those in the file.
    ///
    /// # Errors
    /// `Invalid`, with the setting, when the file cannot be used.
    pub fn new(networks: &[IpNet], authorities: Option<&Path>) -> Result<Self> {
        let tls = TlsConnector::from(Arc::new(trust::config(authorities)?));
        let turns = Semaphore::new(AT_ONCE);
        Ok(Self { guard: Guard::new(networks), tls: TlsConnectorOf(tls), turns, longest: LONGEST })
    }

    /// Sends a request, and reads the whole response.
    ///
    /// # Errors
    /// When the address is refused, the server does not answer in time, or its response is a redirect or too large.
    pub async fn send(&self, address: &Address, ask: Ask<'_>) -> Result<Answer, OutboundError> {
        let host = || address.host().to_owned();
        let sent = timeout(self.longest, async {
            let _turn = self.turns.acquire().await.map_err(|_| OutboundError::TimedOut { host: host() })?;
            let stream = self.connect(address).await?;
            if !address.is_secure() {
                return exchange(TokioIo::new(stream), address, ask).await;
            }
            let name = address.server_name()?;
            let shaken = self.tls.0.connect(name, stream).await;
            let stream = shaken.map_err(|e| OutboundError::Tls { host: host(), cause: e.to_string() })?;
            exchange(TokioIo::new(stream), address, ask).await
        });
        sent.await.map_err(|_| OutboundError::TimedOut { host: host() })?
    }

    /// Connects to an address of the host that the guard admits.
    async fn connect(&self, address: &Address) -> Result<TcpStream, OutboundError> {
        let host = || address.host().to_owned();
        let found = lookup_host((address.bare_host(), address.port())).await;
        let found: Vec<SocketAddr> = found.map_err(|_| OutboundError::NoSuchHost { host: host() })?.collect();
        let first = found.first().ok_or_else(|| OutboundError::NoSuchHost { host: host() })?.ip();
        let admitted: Vec<_> = found.iter().filter(|it| self.guard.admits(it.ip(), address.is_secure())).collect();
        if admitted.is_empty() {
            return Err(if self.guard.admits(first, true) {
                OutboundError::InTheClear { host: host() }
            } else {
                OutboundError::Refused { host: host(), address: first }
            });
        }
        let mut cause = String::new();
        for to in admitted.into_iter().take(MOST_ADDRESSES) {
            match timeout(LONGEST_CONNECT, TcpStream::connect(to)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(e)) => cause = e.to_string(),
                Err(_) => "it does not answer".clone_into(&mut cause),
            }
        }
        Err(OutboundError::Unreachable { host: host(), cause })
    }
}

/// Sends the request on a connection, and reads the response.
async fn exchange<I: Read + Write + Unpin + Send + 'static>(
    io: I,
    address: &Address,
    ask: Ask<'_>,
) -> Result<Answer, OutboundError> {
    let broken = |e: hyper::Error| OutboundError::Broken { host: address.host().to_owned(), cause: e.to_string() };
    let request = request(address, &ask)?;
    let (mut sender, connection) =
        http1::Builder::new().max_buf_size(LARGEST_HEAD).handshake(io).await.map_err(broken)?;
    // It ends with the sender, or with the deadline of the request.
    let driving = Aborted(tokio::spawn(connection));
    let response = sender.send_request(request).await.map_err(broken)?;
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get(LOCATION).map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
        return Err(OutboundError::Redirect { host: address.host().to_owned(), to: to.unwrap_or_default() });
    }
    let (content_type, max_age) = (content_type(response.headers()), max_age(response.headers()));
    let body = to_bytes(Body::new(response.into_body()), LARGEST).await;
    let body = body.map_err(|_| OutboundError::TooLarge { host: address.host().to_owned(), most: LARGEST })?;
    drop(driving);
    Ok(Answer { status, content_type, max_age, body })
}

/// A task that ends when this is dropped.
struct Aborted<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for Aborted<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn request(address: &Address, ask: &Ask<'_>) -> Result<Request<Body>, OutboundError> {
    let unsendable = |_| OutboundError::Unsendable { host: address.host().to_owned() };
    let mut request = Request::builder()
        .uri(address.path())
        .header(HOST, address.authority())
        .header(ACCEPT, ask.accept)
        .header(USER_AGENT, concat!("rolecall/", env!("CARGO_PKG_VERSION")));
    if let Some(authorization) = ask.authorization {
        let mut value = HeaderValue::from_str(authorization.expose()).map_err(|e| unsendable(e.into()))?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    let request = match ask.form {
        None => request.method("GET").body(Body::empty()),
        Some(form) => request
            .method("POST")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.expose().to_owned())),
    };
    request.map_err(unsendable)
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(CACHE_CONTROL)?.to_str().ok()?.to_ascii_lowercase();
    let directives = || text.split(',').map(str::trim);
    if directives().any(|it| it == "no-store" || it == "no-cache") {
        return Some(Duration::ZERO);
    }
    directives().find_map(|it| it.strip_prefix("max-age=")?.parse().ok()).map(Duration::from_secs)
}

impl std::fmt::Debug for TlsConnectorOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsConnector").finish_non_exhaustive()
    }
}
