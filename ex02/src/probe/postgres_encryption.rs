//! Does a login go out encrypted, and how often is it tried?

use std::time::{Duration, Instant};

use tokio_postgres::config::SslMode;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Config, NoTls, Socket};

use super::postgres_error::{Login, refusal_of};
use super::postgres_session::Session;
use super::refusal::{Refusal, Way};
use super::tls::{Tls, Verify};
use crate::variables::{Encryption, Postgres, Server};

/// The `sslmode` that is followed: `disable`, `allow`, `prefer` or `require`.
///
/// On this machine, it is that of the URL. To another machine, a login goes out encrypted and only to a
/// server with a verified certificate, unless the URL says `disable`. (libpq's `prefer` would send it
/// unencrypted to any server that claims to have no TLS, and `require` to any certificate.)
fn followed(mode: Encryption, local: bool) -> Encryption {
    match mode {
        Encryption::Disable => Encryption::Disable,
        mode if local => mode.min(Encryption::Require),
        _ => Encryption::Require,
    }
}

/// One address to log in at.
pub struct Call {
    /// The address and the settings of the client.
    config: Config,
    /// The host that the certificate must be for. Empty: the URL names none.
    host: String,
    /// The end of `connect_timeout`. It is for all that happens at one address.
    deadline: Option<Instant>,
}

impl Call {
    /// The time begins now.
    pub fn new(database: &Postgres, host: &str, config: Config) -> Self {
        let seconds = database.wire.timeout;
        let wait = seconds.map(|it| Duration::from_secs(it.into()));
        Self {
            config,
            host: host.to_owned(),
            deadline: wait.and_then(|it| Instant::now().checked_add(it)),
        }
    }
}

/// Connects over TCP, encrypted as `sslmode` says.
pub fn connect(database: &Postgres, server: &Server, call: &Call) -> Result<Session, Refusal> {
    let certificate = verification(database, server.is_local());
    let encrypted = |mode| connect_encrypted(database, call, mode, certificate);
    match followed(database.encryption, server.is_local()) {
        Encryption::Disable => connect_plainly(call),
        Encryption::Allow => match connect_plainly(call) {
            Err(first) if !first.leaves_the_next() => {
                let second = encrypted(SslMode::Require).0;
                second.map_err(|second| better(first, second))
            }
            other => other,
        },
        Encryption::Prefer => match encrypted(SslMode::Prefer) {
            (Err(first), true) if !first.leaves_the_next() => {
                connect_plainly(call).map_err(|second| better(first, second))
            }
            (other, true) => other,
            (other, false) => other.map_err(|it| in_this_way(it, Way::NoTls)),
        },
        _ => encrypted(SslMode::Require).0,
    }
}

/// The refusal that says more: the first, unless it says only that this way is not allowed or did not work.
fn better(first: Refusal, second: Refusal) -> Refusal {
    let did_not_work = matches!(
        first,
        Refusal::Handshake | Refusal::HandshakeBroken | Refusal::HangsUp | Refusal::Lost(_)
    );
    match (first, second) {
        (Refusal::NoEntry(_), Refusal::NoEntry(_)) => in_this_way(first, Way::Both),
        (Refusal::NoEntry(_), Refusal::NoTls { .. }) => in_this_way(first, Way::NoTls),
        (Refusal::NoEntry(_), _) if second.leaves_the_next() => first,
        (Refusal::RootsNotRead | Refusal::NoRoots, Refusal::NoEntry(_)) => first,
        // libpq would not have read the file before it reached the server.
        (Refusal::RootsNotRead | Refusal::NoRoots | Refusal::NoEntry(_), _) => second,
        _ if did_not_work && !second.leaves_the_next() => second,
        _ => first,
    }
}

/// Says in which way the server does not let the user in.
pub fn in_this_way(refusal: Refusal, way: Way) -> Refusal {
    match refusal {
        Refusal::NoEntry(_) => Refusal::NoEntry(way),
        other => other,
    }
}

/// How much of a certificate must be right. On this machine, as in libpq, an existing file of
/// authorities counts in every mode. A missing one is an error only in the strict modes.
fn verification(database: &Postgres, local: bool) -> Verify {
    let named = database.roots.as_ref().is_some_and(|it| it.exists());
    match database.encryption {
        Encryption::VerifyFull => Verify::ChainAndName,
        Encryption::VerifyCa => Verify::Chain,
        Encryption::Require if named => Verify::Chain,
        _ if named && local => Verify::Chain,
        _ if local => Verify::Nothing,
        _ => Verify::ChainAndName,
    }
}

