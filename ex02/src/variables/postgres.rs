//! What does a PostgreSQL URL mean: which servers, in which order, over which connection, as which user?

use std::net::IpAddr;
use std::path::PathBuf;

use super::address;
use super::authority;
use super::postgres_parameters::Options;
use super::postgres_url::parameters;
use super::scheme::is_a_name_for_libpq;
use super::url::{Malformed, Url};
use crate::secret::Secret;

/// How to reach a PostgreSQL database.
#[derive(Clone, Debug)]
pub struct Postgres {
    /// The servers, at least one. They are asked in this order.
    pub servers: Vec<Server>,
    /// The user.
    pub user: Option<String>,
    /// The password.
    pub password: Option<Secret>,
    /// The database.
    pub name: Option<String>,
    /// `sslmode`. A URL without it means `prefer`.
    pub encryption: Encryption,
    /// `sslrootcert`: a PEM file with the authorities that may sign a certificate. `None`: the public ones may,
    /// as with `sslrootcert=system`.
    pub roots: Option<PathBuf>,
    /// False after `sslsni=0`: the client does not send the host name before the connection is encrypted.
    pub tells_name: bool,
    /// `target_session_attrs`.
    pub target: Target,
    /// `options`, as the server reads them.
    pub options: Option<Secret>,
    /// `application_name`, or its fallback.
    pub application: Option<String>,
    /// `keepalives` and its settings.
    pub wire: Wire,
    /// The parameter that this program cannot follow as libpq does, perhaps with its value.
    pub unsupported: Option<&'static str>,
}

/// One of the servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its name, or the folder of its socket.
    pub host: Host,
    /// `hostaddr`: the address of the host. With it, no name is looked up.
    pub address: Option<IpAddr>,
    /// 1 to 65535. The name of a socket has it too.
    pub port: u16,
}

/// How to reach a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// A name or an address.
    Name(String),
    /// No name: the URL has only `hostaddr`.
    Unnamed,
    /// The folder of a Unix socket.
    Socket(PathBuf),
}

/// The values of `sslmode`, from the least to the most strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encryption {
    /// `disable`: without TLS.
    Disable,
    /// `allow`: with TLS when the server wants it.
    Allow,
    /// `prefer`: with TLS when the server offers it.
    Prefer,
    /// `require`: always with TLS.
    Require,
    /// `verify-ca`: always with TLS, and a known authority signed the certificate.
    VerifyCa,
    /// `verify-full`: as `verify-ca`, and the certificate is for this host.
    VerifyFull,
}

/// The kind of server that the URL asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The first server that accepts the login.
    Any,
    /// A server that accepts changes.
    ReadWrite,
    /// A server that accepts no changes.
    ReadOnly,
    /// A server that copies no other server.
    Primary,
    /// A server that copies another server.
    Standby,
    /// A standby, or any server when there is no standby.
    PreferStandby,
}

/// How the system checks that a connection is alive. In seconds, unless a field says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// `connect_timeout`, for each address.
    pub timeout: Option<u32>,
    /// `keepalives=0`.
    pub unwatched: bool,
    /// `keepalives_idle`. 0 stands for a number below 0 too; the system refuses both.
    pub idle: Option<u32>,
    /// `keepalives_interval`.
    pub interval: Option<u32>,
    /// `keepalives_count`.
    pub count: Option<u32>,
    /// `tcp_user_timeout`, in milliseconds.
    pub milliseconds: Option<u32>,
}

impl Server {
    /// True when the server runs on this machine.
    pub fn is_local(&self) -> bool {
        match (&self.host, self.address) {
            (Host::Socket(_), None) => true,
            (_, Some(address)) => address::is_this_machine(address),
            (Host::Name(name), None) => address::is_loopback(name),
            (Host::Unnamed, None) => false,
        }
    }
}

impl Postgres {
    /// Reads the parts of a URL, then its parameters. A parameter wins over a part.
    pub fn parse(url: &Url) -> Result<Self, Malformed> {
        if is_a_name_for_libpq(url.scheme) {
            return Err(Malformed::CapitalScheme);
        }
        let mut options = Options::default();
        for (name, value) in [("user", url.user), ("password", url.password)] {
            options.set_unless_empty(name, value.unwrap_or_default())?;
        }
        let hosts: Vec<&str> = url.places.iter().map(|it| it.host).collect();
        let ports: Vec<&str> = url.places.iter().map(|it| it.port).collect();
        let hosts = options.set_unless_empty("host", &hosts.join(","));
        hosts.map_err(|it| match it {
            Malformed::PercentNul => Malformed::Host,
            other => other,
        })?;
        options.set_unless_empty("port", &ports.join(","))?;
        let name = url.path.strip_prefix('/').unwrap_or_default();
        options.set_unless_empty("dbname", name)?;
        for (name, value) in parameters(url.query.unwrap_or_default())? {
            options.set(&name, value)?;
        }
        options.read()
    }
}

/// The folder of the socket of Debian's PostgreSQL. It is libpq's default there.
const SOCKETS: &str = "/var/run/postgresql";

