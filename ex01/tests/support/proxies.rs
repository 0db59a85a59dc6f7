//! A web server and two proxies with their usual configuration, reachable from this machine only.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::Duration;

use tempfile::{TempDir, tempdir_in};

/// A good table.
pub const TABLE: &str = "signal,agent_activity\n0.5,3\n-1.5,9\n";

/// squid asks this helper for passwords.
const PASSWORDS: &str = "/usr/lib/squid/basic_ncsa_auth";

/// nginx with and without TLS, and squid and tinyproxy, each with and without a password. All end when this is dropped.
pub struct Servers {
    running: Vec<(Command, Child)>,
    pub http: u16,
    pub other: u16,
    pub https: u16,
    pub squid: u16,
    pub tinyproxy: u16,
    pub guarded_squid: u16,
    pub guarded_tinyproxy: u16,
    /// The certificate of the authority that signed the server's certificate.
    pub authority: String,
    folder: TempDir,
}

impl Drop for Servers {
    fn drop(&mut self) {
        for (_, child) in &mut self.running {
            // This signal also ends their workers and helpers.
            let _ = Command::new("kill").arg(child.id().to_string()).status();
        }
        for (_, child) in &mut self.running {
            let _ = child.wait();
        }
    }
}

/// A port without a listener, which stays free until it is used.
///
/// It asks for a connection. To listen there and stop would hold the port a little longer: a process that another thread starts at that
/// moment has a copy of the listener until it runs its program. Each port is given out once. The kernel chooses ports for connections and for `bind` to port 0 from 32,768 on, so no other test gets
/// one of these by chance.
pub fn dead_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    // Runs at the same time have neighbouring numbers: each takes from 500 ports of its own.
    let first = 10_000 + 500 * u16::try_from(std::process::id() % 40).unwrap();
    loop {
        let port = first + GIVEN.fetch_add(1, Ordering::Relaxed) % 500;
        if TcpStream::connect(("127.0.0.1", port)).is_err() {
            return port;
        }
    }
}

/// Starts them all, or names the missing program.
pub fn servers() -> Result<Servers, &'static str> {
    for program in ["nginx", "squid", "tinyproxy", "openssl", "curl"] {
        if Command::new(program).arg("-v").output().is_err() {
            return Err(program);
        }
    }
    if !Path::new(PASSWORDS).exists() {
        return Err(PASSWORDS);
    }
    // TMPDIR may have a blank in its name, which squid's configuration cannot write.
    let folder = tempdir_in("/tmp").unwrap();
    // squid and nginx give up root's rights before they read these files.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    certificate(folder.path());
    let mut servers = Servers {
        running: Vec::new(),
        http: dead_port(),
        other: dead_port(),
        https: dead_port(),
        squid: dead_port(),
        tinyproxy: dead_port(),
        guarded_squid: dead_port(),
        guarded_tinyproxy: dead_port(),
        authority: folder.path().join("ca.pem").display().to_string(),
        folder,
    };
    servers.start();
    Ok(servers)
}

/// An authority, and the certificate that it signs for this machine.
fn certificate(folder: &Path) {
    fs::write(
        folder.join("extensions"),
        "subjectAltName=IP:127.0.0.1,DNS:localhost\n",
    )
    .unwrap();
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for words in [
        format!("req -x509 {key} -days 2 -subj /CN=authority -keyout ca.key -out ca.pem"),
        format!("req {key} -subj /CN=127.0.0.1 -keyout key -out request"),
        "x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out cert"
            .to_owned(),
    ] {
        let made = Command::new("openssl")
            .args(words.split(' '))
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(made.status.success(), "{words}: {made:?}");
    }
}

impl Servers {
    /// The path of a file in their folder.
    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Starts a program with a configuration.
    fn run(&mut self, program: &str, name: &str, configuration: &str, flags: &[&str]) {
        fs::write(self.at(name), configuration).unwrap();
        let said = fs::File::options()
            .create(true)
            .append(true)
            .open(self.at("said"));
        let mut command = Command::new(program);
        command
            .args(flags)
            .arg(self.at(name))
            .stdout(Stdio::null())
            .stderr(said.unwrap());
        let child = command.spawn().unwrap();
        self.running.push((command, child));
    }

