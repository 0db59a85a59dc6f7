//! 500 hostile situations, and the oracle looks at each in twelve ways. No output has a secret in any form,
//! no character controls the terminal, no server gets a key that is not for it, nothing hangs or crashes.
//!
//! The number of a situation decides everything in it: `HOSTILE_FIRST=317 HOSTILE_COUNT=1` runs one
//! alone, `HOSTILE_FIRST=500` runs 500 others.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/scene.rs"]
mod scene;
#[path = "support/server.rs"]
mod server;
#[macro_use]
#[path = "support/world.rs"]
mod world;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, chown, symlink};
use std::path::Path;
use std::thread;

use scene::{Scene, list};
use server::{answering, echoing_postgres, guarded, respond, server};
use world::{NAMES, note};

/// Plants a secret.
type Fill = fn(&mut Scene);

/// The attacks, in turn.
const KINDS: [(&str, Fill); 20] = [
    ("substitution: database", substituted_database),
    ("substitution: endpoint", substituted_endpoint),
    ("substitution: whole value", substituted_value),
    ("substitution: elsewhere", substituted_elsewhere),
    ("substitution: for a server", substituted_for_a_server),
    ("value", value),
    ("line", line),
    ("process environment", process_environment),
    ("file name", file_name),
    ("folder name", folder_name),
    ("git: names", git_names),
    ("git: settings", git_settings),
    ("host", host),
    ("our words", our_words),
    ("echoing endpoint", echoing_endpoint),
    ("echoing database", echoing_database),
    ("argument", argument),
    ("foreign owner", foreign_owner),
    ("link", link),
    ("endpoint of a weaker layer", weaker_layer),
];

/// Places of a secret in a URL. The oracle must find these without help.
const CLOSED_URLS: &str = "{} | sqlite:crew.db?key={} | postgresql://neo:{}@127.0.0.1:1/m \
    | postgresql://{}:x@127.0.0.1:1/m | postgresql://127.0.0.1:1/m?password={} | neo:{}@127.0.0.1:1/m \
    | postgresql://neo:{}@127.0.0.1:99999/m | postgresql:neo:{}@127.0.0.1 | postgresql://neo:{} \
    | mysql://neo:{}@db.zion.invalid/m | {}://127.0.0.1/ | https://neo:{}@127.0.0.1:1/ | https://{}@[::1 \
    | http://127.0.0.1:1/services/{} | http://127.0.0.1:1/?token={} | http://127.0.0.1:1/#{} | http://127.0.0.1:{}";

/// More places in a URL. Here the oracle must know the secret from another place.
const OPEN_URLS: &str = "sqlite:{} | sqlite:{}.db?mode=rwc | sqlite:///{}/crew.db \
    | postgresql://neo@{}.invalid/m | postgresql://127.0.0.1:1/{} | postgresql://127.0.0.1:1/m?host={}.invalid \
    | postgresql://127.0.0.1:1/m?{}=1 | postgresql:///m?host=/tmp/{} | postgresql://127.0.0.1:1,{}.invalid:1/m \
    | postgresql://127.0.0.1:1/m?application_name={} | mysql://{}.invalid/{} | mongodb+srv://a.{}.invalid/ \
    | http://{}.invalid/ | https://a.{}.invalid:8443/{} | http://127.0.0.1:1/{}/x?y={}";

/// Characters that control a terminal, as a URL can have them.
const ESCAPES: &str = "%1b%5d0%3b | %1b]0; | %9b31m | %c2%9b | %e2%80%ae | %e2%80%8b | %ef%bb%bf \
    | %f3%a0%81%81 | %00 | %0a | %7f | %ff | - | \u{1b}[31m | \u{202e} | \u{200b} | \u{e0041}";

/// Layers, strongest first.
const LAYERS: &str = "process | .env.development.local | .env.development | .env.local | .env";

/// The URLs of endpoints, or those of databases.
fn urls(of_endpoints: bool) -> Vec<&'static str> {
    let mut urls = [list(CLOSED_URLS), list(OPEN_URLS)].concat();
    urls.retain(|it| it.starts_with("http") == of_endpoints);
    urls
}

