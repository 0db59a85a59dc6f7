//! No output has a secret in it, of any shape and from any place.
//!
//! `World::run` searches the output of every run of every test. This file has the places and the shapes
//! that leak most easily.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "support/server.rs"]
mod server;
#[macro_use]
#[path = "support/world.rs"]
mod world;

use base64::Engine;
use server::{respond, server};
use world::{NAMES, World, leak, random};

/// Secrets of every kind that a file or a shell can have.
fn kinds() -> Vec<String> {
    vec![
        random(40),
        format!("sk-live-{}", random(24)),
        format!("pa$$word's \"{}\" `x` \\n #{}", random(9), random(9)),
        format!("пароль-{}-密码", random(12)),
        format!("{}\u{1b}[31m{}\r", random(9), random(9)),
        format!("%41%zz{}%", random(12)),
        format!("{}@{}:{}/?#", random(9), random(9), random(9)),
        format!("..//{}", random(200)),
        format!("{{\"key\": \"{}\"}}", random(16)),
        "=".repeat(3) + &random(20),
    ]
}

#[test]
fn a_secret_in_any_variable_and_any_layer_stays_inside() {
    for secret in kinds() {
        let world = World::new();
        world.secret(&secret);
        let quoted = format!("'{}'", secret.replace('\'', ""));
        world.secret(quoted.trim_matches('\''));
        for name in NAMES {
            world.dotenv(&format!("{name}={quoted}\n"));
            world.private(".env.local", format!("export {name}=\"{secret}\"\n"));
            world.private(
                ".env.production",
                format!("{name}={secret}\nX{name}={secret}\n"),
            );
            world.run_about(name, &[]);
            world.set(name, &secret);
            world.run_about(name, &[]);
            world.set("MATRIX_MODE", "production");
            world.run_about(name, &[]);
            world.unset(name).unset("MATRIX_MODE");
        }
    }
}

#[test]
fn a_secret_in_any_part_of_a_url_stays_inside() {
    let places = [
        "postgresql://neo:{}@127.0.0.1:1/m",
        "postgresql://{}@127.0.0.1:1/m",
        "postgresql://{}:x@127.0.0.1:1/m",
        "postgresql://127.0.0.1:1/m?password={}",
        "postgresql://neo:{}@127.0.0.1:99999/m",
        "mysql://neo:{}@127.0.0.1/m",
        "postgresql:neo:{}@127.0.0.1",
        "neo:{}@127.0.0.1:1/m",
        "postgresql://neo:{}",
        "postgresql://neo:12/{}@h/m",
        "https://neo:{}@127.0.0.1:1/x",
        "https://127.0.0.1:1/services/{}",
        "https://127.0.0.1:1/x?token={}",
        "http://127.0.0.1:1/#{}",
        "https://{}@127.0.0.1:1",
        "ftp://neo:{}@127.0.0.1",
        "https://neo:{}@[::1",
        "http://127.0.0.1:{}",
        "sqlite:x.db?key={}",
    ];
    for secret in kinds() {
        let world = World::new();
        world.secret(&secret);
        for place in places {
            let url = place.replace("{}", &secret);
            world.set("DATABASE_URL", &url).set("ZION_ENDPOINT", &url);
            world.run_about("ZION_ENDPOINT", &["--timeout", "1"]);
        }
    }
}

#[test]
fn a_password_behind_the_name_of_a_database_stays_inside() {
    let secret = kinds().remove(0);
    let world = World::new();
    world.secret(&secret);
    for place in [
        "sqlserver://127.0.0.1/m;user=neo;password={}",
        "db2://127.0.0.1:1/s:user=neo;password={};",
        "mysql://127.0.0.1/m&password={}",
        "redis://127.0.0.1/0%3Fpassword={}",
        "oracle://127.0.0.1/m:{}",
        "postgresql://127.0.0.1:1/m;password={}",
        "pgsql://host=127.0.0.1;password={}",
        "sqlite:x.db;Password={}",
        "file:x.db#key={}",
        "sqlite:Password={};Data Source=x.db",
    ] {
        world.set("DATABASE_URL", &place.replace("{}", &secret));
        world.run_about("DATABASE_URL", &["--probe", "--timeout", "1"]);
    }
}

