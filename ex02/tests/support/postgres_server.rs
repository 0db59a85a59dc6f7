//! PostgreSQL, pgbouncer and psql in a temporary folder, only on addresses of this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use crate::port::dead_port;

/// A server in a temporary folder. It stops when it is dropped.
pub struct Postgres {
    /// Data, log, sockets and certificates.
    pub folder: tempfile::TempDir,
    /// The port on 127.0.0.1.
    pub port: u16,
    /// The folder of the server's programs.
    programs: PathBuf,
    /// The postmaster, then pgbouncer.
    processes: Vec<Child>,
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The folder of Debian's server programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<PathBuf> = versions
        .filter_map(|it| Some(it.ok()?.path().join("bin")))
        .collect();
    folders.retain(|it| it.join("initdb").is_file());
    folders.sort();
    folders.pop()
}

/// True for root. These servers refuse to run as root.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0)
}

/// A command that does not run as root, with an empty environment.
fn unprivileged(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
            .arg(program);
        command
    } else {
        Command::new(program)
    };
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// Makes the server's user the owner of a file.
fn hand_over(path: &Path) {
    if is_root() {
        std::os::unix::fs::chown(path, Some(65534), Some(65534)).unwrap();
    }
}

/// Runs a command that must succeed.
#[track_caller]
fn done(command: &mut Command) -> Output {
    let done = command.output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {said}");
    done
}

/// Who may log in, how, and over which connection. The first matching line counts.
const RULES: &str = "\
local     all  ghost      peer
local     all  shut_out   reject
local     all  all        scram-sha-256
hostssl   all  secured    127.0.0.1/32  scram-sha-256
hostssl   all  trinity    127.0.0.1/32  trust clientcert=verify-full
hostnossl all  clear      127.0.0.1/32  scram-sha-256
host      all  shut_out   127.0.0.1/32  reject
host      all  elsewhere  127.0.0.1/32  ldap ldapserver=127.0.0.1 ldapport=1 ldapprefix=cn=
host      all  trusted,locked,nobody  127.0.0.1/32  trust
host      all  secured,clear,outsider,trinity 127.0.0.1/32  reject
host      all  all        127.0.0.1/32  scram-sha-256
";