/// Puts the secret into the process environment. Returns the reference to it for a file.
fn reference(it: &Scene) -> &'static str {
    let value = if it.chance.once_in(5) {
        it.fill(it.any("sqlite:{}.db | http://{}.invalid/"))
    } else {
        it.secret.clone()
    };
    for name in ["TOKEN", "GITHUB_TOKEN", "CREW"] {
        it.world.set(name, &value);
        // A file may set it too. dotenvy prefers the process.
        if it.chance.once_in(3) {
            it.add(".env", &format!("{name}=harmless\n"));
        }
    }
    it.any("$TOKEN | ${TOKEN} | ${GITHUB_TOKEN} | ${CREW}")
}

/// Writes an entry with a value that dotenvy changes.
fn substituted(it: &Scene, name: &str, template: &str) {
    let value = template.replace("{}", reference(it));
    let file = it.any(".env | .env.local | .env.development | .env.production");
    let mark = it.chance.one(&["", "\""]);
    it.add(file, &format!("{name}={mark}{value}{mark}\n"));
    if file == ".env.production" || it.chance.once_in(4) {
        it.world.set("MATRIX_MODE", "production");
    }
}

/// A value of the process environment inside a value of a file is never shown.
fn substituted_database(it: &mut Scene) {
    let urls = urls(false);
    substituted(it, "DATABASE_URL", urls[it.lap % urls.len()]);
}

/// The same.
fn substituted_endpoint(it: &mut Scene) {
    let urls = urls(true);
    substituted(it, "ZION_ENDPOINT", urls[it.lap % urls.len()]);
}

/// The same, and the value has nothing else in it.
fn substituted_value(it: &mut Scene) {
    let name = NAMES[it.lap / 5 % 5];
    substituted(it, name, it.turn("{} | k-{} | DEBUG{} | {}:x | {}.y"));
}

/// The same, in an entry that the program does not read, in two steps, in the example. A tracked file has
/// its name.
fn substituted_elsewhere(it: &mut Scene) {
    let reference = reference(it);
    let url = it.chance.one(&[urls(false), urls(true)].concat());
    let entry = format!("{}={}", it.any("DATABASE_URL | ZION_ENDPOINT"), url);
    let entry = entry.replace("{}", "${B}");
    let text = match it.lap % 3 {
        0 => format!("SMTP_HOST={reference}\nGREETING=\"hello {reference}\"\n"),
        1 => format!("B={reference}\n{entry}\n"),
        _ => format!("A={reference}\nB=x${{A}}\n{entry}\n"),
    };
    it.add(it.turn(".env | .env | .env.local | .env.example"), &text);
    if it.chance.once_in(2) {
        let name = it.shape().replace('/', "_");
        it.world.file(&name, &it.secret);
        it.repository();
    }
}

/// It is not sent to any server either.
fn substituted_for_a_server(it: &mut Scene) {
    let template = it.turn(
        "ZION_ENDPOINT=http://{h}/{} | DATABASE_URL=postgresql://neo:{}@{h}/m \
        | ZION_ENDPOINT=\"http://{h}/?t={}\" | DATABASE_URL=postgresql://{}:x@{h}/m",
    );
    let server = if template.starts_with('Z') {
        answering("200 OK", "")
    } else {
        echoing_postgres("28P01")
    };
    let text = template.replace("{h}", &server.host());
    it.add(".env", &(text.replace("{}", reference(it)) + "\n"));
    it.deaf.push(server);
}

/// A secret as the value of a variable or inside it, in each layer.
fn value(it: &mut Scene) {
    let url = it.fill(it.turn(CLOSED_URLS));
    let word = it.fill(it.turn("{} | k:{} | {}@{} | {}?#/{}"));
    let values = [&word, &url, &word, &word, &url];
    for (name, value) in NAMES.iter().zip(values) {
        it.put(it.any(LAYERS), name, value);
        let more = it.any(".env | .env.production | .env.production.local");
        it.put(more, name, value);
    }
    if it.chance.once_in(3) {
        it.world.set("MATRIX_MODE", "production");
    }
}

