//! 500 hostile situations out of numbers, each looked at in twelve ways: no secret comes out in any form, no
//! character has power over a terminal, no server hears a key that was not meant for it, nothing hangs or falls.
//!
//! The number of a situation decides all of it. `HOSTILE_FIRST=317 HOSTILE_COUNT=1` runs one alone,
//! `HOSTILE_FIRST=500` runs 500 others.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "support/server.rs"]
mod server;
#[path = "support/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{Read, Seek};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use server::{Server, echoing_postgres, guarded, server};
use world::{NAMES, World, example, forms, leak};

/// What is tried: each fills a scene, and the next number takes the next of them.
const KINDS: &[(&str, fn(&mut Scene))] = &[
    ("substitution in a value", substitution_in_a_value),
    ("substitution elsewhere", substitution_elsewhere),
    ("substitution for a server", substitution_for_a_server),
    ("value", value),
    ("line", line),
    ("process environment", process_environment),
    ("file name", file_name),
    ("folder name", folder_name),
    ("git: names", git_names),
    ("git: settings", git_settings),
    ("host", host),
    ("echoing endpoint", echoing_endpoint),
    ("echoing database", echoing_database),
    ("argument", argument),
    ("foreign owner", foreign_owner),
    ("link", link),
    ("endpoint of a weaker layer", weaker_layer),
];

/// How each is looked at; then every variable is explained.
const WAYS: &[&[&str]] = &[
    &[],
    &["--json"],
    &["--check", "--history"],
    &["-q"],
    &["--color", "always"],
    &["--probe", "--timeout", "0.5"],
    &["--probe", "--timeout", "0.5", "--json", "--history"],
];

/// Where a secret stands in a URL that is judged by its form; `{}` is the secret.
const URLS: &[&str] = &[
    "{}",
    "sqlite:{}",
    "sqlite:{}.db?mode=rwc",
    "sqlite:///{}/crew.db",
    "sqlite:crew.db?key={}",
    "postgresql://neo:{}@127.0.0.1:1/m",
    "postgresql://{}:x@127.0.0.1:1/m",
    "postgresql://127.0.0.1:1/m?password={}",
    "postgresql://127.0.0.1:1/m?application_name={}",
    "postgresql://neo:{}@127.0.0.1:99999/m",
    "postgresql:neo:{}@127.0.0.1",
    "postgresql://neo:{}",
    "neo:{}@127.0.0.1:1/m",
    "mysql://neo:{}@db.zion.invalid/m",
    "https://neo:{}@127.0.0.1:1/",
    "https://{}@[::1",
    "http://127.0.0.1:1/services/{}",
    "http://127.0.0.1:1/?token={}",
    "http://127.0.0.1:1/#{}",
    "http://127.0.0.1:{}",
    "{}://127.0.0.1/",
];

/// More of them, for a text that is secret wherever it stands.
const OPEN_URLS: &[&str] = &[
    "postgresql://neo@{}.invalid/m",
    "postgresql://127.0.0.1:1/{}",
    "postgresql://127.0.0.1:1/m?host={}.invalid",
    "postgresql://127.0.0.1:1/m?{}=1",
    "postgresql:///m?host=/tmp/{}",
    "postgresql://127.0.0.1:1,{}.invalid:1/m",
    "mysql://{}.invalid/{}",
    "mongodb+srv://a.{}.invalid/",
    "http://{}.invalid/",
    "https://a.{}.invalid:8443/{}",
];

/// What has power over a terminal or a reader.
const UNRULY: &[&str] = &[
    "\u{1b}[31m",
    "\u{1b}]0;",
    "\u{7}",
    "\u{9b}31m",
    "\u{85}",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{61c}",
    "\u{200b}",
    "\u{200d}",
    "\u{2063}",
    "\u{feff}",
    "\u{e0041}",
    "\t",
    "\r",
];

/// Layers, strongest first.
const LAYERS: [&str; 5] = [
    "",
    ".env.development.local",
    ".env.development",
    ".env.local",
    ".env",
];

/// Numbers that look like chance and are the same in every run (`SplitMix64`).
struct Chance(u64);

impl Chance {
    /// From 0 to one less than `below`.
    fn number(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
    }

