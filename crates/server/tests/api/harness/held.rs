//! Two concurrent changes: one is held open, while the request for the other waits for its turn.

use std::future::{Future, poll_fn};
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::task::Poll;

use rolecall::app::{OpenChange, RequestInfo};
use rolecall_core::access::Actor;
use rolecall_core::acts::{Act, Permit};
use rolecall_core::identity::{Email, SessionId, UserId};
use uuid::Uuid;

use super::request::Ask;
use super::{Answer, ROOT, Server};

impl Server {
    /// Root, as the use cases identify a caller.
    pub async fn roots_actor(&self) -> Actor {
        Actor::User {
            email: Email::parse("email", ROOT).unwrap(),
            id: UserId::parse(&self.id_of(ROOT).await).unwrap(),
            session: SessionId::new(Uuid::from_u128(0x5e55)),
        }
    }

    /// Root opens a change in this process. It has taken its revision, so every other change comes after it.
    pub async fn held(&self) -> OpenChange {
        self.change_by(self.roots_actor().await).await
    }

    /// Opens a change in this process.
    pub async fn change_by(&self, actor: Actor) -> OpenChange {
        let request = RequestInfo {
            source_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            method: "HELD".to_owned(),
            url: "/held".to_owned(),
            id: "held".to_owned(),
            success: 204,
            refusal: |_| 400,
        };
        OpenChange::open(self.app.clone(), actor, request).await.unwrap()
    }
}

impl Ask<'_> {
    /// Sends it while a change is held open. That is committed once this request waits behind it: the request was
    /// received in the world before that change, and is decided in the one after.
    pub async fn send_behind<A: Act>(self, held: OpenChange, permit: Permit<A>) -> Answer {
        let mut asked = pin!(self.send());
        let waits = poll_fn(|context| Poll::Ready(asked.as_mut().poll(context).is_pending())).await;
        assert!(waits, "it must wait for its turn");
        held.commit(permit, ()).await.unwrap();
        asked.await
    }
}
