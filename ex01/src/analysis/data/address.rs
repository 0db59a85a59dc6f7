//! Where does an address lead, and where does a redirection lead from there? Source: RFC 3986, section 5.

use percent_encoding::{AsciiSet, percent_encode, utf8_percent_encode};

use super::url::is_scheme;
use crate::faults::Failure;
use crate::text::bad_port;

/// What no request may have as it is: these, and everything beyond ASCII, which each such set includes.
const ENCODED: AsciiSet = AsciiSet::EMPTY.add(b'"').add(b'<').add(b'>').add(b'`');

/// The parts of an address. It has no fragment, which no server is asked for.
#[derive(Clone, Debug)]
pub struct Address {
    /// In small letters.
    pub scheme: String,
    /// User and password.
    pub user: Option<String>,
    /// With the port, if one is given.
    pub host: String,
    /// With the query.
    pub path: String,
}

impl Address {
    pub fn new(url: &str) -> Result<Self, Failure> {
        let (scheme, whole) = url.split_once("://").unwrap_or(("http", url));
        let rest = whole.split('#').next().unwrap_or(whole);
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user.to_owned()), host),
            None => (None, authority),
        };
        // ureq's parser would ignore a bad port without a message, and ask port 80 instead.
        let bad = bad_port(host);
        // No port behind the `:` is the usual one. But with an `@` further on, a password may begin there.
        let may_be_secret = whole[end..].contains('@');
        let is_usual = bad == Some("") && !may_be_secret;
        let host = if is_usual {
            &host[..host.len() - 1]
        } else {
            host
        };
        if let Some(port) = bad.filter(|_| !is_usual) {
            // What is no number may be the first part of a password.
            let is_number = !port.is_empty() && port.bytes().all(|it| it.is_ascii_digit());
            let port = (is_number && !may_be_secret).then(|| port.to_owned());
            return Err(Failure::Port(port));
        }
        if !host.is_ascii() {
            return Err(Failure::Host);
        }
        // curl refuses these too. A redirection has none left.
        if [host, path].iter().any(|it| it.contains(' ')) {
            return Err(Failure::Blank);
        }
        let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
        let path = without_dots(path) + query;
        Ok(Self {
            scheme: scheme.to_lowercase(),
            user,
            host: host.to_owned(),
            path: utf8_percent_encode(&path, &ENCODED).to_string(),
        })
    }

    /// All of it but user and password.
    pub fn url(&self) -> String {
        self.with_path(&self.path)
    }

    /// The same with user and password, if there are any.
    pub fn with_user(&self) -> String {
        let user = self
            .user
            .as_ref()
            .map_or(String::new(), |it| format!("{it}@"));
        format!("{}://{user}{}{}", self.scheme, self.host, self.path)
    }

    /// The same with another path, and without user and password.
    fn with_path(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.host)
    }

    pub fn is_secure(&self) -> bool {
        self.scheme == "https"
    }

    /// Where a redirection leads. The password goes along only to the same origin.
    pub fn follow(&self, location: &[u8]) -> Result<Self, Failure> {
        // The bytes may be in any encoding, and must reach the server as it sent them.
        let location = &*percent_encode(location, &ENCODED).to_string();
        let scheme = location.split_once(':').map(|it| it.0);
        let scheme = scheme.filter(|it| is_scheme(it));
        let page = self.path.split('?').next().unwrap_or_default();
        let url = match scheme.map(str::to_lowercase).as_deref() {
            // As in curl, the host may stand behind any number of slashes.
            Some(scheme @ ("http" | "https")) => {
                let rest = location[scheme.len() + 1..].trim_start_matches('/');
                format!("{scheme}://{rest}")
            }
            Some(other) => return Err(Failure::Scheme(other.to_owned())),
            None if location.starts_with("//") => format!("{}:{location}", self.scheme),
            None if location.starts_with('/') => self.with_path(location),
            // The same page, with another part of it or another query.
            None if location.starts_with('#') => self.url(),
            None if location.starts_with('?') => self.with_path(&format!("{page}{location}")),
            None => {
                let folder = page.rfind('/').map_or("/", |end| &page[..=end]);
                self.with_path(&format!("{folder}{location}"))
            }
        };
        // Some servers write blanks, which no request may have. curl sends `%20` instead.
        let mut next = Self::new(&url.replace(' ', "%20"))?;
        if next.user.is_none() && next.has_origin_of(self) {
            next.user.clone_from(&self.user);
        }
        Ok(next)
    }

    /// User and password, if this is the origin of the first address. A redirection takes them to no other place.
    pub fn login(&self, first: &Self) -> Option<&str> {
        let user = self.user.as_deref();
        user.filter(|_| self.has_origin_of(first))
    }

    /// Whether both have the same protocol, host and port, in any writing.
    fn has_origin_of(&self, other: &Self) -> bool {
        let origin = |it: &Self| {
            let usual = if it.is_secure() { 443 } else { 80 };
            // What is behind the last `:` of `[::1]` is no number.
            let port = it.host.rsplit_once(':');
            let port = port.and_then(|(host, port)| Some((host, port.parse().ok()?)));
            let (host, port): (&str, u16) = port.unwrap_or((&it.host, usual));
            (it.scheme.clone(), host.to_lowercase(), port)
        };
        origin(self) == origin(other)
    }
}