/// Broken lines, open quotes, and names that are secret, set twice or misspelt.
fn line(it: &mut Scene) {
    it.plain();
    // Nobody would choose this name.
    it.secret += "q7";
    let lines = "{}=1 | {} | {}= | export {} | export {}=x | 1{}=x | a.{}=x | {}: x | API_KEY={} oops \
        | API_KEY='{} | API_KEY=\"{} | API_KEY {} | API_KEY: {} | API_KEY={}'s | API_KEY={}\\q | API-KEY={} \
        | API_KEY=\"{}$\" | API_KEY={}\0 | API_KEY=\u{1}\r{} | API_KEY={}\nAPI_KEY={}2\nAPI_KEY=3{} \
        | LOG_LEVEL=INFO  # don't\nAPI_KEY={}\nX='{}' | SMTP_PASSWORD=\"{}\nA=1\n{}\" | API_KEYY={} | APIKEY={} \
        | Api_Key={} | DATABASE_ULR=postgresql://a:{}@b/c | ZION_ENDPIONT=https://h/{} | LOGLEVEL={} \
        | SMTP_HOST={} | REDIS_URL=redis://:{}@cache:6379/0 | \u{feff}API_KEY={} | API_KEY=\u{202e}{} \
        | \u{1b}[31m{}=1 | # {} | LOG_LEVEL=\"{}\\n\" | MATRIX_MODE={} | API_KEY={}#x | API_KEY=`{}` | S\u{200b}KEY={}";
    let lines = list(lines);
    let file = it.any(".env | .env.local | .env.production | .env.example");
    for next in 0..3 {
        let line = it.fill(lines[(3 * it.lap + next) % lines.len()]);
        it.add(file, &format!("{line}\n"));
    }
    if it.chance.once_in(4) {
        it.repository();
    }
}

/// A value that is a part of the report's own words cannot stop the report.
fn our_words(it: &mut Scene) {
    it.key();
    let words = it.turn(
        "searched 3 tracked files | Environment security check | only its owner can read it (0600) \
        | configured, not verified | process environment | in step, both ways | The Oracle sees all | tracked by git \
        | Where each value comes from | Connected to local instance | a placeholder, not a key | development | variables \
        | no such file | Development goes on with warnings | holds the value of API_KEY | configuration refused \
        | API_KEY: a placeholder, not a key (.env:15) | \"status\": \"warnings\" | not set or not valid: API_KEY | .env.example",
    );
    let entry = it.any("X_TOKEN='{w}' | SMTP_PASSWORD='{w}' | R_URL='redis://:{w}@h/' | DATABASE_URL='postgresql://neo:{w}@127.0.0.1:1/m' | {w}");
    it.add(".env", &(entry.replace("{w}", words) + "\n"));
    it.world
        .file("a.py", format!("k = '{}' # {words}\n", it.secret));
    it.repository();
}

/// Variables of the shell, as text or not.
fn process_environment(it: &mut Scene) {
    let before: [&[u8]; 5] = [b"", b"\xff", b"\x1b]0;", "\u{202e}\u{9b}".as_bytes(), b"\n"];
    let value = it.fill(it.any(CLOSED_URLS));
    let bytes = [it.chance.one(&before), value.as_bytes()].concat();
    let name = OsString::from(NAMES[it.lap % 5]);
    it.env.push((name, OsString::from_vec(bytes)));
    let other = it.turn("HOME | TMPDIR | PGPASSWORD | PGHOST | GIT_DIR | SSL_CERT_FILE | TERM");
    it.world.set(other, &it.secret);
    if it.chance.once_in(2) {
        it.repository();
    }
}

