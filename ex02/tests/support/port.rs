//! Ports for the servers of the tests.

use std::net::TcpStream;
use std::sync::atomic::{AtomicU16, Ordering};

/// A port without a listener, which stays free until it is used.
///
/// It asks for a connection. To listen there and stop would hold the port a little longer: a process that another thread starts at that
/// moment has a copy of the listener until it runs its program. Each port is given out once. The kernel chooses ports for connections and for `bind` to port 0 from 32,768 on, so no other test gets
/// one of these by chance.
pub fn dead_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    // Runs at the same time have neighbouring numbers: each takes from 500 ports of its own.
    let first = 10_000 + 500 * u16::try_from(std::process::id() % 40).unwrap();
    loop {
        let port = first + GIVEN.fetch_add(1, Ordering::Relaxed) % 500;
        if TcpStream::connect(("127.0.0.1", port)).is_err() {
            return port;
        }
    }
}
