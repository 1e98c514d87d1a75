//! A road to a server that the test can close and open again.

use std::net::SocketAddr;

use rolecall_store::Database;
use tokio::io::{copy, copy_bidirectional, sink};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens to what travels on the road.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// It arrives.
    Open,
    /// Connections are closed, and new ones at once.
    Cut,
    /// Nothing arrives, and nobody is told: connections stay, and what they carry vanishes, also after it is open again.
    Swallowing,
}

/// A proxy on loopback in front of a PostgreSQL server. It goes when its value goes.
#[derive(Debug)]
pub struct Proxy {
    /// The database, by way of the proxy.
    pub database: Database,
    road: watch::Sender<Road>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    pub async fn before(database: &Database) -> Self {
        let Database::Postgres { url } = database else { panic!("{database:?} is not reached over a network") };
        let (scheme, rest) = url.split_once("://").unwrap();
        let (authority, name) = rest.split_once('/').unwrap();
        let (user, server) = authority.rsplit_once('@').unwrap();
        let server: SocketAddr = server.parse().unwrap();

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{scheme}://{user}@{}/{name}", listener.local_addr().unwrap());
        let (road, is) = watch::channel(Road::Open);
        let accepting = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                tokio::spawn(travel(client, server, is.clone()));
            }
        });
        Self { database: Database::Postgres { url }, road, accepting }
    }

    pub fn set(&self, road: Road) {
        self.road.send_replace(road);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn travel(mut client: TcpStream, server: SocketAddr, mut road: watch::Receiver<Road>) {
    let mut server = TcpStream::connect(server).await.unwrap();
    let now = *road.borrow_and_update();
    let became = if now == Road::Open {
        tokio::select! {
            _ = copy_bidirectional(&mut client, &mut server) => return,
            became = road.wait_for(|road| *road != Road::Open) => became.map_or(Road::Cut, |road| *road),
        }
    } else {
        now
    };
    if became == Road::Swallowing {
        let mut nowhere = sink();
        // Until the client gives up, or the road is cut. The server is not told either.
        tokio::select! {
            _ = copy(&mut client, &mut nowhere) => {}
            _ = road.wait_for(|road| *road == Road::Cut) => {}
        }
    }
}