    /// One of these.
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.number(of.len())]
    }

    /// A text that stands nowhere else, in one of the alphabets that keys have.
    fn secret(&mut self) -> String {
        let mixed = "ABCDEFGHJKMNPQRSTVWYZabcdefghjkmnpqrstvwyz23456789";
        let alphabets = [
            mixed,
            mixed,
            "0123456789abcdef",
            "ABCDEFGHJKMNPQRSTVWYZ23456789_",
            "abcdefghjkmnp23456789-.+=~!%é密",
        ];
        let letters: Vec<char> = self.one(&alphabets).chars().collect();
        let length = 24 + self.number(16);
        // A letter first, so that it can be a name, and a digit, so that it is no word.
        "K7".chars()
            .chain((0..length).map(|_| self.one(&letters)))
            .collect()
    }
}

/// A situation.
struct Scene {
    /// Decides what is next.
    chance: Chance,
    /// The folder and the environment.
    world: World,
    /// Where the oracle runs.
    folder: PathBuf,
    /// What must not come out.
    secret: String,
    /// Arguments before those of the way.
    words: Vec<OsString>,
    /// More of the environment.
    env: Vec<(OsString, OsString)>,
    /// Servers that must not hear the secret.
    deaf: Vec<Server>,
    /// Servers that must hear nothing at all.
    mute: Vec<Server>,
    /// Servers that should hear the secret.
    meant: Vec<Server>,
}

impl Scene {
    /// Sets the stage: the kind, and everything it did.
    fn new(number: usize) -> Self {
        let world = World::new();
        let mut chance = Chance(number as u64);
        let mut it = Self {
            folder: world.path(""),
            secret: chance.secret(),
            chance,
            world,
            words: Vec::new(),
            env: Vec::new(),
            deaf: Vec::new(),
            mute: Vec::new(),
            meant: Vec::new(),
        };
        KINDS[number % KINDS.len()].1(&mut it);
        it
    }

    /// One of these, with the secret for every `{}`.
    fn filled(&mut self, templates: &[&str]) -> String {
        self.chance.one(templates).replace("{}", &self.secret)
    }

    /// Adds lines to a layer file, or the variable to the process environment where it has no name.
    fn put(&self, layer: &str, name: &str, value: &str) {
        match layer {
            "" => drop(self.world.set(name, value)),
            _ => self.add(layer, &format!("{name}='{value}'\n")),
        }
    }

    /// Adds text to a private file.
    fn add(&self, file: &str, text: &str) {
        let before = fs::read_to_string(self.world.path(file)).unwrap_or_default();
        self.world.private(file, before + text);
    }

    /// From now on the secret is letters and digits, and the key: in `.env` or in the process environment.
    fn key(&mut self) {
        self.secret.retain(|it| it.is_ascii_alphanumeric());
        let layer = self.chance.one(&["", ".env", ".env.local"]);
        self.put(layer, "API_KEY", &self.secret);
    }

    /// A repository with everything in it committed.
    fn repository(&self) {
        self.world
            .file(".gitignore", ".env\n.env.*\n!.env.example\n");
        self.world.file(".env.example", example());
        self.add(".env", "LOG_LEVEL=DEBUG\n");
        self.world.repository();
    }

    /// The secret in one of its forms or a piece of one, perhaps with something unruly around it.
    fn shape(&mut self) -> String {
        let mut shapes = forms(&self.secret);
        shapes.push(self.secret.repeat(2));
        shapes.push(self.secret.chars().skip(3).take(9).collect());
        shapes.push(format!("neo:{}", forms(&self.secret)[4]));
        let shape = shapes.swap_remove(self.chance.number(shapes.len()));
        match self.chance.number(2) {
            0 => shape,
            _ => format!(
                "{}{shape}{}",
                self.chance.one(UNRULY),
                self.chance.one(UNRULY)
            ),
        }
    }