/// Connects without TLS.
pub fn connect_plainly(call: &Call) -> Result<Session, Refusal> {
    log_in(call, SslMode::Disable, NoTls, || false)
}

/// Connects with TLS, or as the server prefers. Also says whether TLS began.
fn connect_encrypted(
    database: &Postgres,
    call: &Call,
    mode: SslMode,
    verify: Verify,
) -> (Result<Session, Refusal>, bool) {
    let tls = match Tls::new(
        verify,
        database.roots.as_deref(),
        &call.host,
        database.tells_name,
    ) {
        Ok(tls) => tls,
        // libpq reads the file after the server agreed to encrypt, and `prefer` goes on without.
        Err(refusal) => return (Err(refusal), true),
    };
    let connected = log_in(call, mode, tls.clone(), || tls.has_begun());
    let asked_for = database.encryption >= Encryption::Require;
    let tls_began = tls.has_begun();
    let without_tls = !tls_began && mode == SslMode::Require;
    let connected = connected.map_err(|refusal| match refusal {
        // Before the handshake, only the server's "no" or a broken connection can end it.
        Refusal::NoPassword | Refusal::Method if without_tls => Refusal::NoTls { asked_for },
        other => other,
    });
    (connected, tls_began)
}

/// Logs in at one address. `has_begun` says, after an error, whether the server had agreed to encrypt.
fn log_in<T>(
    call: &Call,
    mode: SslMode,
    tls: T,
    has_begun: impl FnOnce() -> bool,
) -> Result<Session, Refusal>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: 'static,
{
    let mut config = call.config.clone();
    config.ssl_mode(mode);
    let has_password = config.get_password().is_some();
    Session::open(&config, tls, call.deadline, |error, accepted| {
        let login = Login {
            accepted,
            encrypted: has_begun(),
            has_password,
        };
        refusal_of(error, login)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::{Database, read_database};

    #[test]
    fn a_login_to_another_machine_is_encrypted_unless_the_url_says_disable() {
        let modes = [
            (Encryption::Disable, Encryption::Disable),
            (Encryption::Allow, Encryption::Allow),
            (Encryption::Prefer, Encryption::Prefer),
            (Encryption::Require, Encryption::Require),
            (Encryption::VerifyCa, Encryption::Require),
            (Encryption::VerifyFull, Encryption::Require),
        ];
        for (mode, here) in modes {
            let beyond = match mode {
                Encryption::Disable => Encryption::Disable,
                _ => Encryption::Require,
            };
            assert_eq!(followed(mode, true), here, "{mode:?}");
            assert_eq!(followed(mode, false), beyond, "{mode:?}");
        }
    }

    #[track_caller]
    fn check(url: &str, expected: Verify) {
        let Ok(Database::Postgres(it)) = read_database(url).database else {
            panic!("{url}")
        };
        let local = it.servers[0].is_local();
        assert_eq!(verification(&it, local), expected, "{url}");
    }

    #[test]
    fn a_certificate_of_another_machine_is_always_verified() {
        let all = Verify::ChainAndName;
        check("postgresql://neo:x@db.zion/m", all);
        check("postgresql://neo:x@db.zion/m?sslmode=prefer", all);
        check("postgresql://neo:x@db.zion/m?sslmode=require", all);
        check(
            "postgresql://neo:x@db.zion/m?sslmode=require&sslrootcert=/no",
            all,
        );
        check(
            "postgresql://neo:x@db.zion/m?sslmode=verify-ca",
            Verify::Chain,
        );
        check("postgresql://neo:x@db.zion/m?sslrootcert=system", all);
        check("postgresql://neo:x@db.zion/m?sslrootcert=/", all);
        let require = "postgresql://neo:x@db.zion/m?sslmode=require&sslrootcert=/";
        check(require, Verify::Chain);
        check("postgresql://neo:x@localhost/m", Verify::Nothing);
        check(
            "postgresql://neo:x@localhost/m?sslrootcert=/no",
            Verify::Nothing,
        );
        check(
            "postgresql://neo:x@localhost/m?sslrootcert=/",
            Verify::Chain,
        );
        check("postgresql://neo:x@localhost/m?sslmode=verify-full", all);
        check(
            "postgresql://neo:x@db.zion/m?hostaddr=127.0.0.1",
            Verify::Nothing,
        );
    }
}
