//! Which parameters does libpq know, and which values does it accept?
//!
//! A URL fills a table of parameters, as in libpq (`PQconninfoOptions` in `fe-connect.c`). Then this
//! module reads the table.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::zeroize::Zeroizing;

use super::postgres::{Encryption, Postgres, Target, Wire, servers};
use super::postgres_url::decode;
use super::url::Malformed;
use crate::secret::Secret;

/// libpq's parameters by name, each with its last value.
#[derive(Default)]
pub struct Options {
    /// Name and value.
    known: BTreeMap<&'static str, Zeroizing<String>>,
    /// The first parameter of another client, or of a newer libpq.
    foreign: Option<&'static str>,
}

/// Every parameter of libpq 15.
const PARAMETERS: &str = "\
    service user password passfile channel_binding connect_timeout dbname host hostaddr port \
    client_encoding options application_name fallback_application_name keepalives \
    keepalives_idle keepalives_interval keepalives_count tcp_user_timeout sslmode sslcompression \
    sslcert sslkey sslpassword sslrootcert sslcrl sslcrldir sslsni requirepeer \
    ssl_min_protocol_version ssl_max_protocol_version gssencmode krbsrvname gsslib replication \
    target_session_attrs";

/// Parameters of newer versions of libpq, and of Prisma, JDBC, node-postgres, SQLAlchemy, pgx and Rails.
/// libpq 15 refuses them, but for another program they are correct.
const FOREIGN: &str = "\
    require_auth sslcertmode load_balance_hosts sslnegotiation gssdelegation \
    min_protocol_version max_protocol_version sslkeylogfile servicefile schema pgbouncer \
    connection_limit pool_timeout socket_timeout statement_cache_size sslidentity sslaccept ssl \
    currentSchema prepareThreshold ApplicationName uselibpqcompat pool_size max_overflow \
    pool_max_conns prepared_statement_cache_size statement_timeout search_path timezone TimeZone \
    async_fallback conn_max_age serverVersion charset encoding pool command_timeout \
    statement_cache_mode statement_cache_capacity description_cache_capacity default_query_exec_mode \
    pool_min_conns pool_min_idle_conns pool_max_conn_lifetime pool_max_conn_lifetime_jitter \
    pool_max_conn_idle_time pool_health_check_period prepared_statements checkout_timeout idle_timeout \
    reaping_frequency connectTimeout loginTimeout socketTimeout tcpKeepAlive sslfactory stringtype \
    targetServerType loadBalanceHosts preferQueryMode reWriteBatchedInserts binaryTransfer";

impl Options {
    /// Stores a part of the URL, decoded.
    pub fn set_unless_empty(&mut self, name: &str, part: &str) -> Result<(), Malformed> {
        if part.is_empty() {
            return Ok(());
        }
        self.set(name, decode(part)?)
    }

    /// Stores a value. The last one counts.
    pub fn set(&mut self, name: &str, value: Zeroizing<String>) -> Result<(), Malformed> {
        let (name, value) = match (name, value.as_str()) {
            // JDBC writes it so, and old versions of libpq did.
            ("ssl", "true") => ("sslmode", Zeroizing::new("require".to_owned())),
            ("requiressl", text) if text.starts_with('1') => {
                ("sslmode", Zeroizing::new("require".to_owned()))
            }
            ("requiressl", _) => ("sslmode", Zeroizing::new("prefer".to_owned())),
            _ => (name, value),
        };
        if let Some(known) = PARAMETERS.split_whitespace().find(|it| *it == name) {
            self.known.insert(known, value);
            return Ok(());
        }
        let foreign = FOREIGN.split_whitespace().find(|it| *it == name);
        let foreign = foreign.ok_or(Malformed::UnknownParameter)?;
        self.foreign.get_or_insert(foreign);
        Ok(())
    }

    /// The value of a parameter. An empty value counts as none.
    fn get(&self, name: &str) -> Option<&str> {
        let value = self.known.get(name).map(|it| it.as_str());
        value.filter(|it| !it.is_empty())
    }

    /// Reads one of these values. An empty value is a value too, and is refused.
    fn one_of<T: Copy>(
        &self,
        name: &'static str,
        values: &[(&str, T)],
    ) -> Result<Option<T>, Malformed> {
        let Some(value) = self.known.get(name) else {
            return Ok(None);
        };
        let found = values.iter().find(|(it, _)| *it == value.as_str());
        found.map(|(_, it)| Some(*it)).ok_or(Malformed::Value(name))
    }

    /// Reads a number. A number below 0 means the same as no number: `None`. An empty value is refused.
    fn number(&self, name: &'static str) -> Result<Option<u32>, Malformed> {
        let number = self.known.get(name).map(|it| it.trim().parse::<i32>());
        match number.transpose() {
            Ok(number) => Ok(number.and_then(|it| u32::try_from(it).ok())),
            Err(_) => Err(Malformed::Value(name)),
        }
    }