    /// Runs it once; a fault is what is wrong with what it did.
    fn run(&self, way: &[&str]) -> Result<(), String> {
        let mut files = [tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap()];
        let [out, err] = files.each_ref().map(|it: &File| it.try_clone().unwrap());
        let mut command = self.world.command(&self.folder);
        command
            .args(&self.words)
            .args(way)
            .envs(self.env.iter().cloned());
        let mut child = command.stdout(out).stderr(err).spawn().unwrap();
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if start.elapsed() > Duration::from_mins(1) {
                child.kill().unwrap();
                return Err("does not end".to_owned());
            }
            thread::sleep(Duration::from_millis(1));
        };
        let [out, err] = files.each_mut().map(|it| {
            let mut bytes = Vec::new();
            it.rewind().unwrap();
            it.read_to_end(&mut bytes).unwrap();
            String::from_utf8(bytes)
        });
        let (Ok(out), Ok(err)) = (out, err) else {
            return Err("prints what is no UTF-8".to_owned());
        };
        let code = status.code().unwrap_or(-1);
        let all = format!("{out}{err}");
        if ![0, 1, 2, 78].contains(&code) || all.contains("panicked") {
            return Err(format!("ends with {code}: {err}"));
        }
        let colored = way.contains(&"always");
        if let Some(c) = without_colors(&all, colored).chars().find(|it| unruly(*it)) {
            let line = all.lines().find(|it| it.contains(c)).unwrap_or_default();
            return Err(format!("prints {c:?} raw: {line:?}"));
        }
        let mut decoded = String::new();
        if way.contains(&"--json") && !(code == 2 && out.is_empty()) {
            match serde_json::from_str(&out) {
                Ok(value @ serde_json::Value::Object(_)) => texts(&value, &mut decoded),
                _ => return Err(format!("prints no JSON: {out}")),
            }
        }
        if way.contains(&"-q") && !out.is_empty() {
            return Err(format!("is not quiet: {out}"));
        }
        for text in [&all, &decoded] {
            if let Some(piece) = leak(&self.secret, text) {
                let line = text.lines().find(|it| it.contains(&piece));
                return Err(format!("shows {piece:?}: {}", line.unwrap_or(text).trim()));
            }
        }
        Ok(())
    }

    /// Runs it in every way, and asks the servers what they heard.
    fn faults(&self) -> Vec<String> {
        let explained = NAMES.map(|it| ["--explain", it]);
        let ways = WAYS
            .iter()
            .copied()
            .chain(explained.iter().map(|it| &it[..]));
        let mut faults: Vec<String> = ways
            .filter_map(|way| self.run(way).err().map(|it| format!("{way:?} {it}")))
            .collect();
        let heard = |it: &Server| it.seen.lock().unwrap().join("\n");
        faults.extend(
            self.deaf
                .iter()
                .map(heard)
                .filter(|it| leak(&self.secret, it).is_some())
                .map(|it| format!("a server hears the secret: {it}")),
        );
        faults.extend(
            self.mute
                .iter()
                .map(heard)
                .filter(|it| !it.is_empty())
                .map(|it| format!("a server is asked: {it}")),
        );
        faults.extend(
            self.meant
                .iter()
                .map(heard)
                .filter(|it| !it.contains(&self.secret))
                .map(|it| format!("the key does not arrive: {it}")),
        );
        faults
    }
}

/// Our own colours taken away, where they were asked for.
fn without_colors(text: &str, asked: bool) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|it: char| it.is_ascii_digit() || it == ';');
        match rest.strip_prefix('m') {
            Some(rest) if asked => plain += rest,
            _ => plain += &format!("\u{1b}[{part}"),
        }
    }
    plain
}

/// True for what must never be printed as it is.
fn unruly(c: char) -> bool {
    let invisible = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    invisible || (c.is_control() && c != '\n')
}

/// Every text of a JSON value, as a script reads it.
fn texts(value: &serde_json::Value, into: &mut String) {
    match value {
        serde_json::Value::String(text) => *into += &format!("{text}\n"),
        serde_json::Value::Array(values) => values.iter().for_each(|it| texts(it, into)),
        serde_json::Value::Object(fields) => fields.iter().for_each(|(name, it)| {
            *into += &format!("{name}\n");
            texts(it, into);
        }),
        _ => {}
    }
}

/// Puts the secret into the process environment and gives back a reference to it.
fn reference(it: &mut Scene) -> &'static str {
    let (name, reference) = it.chance.one(&[
        ("TOKEN", "${TOKEN}"),
        ("TOKEN", "$TOKEN"),
        ("GITHUB_TOKEN", "${GITHUB_TOKEN}"),
        ("CREW", "${CREW}"),
        ("CREW", "$CREW"),
    ]);
    it.world.set(name, &it.secret);
    reference
}

