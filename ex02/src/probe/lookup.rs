//! Which addresses does a host have?

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs, UdpSocket};

use crate::variables::{address, is_local_name};

/// The addresses of a host, each with this port.
///
/// Nobody is asked about `localhost` and the names below it: they are this machine (RFC 6761, 6.3), and a
/// name server could lead them to another one.
///
/// An error has the system's reason. Without one, the host has no address.
pub fn addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, Option<io::ErrorKind>> {
    if is_local_name(host) {
        // Without IPv6, the error of `::1` would hide that of 127.0.0.1.
        let six = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
        let six = six.then(|| SocketAddr::from((Ipv6Addr::LOCALHOST, port)));
        let four = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Ok([four].into_iter().chain(six).collect())
    } else if let Some(address) = address(host) {
        Ok(vec![(address, port).into()])
    } else {
        let found = (host, port).to_socket_addrs();
        let found = found.map_err(|error| error.raw_os_error().map(|_| error.kind()))?;
        Ok(found.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::{is_loopback, is_this_machine};

    #[test]
    fn a_host_on_this_machine_has_only_addresses_of_this_machine() {
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "zion.localhost",
            "a.zion.localhost.",
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "0",
            "::1",
            "::ffff:127.0.0.1",
        ] {
            assert!(is_loopback(host), "{host}");
            let found = addresses(host, 42).unwrap();
            assert!(!found.is_empty(), "{host}");
            let here = |it: &SocketAddr| it.port() == 42 && is_this_machine(it.ip());
            assert!(found.iter().all(here), "{host}: {found:?}");
        }
    }

    #[test]
    fn an_address_is_its_own_address() {
        let found = addresses("192.0.2.7", 42).unwrap();
        assert_eq!(found, ["192.0.2.7:42".parse().unwrap()]);
    }
}
