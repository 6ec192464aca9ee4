//! The hub over a real socket.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where something is not as it should be"
)]

mod common;

use baraza_hub::{serve, serve_on};
use baraza_sync::MAX_BODY;
use baraza_sync::client::Ending;
use common::World;
use std::future::pending;
use std::io::Read;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

fn post(url: &str, body: &[u8]) -> Result<Vec<u8>, ureq::Error> {
    let mut bytes = Vec::new();
    ureq::post(url).send(body)?.into_body().into_reader().read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[test]
fn amina_hands_over_through_a_socket() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = Arc::new(world.hub());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = runtime.spawn(serve_on(listener, hub.clone(), async {
        let _ = stopped.await;
    }));

    amina.write(&[world.roster.hq()], &["over the wire"]);
    let sync_url = format!("{url}/v1/sync");
    let report = amina.sync_through(&hub.public(), |bytes| post(&sync_url, bytes).ok());
    assert_eq!((report.ending, report.handed_over), (Ending::Complete, 1));
    let report = hana.sync_through(&hub.public(), |bytes| post(&sync_url, bytes).ok());
    assert_eq!(report.ending, Ending::Complete);
    assert_eq!(hana.sentences(), ["over the wire"]);

    assert_eq!(ureq::get(format!("{url}/health")).call().unwrap().body_mut().read_to_string().unwrap(), "ok");
    for path in ["/", "/v1", "/v1/sync", "/admin"] {
        let error = ureq::get(format!("{url}{path}")).call().unwrap_err();
        assert!(matches!(error, ureq::Error::StatusCode(404 | 405)), "{path}: {error}");
    }
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut root = agent.get(&url).call().unwrap();
    assert_eq!(root.body_mut().read_to_string().unwrap(), "");
    for (name, value) in root.headers() {
        let header = format!("{name}: {}", value.to_str().unwrap()).to_lowercase();
        assert!(["content-length", "date"].contains(&name.as_str()), "{header}");
        assert!(!header.contains("baraza"));
    }

    let too_much = vec![0; MAX_BODY + 1];
    assert!(post(&sync_url, &too_much).is_err());

    stop.send(()).unwrap();
    runtime.block_on(serving).unwrap().unwrap();
    assert!(ureq::get(format!("{url}/health")).call().is_err(), "it has ended");
}

#[test]
fn plain_http_stays_on_this_machine() {
    let (mut world, _) = World::new();
    let hub = Arc::new(world.hub());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = runtime.block_on(serve("0.0.0.0:0".parse().unwrap(), hub, pending())).unwrap_err();
    assert_eq!(refused.code(), "hub.not-loopback");
    assert!(refused.to_string().contains("TLS"));
}