#[test]
fn a_key_in_the_name_of_a_file_stays_inside_though_no_variable_has_it() {
    needs!("git");
    let token = format!("ghp_{}", random(36));
    let world = World::new();
    for name in ["{}.txt", "dump-{}", "keys/{}/a", "old_{}"] {
        let text = format!("GET /?t={token}\n{name}\n");
        world.file(&name.replace("{}", &token), text);
    }
    world.repository();
    std::fs::remove_file(world.path(&format!("old_{token}"))).unwrap();
    world.commit();
    world.private(&format!("conf/{token}"), "LOG_LEVEL=DEBUG\n");
    std::os::unix::fs::symlink(format!("conf/{token}"), world.path(".env")).unwrap();
    world.set("DATABASE_URL", &format!("sqlite:{token}.db"));
    let run = world.run_every_way(&[]);
    run.says("the name of ***.txt holds a token of GitHub")
        .says("dump-***:1 holds a token of GitHub")
        .says("keys/***/a:1 holds a token of GitHub")
        .says(".env: a link to conf/***");
    // The text lists only the first places, and git's hashes decide their order.
    let run = world.run(&["--history", "--json"]);
    run.says("old_***:1 holds a token of GitHub");
}

#[test]
fn a_value_that_is_looked_for_because_of_its_name_is_masked() {
    needs!("git");
    for name in [
        "JWT",
        "GITHUB_PAT",
        "DB_PW",
        "AUTH_SALT",
        "WALLET_MNEMONIC",
        "APP_CREDS",
        "VPN_PSK",
    ] {
        let world = World::new();
        let [value, example] = [random(16), random(16)];
        world.file(".gitignore", ".env\n");
        world.file(".env.example", format!("{name}={example}\n"));
        world.dotenv(&format!(
            "{name}={value}\nDATABASE_URL=postgresql://u@{value}.zion.invalid/x\n"
        ));
        world.file(&format!("keys/{value}.pem"), "x\n");
        world.file(&format!("keys/{example}.txt"), "x\n");
        world.repository();
        for words in [&["--json"][..], &["--probe", "--timeout", "0.5"]] {
            world.run(words);
        }
        let run = world.run(&["--check", "--history"]);
        run.says("the name of keys/***.pem holds the value of the entry in .env:1")
            .says("the name of keys/***.txt holds the value of the entry in .env.example:1");
    }
}

#[test]
fn large_secrets_do_not_uncover_the_forms_of_a_small_one() {
    needs!("git");
    let world = World::new();
    let small = format!("{}/{}+{}", random(8), random(8), random(9));
    world.secret(&small);
    let large = [random(40).repeat(1000), random(40).repeat(1000)];
    world.file(".gitignore", ".env\n");
    world.dotenv(&format!(
        "A_SECRET={}\nB_SECRET={}\nSMTP_PASSWORD={small}\n",
        large[0], large[1]
    ));
    let encoded = base64::engine::general_purpose::URL_SAFE.encode(&small);
    world.file(&format!("a/{encoded}.txt"), "x\n");
    world.repository();
    world.run(&["--json"]);
    let run = world.run(&[]);
    run.says("the name of a/***.txt holds the value of the entry in .env:3");
}

#[test]
fn a_secret_of_the_shell_that_is_no_text_or_has_a_misspelt_name_stays_inside() {
    use std::os::unix::ffi::OsStringExt;
    needs!("git");
    for (name, end) in [("API_KEY", &b"\xff"[..]), ("API_KEYY", b"")] {
        let secret = random(20);
        let world = World::new();
        world.file(&format!("{secret}/a"), format!("ghp_{}", random(36)));
        world.repository();
        let value = std::ffi::OsString::from_vec([secret.as_bytes(), end].concat());
        let mut command = world.command(&world.path(""));
        let done = command.env(name, value).output().unwrap();
        let out = String::from_utf8(done.stdout).unwrap();
        assert!(out.contains("***/a:1 holds a token of GitHub"), "{out}");
        assert_eq!(leak(&secret, &out), None);
    }
}

