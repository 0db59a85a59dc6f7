//! What may an address show, and what does it name?

use percent_encoding::percent_decode_str;

/// How the names of parameters end that hold a secret, as those of signed addresses do.
const SECRETS: [&str; 12] = [
    "auth",
    "credential",
    "jwt",
    "key",
    "keyid",
    "pass",
    "password",
    "pwd",
    "secret",
    "sig",
    "signature",
    "token",
];

/// An address without user, password, and secret parameters.
pub fn without_secrets(url: &str) -> String {
    let url = without_password(url);
    let is_secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        SECRETS.iter().any(|it| name.ends_with(it))
    };
    let pieces = url.split_inclusive(['?', '&', ';', '#']);
    let shown = pieces.map(|piece| match piece.split_once('=') {
        Some((name, value)) if is_secret(name) => {
            let end = value.trim_start_matches(|c| !"?&;#".contains(c));
            format!("{name}=***{end}")
        }
        _ => piece.to_owned(),
    });
    shown.collect()
}

/// An address without user and password.
///
/// A password may have a `/`, `?` or `#` that should have been written as `%2F`, `%3F` or `%23`. Its first part then
/// stands where a port must be, or the rest of it in a fragment. So everything up to the last `@` is left out.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    let is_cut = bad_port(host).is_some() || rest[end..].starts_with('#');
    let secret = if is_cut { rest } else { &rest[..end] };
    match secret.rsplit_once('@') {
        Some((secret, _)) => format!("{scheme}://***{}", &rest[secret.len()..]),
        None => url.to_owned(),
    }
}

/// What stands after a host where a port must be, but is none.
pub fn bad_port(host: &str) -> Option<&str> {
    let port = match host.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?.1.strip_prefix(':')?,
        None => host.split_once(':')?.1,
    };
    (!port.parse().is_ok_and(|port: u16| port > 0)).then_some(port)
}

/// The path of a `file://` address, if it is on this machine and text. Source: RFC 8089, section 2.
pub fn file_path(rest: &str) -> Option<String> {
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    path.starts_with('/').then(|| decoded.into_owned())
}

/// Whether a protocol may have this name. Source: RFC 3986, section 3.1.
pub fn is_scheme(text: &str) -> bool {
    let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_parameters_of_an_address_are_not_shown() {
        for (url, shown) in [
            (
                "https://a.b/x.csv?X-Amz-Credential=A&X-Amz-Expires=60&X-Amz-Signature=b#x",
                "https://a.b/x.csv?X-Amz-Credential=***&X-Amz-Expires=60&X-Amz-Signature=***#x",
            ),
            (
                "https://a.b/x?sv=2024&sig=ab%3D",
                "https://a.b/x?sv=2024&sig=***",
            ),
            (
                "http://a.b/x;token=1?access_token=a=b&n=1",
                "http://a.b/x;token=***?access_token=***&n=1",
            ),
            (
                "http://a.b/x?signal=1&download",
                "http://a.b/x?signal=1&download",
            ),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
    }
}
