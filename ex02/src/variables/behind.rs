//! What stands behind a name in a URL, and may be a password? Many databases write parameters there
//! (`/m;user=neo;password=…`), and people write `&` where a `?` must be.

use super::name::promises_secret;
use super::url::{decode, with_decoded};
use crate::secret::Secret;

/// What ends the name of a database or a host.
const ENDS: &[char] = &[';', '&', '?', '#', '=', ':', ',', '|'];

/// What ends one parameter.
const SEPARATORS: &[char] = &[';', '&', '?', '#'];

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
/// `jdbc:sqlserver://h;password=…`, `jdbc:oracle:thin:neo/…@h`, and `neo:…@tcp(h)/m` of Go.
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
    let of_oracle = text.strip_prefix("jdbc:oracle:");
    let of_oracle = of_oracle.and_then(|it| it.rsplit_once('@')?.0.split_once('/'));
    let is_url = after_scheme.is_some() || is_go || text.starts_with("jdbc:");
    let parameters = text
        .split(SEPARATORS)
        .filter(|_| is_url)
        .filter_map(|it| it.split_once('='));
    let parameters = parameters.filter(|(name, _)| promises_secret(name));
    let all = password.into_iter().chain(of_oracle).chain(parameters);
    with_decoded(all.map(|it| it.1))
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
            "jdbc:postgresql://h/m?user=neo&password={}",
            "jdbc:mysql://neo:{}@h/m",
            "jdbc:sqlserver://h;user=neo;password={}",
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
            "password=wh1te-R4bbit",
            "jdbc:oracle:thin:@//h:1521/m",
        ] {
            assert!(in_other_grammar(text).is_empty(), "{text}");
        }
    }
}
