//! A proxy to a server, with which a test can break and repair the network.

use std::net::SocketAddr;

use rolecall_store::Database;
use tokio::io::{copy, copy_bidirectional, sink};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens to data in transit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// It arrives.
    Open,
    /// Connections are closed, including new ones.
    Cut,
    /// Nothing arrives, silently: connections stay open, and their data vanishes, also after the proxy is open again.
    Swallowing,
}

/// A proxy on loopback in front of a PostgreSQL server. It stops when dropped.
#[derive(Debug)]
pub struct Proxy {
    /// The URL of the database through the proxy.
    pub database: Database,
    road: watch::Sender<Road>,
    server: watch::Sender<SocketAddr>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    pub async fn before(database: &Database) -> Self {
        let (user, server, name) = parts(database);

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://{user}@{}/{name}", listener.local_addr().unwrap());
        let (road, is) = watch::channel(Road::Open);
        let (server, leads_to) = watch::channel(server);
        let accepting = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                tokio::spawn(travel(client, leads_to.clone(), is.clone()));
            }
        });
        Self { database: Database::Postgres { url }, road, server, accepting }
    }

    pub fn set(&self, road: Road) {
        self.road.send_replace(road);
    }

    /// Changes the target. Connections to the previous one are closed.
    pub fn lead_to(&self, database: &Database) {
        self.server.send_replace(parts(database).1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// The user, the server and the name of a database.
fn parts(database: &Database) -> (&str, SocketAddr, &str) {
    let Database::Postgres { url } = database else { panic!("{database:?} is not reached over a network") };
    let (authority, name) = url.split_once("://").unwrap().1.split_once('/').unwrap();
    let (user, server) = authority.rsplit_once('@').unwrap();
    (user, server.parse().unwrap(), name)
}

async fn travel(mut client: TcpStream, mut leads_to: watch::Receiver<SocketAddr>, mut road: watch::Receiver<Road>) {
    let server = *leads_to.borrow_and_update();
    // A missing server closes the connection.
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    let now = *road.borrow_and_update();
    let became = if now == Road::Open {
        tokio::select! {
            _ = copy_bidirectional(&mut client, &mut server) => return,
            _ = leads_to.changed() => return,
            became = road.wait_for(|road| *road != Road::Open) => became.map_or(Road::Cut, |road| *road),
        }
    } else {
        now
    };
    if became == Road::Swallowing {
        let mut nowhere = sink();
        // Until the client gives up, or the network is cut. The server is not told either.
        tokio::select! {
            _ = copy(&mut client, &mut nowhere) => {}
            _ = road.wait_for(|road| *road == Road::Cut) => {}
        }
    }
}