/// Tracked paths with the key in them.
fn file_name(it: &mut Scene) {
    it.key();
    for _ in 0..3 {
        let mut name = it.shape().replace('/', "_").into_bytes();
        if it.chance.once_in(3) {
            name.extend(b"\xff\xfe");
        }
        let path = it.world.path("src").join(OsStr::from_bytes(&name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // A finding in the file makes the report name it.
        fs::write(path, &it.secret).unwrap();
    }
    it.repository();
}

/// The current folder: below the root, deep below it with its own file, or the root itself.
fn folder_name(it: &mut Scene) {
    it.key();
    let name = it.shape().replace('/', "_");
    it.folder = it.world.path(&name);
    fs::create_dir_all(it.folder.join("deep")).unwrap();
    it.world.file(&format!("{name}/a.py"), &it.secret);
    let root = it.turn("above | two above | here");
    if root != "above" {
        let text = it.fill("API_KEY={}\nMATRIX_MODE={}\nX Y\n");
        it.world.private(&format!("{name}/.env"), text);
    }
    it.repository();
    match root {
        "above" => {}
        "here" => drop(it.world.git_in(&it.folder, &["init", "-q"])),
        _ => it.folder.push("deep"),
    }
}

/// Branches, tags, remotes, people, messages, submodules.
fn git_names(it: &mut Scene) {
    it.key();
    it.repository();
    let name = &it.form().replace(['%', '+', '/', '-', '_'], "0");
    let git = |words: &[&str]| drop(it.world.git(words));
    let remote = it.fill("https://neo:{}@h.invalid/{}");
    git(&["config", "user.name", name]);
    git(&["remote", "add", name, &remote]);
    git(&["switch", "-q", "-c", &format!("side/{name}")]);
    it.world.file("a.py", it.fill("key = '{}'\n"));
    it.world.file("b.py", format!("u = '{remote}'\n"));
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", &it.fill("add {}\n\n\u{1b}[31m{}")]);
    git(&["tag", "-a", "-m", name, name]);
    match it.lap % 5 {
        0 => git(&["switch", "-q", "--detach", name]),
        1 => {
            it.folder = it.world.path("..").join(name);
            git(&["worktree", "add", "-q", "--detach", &format!("../{name}")]);
        }
        2 => {
            git(&["add", "-f", ".env"]);
            git(&["commit", "-q", "-m", name]);
        }
        3 => {
            let submodule = format!("160000,{},{name}", "1".repeat(40));
            git(&["update-index", "--add", "--cacheinfo", &submodule]);
        }
        _ => git(&["rm", "-q", "a.py", "b.py"]),
    }
}

/// The data of a repository, sound or broken.
fn git_settings(it: &mut Scene) {
    it.key();
    it.repository();
    let shape = it.shape();
    let fill = |text: &str| it.fill(text).replace("{s}", &shape);
    let text = fill(it.turn(
        "[include]\npath = \"/nowhere/{s}\" | [include]\npath = {} | [{s} \
        | [core]\nrepositoryformatversion = 1\n[extensions]\n{} = true | [core]\nworktree = \"/nowhere/{s}\" \
        | [core]\nexcludesFile = \"/nowhere/{s}\" | [core]\nbare = {} | .gitignore\t{s}\n.env\n.env.*\n# {} \
        | .gitignore\t/.en[v{}] | .git/HEAD\tref: refs/heads/{s} | .git/HEAD\t{s} \
        | .git/packed-refs\t{s} refs/heads/{s} | .git",
    ));
    it.world.file(&format!(".git/{}", it.secret), "[broken\n");
    match text.split_once('\t') {
        _ if text.starts_with('[') => it.add(".git/config", &format!("{text}\n")),
        Some((name, text)) if name.starts_with(".git") => it.world.file(name, format!("{text}\n")),
        _ => {
            fs::rename(it.world.path(".git"), it.world.path("../git")).unwrap();
            it.world.file(".git", format!("gitdir: ../{shape}\n"));
        }
    }
}

/// Hosts with characters that control a terminal, and with the key in one of its forms.
fn host(it: &mut Scene) {
    it.key();
    let escapes = list(ESCAPES);
    let form = || it.form().replace('/', "%2F");
    if it.lap.is_multiple_of(2) {
        // Only here: from another place, the oracle would know the form and mask it.
        let escape = escapes[it.lap / 2 % escapes.len()];
        let url = format!("postgresql://neo@{escape}{}.invalid/m", form());
        return it.put("process", "DATABASE_URL", &url);
    }
    for layer in list(LAYERS) {
        for (name, of_endpoints) in [("DATABASE_URL", false), ("ZION_ENDPOINT", true)] {
            let mut urls = list(OPEN_URLS);
            urls.retain(|it| it.starts_with("http") == of_endpoints);
            let text = it.chance.one(&escapes).to_owned() + &form();
            it.put(layer, name, &it.chance.one(&urls).replace("{}", &text));
        }
    }
    it.world.unset("DATABASE_URL");
    if it.lap % 6 == 5 {
        it.world.file("root.pem", &it.secret);
        let url = "postgresql://neo:{}@127.0.0.1:1/m?sslmode=verify-full&sslrootcert=root.pem";
        it.put("process", "DATABASE_URL", &it.fill(url));
    }
}

/// An endpoint that repeats the whole request in its answer.
fn echoing_endpoint(it: &mut Scene) {
    it.plain();
    let status = it.turn("200 | 302 | 401 | 403 | 404 | 407 | 500 | 101 | 099 | 2x0");
    let server = server(move |stream, head| {
        let line = head.replace("\r\n", " ");
        let headers = format!(
            "X-Echo: {line}\r\nWWW-Authenticate: {line}\r\nLocation: http://127.0.0.1:1/{line}\r\n\r\n{line}"
        );
        respond(stream, &format!("{status} \u{1b}]0;{line}"), &headers);
    });
    let path = it.shape().replace(['\n', '\r'], "");
    let url = format!("http://{}/{path}?k={}", server.host(), it.secret);
    it.put("process", "API_KEY", &it.secret);
    it.put("process", "ZION_ENDPOINT", &url);
}

/// A database that does the same.
fn echoing_database(it: &mut Scene) {
    it.plain();
    let server = echoing_postgres(it.turn("28P01 | 28000 | 3D000 | ZZ999 | 08P01 | \u{1b}[31m"));
    let url = it.fill(it.any(
        "neo:{}@{h}/m | {}:{}@{h}/m | neo@{h}/m?password={} | neo:{}@{h}/m?application_name={} | neo:{}@{h}/{}",
    ));
    let url = format!("postgresql://{}", url.replace("{h}", &server.host()));
    it.put(it.any("process | .env"), "DATABASE_URL", &url);
}

/// A secret that somebody typed in the wrong place. `{P}` is a piece of it.
fn argument(it: &mut Scene) {
    it.plain();
    let words = it.fill(it.turn(
        "--{} | -{} | {} | --{}={} | --json={} | --color={} | --color {} | --timeout {} | --timeout={} | -- {} \
        | --explain {} | --explain=API_KEY{} | --explain --{} | --{P} | -{P} | --{P}=1 | --explain {P} | --check {P} \
        | --\u{1b}[31m{} | --{}\u{200b} | --explain \u{e0041}{} | --help={} | --no-{P} | -q{P} | help {}",
    ));
    let words = words.replace("{P}", &it.secret[..9]);
    it.words = words.split(' ').map(OsString::from).collect();
    if it.chance.once_in(6) {
        it.words[0].push(OsStr::from_bytes(b"\xff"));
    }
}

/// A file of another user, here or above, is not a layer.
fn foreign_owner(it: &mut Scene) {
    it.plain();
    let endpoint = guarded(&it.secret);
    let text =
        "ZION_ENDPOINT=http://{h}/\nDATABASE_URL=sqlite:{}.db\nAPI_KEY={} oops\nSMTP_PASSWORD={}\n";
    it.add(".env", &it.fill(text).replace("{h}", &endpoint.host()));
    it.put("process", "API_KEY", &it.secret);
    it.repository();
    let inner = it.world.path("inner");
    fs::create_dir(&inner).unwrap();
    if fs::metadata(&inner).unwrap().uid() != 0 {
        if it.lap == 0 {
            note("only root can give files to another user");
        }
        return it.deaf.push(endpoint);
    }
    let given = it.turn(".env | .git, .env, | .env, | .git/config, .git");
    for name in given.split(',').map(str::trim) {
        chown(it.world.path(name), Some(65534), Some(65534)).unwrap();
    }
    if it.chance.once_in(2) {
        it.folder = inner;
    }
    if given.contains(".env") {
        it.mute.push(endpoint);
    } else {
        it.deaf.push(endpoint);
    }
}

/// Links to a place outside, and links with the secret as name and target.
fn link(it: &mut Scene) {
    it.plain();
    let endpoint = guarded(&it.secret);
    let text = it.fill(it.any(
        "neo:$6${}:19000:0:99999:7:::\nroot:{}:1:::::: | API_KEY={}\nDATABASE_URL=postgresql://neo:{}@127.0.0.1:1/m \
        | {} | MATRIX_MODE={}\nLOG_LEVEL={} | ZION_ENDPOINT=http://{h}/",
    ));
    let text = text.replace("{h}", &endpoint.host());
    it.world.file("../outside", text);
    it.put("process", "API_KEY", &it.secret);
    it.deaf.push(endpoint);
    let name =
        it.turn(".env | .env.local | .env.example | .env.production | .gitattributes | crew.db");
    it.repository();
    // The file may not exist.
    let _ = fs::remove_file(it.world.path(name));
    symlink("../outside", it.world.path(name)).unwrap();
    if name == "crew.db" {
        it.put("process", "DATABASE_URL", "sqlite:crew.db");
    }
    let target = it.shape();
    symlink(Path::new("..").join(&target), it.world.path("link")).unwrap();
    symlink("../outside", it.world.path(&target.replace('/', "_"))).unwrap();
    it.world.commit();
}

/// A key goes only to an endpoint from a place as strong as its own.
fn weaker_layer(it: &mut Scene) {
    it.plain();
    let server = guarded(&it.secret);
    let (key, endpoint) = (it.lap % 5, it.lap / 5 % 5);
    let layers = list(LAYERS);
    it.put(layers[key], "API_KEY", &it.secret);
    let url = format!("http://{}/", server.host());
    it.put(layers[endpoint], "ZION_ENDPOINT", &url);
    // A weaker place that also sets it changes nothing.
    if key < 4 {
        it.put(".env", "API_KEY", "zion-7Hq2-Lx9R-b4tV-n8kW");
    }
    if endpoint > key {
        it.deaf.push(server);
    } else {
        it.meant.push(server);
    }
}

#[test]
fn no_situation_leaks_hangs_or_crashes() {
    needs!("git");
    let from_env = |name: &str| std::env::var(name).map(|it| it.parse::<usize>().unwrap());
    let first = from_env("HOSTILE_FIRST").unwrap_or(0);
    let past = first + from_env("HOSTILE_COUNT").unwrap_or(500);
    let look_at = |number: usize| {
        let (kind, fill) = KINDS[number % KINDS.len()];
        let mut scene = Scene::new(number, number / KINDS.len());
        fill(&mut scene);
        let faults = scene.faults();
        let (first, more) = (faults.first()?, faults.len() - 1);
        Some(format!(
            "{kind} ({number}), {:?}: {first} (and {more} more)",
            scene.secret
        ))
    };
    let look_at = &look_at;
    let failed: Vec<String> = thread::scope(|scope| {
        let halves = [0, 1].map(|rest| {
            let numbers = (first..past).filter(move |it| it % 2 == rest);
            scope.spawn(move || numbers.filter_map(look_at).collect::<Vec<_>>())
        });
        halves
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    assert!(
        failed.is_empty(),
        "{} failed\n{}",
        failed.len(),
        failed.join("\n")
    );
}
