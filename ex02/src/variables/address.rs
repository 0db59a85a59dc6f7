//! Which address is a host, if it is no name, and is it this machine?

use std::net::{IpAddr, Ipv4Addr};

/// The address that a host is, as the system's resolver (`getaddrinfo`) reads it. `None`: it is a name.
pub fn address(host: &str) -> Option<IpAddr> {
    let usual = host.parse().ok();
    usual.or_else(|| short_ipv4(host).map(IpAddr::V4))
}

/// True for the names and addresses of this machine, also `zion.localhost` (RFC 6761). A connection to
/// `0.0.0.0` or `::` also ends on this machine.
pub fn is_loopback(host: &str) -> bool {
    is_local_name(host) || address(host).is_some_and(is_this_machine)
}

/// True for `localhost` and the names below it.
pub fn is_local_name(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let top = name.rsplit('.').next().unwrap_or_default();
    top.eq_ignore_ascii_case("localhost") && !name.starts_with('.')
}

/// True for an address of this machine.
pub fn is_this_machine(address: IpAddr) -> bool {
    let address = address.to_canonical();
    address.is_loopback() || address.is_unspecified()
}

/// The other ways to write an IPv4 address (`inet_aton`): `127.1`, `2130706433`, `0x7f.1`, `0177.0.0.1`.
/// The last part fills all bytes that are left.
fn short_ipv4(host: &str) -> Option<Ipv4Addr> {
    // Most hosts are names, and begin with a letter.
    host.bytes().next().filter(u8::is_ascii_digit)?;
    let number = |part: &str| {
        let lower = part.to_ascii_lowercase();
        let (digits, radix) = match (lower.strip_prefix("0x"), lower.strip_prefix('0')) {
            (Some(digits), _) => (digits, 16),
            (None, Some(digits)) if !digits.is_empty() => (digits, 8),
            _ => (lower.as_str(), 10),
        };
        // Rust also accepts a sign.
        let number = u32::from_str_radix(digits, radix).ok();
        number.filter(|_| digits.starts_with(|c: char| c.is_ascii_hexdigit()))
    };
    let parts: Vec<u32> = host.split('.').map(number).collect::<Option<_>>()?;
    let (last, before) = parts.split_last()?;
    let bits_left = 32_u32.checked_sub(8 * u32::try_from(before.len()).ok()?)?;
    let fits = bits_left > 0 && u64::from(*last) < 1 << bits_left;
    if !fits || before.iter().any(|it| *it > 255) {
        return None;
    }
    let before = before.iter().zip([24, 16, 8]);
    let address = before.fold(*last, |sum, (part, shift)| sum | part << shift);
    Some(Ipv4Addr::from(address))
}

/// The names that nobody may own, because documentation needs them (RFC 2606, RFC 6761).
const RESERVED: &str = "example example.com example.net example.org invalid test";

/// True for a host of documentation: `db.example.com`, `cluster.example`, `zion.invalid`.
pub fn is_example_host(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    RESERVED.split(' ').any(|it| {
        let before = host.strip_suffix(it);
        before.is_some_and(|it| it.is_empty() || it.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_several_names() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "::ffff:127.0.0.1",
            "localhost.",
            "zion.localhost",
            "0.0.0.0",
            "::",
            "127.1",
            "127.0.1",
            "0",
            "2130706433",
            "0x7f000001",
            "0X7F.1",
            "017700000001",
            "0177.0.0.01",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "localhost.zion",
            "zionlocalhost",
            ".localhost",
            "localhost..",
            "128.0.0.1",
            "",
            "1",
            "128.1",
            "127.1.",
            "127.0.0.256",
            "127.16777216",
            "127.0.0.0.1",
            "4294967296",
            "0x",
            "08.1",
            "127.+1",
            "127..1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
