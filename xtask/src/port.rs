//! Ports that nobody listens on.

use crate::Outcome;
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{Mutex, PoisonError},
};

static GIVEN: Mutex<Vec<u16>> = Mutex::new(Vec::new());

/// A loopback address, never the same one twice.
pub fn free() -> Outcome<SocketAddr> {
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        // The kernel knows; the port is free again as soon as the listener is dropped.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        if !given.contains(&address.port()) {
            given.push(address.port());
            return Ok(address);
        }
    }
}