#[test]
fn a_secret_that_the_folders_of_a_link_spell_stays_inside() {
    needs!("git");
    let secret = [random(7), random(7), random(7), random(7)].join("/");
    let world = World::new();
    world.secret(&secret);
    world.private(&secret, format!("API_KEY={secret}\n"));
    std::os::unix::fs::symlink(&secret, world.path(".env")).unwrap();
    world.repository();
    let run = world.run_every_way(&[]);
    run.says(".env: a link to ***");
}

#[test]
fn a_secret_on_a_broken_line_stays_inside() {
    let secret = random(32);
    let lines = [
        "API_KEY={} oops",
        "API_KEY='{}",
        "API_KEY=\"{}",
        "API_KEY {}",
        "{}",
        "{}=",
        "export {}",
        "API_KEY={}'s",
        "API_KEY={}\\q",
        "API-KEY={}",
        "1{}=x",
        "API_KEY=\"{}$\"",
        "API_KEY={}\0",
        "API_KEY=\u{1}\r{}",
    ];
    let world = World::new();
    world.secret(&secret);
    for line in lines {
        let text = line.replace("{}", &secret);
        world.dotenv(&format!(
            "LOG_LEVEL=INFO\n{text}\nZION_ENDPOINT=http://127.0.0.1:1\n{text}"
        ));
        world.run_about("API_KEY", &[]);
        world.file(".env.example", &text);
        world.run_about("API_KEY", &[]);
    }
    world.private(".env", [b"API_KEY=\xff", secret.as_bytes(), b"\n"].concat());
    world.run_every_way(&[]);
}

#[test]
fn the_name_on_a_broken_line_does_not_stop_the_report() {
    let world = World::new();
    world.file(".env.example", "SMTP_PASSWORD=\n");
    for name in NAMES.into_iter().chain(["SMTP_PASSWORD"]) {
        for line in ["{}='#", "export {} = # x", "{}: #", "{} #", "{}=\"# y"] {
            let line = line.replace('#', &random(20)).replace("{}", name);
            world.dotenv(&line);
            let run = world.run(&[]);
            // A mode that cannot be read is not development.
            let code = if name == "MATRIX_MODE" { 78 } else { 0 };
            assert_eq!(run.code, code, "{line}: {}", run.err);
            run.says(".env:1: ").is_silent_about("***");
        }
    }
}

#[test]
fn a_placeholder_hides_no_other_text() {
    let world = World::new();
    let url = "postgresql://user:<INSERT_POSTGRES_PASSWORD>@postgres:5432/m";
    world.dotenv(&format!("DATABASE_URL='{url}'\n"));
    let json = world.json(&[]);
    assert_eq!(
        json["variables"][1]["shown"],
        "postgresql://***@postgres:5432/m"
    );
    let url = "postgresql://user:changeme@database:5432/m";
    world.dotenv(&format!(
        "DATABASE_URL='{url}'\nDB_PASSWORD=change_me_database\n"
    ));
    let json = world.json(&[]);
    assert_eq!(
        json["variables"][1]["shown"],
        "postgresql://***@database:5432/m"
    );
    // A word in disguise may be a real password.
    world.dotenv(
        "DATABASE_URL=postgresql://user:x@databasepassw0rd/m\nDB_PASSWORD=DatabasePassw0rd\n",
    );
    let json = world.json(&[]);
    assert_eq!(json["variables"][1]["shown"], "postgresql://***@***/m");
}

#[test]
fn a_secret_in_a_name_of_a_file_or_of_the_repository_stays_inside() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://127.0.0.1:1");
    world.file(&format!("{key}/{key}.txt"), format!("{key}\n"));
    world.file(&format!("x/{}", &key[3..15]), &key);
    world.commit();
    world.git(&["branch", &key]);
    let run = world.run_every_way(&[]);
    run.says("***/***.txt:1 holds the value of API_KEY")
        .says("x/***:1 holds the value of API_KEY");
    let inner = world.path(&key);
    world.private(&format!("{key}/.env"), format!("API_KEY={key}\n"));
    world.run_in(&inner, &[]);
    world.run_in(&inner, &["--json"]);
}

#[test]
fn no_file_is_written_anywhere() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://127.0.0.1:1");
    world.file("a.py", format!("KEY = '{key}'\n"));
    world.commit();
    let all = world.path("..");
    for name in ["HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
        world.set(name, all.to_str().unwrap());
    }
    let before = files(&all);
    world.run_every_way(&[]);
    world.run(&["--history", "--probe"]);
    assert_eq!(files(&all), before);
}