    /// The meaning of the whole table.
    pub fn read(&self) -> Result<Postgres, Malformed> {
        let list = |name| -> Vec<&str> {
            let list = self.get(name).map(|it| it.split(',').collect());
            list.unwrap_or_default()
        };
        let servers = servers(&list("host"), &list("hostaddr"), &list("port"))?;
        let text = |name: &str| self.get(name).map(str::to_owned);
        let application = text("application_name").or_else(|| text("fallback_application_name"));
        let (encryption, roots) = self.encryption()?;
        Ok(Postgres {
            user: text("user"),
            password: self.get("password").map(Secret::new),
            name: text("dbname"),
            encryption,
            roots,
            tells_name: self.get("sslsni") != Some("0"),
            target: self.target()?,
            options: self.get("options").map(Secret::new),
            application,
            wire: self.wire()?,
            unsupported: self.unsupported()?,
            servers,
        })
    }

    /// Reads `sslmode` and `sslrootcert`, which belong together.
    fn encryption(&self) -> Result<(Encryption, Option<PathBuf>), Malformed> {
        let mode = self.one_of(
            "sslmode",
            &[
                ("disable", Encryption::Disable),
                ("allow", Encryption::Allow),
                ("prefer", Encryption::Prefer),
                ("require", Encryption::Require),
                ("verify-ca", Encryption::VerifyCa),
                ("verify-full", Encryption::VerifyFull),
            ],
        )?;
        match (self.get("sslrootcert"), mode) {
            (Some("system"), None | Some(Encryption::VerifyFull)) => {
                Ok((Encryption::VerifyFull, None))
            }
            (Some("system"), _) => Err(Malformed::WeakMode),
            (file, _) => Ok((mode.unwrap_or(Encryption::Prefer), file.map(PathBuf::from))),
        }
    }

    /// Reads `target_session_attrs`.
    fn target(&self) -> Result<Target, Malformed> {
        let target = self.one_of(
            "target_session_attrs",
            &[
                ("any", Target::Any),
                ("read-write", Target::ReadWrite),
                ("read-only", Target::ReadOnly),
                ("primary", Target::Primary),
                ("standby", Target::Standby),
                ("prefer-standby", Target::PreferStandby),
            ],
        )?;
        Ok(target.unwrap_or(Target::Any))
    }

    /// Reads the time-outs and `keepalives`.
    fn wire(&self) -> Result<Wire, Malformed> {
        let unwatched = self.number("keepalives")? == Some(0);
        // libpq reads how to watch a connection only if it watches. A number below 0 is 0 then.
        let watch = |name| match self.known.get(name) {
            Some(_) if !unwatched => self.number(name).map(|it| Some(it.unwrap_or(0))),
            _ => Ok(None),
        };
        Ok(Wire {
            // libpq waits at least two seconds. 0 means without an end.
            timeout: self
                .number("connect_timeout")?
                .filter(|it| *it > 0)
                .map(|it| it.max(2)),
            unwatched,
            idle: watch("keepalives_idle")?,
            interval: watch("keepalives_interval")?,
            count: watch("keepalives_count")?,
            milliseconds: self.number("tcp_user_timeout")?.filter(|it| *it > 0),
        })
    }

    /// The first parameter that this program cannot follow. Parameters without an effect are not listed:
    /// those that need Kerberos (`krbsrvname`, `gsslib`), and `sslcompression`, which libpq ignores.
    fn unsupported(&self) -> Result<Option<&'static str>, Malformed> {
        if self.known.get("service").is_some_and(|it| it.is_empty()) {
            return Err(Malformed::Value("service"));
        }
        let modes = |name: &'static str, required: &'static str| {
            let values = [
                ("disable", None),
                ("prefer", None),
                ("require", Some(required)),
            ];
            self.one_of(name, &values).map(Option::flatten)
        };
        let binding = modes("channel_binding", "channel_binding=require")?;
        let kerberos = modes("gssencmode", "gssencmode=require")?;
        let version = |name: &'static str, without_effect: &[&str]| {
            let version = self.get(name).map(str::to_ascii_lowercase);
            match version.as_deref() {
                None => Ok(None),
                Some(it) if without_effect.contains(&it) => Ok(None),
                Some("tlsv1" | "tlsv1.1" | "tlsv1.2" | "tlsv1.3") => Ok(Some(name)),
                Some(_) => Err(Malformed::Value(name)),
            }
        };
        let least = version("ssl_min_protocol_version", &["tlsv1", "tlsv1.1", "tlsv1.2"])?;
        let most = version("ssl_max_protocol_version", &["tlsv1.3"])?;
        let with_effect = |name: &'static str, without_effect: &[&str]| {
            let value = self.get(name)?.to_ascii_lowercase();
            (!without_effect.contains(&value.as_str())).then_some(name)
        };
        let mut files = "service sslcert sslkey sslcrl sslcrldir requirepeer".split(' ');
        // With a password in the URL, libpq does not look for another.
        let has_password = self.get("password").is_some();
        let mut hosts = self.get("host").unwrap_or_default().split(',');
        let abstract_socket = hosts.any(|it| it.starts_with('@'));
        Ok(self
            .foreign
            .or(files.find(|it| self.get(it).is_some()))
            .or(with_effect("passfile", &[]).filter(|_| !has_password))
            .or(binding)
            .or(kerberos)
            .or(least)
            .or(most)
            .or(with_effect(
                "client_encoding",
                &["auto", "utf8", "utf-8", "unicode"],
            ))
            .or(with_effect("replication", &["false", "off", "no", "0"]))
            .or(abstract_socket.then_some("host=@…")))
    }
}