    fn start(&mut self) {
        fs::write(self.at("data.csv"), TABLE).unwrap();
        // tinyproxy accepts letters and digits only.
        for (name, password) in [("passwords", "p@ss"), ("proxy-passwords", "trinity")] {
            let secret = Command::new("openssl")
                .args(["passwd", "-apr1", password])
                .output();
            let secret = String::from_utf8(secret.unwrap().stdout).unwrap();
            fs::write(self.at(name), format!("neo:{secret}")).unwrap();
        }
        let nginx = self.nginx();
        self.run("nginx", "nginx.conf", &nginx, &["-e", "/dev/null", "-c"]);
        for (port, guarded) in [(self.squid, false), (self.guarded_squid, true)] {
            let squid = self.squid(port, guarded);
            let name = format!("squid-{port}.conf");
            self.run("squid", &name, &squid, &["-N", "-f"]);
        }
        for (port, guard) in [
            (self.tinyproxy, ""),
            (self.guarded_tinyproxy, "BasicAuth neo trinity"),
        ] {
            let tinyproxy = format!(
                "Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nConnectPort {}\nLogFile \"{}\"\n{guard}\n",
                self.https,
                self.at(&format!("tinyproxy-{port}.log"))
            );
            let name = format!("tinyproxy-{port}.conf");
            self.run("tinyproxy", &name, &tinyproxy, &["-d", "-c"]);
        }
        let ports = [
            self.http,
            self.other,
            self.https,
            self.squid,
            self.tinyproxy,
            self.guarded_squid,
            self.guarded_tinyproxy,
        ];
        for port in ports {
            let listens = |_| {
                thread::sleep(Duration::from_millis(20));
                self.start_again();
                TcpStream::connect(("127.0.0.1", port)).is_ok()
            };
            assert!(
                (0..1000).any(listens),
                "there is no listener at {port}: {}",
                fs::read_to_string(self.at("said")).unwrap()
            );
        }
    }

    /// Starts each program again that has ended. tinyproxy gives up at once when something still has its port.
    fn start_again(&mut self) {
        for (command, child) in &mut self.running {
            if child.try_wait().unwrap().is_some() {
                *child = command.spawn().unwrap();
            }
        }
    }

    /// As on Debian: a tunnel leads to the TLS port only.
    fn squid(&self, port: u16, guarded: bool) -> String {
        let guard = format!(
            "auth_param basic program {PASSWORDS} {}\nacl known proxy_auth REQUIRED\nhttp_access deny !known\n",
            self.at("proxy-passwords")
        );
        format!(
            "http_port 127.0.0.1:{port}\nacl encrypted port {https}\nacl CONNECT method CONNECT\n{guard}\
             http_access deny CONNECT !encrypted\nhttp_access allow all\ncache deny all\naccess_log none\n\
             cache_log /dev/null\npid_filename none\ncoredump_dir {folder}\nshutdown_lifetime 0 seconds\n\
             visible_hostname squid\n",
            https = self.https,
            guard = if guarded { &*guard } else { "" },
            folder = self.folder.path().display(),
        )
    }