impl Postgres {
    /// Starts a server. Every user of [`RULES`] has this password. `None`: PostgreSQL is not installed.
    pub fn start(password: &str, hash: &str) -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("password"), password).unwrap();
        fs::create_dir(at("sockets")).unwrap();
        for path in [folder.path(), &at("password"), &at("sockets")] {
            hand_over(path);
        }
        done(
            unprivileged(&programs.join("initdb"))
                .args(["--no-sync", "--auth=scram-sha-256", "--username=neo"])
                .args(["--encoding=UTF8", "--locale=C", "--pwfile"])
                .arg(at("password"))
                .arg("--pgdata")
                .arg(at("data"))
                .current_dir(folder.path())
                .stdout(Stdio::piped()),
        );
        fs::write(at("data/pg_hba.conf"), RULES).unwrap();
        let mut server = Self {
            folder,
            port: dead_port(),
            programs,
            processes: Vec::new(),
        };
        server.authority();
        server.certificate(
            "server",
            "server",
            "20200101",
            "20991231",
            "subjectAltName=IP:127.0.0.1",
        );
        server.run("server");
        let url = format!(
            "host=127.0.0.1 port={} user=neo dbname=postgres",
            server.port
        );
        let quoted = password.replace('\'', "''");
        let roles = format!(
            "CREATE ROLE secured LOGIN PASSWORD '{quoted}'; CREATE ROLE clear LOGIN PASSWORD '{quoted}';
             CREATE ROLE smith LOGIN PASSWORD '{quoted}'; CREATE ROLE trusted LOGIN; CREATE ROLE locked;
             CREATE ROLE few LOGIN CONNECTION LIMIT 0 PASSWORD '{quoted}'; CREATE ROLE ghost LOGIN;
             CREATE ROLE hash LOGIN PASSWORD '{hash}'; CREATE ROLE shut_out LOGIN;
             CREATE DATABASE closed; REVOKE CONNECT ON DATABASE closed FROM PUBLIC;
             CREATE ROLE trinity LOGIN; CREATE DATABASE crowded CONNECTION LIMIT 0;
             CREATE ROLE elsewhere LOGIN; CREATE DATABASE halfway;
             UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'halfway';
             CREATE DATABASE shut ALLOW_CONNECTIONS false;"
        );
        let roles: Vec<&str> = roles
            .split_inclusive(';')
            .flat_map(|it| ["-c", it])
            .collect();
        let mut psql = server.psql();
        done(
            psql.env("PGPASSWORD", password)
                .args(["-d", &url])
                .args(roles),
        );
        Some(server)
    }

    /// A file in the server's folder.
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// psql with nothing but its arguments: no files and no variables.
    pub fn psql(&self) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command
            .args(["-X", "-w", "-q"])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.at("sockets"))
            .env("PGCONNECT_TIMEOUT", "20")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// True when psql connects with this URL and nothing else.
    pub fn psql_connects(&self, url: &str) -> bool {
        let done = self
            .psql()
            .args(["-d", url, "-tAc", "SELECT 40 + 2"])
            .output();
        let done = done.unwrap();
        done.status.success() && done.stdout == b"42\n"
    }

    /// Starts the postmaster with the certificate of this name.
    pub fn run(&mut self, certificate: &str) {
        self.run_with(certificate, &[]);
    }

    /// The same, with these settings.
    pub fn run_with(&mut self, certificate: &str, settings: &[&str]) {
        self.stop();
        hand_over(&self.at("ca.pem"));
        for name in ["pem", "key"] {
            hand_over(&self.at(&format!("{certificate}.{name}")));
        }
        let always = [
            "listen_addresses=127.0.0.1",
            "fsync=off",
            "ssl=on",
            "ssl_ca_file=../ca.pem",
            &format!("ssl_cert_file=../{certificate}.pem"),
            &format!("ssl_key_file=../{certificate}.key"),
            &format!("unix_socket_directories={}", self.at("sockets").display()),
        ];
        let log = self.at("log");
        let process = unprivileged(&self.programs.join("postgres"))
            .arg("-D")
            .arg(self.at("data"))
            .args(["-p", &self.port.to_string()])
            .args(always.iter().flat_map(|it| ["-c", it]))
            .args(settings.iter().flat_map(|it| ["-c", it]))
            .current_dir(self.folder.path())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        self.processes.push(process);
        wait_for(&log, "ready to accept connections");
    }

    /// Starts pgbouncer for the server. Returns its port. `None`: it is not installed.
    pub fn bouncer(&mut self, password: &str) -> Option<u16> {
        let program = Path::new("/usr/sbin/pgbouncer");
        if !program.is_file() {
            return None;
        }
        let port = dead_port();
        let settings = format!(
            "[databases]\npostgres = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = users\nadmin_users = neo\n",
            self.port
        );
        let quoted = password.replace('"', "\"\"");
        fs::write(self.at("users"), format!("\"neo\" \"{quoted}\"\n")).unwrap();
        fs::write(self.at("settings"), settings).unwrap();
        let log = self.at("bouncer.log");
        let process = unprivileged(program)
            .arg("settings")
            .current_dir(self.folder.path())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        self.processes.push(process);
        wait_for(&log, "process up");
        Some(port)
    }

    /// Stops everything.
    fn stop(&mut self) {
        for mut process in self.processes.drain(..) {
            // SIGINT is PostgreSQL's fast shutdown. SIGKILL would leave its child processes running.
            let pid = process.id().to_string();
            let _ = Command::new("kill").args(["-INT", &pid]).status();
            let _ = process.wait();
        }
    }

    /// Runs openssl in the folder.
    #[track_caller]
    fn openssl(&self, words: &str) {
        let mut command = Command::new("openssl");
        done(
            command
                .args(words.split(' '))
                .current_dir(self.folder.path()),
        );
    }

    /// Makes two authorities: one for the server, and one that signs nothing.
    fn authority(&self) {
        for name in ["ca", "other"] {
            self.own(name, "");
        }
        let settings = "[ca]\ndefault_ca=it\n[it]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=names\nunique_subject=no\n[names]\ncommonName=supplied\n";
        fs::write(self.at("ca.conf"), settings).unwrap();
        fs::write(self.at("index"), "").unwrap();
        fs::write(self.at("serial"), "01\n").unwrap();
    }

    /// Makes a certificate that is its own authority.
    pub fn own(&self, name: &str, more: &str) {
        self.openssl(&format!(
            "req -x509 {KEY} -keyout {name}.key -out {name}.pem -subj /CN={name} -days 2{more}"
        ));
    }

    /// Makes a certificate that this one signs. Without extensions, its version is 1.
    pub fn signed(&self, name: &str, issuer: &str, key: &str, extensions: &str) {
        self.openssl(&format!(
            "req {key} -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"
        ));
        fs::write(self.at("extensions"), format!("{extensions}\n")).unwrap();
        let more = if extensions.is_empty() {
            ""
        } else {
            " -extfile extensions"
        };
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -set_serial 7 -days 2 -out {name}.pem{more}"
        ));
    }

    /// Makes an authority that has expired.
    pub fn expired_authority(&self, name: &str) {
        fs::write(self.at("extensions"), "basicConstraints=critical,CA:TRUE\n").unwrap();
        self.openssl(&format!(
            "req {KEY} -keyout {name}.key -out {name}.csr -subj /CN={name}"
        ));
        self.openssl(&format!(
            "ca -batch -notext -config ca.conf -selfsign -keyfile {name}.key -in {name}.csr -out {name}.pem -startdate 20200101000000Z -enddate 20210101000000Z -extfile extensions"
        ));
    }

    /// Puts several PEM files into one.
    pub fn join(&self, name: &str, parts: &[&str]) {
        let part = |it: &&str| fs::read(self.at(&format!("{it}.pem"))).unwrap();
        fs::write(
            self.at(name),
            parts.iter().flat_map(part).collect::<Vec<_>>(),
        )
        .unwrap();
    }

    /// Makes a certificate that the authority signs.
    pub fn certificate(
        &self,
        name: &str,
        subject: &str,
        from: &str,
        until: &str,
        extensions: &str,
    ) {
        fs::write(self.at("extensions"), format!("{extensions}\n")).unwrap();
        self.openssl(&format!(
            "req {KEY} -keyout {name}.key -out {name}.csr -subj /CN={subject}"
        ));
        self.openssl(&format!(
            "ca -batch -notext -config ca.conf -cert ca.pem -keyfile ca.key -in {name}.csr -out {name}.pem -startdate {from}000000Z -enddate {until}000000Z -extfile extensions"
        ));
    }
}

/// The options for every key.
pub const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

/// Waits until the log of a server has this text.
fn wait_for(log: &Path, words: &str) {
    for _ in 0..600 {
        if fs::read_to_string(log).unwrap().contains(words) {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("{}", fs::read_to_string(log).unwrap());
}