/// The path without `.` and `..`: `/a/./b/../c` is `/a/c`.
fn without_dots(path: &str) -> String {
    let mut folders = Vec::new();
    let mut last = "";
    for segment in path.split('/').skip(usize::from(path.starts_with('/'))) {
        last = segment;
        match segment {
            "." => {}
            ".." => {
                folders.pop();
            }
            _ => folders.push(segment),
        }
    }
    // What ends in dots is a folder.
    if matches!(last, "." | "..") {
        folders.push("");
    }
    format!("/{}", folders.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_that_fits() {
        for (host, expected) in [
            ("a.b", None),
            ("a.b:80", None),
            ("[::1]:8080", None),
            ("[::1]", None),
            ("a.b:99999", Some("99999")),
            ("a.b:0", Some("0")),
            ("a.b:x", Some("x")),
            ("[::1]:65536", Some("65536")),
        ] {
            assert_eq!(bad_port(host), expected, "{host}");
        }
    }

    #[test]
    fn what_no_request_may_have_is_encoded_or_named() {
        let url = |text: &str| Address::new(text).unwrap().url();
        assert_eq!(
            url("http://a/é.csv?<ü>#é"),
            "http://a/%C3%A9.csv?%3C%C3%BC%3E"
        );
        assert_eq!(url("http://a/%c3%a9%20%"), "http://a/%c3%a9%20%");
        assert_eq!(url("http://a/b?c>\"d\""), "http://a/b?c%3E%22d%22");
        for character in ('!'..='~').filter(|it| *it != '#') {
            let text = format!("http://a/b{character}c?d{character}e");
            let text = url(&text);
            assert!(text.parse::<ureq::http::Uri>().is_ok(), "{text}");
        }
        for text in ["http://a/b c", "http://a/b?c d", "http://a b/"] {
            assert!(matches!(Address::new(text), Err(Failure::Blank)), "{text}");
        }
        let host = Address::new("http://é.b/é");
        assert!(matches!(host, Err(Failure::Host)));
        // These are never sent as they are.
        assert_eq!(url("http://né o:p@a/#b c"), "http://a/");
    }

    #[track_caller]
    fn check_follow(from: &str, location: &str, expected: &str, user: Option<&str>) {
        let from = Address::new(from).unwrap();
        let next = from.follow(location.as_bytes()).unwrap();
        assert_eq!((&*next.url(), next.login(&from)), (expected, user));
    }

    #[test]
    fn a_redirection_is_resolved_and_a_password_stays_with_its_host() {
        let from = "http://neo:p@a.b:81/x/y?q=1#f";
        check_follow(from, "/z", "http://a.b:81/z", Some("neo:p"));
        check_follow(from, "z?r", "http://a.b:81/x/z?r", Some("neo:p"));
        check_follow(from, "//c.d/z", "http://c.d/z", None);
        check_follow(from, "HTTPS://a.b/z", "https://a.b/z", None);
        check_follow(from, "http://x:y@c.d/z", "http://c.d/z", None);
        check_follow(from, "http://x:y@a.b:81/z", "http://a.b:81/z", Some("x:y"));
        check_follow(from, "/a b", "http://a.b:81/a%20b", Some("neo:p"));
        check_follow(from, "é?ü", "http://a.b:81/x/%C3%A9?%C3%BC", Some("neo:p"));
        for (location, path) in [
            ("?x=1", "/x/y?x=1"),
            ("?x=a:b", "/x/y?x=a:b"),
            ("#f", "/x/y?q=1"),
            ("./a.csv", "/x/a.csv"),
            ("./a:b", "/x/a:b"),
            ("../a.csv", "/a.csv"),
            ("../../../a.csv", "/a.csv"),
            ("b/../a.csv?../c", "/x/a.csv?../c"),
            ("/b/./c/../a.csv", "/b/a.csv"),
            (".", "/x/"),
            ("/b/..", "/"),
            ("/b//c", "/b//c"),
            ("..b/c.", "/x/..b/c."),
        ] {
            check_follow(
                from,
                location,
                &format!("http://a.b:81{path}"),
                Some("neo:p"),
            );
        }
        check_follow(from, "http://c.d/b/../z?r#s", "http://c.d/z?r", None);
        check_follow(
            from,
            "/z?f=\"a.csv\"",
            "http://a.b:81/z?f=%22a.csv%22",
            Some("neo:p"),
        );
        check_follow(from, "http:/c.d/z", "http://c.d/z", None);
        check_follow(from, "HTTPS:///c.d:/z", "https://c.d/z", None);
        check_follow(
            "http://neo:p@a.b:/x",
            "http://a.b/z",
            "http://a.b/z",
            Some("neo:p"),
        );
        let from = Address::new(from).unwrap();
        let wrong = |location: &str| from.follow(location.as_bytes()).unwrap_err();
        let port = |location: &str| match wrong(location) {
            Failure::Port(port) => port,
            other => panic!("{other:?}"),
        };
        assert_eq!(port("http://a.b:99999/").as_deref(), Some("99999"));
        assert_eq!(port("http://neo:pa#ss@a.b/"), None);
        for secret in ["/pass", "?pass", "#pass", "99999/pass", "0#pass"] {
            assert_eq!(port(&format!("http://neo:{secret}@a.b/")), None);
        }
        assert!(matches!(wrong("FTP://a.b/"), Failure::Scheme(scheme) if scheme == "ftp"));
        assert!(matches!(wrong("svn+ssh://a.b/"), Failure::Scheme(scheme) if scheme == "svn+ssh"));
    }

    #[test]
    fn a_password_stays_with_its_host_in_any_writing() {
        for (from, to) in [
            ("http://neo:p@a.b/x", "http://A.B:080/z"),
            ("http://neo:p@A.b:018080/", "http://a.B:18080/z"),
            ("https://neo:p@[::A]:443/", "https://[::a]/z"),
        ] {
            check_follow(from, to, to, Some("neo:p"));
        }
        check_follow(
            "http://neo:p@[::1]/",
            "http://[::2]/",
            "http://[::2]/",
            None,
        );
        let other = "http://a.b:443/";
        check_follow("https://neo:p@a.b/", other, other, None);
    }
}
