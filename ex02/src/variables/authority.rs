//! Which pieces does a URL have after its scheme?

use super::malformed::Malformed;

/// A host and its port as they are written. Both may be empty.
#[derive(Debug, PartialEq, Eq)]
pub struct HostPort<'a> {
    /// The host, without brackets.
    pub host: &'a str,
    /// True for `[::1]`.
    pub in_brackets: bool,
    /// The port, without the `:`.
    pub port: &'a str,
}

/// Cuts the text before the `@` of a host into user and password.
pub fn user_and_password(credentials: Option<&str>) -> (Option<&str>, Option<&str>) {
    match credentials.and_then(|it| it.split_once(':')) {
        Some((user, password)) => (Some(user), Some(password)),
        None => (credentials, None),
    }
}

/// Cuts off the hosts (`h1:5432,[::1],h3`). The rest begins with `/` or `?`, or is empty.
pub fn places(mut rest: &str) -> Result<(Vec<HostPort<'_>>, &str), Malformed> {
    let mut places = Vec::new();
    loop {
        let in_brackets = rest.starts_with('[');
        let (host, after) = match rest.strip_prefix('[') {
            Some(inside) => inside.split_once(']').ok_or(Malformed::OpenBracket)?,
            None => split_before(rest, &[':', '/', '?', ',']),
        };
        if in_brackets && host.is_empty() {
            return Err(Malformed::NoIpv6);
        }
        if in_brackets && !after.is_empty() && !after.starts_with([':', '/', '?', ',']) {
            return Err(Malformed::AfterBracket);
        }
        let (port, after) = match after.strip_prefix(':') {
            Some(port) => split_before(port, &['/', '?', ',']),
            None => ("", after),
        };
        places.push(HostPort {
            host,
            in_brackets,
            port,
        });
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Ok((places, after)),
        }
    }
}

/// Cuts before the first of these characters.
fn split_before<'a>(text: &'a str, ends: &[char]) -> (&'a str, &'a str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

/// Cuts the text after the hosts into path and query.
pub fn path_and_query(rest: &str) -> (&str, Option<&str>) {
    match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    }
}

/// Reads a port. `None`: there is none, so the usual one counts.
pub fn port(text: &str) -> Result<Option<u16>, Malformed> {
    match text.trim().parse() {
        Ok(port) if port > 0 => Ok(Some(port)),
        _ if text.is_empty() => Ok(None),
        _ => Err(Malformed::Port),
    }
}
