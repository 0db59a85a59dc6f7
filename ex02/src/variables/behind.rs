//! What stands behind a name in a URL, and may be a password? Many databases write parameters there
//! (`/m;user=neo;password=…`), and people write `&` where a `?` must be.

use super::name::promises_secret;
use super::strength::{is_harmless, looks_like_chance};
use super::url::{decode, with_decoded};
use crate::secret::Secret;

/// What ends the name of a database or a host.
const ENDS: &[char] = &[';', '&', '?', '#', '=', ':', ',', '|'];

/// What ends one parameter.
const SEPARATORS: &[char] = &[';', '&', '?', '#'];

/// A shorter part of a list is no secret of its own. In bytes.
const SHORTEST_PART: usize = 8;

/// The name at the start of a path or a host. It may be shown.
pub fn name(text: &str) -> &str {
    &text[..text.find(ENDS).unwrap_or(text.len())]
}

/// The path of a file at the start of a text. It may be shown. A file's name may have any of these characters
/// in it, so it ends only where parameters begin.
pub fn path_of_file(text: &str) -> &str {
    let begins = |at: &usize| text[*at..].contains('=');
    let mut ends = text.match_indices(SEPARATORS).map(|(at, _)| at);
    let path = &text[..ends.find(begins).unwrap_or(text.len())];
    // `Password=…;Data Source=x.db`
    let is_parameter = |(name, _): (&str, &str)| promises_secret(name);
    if path.split_once('=').is_some_and(is_parameter) {
        ""
    } else {
        path
    }
}

/// What stands behind a name, which this function cuts off: the values of parameters, as they are written and
/// decoded.
pub fn secrets(text: &str, name: impl Fn(&str) -> &str) -> Vec<Secret> {
    let of = |text: &str| {
        let rest = &text[name(text).len()..];
        let bare = |it| value(it).trim_start_matches(ENDS);
        with_decoded(rest.split(SEPARATORS).map(bare))
    };
    // `%3F` may have been a `?`.
    let decoded = decode(text).filter(|it| it.as_str() != text);
    let mut secrets = of(text);
    for secret in decoded.iter().flat_map(|it| of(it)) {
        if !secrets.iter().any(|it| it.expose() == secret.expose()) {
            secrets.push(secret);
        }
    }
    secrets
}

/// The value of a parameter: `name=value`.
pub fn value(pair: &str) -> &str {
    pair.split_once('=').map_or(pair, |(_, value)| value)
}

/// The secrets behind the path of a database's file: `sqlite:x.db?key=…`. SQLite's own words are none.
pub fn in_file(text: &str) -> Vec<Secret> {
    let own = ["memory", "shared", "private", "true"];
    let mut found = secrets(text, path_of_file);
    found.retain(|it| !own.contains(&it.expose()));
    found
}

/// The passwords in a text that is no URL of a known grammar: `mongodb://neo:…@a:1,b:2/m`,
/// `jdbc:oracle:thin:neo/…@h`, `neo/…@h`, and `neo:…@tcp(h)/m` of Go.
pub fn in_other_grammar(text: &str) -> Vec<Secret> {
    let after_scheme = text.split_once("://").map(|(_, rest)| rest);
    let is_go = text.contains("@tcp(") || text.contains("@unix(");
    let rest = after_scheme.or(is_go.then_some(text)).unwrap_or_default();
    let (before_query, _) = rest.split_once('?').unwrap_or((rest, ""));
    let credentials = before_query.rsplit_once('@').map(|(before, _)| before);
    let password = credentials.and_then(|it| it.split_once(':'));
    // Not `http://zion:80/@neo`, and not a list: `http://a:1,http://neo@b`.
    let is_port = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let after_port = |it: &str| it.split_once('/').is_some_and(|(port, _)| is_port(port));
    let password = password.filter(|(user, password)| {
        let other = after_port(password) || password.contains("://");
        !other && !user.contains('/') && !text.contains(char::is_whitespace)
    });
    let before_host = |it: &'_ str| it.rsplit_once('@').map_or(0, |(before, _)| before.len());
    let of_jdbc = text.strip_prefix("jdbc:oracle:");
    let of_jdbc = of_jdbc.and_then(|it| it[..before_host(it)].split_once('/'));
    // `actions/checkout@v4`, `org/app@sha256:…`
    let is_bare = after_scheme.is_none() && !is_go && of_jdbc.is_none();
    let bare = text[..before_host(text)]
        .split_once('/')
        .filter(|(user, password)| {
            let is_name = user
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || it == b'_');
            is_bare && is_name && !password.contains('/') && !is_harmless(password)
        });
    let all = password.into_iter().chain(of_jdbc).chain(bare);
    with_decoded(all.map(|it| it.1))
}