/// What is replaced from the process environment is shown nowhere.
fn substitution_in_a_value(it: &mut Scene) {
    let reference = reference(it);
    let url = it
        .chance
        .one(&[URLS, OPEN_URLS].concat())
        .replace("{}", reference);
    let (name, value) = match it.chance.number(6) {
        0 => (
            it.chance.one(&["MATRIX_MODE", "LOG_LEVEL", "API_KEY"]),
            it.chance
                .one(&["{}", "k-{}", "DEBUG{}"])
                .replace("{}", reference),
        ),
        1 => ("ZION_ENDPOINT", url),
        _ if url.starts_with("http") => ("ZION_ENDPOINT", url),
        _ => ("DATABASE_URL", url),
    };
    let file = it
        .chance
        .one(&[".env", ".env.local", ".env.development", ".env.production"]);
    let mark = it.chance.one(&["", "\""]);
    it.add(file, &format!("{name}={mark}{value}{mark}\n"));
    if it.chance.number(3) == 0 {
        it.world.set("MATRIX_MODE", "production");
    }
}

/// In what nothing reads, in two steps, in the example, in what is tracked besides.
fn substitution_elsewhere(it: &mut Scene) {
    let reference = reference(it);
    let url = it.chance.one(&[URLS, OPEN_URLS].concat());
    let file = it.chance.one(&[".env", ".env.local", ".env.example"]);
    let text = match it.chance.number(4) {
        0 => format!("SMTP_HOST={reference}\nGREETING=\"hello {reference}\"\n"),
        1 => format!(
            "A={reference}\nDATABASE_URL=\"{}\"\n",
            url.replace("{}", "${A}")
        ),
        2 => format!(
            "A={reference}\nB=x${{A}}\nZION_ENDPOINT=\"{}\"\n",
            url.replace("{}", "${B}")
        ),
        _ => format!("DATABASE_URL=\"{}\"\n", url.replace("{}", reference)),
    };
    it.add(file, &text);
    if it.chance.number(2) == 0 {
        let name = forms(&it.secret)[it.chance.number(6)].clone();
        it.world.file(&name, &it.secret);
        it.repository();
    }
}

/// Nor sent anywhere.
fn substitution_for_a_server(it: &mut Scene) {
    let reference = reference(it);
    let server = match it.chance.number(2) {
        0 => {
            let server = server(|stream, _| server::respond(stream, "200 OK", ""));
            let place = it.chance.one(&["{}", "?t={}", "a/{}/b"]);
            it.add(
                ".env",
                &format!(
                    "ZION_ENDPOINT=\"http://127.0.0.1:{}/{}\"\n",
                    server.port,
                    place.replace("{}", reference)
                ),
            );
            server
        }
        _ => {
            let server = echoing_postgres("28P01");
            let user = it
                .chance
                .one(&["neo:{}", "{}:x", "neo:a{}"])
                .replace("{}", reference);
            it.add(
                ".env",
                &format!(
                    "DATABASE_URL=\"postgresql://{user}@127.0.0.1:{}/m\"\n",
                    server.port
                ),
            );
            server
        }
    };
    it.deaf.push(server);
}

/// A secret as or in the value of each variable, in each layer.
fn value(it: &mut Scene) {
    let name = it.chance.one(&NAMES);
    let value = match name {
        "DATABASE_URL" | "ZION_ENDPOINT" => it.filled(URLS),
        _ => it.filled(&["{}", "k:{}", "{}@{}", "{}?#/{}"]),
    };
    for _ in 0..=it.chance.number(2) {
        let layer = it
            .chance
            .one(&[&LAYERS[..], &[".env.production", ".env.production.local"]].concat());
        it.put(layer, name, &value);
    }
    if it.chance.number(3) == 0 {
        it.world.set("MATRIX_MODE", "production");
    }
}