/// Every file below a folder, with its size and time.
fn files(folder: &std::path::Path) -> Vec<(std::path::PathBuf, u64, std::time::SystemTime)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let facts = entry.metadata().unwrap();
        if facts.is_dir() {
            found.extend(files(&entry.path()));
        }
        found.push((entry.path(), facts.len(), facts.modified().unwrap()));
    }
    found.sort();
    found
}

#[test]
fn the_report_never_repeats_a_server() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://127.0.0.1:1");
    let echo = key.clone();
    let server = server(move |stream, _| {
        respond(
            stream,
            &format!("401 {echo}"),
            &format!("X-Echo: {echo}\r\nLocation: http://{echo}/\r\n"),
        );
    });
    world.set(
        "ZION_ENDPOINT",
        &format!("http://127.0.0.1:{}/{key}?k={key}", server.port),
    );
    world.set(
        "DATABASE_URL",
        &format!("postgresql://neo:{key}@127.0.0.1:{}/{key}", server.port),
    );
    world.run_every_way(&["--timeout", "1", "--probe"]);
}

#[test]
fn a_secret_that_is_a_common_word_neither_crashes_nor_blinds_the_report() {
    needs!("git");
    for word in [
        "localhost",
        "development",
        "production",
        "password",
        "postgres",
        "API_KEY",
        "ok",
        "a",
        "DEBUG",
        "Reading the Matrix",
        "not-configured",
        "not-verified",
        "sqlite::memory:",
    ] {
        let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
        world.set("API_KEY", word);
        world.set(
            "DATABASE_URL",
            &format!("postgresql://{word}:{word}@localhost:1/{word}"),
        );
        let run = world.run_every_way(&[]);
        assert!(
            run.out
                .starts_with("ORACLE STATUS: Reading the Matrix...\n"),
            "{word}: {}{}",
            run.out,
            run.err
        );
        assert!(
            run.value("Mode") == "development"
                && run.out.contains("The Oracle sees all configurations.")
        );
        let json = world.json(&[]);
        let shown = json["variables"][1]["shown"].as_str().unwrap_or_default();
        let name = shown.rsplit('/').next().unwrap();
        assert!(word.len() < 4 || !name.contains(word), "{word}: {shown}");
    }
}

#[test]
fn a_run_that_shows_what_was_planted_fails_its_test() {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    let world = World::new();
    let run = || catch_unwind(AssertUnwindSafe(|| world.run(&[]).code));
    assert_eq!(run().ok(), Some(0));
    world.secret("g the Mat");
    assert!(run().is_err());
    // Every text of `random` counts as a planted secret.
    let world = World::new();
    let key = random(20);
    world.set("DATABASE_URL", &format!("postgresql://127.0.0.1:1/{key}"));
    let run = || catch_unwind(AssertUnwindSafe(|| world.run(&[]).code));
    assert!(run().is_err(), "the name of a database is shown");
}

#[test]
fn the_search_for_leaks_finds_every_form() {
    let secret = "Tr1nity+kisses/Neo";
    for text in [
        "x Tr1nity+ x",
        "TR1NITY+",
        "tr1nity+",
        "Tr1nity%2Bk",
        "Tr1nity%2bk",
        "x%54%72%31",
        "oeN/sess",
        "54723165",
        "7472316e697479",
    ] {
        let lower = "tr1nity+";
        let found = leak(secret, text).or_else(|| leak(lower, text));
        assert_eq!(found.is_some(), text != "54723165", "{text}");
    }
    for before in ["", "n", "ne"] {
        let text = base64::engine::general_purpose::STANDARD.encode(format!("{before}{secret}!"));
        assert!(leak(secret, &text).is_some());
    }
    assert_eq!(leak(secret, "a report without it"), None);
}