/// The last part of a list for one user, which is the password: `neo:…`, `neo4j/…`, and a line of `.pgpass`. A
/// part that may be no secret of its own does not count.
pub fn behind_a_user(text: &str) -> Option<Secret> {
    let (user, password) = text.rsplit_once([':', '/'])?;
    let is_user = !user.is_empty() && !looks_like_chance(user);
    let is_secret = password.len() >= SHORTEST_PART && !is_harmless(password);
    (is_user && is_secret).then(|| Secret::new(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, shown: &str, hidden: &[&str]) {
        assert_eq!(name(text), shown, "{text}");
        let found = secrets(text, name);
        let found: Vec<&str> = found.iter().map(Secret::expose).collect();
        assert_eq!(found, hidden, "{text}");
    }

    #[test]
    fn a_name_ends_where_parameters_may_begin() {
        check("/matrix", "/matrix", &[]);
        check("/m;user=neo;password=wh1te", "/m", &["neo", "wh1te"]);
        check("/m&password=wh1te", "/m", &["wh1te"]);
        check("/s:user=neo;password=wh=te;", "/s", &["neo", "wh=te"]);
        check("/password=wh1te", "/password", &["wh1te"]);
        check("/m:wh1te", "/m", &["wh1te"]);
        check("/m%3Fpassword=wh1te", "/m%3Fpassword", &["wh1te"]);
    }

    #[test]
    fn a_path_ends_only_before_parameters() {
        for (text, path) in [
            ("/srv/R&D;2/x#1.db", "/srv/R&D;2/x#1.db"),
            ("x.db;Password=wh1te", "x.db"),
            ("Data Source=x.db;Password=wh1te", "Data Source=x.db"),
            ("Password=wh1te;Data Source=x.db", ""),
            ("x.db#key=wh1te", "x.db"),
        ] {
            assert_eq!(path_of_file(text), path);
        }
    }

    #[test]
    fn a_password_is_found_in_other_grammars() {
        for place in [
            "mongodb://neo:{}@a:1,b:2/m",
            "mysql://neo:{}@h1:1,h2:2/m?x=1",
            "jdbc:mysql://neo:{}@h/m",
            "neo/{}@h:1521/m",
            "jdbc:oracle:thin:neo/{}@h:1521/m",
            "neo:{}@tcp(h)/m",
        ] {
            // Not written out, because the oracle searches this file too.
            let text = place.replace("{}", "wh1te-R4bbit");
            let found = in_other_grammar(&text);
            let found: Vec<&str> = found.iter().map(Secret::expose).collect();
            assert_eq!(found, ["wh1te-R4bbit"], "{text}");
        }
        for text in [
            "http://a:1,http://neo@b",
            "neo:trinity@zion",
            "see http://a:1 or neo@zion",
            "http://zion:80/@neo",
            "actions/checkout@v4",
            "ghcr.io/zion/gate-Wh1te@sha256:0",
            "@zion/gate-wh1te@1.2",
            "jdbc:oracle:thin:@//h:1521/m",
        ] {
            assert!(in_other_grammar(text).is_empty(), "{text}");
        }
    }
}