/// Broken lines, run-on quotes, names that are secret, twice there or mistyped.
fn line(it: &mut Scene) {
    it.secret.retain(|it| it.is_ascii_alphanumeric());
    // Not a name that anybody would give.
    it.secret += "q7";
    let file = it
        .chance
        .one(&[".env", ".env.local", ".env.production", ".env.example"]);
    for _ in 0..=it.chance.number(3) {
        let text = it.filled(&[
            "{}=1",
            "{}",
            "{}=",
            "export {}",
            "export {}=x",
            "1{}=x",
            "a.{}=x",
            "{}: x",
            "API_KEY={} oops",
            "API_KEY='{}",
            "API_KEY=\"{}",
            "API_KEY {}",
            "API_KEY: {}",
            "API_KEY={}'s",
            "API_KEY={}\\q",
            "API-KEY={}",
            "API_KEY=\"{}$\"",
            "API_KEY={}\0",
            "API_KEY=\u{1}\r{}",
            "API_KEY={}\nAPI_KEY={}2\nAPI_KEY=3{}",
            "LOG_LEVEL=INFO  # don't\nAPI_KEY={}\nX='{}'",
            "SMTP_PASSWORD=\"{}\nA=1\n{}\"",
            "API_KEYY={}",
            "APIKEY={}",
            "Api_Key={}",
            "DATABASE_ULR=postgresql://a:{}@b/c",
            "ZION_ENDPIONT=https://h/{}",
            "LOGLEVEL={}",
            "SMTP_HOST={}",
            "REDIS_URL=redis://:{}@cache:6379/0",
            "\u{feff}API_KEY={}",
            "API_KEY=\u{202e}{}",
            "\u{1b}[31m{}=1",
            "# {}",
            "LOG_LEVEL=\"{}\\n\"",
            "MATRIX_MODE={}",
            "API_KEY={}#x",
            "API_KEY=`{}`",
            "SECRET_\u{200b}KEY={}",
        ]);
        it.add(file, &format!("{text}\n"));
    }
    if it.chance.number(4) == 0 {
        it.repository();
    }
}

/// What a shell hands over, text or not.
fn process_environment(it: &mut Scene) {
    let name = it.chance.one(&NAMES);
    let value = it.filled(&[URLS, &["{}"]].concat());
    let before: &[u8] = it.chance.one(&[
        b"",
        b"\xff",
        b"\x1b]0;",
        "\u{202e}\u{9b}\u{e0041}".as_bytes(),
        b"\n",
    ]);
    let bytes = [before, value.as_bytes()].concat();
    it.env.push((name.into(), OsString::from_vec(bytes)));
    let more = it.chance.one(&[
        "HOME",
        "TMPDIR",
        "PGPASSWORD",
        "PGHOST",
        "HTTP_PROXY",
        "GIT_DIR",
        "SSL_CERT_FILE",
        "RUST_LOG",
        "TERM",
    ]);
    it.world.set(more, &it.secret);
    if it.chance.number(2) == 0 {
        it.repository();
    }
}