#[test]
fn values_that_dotenvy_takes_from_the_process_environment_are_never_shown() {
    needs!("git");
    let values = [
        "DATABASE_URL=sqlite:${GITHUBTOKEN}",
        "DATABASE_URL=postgresql://neo@${GITHUBTOKEN}.invalid/$GITHUBTOKEN",
        "ZION_ENDPOINT=https://$GITHUBTOKEN.invalid/",
        "LOG_LEVEL=${GITHUBTOKEN}",
        "A=x${GITHUBTOKEN}\nDATABASE_URL=mysql://db.invalid/$A",
        "GITHUBTOKEN=harmless\nDATABASE_URL=sqlite:$GITHUBTOKEN",
    ];
    for value in values {
        let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
        world.set("GITHUBTOKEN", &random(24));
        world.dotenv(&format!("{value}\n"));
        world.file("readme", "clean");
        let run = world.run_every_way(&["--probe"]);
        run.says("dotenvy put a value of the process environment into it");
        let name = value
            .rsplit('\n')
            .next()
            .unwrap()
            .split('=')
            .next()
            .unwrap();
        let explained = world.run(&["--explain", name]);
        assert!(explained.out.contains("***  <- wins"), "{}", explained.out);
    }
    // Single quotes prevent it, and the text of the file is shown.
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    world.set("GITHUBTOKEN", &random(24));
    world.dotenv("DATABASE_URL='sqlite:$GITHUBTOKEN'\n");
    world.run(&[]).says("sqlite:$GITHUBTOKEN");
}

#[test]
fn no_line_of_a_file_can_silence_the_report() {
    needs!("git");
    for line in [
        "X_TOKEN='searched 2 tracked files'",
        "X_TOKEN='\"status\": \"warnings\"'",
        "X_SECRET='The Oracle sees all configurations.'",
        "X_SECRET='never committed in the history that is here'",
    ] {
        let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
        world.edit_dotenv(|before| format!("{before}{line}\n"));
        let run = world.run(&[]);
        assert_eq!(run.code, 0, "{}", run.err);
        run.says("The Oracle sees all configurations.");
        assert_eq!(world.json(&[])["status"], "warnings");
    }
}

#[test]
fn names_from_outside_cannot_control_a_terminal() {
    needs!("git");
    let strange = "a\u{1b}[31m\u{9b}\u{202e}\u{200b}\u{feff}\u{e0041}\u{2028}b";
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    world.file(strange, &key);
    world.commit();
    let spelled =
        r"a\u{1b}[31m\u{9b}\u{202e}\u{200b}\u{feff}\u{e0041}\u{2028}b:1 holds the value of API_KEY";
    world.run(&[]).says(spelled);
    let json = world.json(&[]);
    let evidence = json["checks"][0]["evidence"].as_array().unwrap();
    let messages = evidence.iter().map(|it| it["message"].as_str().unwrap());
    assert!(messages.into_iter().any(|it| it == spelled), "{evidence:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn no_core_is_dumped_while_a_secret_is_in_memory() {
    use std::process::{Command, Stdio};
    needs!("git");
    let silent = server(|_, _| std::thread::sleep(std::time::Duration::from_secs(20)));
    let url = format!("http://127.0.0.1:{}/", silent.port);
    let (world, _) = World::sound("sqlite::memory:", &url);
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -c unlimited; exec \"$0\" --timeout 20"])
        .arg(env!("CARGO_BIN_EXE_oracle"))
        .current_dir(world.path("."))
        .env_clear()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while silent.seen.lock().unwrap().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let core = limits
        .lines()
        .find(|it| it.starts_with("Max core file size"));
    let words: Vec<&str> = core.unwrap().split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"]);
    let abort = ["-ABRT", &child.id().to_string()];
    assert!(Command::new("kill").args(abort).status().unwrap().success());
    assert!(!child.wait().unwrap().success());
    let names = std::fs::read_dir(world.path(".")).unwrap();
    let names = names.map(|it| it.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|it| !it.starts_with("core")));
}

#[test]
fn the_mask_does_not_tell_that_a_secret_is_one_of_our_words() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    world.set("API_KEY", "localhost-postgresql-development");
    for (url, shown) in [
        (
            "postgresql://neo:postgresql@localhost:1/crew",
            "postgresql://***@localhost:1/crew",
        ),
        (
            "postgresql://neo:localhost@127.0.0.1:1/crew",
            "postgresql://***@127.0.0.1:1/crew",
        ),
    ] {
        world.set("DATABASE_URL", url);
        world.run(&[]).says(shown).says("http://localhost:1");
    }
}