    fn nginx(&self) -> String {
        let (http, other, https) = (self.http, self.other, self.https);
        let chain = (1..=6).fold(String::new(), |chain, it| {
            chain + &format!("location = /chain{it} {{ return 302 /chain{}; }}\n", it - 1)
        });
        // What nginx says of a packed file and of a plain one need not be true.
        let encodings = ["GZIP", "x-gzip", "gzip", "br", "rot13", "identity"].map(|it| {
            let location = |path: &str, file: &str| {
                let root = self.at(file);
                format!("location = /{path}/{it} {{ alias {root}; add_header Content-Encoding {it}; }}\n")
            };
            location("as", "data.csv.gz") + &location("plain", "data.csv")
        });
        let encodings = encodings.concat();
        let locations = format!(
            r#"
        absolute_redirect off;
        root {root};
        location / {{ }}
        location /packed/ {{ alias {root}/; gzip on; gzip_types *; gzip_min_length 1; }}
        location /guarded/ {{ alias {root}/; auth_basic neo; auth_basic_user_file {root}/passwords; }}
        location /through/ {{ alias {root}/; if ($http_via = "") {{ return 403; }} }}
        location /direct/ {{ alias {root}/; if ($http_via) {{ return 403; }} }}
        location /stranger/ {{ alias {root}/; if ($http_authorization) {{ return 403; }} }}
        location /unproxied/ {{ alias {root}/; if ($http_proxy_authorization) {{ return 403; }} }}
        location = /a/relative {{ return 302 ../data.csv; }}
        location = /a/sibling {{ return 302 data.csv; }}
        location = /a/data.csv {{ alias {root}/data.csv; }}
        location = /a/dots {{ return 302 /b/./c/../../data.csv; }}
        location = /a/query {{ return 302 ?x=1; }}
        location = /a/host {{ return 302 //127.0.0.1:{other}/data.csv; }}
        location = /a/stranger {{ return 302 http://127.0.0.1:{other}/stranger/data.csv; }}
        location = /a/there {{ return 302 http://127.0.0.1:{other}/a/back; }}
        location = /a/back {{ return 302 http://127.0.0.1:{http}/guarded/data.csv; }}
        location = /a/own {{ return 302 http://neo:p%40ss@127.0.0.1:{http}/guarded/data.csv; }}
        location = /guarded/same {{ return 302 /guarded/data.csv; }}
        location = /a/login {{ return 302 http://neo:p%40ss@127.0.0.1:{other}/guarded/data.csv; }}
        location = /a/large {{ return 302 HTTP://127.0.0.1:{other}/data.csv; }}
        location = /a/fragment {{ return 302 /data.csv#part; }}
        location = /a/port {{ return 302 http://127.0.0.1:99999/data.csv; }}
        location = /a/noport {{ return 302 http://127.0.0.1:/data.csv; }}
        location = /a/zero {{ return 302 http://127.0.0.1:0/data.csv; }}
        location = /a/blank {{ return 302 "/da ta.csv"; }}
        location = /a/umlaut {{ return 302 /dätä.csv; }}
        location = /a/nowhere {{ return 302 ""; }}
        location = /a/ftp {{ return 302 ftp://127.0.0.1/data.csv; }}
        location = /a/file {{ return 302 file:///etc/passwd; }}
        location = /a/loop {{ return 302 /a/loop; }}
        location = /a/plain {{ return 302 http://127.0.0.1:{http}/data.csv; }}
        location = /a/encrypted {{ return 302 https://127.0.0.1:{https}/data.csv; }}
        location = /300 {{ return 300; add_header Location /data.csv always; }}
        location = /301 {{ return 301 /data.csv; }}
        location = /303 {{ return 303 /data.csv; }}
        location = /307 {{ return 307 /data.csv; }}
        location = /308 {{ return 308 /data.csv; }}
        location = /204 {{ return 204; }}
        location = /304 {{ return 304; }}
        location = /404 {{ return 404; }}
        location = /410 {{ return 410; }}
        location = /500 {{ return 500; }}
        location = /999 {{ return 999; }}
        location = /444 {{ return 444; }}
        location = /part {{ proxy_set_header Range bytes=0-30; proxy_pass http://127.0.0.1:{other}/data.csv; }}
        {encodings}
        location = /chain0 {{ return 302 /data.csv; }}
        {chain}"#,
            root = self.folder.path().display(),
        );
        let packed = Command::new("gzip")
            .args(["-nk", &self.at("data.csv")])
            .status();
        assert!(packed.unwrap().success());
        fs::write(self.at("da ta.csv"), TABLE).unwrap();
        fs::write(self.at("dätä.csv"), TABLE).unwrap();
        format!(
            r#"daemon off; pid {pid}; error_log /dev/null;
events {{}}
http {{
    access_log off;
    client_body_temp_path {temp}; proxy_temp_path {temp}; fastcgi_temp_path {temp};
    uwsgi_temp_path {temp}; scgi_temp_path {temp};
    server {{ listen 127.0.0.1:{http}; {locations} }}
    server {{ listen 127.0.0.1:{other}; {locations} }}
    server {{ listen 127.0.0.1:{https} ssl; ssl_certificate {cert}; ssl_certificate_key {key}; {locations} }}
}}
"#,
            pid = self.at("pid"),
            temp = self.at("temp"),
            cert = self.at("cert"),
            key = self.at("key"),
        )
    }
}