/// A path that is tracked, with the key in it.
fn file_name(it: &mut Scene) {
    it.key();
    for _ in 0..3 {
        let name = it.shape().replace('/', "_");
        let mut name = name.into_bytes();
        if it.chance.number(3) == 0 {
            name.extend(b"\xff\xfe");
        }
        let path = it.world.path("src").join(OsStr::from_bytes(&name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // What is found in it makes the report name it.
        fs::write(path, &it.secret).unwrap();
    }
    it.repository();
}

/// The folder it runs in, below the repository's root or as the root itself.
fn folder_name(it: &mut Scene) {
    it.key();
    let name = it.shape().replace('/', "_");
    it.folder = it.world.path(&name);
    fs::create_dir_all(it.folder.join("deep")).unwrap();
    let own = it.chance.number(3);
    if own > 0 {
        it.world.private(
            &format!("{name}/.env"),
            format!("API_KEY={}\nMATRIX_MODE={}\nX Y\n", it.secret, it.secret),
        );
    }
    it.repository();
    match own {
        1 => drop(it.world.git_in(&it.folder, &["init", "-q"])),
        2 => it.folder.push("deep"),
        _ => {}
    }
}

/// Branches, tags, remotes, people and messages.
fn git_names(it: &mut Scene) {
    it.key();
    it.repository();
    let shapes: Vec<String> = forms(&it.secret)
        .into_iter()
        .filter(|it| it.chars().all(char::is_alphanumeric))
        .collect();
    let name = shapes[it.chance.number(shapes.len())].as_str();
    let git = |words: &[&str]| drop(it.world.git(words));
    git(&["config", "user.name", name]);
    git(&[
        "remote",
        "add",
        name,
        &format!("https://neo:{}@{name}.invalid/", it.secret),
    ]);
    git(&["switch", "-q", "-c", &format!("side/{name}")]);
    it.world.file("a.py", format!("key = '{}'\n", it.secret));
    it.world.file(
        "b.py",
        format!("u = 'https://neo:{}@h.invalid/'\n", it.secret),
    );
    git(&["add", "-A"]);
    git(&[
        "commit",
        "-q",
        "-m",
        &format!("add {name}\n\n\u{1b}[31m{}", it.secret),
    ]);
    git(&["tag", "-a", "-m", name, name]);
    match it.chance.number(5) {
        0 => git(&["switch", "-q", "--detach", name]),
        1 => {
            it.folder = it.world.path("..").join(name);
            git(&[
                "worktree",
                "add",
                "-q",
                "--detach",
                it.folder.to_str().unwrap(),
            ]);
        }
        2 => {
            git(&["add", "-f", ".env"]);
            git(&["commit", "-q", "-m", name]);
        }
        3 => git(&[
            "update-index",
            "--add",
            "--cacheinfo",
            &format!("160000,{},{name}", "1".repeat(40)),
        ]),
        _ => git(&["rm", "-q", "a.py", "b.py"]),
    }
}

/// What a repository says of itself, sound or broken.
fn git_settings(it: &mut Scene) {
    it.key();
    it.repository();
    let (plain, shape) = (it.secret.clone(), it.shape());
    let world = &it.world;
    let config = |text: &str| {
        let path = it.world.path(".git/config");
        fs::write(&path, fs::read_to_string(&path).unwrap() + text).unwrap();
    };
    let quoted = shape.replace(['\\', '"', '\n', '\r'], "_");
    match it.chance.number(12) {
        0 => world.file(".gitignore", format!("{shape}\n.env\n.env.*\n# {plain}\n")),
        1 => world.file(".gitignore", format!("/.en[v{plain}]\n")),
        2 => config(&format!("[include]\npath = \"/nowhere/{quoted}\"\n")),
        3 => {
            world.file(&format!(".git/{plain}"), "[broken\n");
            config(&format!("[include]\npath = {plain}\n"));
        }
        4 => config(&format!("[{quoted}\n")),
        5 => config(&format!(
            "[core]\nrepositoryformatversion = 1\n[extensions]\n{plain} = true\n"
        )),
        6 => config(&format!("[core]\nworktree = \"/nowhere/{quoted}\"\n")),
        7 => config(&format!(
            "[core]\nexcludesFile = \"/nowhere/{quoted}\"\nbare = {plain}\n"
        )),
        8 => world.file(".git/HEAD", format!("ref: refs/heads/{shape}\n")),
        9 => world.file(".git/HEAD", format!("{shape}\n")),
        10 => world.file(".git/packed-refs", format!("{shape} refs/heads/{shape}\n")),
        _ => {
            fs::rename(world.path(".git"), world.path("../git")).unwrap();
            world.file(".git", format!("gitdir: ../{shape}\n"));
        }
    }
}

/// Hosts that want to steer a terminal or hold the key, in each of its forms.
fn host(it: &mut Scene) {
    it.key();
    let forms = forms(&it.secret);
    let form = forms[it.chance.number(forms.len())].replace('/', "%2F");
    let escape = it.chance.one(&[
        "%1b%5d0%3b",
        "%1b]0;",
        "%9b31m",
        "%c2%9b",
        "%e2%80%ae",
        "%e2%80%8b",
        "%ef%bb%bf",
        "%f3%a0%81%81",
        "%00",
        "%0a",
        "%7f",
        "%ff",
        "",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{200b}",
        "\u{e0041}",
    ]);
    let url = it
        .chance
        .one(OPEN_URLS)
        .replace("{}", &format!("{escape}{form}"));
    let name = if url.starts_with("http") {
        "ZION_ENDPOINT"
    } else {
        "DATABASE_URL"
    };
    let layer = it.chance.one(&["", ".env", ".env.development"]);
    it.put(layer, name, &url);
    let file = it.world.path("root.pem");
    fs::write(&file, format!("{}\n", it.secret)).unwrap();
    if it.chance.number(6) == 0 {
        it.put(
            "",
            "DATABASE_URL",
            &format!(
                "postgresql://neo:{}@127.0.0.1:1/m?sslmode=verify-full&sslrootcert={}",
                it.secret,
                file.display()
            ),
        );
    }
}

/// An endpoint that repeats all that it hears, everywhere.
fn echoing_endpoint(it: &mut Scene) {
    it.secret.retain(|it| it.is_ascii_alphanumeric());
    let status = it.chance.one(&[
        "200", "302", "401", "403", "404", "407", "500", "101", "099", "2x0",
    ]);
    let server = server(move |stream, head| {
        let line = head.replace("\r\n", " ");
        let headers = format!(
            "X-Echo: {line}\r\nWWW-Authenticate: {line}\r\nLocation: http://127.0.0.1:1/{line}\r\n"
        );
        server::respond(stream, &format!("{status} \u{1b}]0;{line}"), &headers);
    });
    let path = it.shape().replace(['\n', '\r'], "");
    it.put("", "API_KEY", &it.secret);
    it.put(
        "",
        "ZION_ENDPOINT",
        &format!("http://127.0.0.1:{}/{path}?k={}", server.port, it.secret),
    );
}

/// A database that does.
fn echoing_database(it: &mut Scene) {
    it.secret.retain(|it| it.is_ascii_alphanumeric());
    let state = it
        .chance
        .one(&["28P01", "28000", "3D000", "ZZ999", "08P01", "\u{1b}[31m"]);
    let server = echoing_postgres(state);
    let place = it.filled(&[
        "neo:{}@{h}/m",
        "{}:{}@{h}/m",
        "neo@{h}/m?password={}",
        "neo:{}@{h}/m?application_name={}",
        "neo:{}@{h}/m?options=-c%20a={}",
    ]);
    let url = format!(
        "postgresql://{}",
        place.replace("{h}", &format!("127.0.0.1:{}", server.port))
    );
    let layer = it.chance.one(&["", ".env"]);
    it.put(layer, "DATABASE_URL", &url);
}

/// A secret that was typed in the wrong place.
fn argument(it: &mut Scene) {
    it.secret.retain(|it| it.is_ascii_alphanumeric());
    let piece: String = it.secret.chars().take(9).collect();
    let words = it.filled(&[
        "--{}",
        "-{}",
        "{}",
        "--{}={}",
        "-q{}",
        "-{}=1",
        "--json={}",
        "-q={}",
        "--color={}",
        "--color {}",
        "--timeout {}",
        "--timeout={}",
        "-- {}",
        "-- --{}",
        "--explain {}",
        "--explain={}",
        "--explain=API_KEY{}",
        "--explain --{}",
        "--{P}",
        "-{P}",
        "--json{P}",
        "--explain {P}",
        "--check {P}",
        "--\u{1b}[31m{}",
        "\u{202e}{}",
        "--{}\u{200b}",
        "--explain \u{e0041}{}",
        "help {}",
        "--help={}",
        "--version={}",
        "--probe={P}",
        "--no-{P}",
        "-qh{P}",
        "--API_KEY={P}",
    ]);
    let words = words.replace("{P}", &piece);
    it.words = words.split(' ').map(OsString::from).collect();
    if it.chance.number(4) == 0 {
        it.words[0].push(OsStr::from_bytes(b"\xff"));
    }
}

/// What another user left here or above: none of it is a layer.
fn foreign_owner(it: &mut Scene) {
    it.secret.retain(|it| it.is_ascii_alphanumeric());
    let endpoint = guarded(&it.secret);
    let url = format!("http://127.0.0.1:{}/", endpoint.port);
    it.add(
        ".env",
        &format!(
            "ZION_ENDPOINT={url}\nDATABASE_URL=sqlite:{}.db\nAPI_KEY={} oops\n",
            it.secret, it.secret
        ),
    );
    it.put("", "API_KEY", &it.secret);
    it.repository();
    let inner = it.world.path("inner");
    fs::create_dir(&inner).unwrap();
    if fs::metadata(&inner).unwrap().uid() != 0 {
        return; // only root can give a file away
    }
    let names: &[&str] = it.chance.one(&[
        &[".env"],
        &[".git", ".env", ""],
        &[".env", ""],
        &[".git/config", ".git"],
    ]);
    for name in names {
        chown(it.world.path(name), Some(65534), Some(65534)).unwrap();
    }
    if !names.contains(&".env") {
        return it.deaf.push(endpoint);
    }
    if it.chance.number(2) == 0 {
        it.folder = inner;
    }
    it.mute.push(endpoint);
}

/// Links to what lies outside, and links whose target is the secret.
fn link(it: &mut Scene) {
    it.secret.retain(|it| it.is_ascii_alphanumeric());
    let endpoint = guarded(&it.secret);
    let text = it.filled(&[
        "neo:$6${}:19000:0:99999:7:::\nroot:{}:1::::::\n",
        "API_KEY={}\nDATABASE_URL=postgresql://neo:{}@127.0.0.1:1/m\n",
        "{}\n",
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        "MATRIX_MODE={}\nLOG_LEVEL={}\n",
        "ZION_ENDPOINT={h}\n",
    ]);
    it.world.file(
        "../outside",
        text.replace("{h}", &format!("http://127.0.0.1:{}/", endpoint.port)),
    );
    it.put("", "API_KEY", &it.secret);
    it.deaf.push(endpoint);
    let name = it.chance.one(&[
        ".env",
        ".env.local",
        ".env.example",
        ".env.production",
        ".gitattributes",
        "src.txt",
        "crew.db",
    ]);
    it.repository();
    // It may not be there.
    let _ = fs::remove_file(it.world.path(name));
    symlink("../outside", it.world.path(name)).unwrap();
    if name == "crew.db" {
        it.put("", "DATABASE_URL", "sqlite:crew.db");
    }
    let target = it.shape();
    symlink(Path::new("..").join(&target), it.world.path("link")).unwrap();
    symlink("../outside", it.world.path(&target.replace('/', "_"))).unwrap();
    it.world.commit();
}

/// A key goes to an endpoint that a place as strong as its own names, and to no other.
fn weaker_layer(it: &mut Scene) {
    it.secret.retain(|it| it.is_ascii_alphanumeric());
    let server = guarded(&it.secret);
    let (key, endpoint) = (it.chance.number(5), it.chance.number(5));
    it.put(LAYERS[key], "API_KEY", &it.secret);
    it.put(
        LAYERS[endpoint],
        "ZION_ENDPOINT",
        &format!("http://127.0.0.1:{}/", server.port),
    );
    // What a weaker place says besides changes nothing.
    if key < 4 {
        it.put(LAYERS[4], "API_KEY", "zion-7Hq2-Lx9R-b4tV-n8kW");
    }
    match endpoint > key {
        true => it.deaf.push(server),
        false => it.meant.push(server),
    }
}

#[test]
fn no_hostile_situation_makes_it_leak_hang_or_fall() {
    let number =
        |name: &str, usual: usize| std::env::var(name).map_or(usual, |it| it.parse().unwrap());
    let (first, count) = (number("HOSTILE_FIRST", 0), number("HOSTILE_COUNT", 500));
    let half = |rest: usize| -> Vec<(usize, Scene, Vec<String>)> {
        let numbers = (first..first + count).filter(|it| it % 2 == rest);
        let seen = numbers.map(|it| (it, Scene::new(it))).map(|(it, scene)| {
            let faults = scene.faults();
            (it, scene, faults)
        });
        seen.filter(|(_, _, faults)| !faults.is_empty()).collect()
    };
    let failed = thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        let mut failed = half(0);
        failed.extend(other.join().unwrap());
        failed
    });
    let mut by_kind: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (number, scene, faults) in &failed {
        let text = format!(
            "{number}, {:?} {:?}:\n    {}",
            scene.secret,
            scene.words,
            faults.join("\n    ")
        );
        by_kind
            .entry(KINDS[number % KINDS.len()].0)
            .or_default()
            .push(text);
    }
    let lines: Vec<String> = by_kind
        .iter()
        .map(|(kind, texts)| format!("{kind}: {} failed\n  {}", texts.len(), texts.join("\n  ")))
        .collect();
    assert!(failed.is_empty(), "{}", lines.join("\n"));
}
