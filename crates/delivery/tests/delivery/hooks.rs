//! Where webhooks may lead. The look-up is injected, so that nothing but the check of addresses decides.

use delivery::{Found, Hooks, Lookup, OutboundFault, Signed, SigningSecret, Targets};
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::net::TcpListener;

/// Says these addresses by turns, the last for ever; counts how often it was asked.
fn saying(turns: &[&[&str]]) -> (Lookup, Arc<AtomicUsize>) {
    let parse = |turn: &&[&str]| turn.iter().map(|it| it.parse().unwrap()).collect::<Vec<IpAddr>>();
    let turns: Vec<Vec<IpAddr>> = turns.iter().map(parse).collect();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let ask = move |_name: String| {
        let turn = counted.fetch_add(1, Ordering::SeqCst).min(turns.len() - 1);
        let found = turns[turn].clone();
        Box::pin(async move { Ok(found) }) as Found
    };
    (Lookup::of(ask), asked)
}

/// The connections that come to an address.
async fn listening(address: &str) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(address).await.unwrap();
    let (port, met) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let counted = met.clone();
    tokio::spawn(async move {
        while let Ok((caller, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            drop(caller);
        }
    });
    (port, met)
}

async fn post(hooks: &Hooks, url: &str) -> OutboundFault {
    let secrets = [SigningSecret::of(&[7; 32])];
    let signed = Signed { id: "a", seconds: 1, body: "{}".to_owned(), secrets: &secrets };
    hooks.post(&url.parse().unwrap(), signed).await.unwrap_err()
}

#[tokio::test]
async fn a_name_that_leads_to_one_address_that_is_not_public_is_not_called() {
    for address in [
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",      // carriers' own (RFC 6598)
        "169.254.10.10",   // link-local
        "169.254.169.254", // metadata of clouds
        "100.100.100.200", // and of another
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "fd00:ec2::254", // metadata again
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",  // NAT64
        "64:ff9b:1::a00:1", // NAT64 of one's own (RFC 8215)
        "2002:7f00:1::",    // 6to4
        "2001:0:7f00:1::",  // Teredo
    ] {
        for said in [
            &[address][..],
            &["93.184.215.14", address],
            &[address, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
        ] {
            let (lookup, asked) = saying(&[said]);
            let hooks = Hooks::to(Targets::default()).looking_up(lookup);
            assert_eq!(
                post(&hooks, "https://hooks.acme.example/in").await,
                OutboundFault::Forbidden,
                "{said:?}"
            );
            assert_eq!(asked.load(Ordering::SeqCst), 1);
        }
    }
}

#[tokio::test]
async fn a_name_without_addresses_is_not_called() {
    let (lookup, _) = saying(&[&[]]);
    let hooks = Hooks::to(Targets::default()).looking_up(lookup);
    assert_eq!(post(&hooks, "https://hooks.acme.example/").await, OutboundFault::Forbidden);
}

/// 127.0.0.2 stands for an address that may be called, 127.0.0.1 for one that may not.
#[tokio::test]
async fn what_was_looked_at_is_what_is_connected_to_whatever_the_name_says_next() {
    let (port, allowed) = listening("127.0.0.2:0").await;
    let (_, forbidden) = listening(&format!("127.0.0.1:{port}")).await;
    let (lookup, asked) = saying(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let targets = Targets::allowing(&["127.0.0.2".to_owned()]).unwrap();
    let hooks = Hooks::to(targets).looking_up(lookup);
    let url = format!("https://hooks.acme.example:{port}/in");
    assert_eq!(post(&hooks, &url).await, OutboundFault::Unreachable, "nobody speaks TLS there");
    let met = || (allowed.load(Ordering::SeqCst), forbidden.load(Ordering::SeqCst));
    assert_eq!((asked.load(Ordering::SeqCst), met()), (1, (1, 0)), "one look, one connection");
    assert_eq!(post(&hooks, &url).await, OutboundFault::Forbidden);
    assert_eq!((asked.load(Ordering::SeqCst), met()), (2, (1, 0)), "looked at anew, and not connected to");
}