/// Puts the lists of hosts, addresses and ports together.
pub fn servers(
    hosts: &[&str],
    addresses: &[&str],
    ports: &[&str],
) -> Result<Vec<Server>, Malformed> {
    if !hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len() {
        return Err(Malformed::Addresses);
    }
    let number = hosts.len().max(addresses.len()).max(1);
    if ports.len() > 1 && ports.len() != number {
        return Err(Malformed::Ports);
    }
    let server = |at: usize| {
        let address = addresses.get(at).filter(|it| !it.is_empty());
        let address = address.map(|it| address::address(it).ok_or(Malformed::NoAddress));
        let address = address.transpose()?;
        let port = ports.get(at).or(ports.first()).unwrap_or(&"");
        Ok(Server {
            host: host(hosts.get(at).unwrap_or(&""), address.is_some())?,
            address,
            port: authority::port(port)?.unwrap_or(5432),
        })
    };
    (0..number).map(server).collect()
}

/// Reads a host as libpq does: a folder begins with `/`, and an empty host is Debian's folder.
fn host(text: &str, has_address: bool) -> Result<Host, Malformed> {
    let fits = |c: char| c.is_alphanumeric() || "-._:%".contains(c);
    let name = text.strip_prefix('@').unwrap_or(text);
    match text {
        "" if has_address => Ok(Host::Unnamed),
        "" => Ok(Host::Socket(PathBuf::from(SOCKETS))),
        _ if text.starts_with('/') => Ok(Host::Socket(PathBuf::from(text))),
        _ if name.chars().all(fits) => Ok(Host::Name(text.to_owned())),
        _ => Err(Malformed::Host),
    }
}

#[cfg(test)]
mod tests {
    use super::super::postgres_url::cut;
    use super::*;

    fn parse(rest: &str) -> Result<Postgres, Malformed> {
        Postgres::parse(&cut(&format!("postgresql://{rest}")).unwrap()?)
    }

    #[track_caller]
    fn asks(rest: &str, expected: &[(&str, u16)]) {
        let servers = parse(rest).unwrap().servers;
        let found = servers.iter().map(|it| match &it.host {
            Host::Name(name) => (name.as_str(), it.port),
            Host::Unnamed => ("", it.port),
            Host::Socket(folder) => (folder.to_str().unwrap(), it.port),
        });
        assert_eq!(found.collect::<Vec<_>>(), expected, "{rest}");
    }

    #[track_caller]
    fn refused(rest: &str, why: Malformed) {
        assert_eq!(parse(rest).err(), Some(why), "{rest}");
    }

    #[test]
    fn hosts_and_ports_belong_together() {
        asks("", &[("/var/run/postgresql", 5432)]);
        asks("a,b:2", &[("a", 5432), ("b", 2)]);
        asks("a:1,/m?port=3", &[("a", 3), ("/var/run/postgresql", 3)]);
        asks("a?host=/tmp/x&port=1", &[("/tmp/x", 1)]);
        asks("%2Ftmp", &[("/tmp", 5432)]);
        asks("[::1]:1", &[("::1", 1)]);
        asks("?hostaddr=::1", &[("", 5432)]);
        let it = parse("?hostaddr=127.1").unwrap().servers;
        assert_eq!(it[0].address, Some("127.0.0.1".parse().unwrap()));
        refused("a,b?port=1,2,3", Malformed::Ports);
        refused("a,b?hostaddr=::1", Malformed::Addresses);
        refused("a?hostaddr=zion", Malformed::NoAddress);
        refused("a:65536", Malformed::Port);
        refused("a%20b", Malformed::Host);
    }

    #[test]
    fn every_parameter_is_honoured_or_refused() {
        let unsupported = |rest: &str| parse(rest).unwrap().unsupported;
        assert_eq!(unsupported("h?sslcert=x"), Some("sslcert"));
        assert_eq!(unsupported("h?sslcert="), None);
        assert_eq!(
            unsupported("h?gssencmode=require"),
            Some("gssencmode=require")
        );
        assert_eq!(unsupported("h?gssencmode=prefer"), None);
        assert_eq!(unsupported("h?passfile=x"), Some("passfile"));
        assert_eq!(unsupported(":x@h?passfile=x"), None);
        for name in [
            "schema",
            "statement_cache_mode",
            "pool_min_conns",
            "socketTimeout",
        ] {
            assert_eq!(unsupported(&format!("h?{name}=public")), Some(name));
        }
        assert_eq!(unsupported("?host=%40x"), Some("host=@…"));
        refused("h?zion=1", Malformed::UnknownParameter);
        refused("h?sslmode=on", Malformed::Value("sslmode"));
        refused("h?keepalives=no", Malformed::Value("keepalives"));
        refused("h?sslmode=require&sslrootcert=system", Malformed::WeakMode);
        let it = parse("a:b@h/n?user=c&password=&ssl=true&connect_timeout=1").unwrap();
        assert_eq!(it.user.as_deref(), Some("c"));
        assert!(it.password.is_none());
        assert_eq!(it.encryption, Encryption::Require);
        assert_eq!(it.wire.timeout, Some(2));
    }
}
