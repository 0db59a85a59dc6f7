//! Where does a redirect lead: to the endpoint's own host or to another one?

use crate::variables::{Endpoint, is_scheme};

/// Where a redirect leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirect {
    /// To another address of the same host and port.
    SameHost,
    /// From http to https of the same host, or back. The port may be another one too.
    OtherScheme,
    /// To another port of the same host.
    OtherPort,
    /// To another host.
    OtherHost,
    /// To an address that is no http or https URL.
    NotHttp,
}

/// Where this `Location` leads. A relative one stays on the host of the endpoint (RFC 3986, 5.2.2).
pub fn redirect(endpoint: &Endpoint, location: &str) -> Redirect {
    let own = if endpoint.encrypted { "https" } else { "http" };
    let (scheme, rest) = match location.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme, rest),
        _ => (own, location),
    };
    let Some(rest) = rest.strip_prefix("//") else {
        return if scheme.eq_ignore_ascii_case(own) {
            Redirect::SameHost
        } else {
            Redirect::NotHttp
        };
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match Endpoint::parse(&format!("{scheme}://{authority}/")) {
        Err(_) => Redirect::NotHttp,
        Ok(it) if !it.host.eq_ignore_ascii_case(&endpoint.host) => Redirect::OtherHost,
        Ok(it) if it.encrypted != endpoint.encrypted => Redirect::OtherScheme,
        Ok(it) if it.port != endpoint.port => Redirect::OtherPort,
        Ok(_) => Redirect::SameHost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(locations: &[&str], expected: Redirect) {
        let endpoint = Endpoint::parse("http://zion.example:8080/app/").unwrap();
        for location in locations {
            assert_eq!(redirect(&endpoint, location), expected, "{location}");
        }
    }

    #[test]
    fn a_relative_location_stays_on_the_host() {
        let relative = "login ./login ../login ?next=1 #top /login /a:b//c ./a:b http:login";
        let relative: Vec<&str> = relative.split(' ').collect();
        check(&relative, Redirect::SameHost);
        let absolute = [
            "http://zion.example:8080/login",
            "HTTP://ZION.example:8080",
            "//zion.example:8080?x",
            "http://neo:pw@zion.example:8080/",
        ];
        check(&absolute, Redirect::SameHost);
        check(&["", " "], Redirect::SameHost);
    }

    #[test]
    fn another_host_scheme_and_port_are_told_apart() {
        let other = [
            "http://smith.example:8080/",
            "https://smith.example:8080/",
            "//smith.example/",
            "http://zion.example:8080@smith.example/",
            "http://app.zion.example:8080/",
        ];
        check(&other, Redirect::OtherHost);
        let ports = [
            "http://zion.example:8081/",
            "http://ZION.example/",
            "//zion.example",
        ];
        check(&ports, Redirect::OtherPort);
        let schemes = [
            "https://zion.example/",
            "https://zion.example:8080/",
            "HTTPS://zion.example:1",
        ];
        check(&schemes, Redirect::OtherScheme);
        let default = Endpoint::parse("https://zion.example/").unwrap();
        let same = redirect(&default, "https://zion.example:443/x");
        assert_eq!(same, Redirect::SameHost);
        let in_clear = redirect(&default, "http://zion.example/");
        assert_eq!(in_clear, Redirect::OtherScheme);
    }

    #[test]
    fn what_no_client_can_follow_leads_to_no_host() {
        let strange = [
            "ftp://zion.example:8080/",
            "mailto:neo@zion.example",
            "javascript:x",
            "http:///login",
            "http://zion.example:x/",
            "https:login",
        ];
        check(&strange, Redirect::NotHttp);
    }
}
