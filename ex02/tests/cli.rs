//! What a person sees and a script gets: the subject's lines, the layers, the exit codes.
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

use std::process::{Command, Stdio};

use world::{NAMES, World, random};

#[test]
fn a_sound_configuration_gives_the_lines_of_the_subject() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    let endpoint = server::guarded(&key).port;
    world.set("ZION_ENDPOINT", &format!("http://127.0.0.1:{endpoint}/"));
    let run = world.run(&["--check"]);
    let lines = "\
ORACLE STATUS: Reading the Matrix...

Configuration loaded:
Mode: development
Database: Connected to local instance
API Access: Authenticated
Log Level: DEBUG
Zion Network: Online

Environment security check:
[OK] No hardcoded secrets detected
[OK] .env file properly configured
[OK] Production overrides available

The Oracle sees all configurations.
";
    assert!(run.out.starts_with(lines), "{}", run.out);
    run.says("ZION_ENDPOINT http://127.0.0.1:")
        .says("process environment, overrides .env:5");
    assert_eq!(run.code, 0);
}

#[test]
fn the_number_of_what_refuses_production_is_the_number_of_its_marks() {
    let values = ["", "short", "zk5f0c1b7e9a3d4826", "https://zion.io", "INFO"];
    for seed in 0_usize..60 {
        let world = World::new();
        let mut text = String::new();
        for (index, name) in NAMES.into_iter().enumerate().skip(1) {
            let value = values[(seed + index * index * 3) % values.len()];
            match (seed / 5 + index) % 4 {
                0 => drop(world.set(name, value)),
                1 => text.extend([name, "=", value, "\n"]),
                2 => text.extend([name, "=", value, "\n", name, "=\nX", name, "=1\n"]),
                _ => {}
            }
        }
        text += &"not a line\n".repeat([0, 1, 4, 30, 400][seed % 5]);
        world.dotenv(&text);
        let listed = |run: &world::Run| {
            let (_, list) = run.out.split_once("To mend:").unwrap_or_default();
            let marked = list.split("\n  ! ").skip(1);
            // One entry may stand for many lines.
            let counted = marked.map(|it| {
                let more = it.split_once(": and ").map(|(_, rest)| rest);
                let number = more.and_then(|it| it.split_once(" more lines"));
                number.map_or(1, |(number, _)| number.parse::<usize>().unwrap())
            });
            counted.sum::<usize>()
        };
        let lax = world.run(&[]);
        assert_eq!(listed(&lax), 0, "{}", lax.out);
        world.set("MATRIX_MODE", "production");
        let run = world.run(&[]);
        let number = run
            .err
            .split(' ')
            .nth(3)
            .map_or(0, |it| it.parse().unwrap());
        assert_eq!(
            (listed(&run), run.code),
            (number, 78 * i32::from(number > 0)),
            "{}{}",
            run.out,
            run.err
        );
    }
}

#[test]
fn without_any_configuration_development_goes_on_and_production_is_refused() {
    let world = World::new();
    let run = world.run(&[]);
    assert_eq!(
        (run.code, run.value("Mode"), run.value("Log Level")),
        (0, "development", "INFO")
    );
    assert_eq!(run.value("Database"), "missing (DATABASE_URL is not set)");
    assert_eq!(run.value("API Access"), "missing (API_KEY is not set)");
    assert_eq!(
        run.value("Zion Network"),
        "missing (ZION_ENDPOINT is not set)"
    );
    assert_eq!(run.tags(), "SKIP WARN WARN");
    run.says("hint: write NAME=value lines for the five into .env")
        .is_silent_about(".env.example shows");
    world.file(".env.example", world::example());
    let run = world.run(&[]);
    run.says("hint: cp .env.example .env && chmod 600 .env");
    assert_eq!(world.run(&["--check"]).code, 1);
    world.set("MATRIX_MODE", "production");
    let run = world.run(&["--check"]);
    assert_eq!((run.code, run.value("Mode")), (78, "production"));
    run.says("REFUSED: production does not start with this configuration.");
    assert!(
        run.err
            .starts_with("error: configuration refused: 3 to mend"),
        "{}",
        run.err
    );
}

#[test]
fn an_unknown_mode_is_never_development() {
    needs!("git");
    let world = World::new();
    for mode in ["banana", "prod", "dev", "development ; rm", " "] {
        world.set("MATRIX_MODE", mode);
        let blank = mode.trim().is_empty();
        let run = world.run(&[]);
        assert_eq!(run.code, if blank { 0 } else { 78 }, "{mode}");
        assert_eq!(run.value("Mode") == "development", blank, "{mode}");
    }
    // Everything else is right, but dotenvy left nothing of the mode `$STAGE`.
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    world.edit_dotenv(|file| file.replace("=development", "=$STAGE"));
    let run = world.run(&[]);
    run.says("MATRIX_MODE: invalid: dotenvy left nothing of it (.env:1)")
        .says("`$` is replaced by a variable, or by nothing (.env:1)");
    assert_eq!((run.code, run.tags().as_str()), (78, "OK WARN FAIL"));
}

#[test]
fn a_line_that_cannot_be_read_names_its_variable_all_the_same() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    let file = std::fs::read_to_string(world.path(".env")).unwrap();
    world.dotenv(&file.replace(&key, &format!("{key} and more")));
    let run = world.run(&[]);
    run.says("API_KEY: .env:3 names it, but dotenvy cannot read that line")
        .says("API_KEY (.env.example:3) is in .env.example; .env:3 names it too, but dotenvy cannot read that line")
        .is_silent_about("no place sets it")
        .is_silent_about("set nowhere");
    assert_eq!(run.code, 0);
    let run = world.run(&["--explain", "API_KEY"]);
    run.says(".env:3 names it, but dotenvy cannot read this line")
        .is_silent_about("No place sets it");
    let json = world.json(&["--explain", "API_KEY"]);
    assert_eq!(json["layers"][4]["at"], ".env:3");
    // A stronger place wins, and an entry above in the same file too, unless it is the mode.
    world.dotenv(&format!(
        "{file}API_KEY={key} and more\nMATRIX_MODE=production now\n"
    ));
    let run = world.run(&["--explain", "API_KEY"]);
    run.says(".env:6 names it, but dotenvy cannot read this line")
        .says("> .env:3 *** <- wins");
    let run = world.run(&[]);
    assert_eq!(run.code, 78);
    run.says("MATRIX_MODE: .env:7 names it, but dotenvy cannot read that line");
    world.set("MATRIX_MODE", "development");
    assert_eq!(world.run(&[]).code, 0);
}

#[test]
fn every_layer_wins_over_the_weaker_ones() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    let origin = || {
        let json = world.json(&[]);
        json["variables"][3]["origin"]["layer"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let layers = [".env.local", ".env.development", ".env.development.local"];
    assert_eq!(origin(), ".env");
    for layer in layers {
        world.private(layer, "LOG_LEVEL=ERROR\n");
        assert_eq!(origin(), layer);
    }
    world.set("LOG_LEVEL", "CRITICAL");
    assert_eq!(origin(), "process");
    let json = world.json(&[]);
    assert_eq!(
        json["variables"][3]["overrides"].as_array().unwrap().len(),
        4
    );
    assert_eq!(json["variables"][3]["shown"], "CRITICAL");
    assert_eq!(json["variables"][3]["parts"], serde_json::json!([]));
    let run = world.run(&[]);
    run.says("Overridden by the process environment: LOG_LEVEL Files read,");
    let lines = run.out.lines();
    let uneven: Vec<&str> = lines
        .filter(|it| it.len() > 80 || it.ends_with(' '))
        .collect();
    assert_eq!(uneven, [""; 0]);
}

#[test]
fn json_is_one_object_with_the_promised_fields() {
    needs!("git");
    let (world, _) = World::sound("postgresql://neo@127.0.0.1:1/crew", "http://localhost:1");
    world.set("MATRIX_MODE", "production");
    let json = world.json(&[]);
    let fields: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "checks",
            "connections",
            "files",
            "mode",
            "status",
            "variables"
        ]
    );
    // The endpoint is down.
    assert_eq!(
        (&json["mode"], &json["status"]),
        (&"production".into(), &"warnings".into())
    );
    let variable = &json["variables"][1];
    assert_eq!(variable["name"], "DATABASE_URL");
    assert_eq!(variable["status"], "ok");
    assert_eq!(variable["shown"], "postgresql://***@127.0.0.1:1/crew");
    assert_eq!(
        variable["origin"],
        serde_json::json!({"layer": ".env", "file": ".env", "line": 2})
    );
    assert_eq!(json["connections"]["database"]["status"], "failed");
    assert_eq!(json["checks"][0]["name"], "No hardcoded secrets detected");
    assert_eq!(json["checks"][0]["status"], "ok");
    assert_eq!(json["files"][3]["path"], ".env");
    // A script reads the place of a finding without taking a sentence apart.
    let key = world::random(24);
    world.set("API_KEY", &key);
    world.file("crew/gate.py", format!("\nlogin('{key}')\n"));
    world.commit();
    let finding = &world.json(&[])["checks"][0]["evidence"][0];
    assert_eq!(
        (&finding["kind"], &finding["file"]),
        (&"secret-value".into(), &"crew/gate.py".into())
    );
    assert_eq!(finding["line"], 2);
}

#[test]
fn one_broken_line_hides_nothing_and_is_never_quoted() {
    let world = World::new();
    let secret = world.secret(&random(24));
    world.dotenv(&format!("LOG_LEVEL=ERROR\nAPI_KEY={secret} oops\nDATABASE_URL='{secret}\nZION_ENDPOINT=http://localhost:1\n"));
    let run = world.run_every_way(&[]);
    assert_eq!(run.value("Log Level"), "ERROR");
    run.says(".env:2: dotenvy cannot read this line");
    run.says(".env:3: a quote opens here and is not closed correctly");
    run.says("ZION_ENDPOINT http://localhost:1");
}

#[test]
fn a_file_of_nothing_but_broken_lines_is_counted_not_listed() {
    let world = World::new();
    world.dotenv(&"no assignment at all\n".repeat(10_000));
    let run = world.run(&[]);
    run.says(".env:20: dotenvy cannot read this line")
        .says(".env: and 9980 more lines to mend");
    assert!(run.out.lines().count() < 120);
}

#[test]
fn a_long_file_of_any_kind_is_summed_up() {
    let world = World::new();
    world.file(".env.example", world::example());
    for (line, sentence) in [
        (
            "API_KEYS=1\n",
            ".env:20 and 4980 more, and the program does not read it",
        ),
        ("API_KEY=x\n", "line 20 and 4979 more does not"),
        ("V_{}=1\n", "and 4997 more entries like these"),
    ] {
        let file: String = (0..5000)
            .map(|it| line.replace("{}", &it.to_string()))
            .collect();
        world.dotenv(&file);
        let run = world.run(&[]);
        run.says(sentence);
        assert!(run.out.len() < 12_000, "{} bytes", run.out.len());
    }
}

#[test]
fn a_value_that_dotenvy_changes_is_flagged_with_the_cure() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    let password = world.secret(&format!("{}$x{}", random(10), random(10)));
    let url = format!("postgresql://neo:{password}@127.0.0.1:1/m");
    world.dotenv(&format!("DATABASE_URL={url}\n"));
    let run = world.run_every_way(&[]);
    run.says("dotenvy changed it: `$` is replaced by a variable")
        .says("write it in single quotes");
    assert!(
        run.value("Database")
            .starts_with("configured, not contacted"),
        "{}",
        run.out
    );
    world.dotenv(&format!("DATABASE_URL='{url}'\n"));
    world.run(&[]).is_silent_about("dotenvy changed it");
}

#[test]
fn names_with_typing_errors_are_pointed_out() {
    let world = World::new();
    world.dotenv("DATABSE_URL=sqlite::memory:\nApi_Key=x\n");
    let run = world.run(&[]);
    run.says("a similar name is set in .env:1")
        .says("did you mean `DATABASE_URL`? rename it");
    run.says("did you mean `API_KEY`? rename it");
}

#[cfg(unix)]
#[test]
fn the_command_for_a_folder_in_the_place_of_a_file_overwrites_nothing() {
    let copy = "move it away, then: cp";
    let make = |world: &World, name| std::fs::create_dir(world.path(name)).unwrap();
    let world = World::new();
    make(&world, ".env");
    world.run(&[]).says("move it away").is_silent_about(copy);
    world.file(".env.sample", world::example());
    let sub = world.path("sub");
    std::fs::create_dir(&sub).unwrap();
    std::fs::create_dir(world.path(".git")).unwrap();
    let command = "move it away, then: cp ../.env.sample ../.env && chmod 600 ../.env";
    world.run_in(&sub, &[]).says(command);
    // Without a `.env`, an example that is a folder cannot be copied.
    let world = World::new();
    make(&world, ".env.example");
    world
        .run(&[])
        .says("no .env here")
        .is_silent_about("hint: cp");
    // The `.env` is good, so nothing is copied over it.
    for name in [".env.local", ".env.example"] {
        let world = World::new();
        world.dotenv("LOG_LEVEL=INFO\n");
        world.file(".env.sample", world::example());
        make(&world, name);
        let run = world.run(&[]);
        run.says(&format!("{name}: a folder, not a file"))
            .says("hint: move it away")
            .is_silent_about(copy);
    }
}

#[cfg(unix)]
#[test]
fn strange_files_instead_of_dotenv_are_named_and_nothing_waits_for_them() {
    use std::os::unix::ffi::OsStrExt;
    let check = |make: &dyn Fn(&World), expected: &str| {
        let world = World::new();
        make(&world);
        let run = world.run(&[]);
        assert_eq!(run.code, 0);
        run.says(expected);
        world.set("MATRIX_MODE", "production");
        assert_eq!(world.run(&[]).code, 78);
    };
    check(
        &|it| std::fs::create_dir(it.path(".env")).unwrap(),
        ".env: a folder, not a file",
    );
    check(
        &|it| std::os::unix::fs::symlink("nowhere", it.path(".env")).unwrap(),
        ".env: a link that points nowhere",
    );
    check(
        &|it| std::os::unix::fs::symlink("/dev/zero", it.path(".env")).unwrap(),
        ".env: not a regular file",
    );
    check(
        &|it| it.file(".env", vec![b'#'; 2_000_000]),
        ".env: larger than 1 MiB",
    );
    check(
        &|it| it.file(".env", b"A=1\nAPI_KEY=\xff\xfe\n"),
        ".env:2: not UTF-8",
    );
    check(
        &|it| it.file(".env", b"A=1\nAPI_KEY=a\0b\n"),
        ".env:2: a NUL byte",
    );
    let fifo = |it: &World| {
        let done = Command::new("mkfifo")
            .arg(it.path(".env"))
            .status()
            .unwrap();
        assert!(done.success());
    };
    check(&fifo, ".env: not a regular file");
    let world = World::new();
    let odd = world
        .path("x")
        .with_file_name(std::ffi::OsStr::from_bytes(b"\xff\n\x1b[31m"));
    std::fs::create_dir(&odd).unwrap();
    std::fs::write(odd.join(".env"), "LOG_LEVEL=ERROR").unwrap();
    assert_eq!(world.run_in(&odd, &[]).value("Log Level"), "ERROR");
}

#[test]
fn usage_errors_end_with_2_and_a_hint_and_never_repeat_a_secret() {
    let world = World::new();
    let key = world.secret(&random(32));
    world.set("API_KEY", &key);
    for words in [
        &["--explain", &key][..],
        &[&key],
        &["--timeout", &key],
        &["--color", &key],
        &["--nope"],
        &[&format!("--{key}")],
    ] {
        let run = world.run(words);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(
            run.err.starts_with("error: ") && run.err.contains("\nhint: "),
            "{}",
            run.err
        );
    }
}

#[test]
fn colour_comes_only_when_it_is_asked_for() {
    for (value, flags, is_coloured) in [
        ("1", &[][..], true),
        ("1", &["--color", "never"], false),
        ("0", &[], false),
        ("0", &["--nope"], false),
        ("0", &["--color", "always"], true),
        ("", &[], false),
    ] {
        let world = World::new();
        world.set("CLICOLOR_FORCE", value);
        let run = world.run(flags);
        let said = run.out + &run.err;
        assert_eq!(said.contains('\u{1b}'), is_coloured, "{value}: {said}");
    }
}

#[test]
fn explain_shows_every_layer_and_marks_the_winner() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    world.private(".env.local", format!("\n\nAPI_KEY={key}x\n"));
    let run = world.run(&["--explain", "API_KEY"]);
    assert_eq!(
        run.out,
        "\
API_KEY: the key that is sent to the endpoint

  process environment            not set
  .env.development.local         no such file
  .env.development               no such file
> .env.local:3                   ***  <- wins
  .env:3                         ***
  default                        none
"
    );
    assert_eq!(run.code, 0);
    world
        .set("MATRIX_MODE", "production")
        .set("API_KEY", "short");
    let code = |words: &[&str]| world.run(words).code;
    assert_eq!(code(&["--explain", "API_KEY"]), 0);
    assert_eq!(code(&["--explain", "API_KEY", "--check"]), 78);
    assert_eq!(code(&["--explain", "LOG_LEVEL", "--check"]), 0);
}

#[test]
fn a_hint_is_about_the_place_that_wins() {
    needs!("git");
    let check = |name: &str, value: &str, wanted: &str| {
        let world = World::new();
        let says = |hint: &str| {
            let hint = format!("hint: {hint}");
            world.run(&[]).says(&hint);
            world.run(&["--explain", name]).says(&hint);
        };
        world.dotenv(&format!("{name}={value}\n"));
        let in_dotenv = match name {
            "API_KEY" => "put your own API_KEY into .env, which git must ignore".to_owned(),
            _ => format!("set {name} to {wanted}"),
        };
        says(&in_dotenv);
        world.private(".env.local", format!("\n{name}={value}\n"));
        says(&format!(
            "in .env.local:2, which wins over .env, delete {name} or set it to {wanted}"
        ));
        world.set(name, value);
        says(&format!(
            "in the process environment, which wins over every file, unset {name} or set it to {wanted}"
        ));
    };
    let levels = "DEBUG, INFO, WARNING, ERROR or CRITICAL";
    check("LOG_LEVEL", "loud", levels);
    check("API_KEY", "change-me", "your own key");
    check("DATABASE_URL", "change-me", "a URL such as sqlite::memory:");
    check(
        "ZION_ENDPOINT",
        "change-me",
        "a URL such as http://localhost:8080",
    );
    // Obeyed, it mends the problem.
    let (world, _) = World::sound("sqlite::memory:", "https://zion.invalid");
    world.set("API_KEY", "change-me");
    assert_eq!(world.run(&["--explain", "API_KEY", "--check"]).code, 1);
    world.unset("API_KEY");
    assert_eq!(world.run(&["--explain", "API_KEY", "--check"]).code, 0);
    // A `.env` here would hide the one above.
    let sub = world.path("sub");
    std::fs::create_dir(&sub).unwrap();
    world.dotenv("API_KEY=change-me\n");
    let run = world.run_in(&sub, &["--explain", "API_KEY"]);
    run.says("hint: put your own API_KEY into ../.env, which git must ignore");
}

#[test]
fn a_variable_that_only_the_other_mode_sets_is_not_set_nowhere() {
    for (mode, file) in [
        ("production", ".env.development"),
        ("production", ".env.development.local"),
        ("development", ".env.production"),
        ("staging", ".env.production"),
    ] {
        let world = World::new();
        world.private(file, "DATABASE_URL=sqlite::memory:\nAPI_KEY=\n");
        world.set("MATRIX_MODE", mode);
        let other = format!("missing: set in {file}:1, which counts in another mode only");
        let run = world.run(&[]);
        run.says(&format!("DATABASE_URL: {other}"))
            .says("API_KEY: missing: set nowhere")
            .says("ZION_ENDPOINT: missing: set nowhere");
        let run = world.run(&["--explain", "DATABASE_URL"]);
        run.says(&format!("- {other}"))
            .is_silent_about("No place sets it");
        let json = world.json(&["--explain", "DATABASE_URL"]);
        assert_eq!(json["status"], "missing");
        assert!(!json.to_string().contains("set nowhere"));
    }
    // The dry run is about the other mode.
    let world = World::new();
    world.private(".env.development", "DATABASE_URL=sqlite::memory:\n");
    let other = "missing: set in .env.development:1, which counts in another mode only";
    world.run(&[]).says(&format!("DATABASE_URL: {other}"));
}

#[cfg(unix)]
#[test]
fn a_variable_that_only_an_unread_file_may_set_is_unknown() {
    needs!("git");
    let missing = "missing: set nowhere";
    let unknown = "API_KEY: unknown: no place that was read sets it, and .env was not read hint: mend .env first";
    let read = |spoil: &dyn Fn(&World)| {
        let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
        spoil(&world);
        let run = world.run(&[]);
        assert_eq!(run.code, 0);
        let explained = world.run(&["--explain", "API_KEY"]);
        let production = world.set("MATRIX_MODE", "production").run(&[]);
        production.says("REFUSED");
        (run, explained)
    };
    let too_large = |it: &World| it.private(".env", vec![b'#'; 2_000_000]);
    // Root may open every file, but no loop of links.
    let not_opened = |it: &World| {
        std::fs::remove_file(it.path(".env")).unwrap();
        std::os::unix::fs::symlink(".env", it.path(".env")).unwrap();
    };
    for spoil in [&too_large as &dyn Fn(&World), &not_opened] {
        let (run, explained) = read(spoil);
        run.says(unknown)
            .says("API_KEY - unknown (.env was not read)")
            .says("unknown, because .env was not read: MATRIX_MODE, DATABASE_URL, API_KEY, LOG_LEVEL, ZION_ENDPOINT")
            .says(".env.example: not compared, because .env was not read")
            .is_silent_about(missing)
            .is_silent_about("not set");
        let line = "unknown (.env was not read, and may set DATABASE_URL)";
        assert_eq!(run.value("Database"), line);
        let mode = "development (default: .env was not read)";
        assert_eq!(run.value("Mode"), mode);
        assert_eq!(run.value("Log Level"), "INFO (default: .env was not read)");
        explained
            .says("No place that was read sets it.")
            .is_silent_about(missing);
    }
    // A folder sets nothing.
    let (run, explained) = read(&|it| {
        std::fs::remove_file(it.path(".env")).unwrap();
        std::fs::create_dir(it.path(".env")).unwrap();
    });
    run.says(missing);
    assert_eq!(run.value("Mode"), "development");
    explained.says("No place sets it.").says(missing);
    // What another place sets is known.
    let (run, _) = read(&|it| {
        too_large(it);
        it.set("API_KEY", "change-me");
    });
    run.says("API_KEY: a placeholder")
        .says("not set or not valid: API_KEY")
        .is_silent_about("API_KEY: unknown");
}

#[test]
fn quiet_prints_nothing_on_stdout_and_still_answers() {
    let world = World::new();
    assert_eq!(
        (world.run(&["-q"]).code, world.run(&["-q", "--check"]).code),
        (0, 1)
    );
    world.set("MATRIX_MODE", "production");
    let run = world.run(&["-q", "--json"]);
    assert_eq!((run.code, run.out.as_str()), (78, ""));
    // No hint speaks of a report that is not there.
    for (flag, place) in [
        ("-q", "without -q, the report names each"),
        ("--json", "in the JSON name each"),
        ("--check", "`To mend` in the report names each"),
    ] {
        let run = world.run(&[flag]);
        assert!(run.err.contains(place), "{flag}: {}", run.err);
    }
}

#[test]
fn help_and_version_are_short_and_have_an_example() {
    let world = World::new();
    let help = world.run(&["--help"]);
    assert!(help.code == 0 && help.out.contains("Example:") && help.out.lines().count() < 40);
    assert!(NAMES.iter().all(|it| help.out.contains(it)));
    assert_eq!(world.run(&["--version"]).out, "oracle 0.1.0\n");
}

#[test]
fn a_closed_pipe_is_success_and_a_report_that_cannot_be_written_is_trouble() {
    let world = World::new();
    let run = |to: Stdio| {
        let mut oracle = Command::new(env!("CARGO_BIN_EXE_oracle"));
        oracle
            .current_dir(world.path(""))
            .env_clear()
            .stdout(to)
            .stderr(Stdio::null());
        oracle.status().unwrap().code()
    };
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(run(writer.into()), Some(0));
    if let Ok(full) = std::fs::File::options().write(true).open("/dev/full") {
        assert_eq!(run(full.into()), Some(2));
    }
    world.file("report", "");
    let read_only = std::fs::File::open(world.path("report")).unwrap();
    assert_eq!(run(read_only.into()), Some(2));
}

/// Runs the oracle, after these words, as a user who is not root: no limit and no mode of a file holds for
/// root. That user gets all files of the world. Returns the exit code and the whole output, and `None` where
/// this cannot be done.
#[cfg(unix)]
fn run_without_privileges(world: &World, words: &[&str]) -> Option<(Option<i32>, String)> {
    use std::os::unix::fs::MetadataExt;
    let new = World::new();
    let root = std::fs::metadata(new.path("")).unwrap().uid() == 0;
    let mut words = words.to_vec();
    words.push(env!("CARGO_BIN_EXE_oracle"));
    if root {
        let all = world.path("..");
        let done = Command::new("chown")
            .args(["-R", "65534"])
            .arg(&all)
            .status();
        assert!(done.unwrap().success());
        words.splice(..0, ["setpriv", "--reuid=65534", "--clear-groups", "--"]);
    }
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .arg("--history")
        .current_dir(world.path("."));
    let Ok(done) = command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .output()
    else {
        world::skip("no prlimit or setpriv here");
        return None;
    };
    let text = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    if done.status.code() == Some(126) {
        world::note("others may not run the program where it was built");
        return None;
    }
    Some((done.status.code(), text))
}

#[cfg(unix)]
#[test]
fn the_hint_for_a_closed_file_opens_it() {
    use std::os::unix::fs::PermissionsExt;
    needs!("git");
    let check = |name: &str, before: &[&str], after: &str| {
        let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
        let closed = std::fs::Permissions::from_mode(0o000);
        std::fs::set_permissions(world.path(name), closed).unwrap();
        let Some((code, text)) = run_without_privileges(&world, &[]) else {
            return;
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(code, Some(0), "{text}");
        for sentence in before {
            assert!(text.contains(sentence), "{sentence}: {text}");
        }
        let hint = format!("hint: chmod u+r {name}");
        assert!(text.contains(&hint), "{hint}: {text}");
        for other in ["regular file that", "make it a regular file", "chmod 600"] {
            assert!(!text.contains(other), "{other}: {text}");
        }
        // Obeyed, it mends the problem.
        let mut shell = Command::new("sh");
        shell
            .args(["-c", hint.trim_start_matches("hint: ")])
            .current_dir(world.path(""));
        assert!(shell.status().unwrap().success());
        let (_, text) = run_without_privileges(&world, &[]).unwrap();
        assert!(text.contains(after), "{text}");
    };
    let said = [
        "the example could not be searched: permission denied",
        ".env.example: cannot be opened: permission denied",
    ];
    check(".env.example", &said, ".env.example: in step");
    let said = [".env: cannot be opened: permission denied"];
    check(".env", &said, ".env: a regular file");
}

#[cfg(unix)]
#[test]
fn without_a_free_thread_the_report_says_what_was_not_asked() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    let Some((code, text)) = run_without_privileges(&world, &["prlimit", "--nproc=1"]) else {
        return;
    };
    assert_eq!(code, Some(0), "{text}");
    for line in [
        "Database: local instance not connected: it could not be asked: the system has no free thread",
        "API Access: configured, not verified (the endpoint was not contacted)",
        "Zion Network: not connected: it could not be asked: the system has no free thread",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(world::leak(&key, &text).is_none());
}

#[test]
fn a_list_is_short_for_a_person_and_complete_for_a_script() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    let line = |it: usize| format!("SMTP_HOST_{}=x\n", it / 2);
    let more: String = (0..80).map(line).collect();
    world.edit_dotenv(|before| before + &more);
    let json = world.json(&[]);
    let evidence = json["checks"][1]["evidence"].as_array().unwrap();
    let lacking = evidence.iter().filter(|it| it["kind"] == "example-lacks");
    assert_eq!(lacking.count(), 80);
    let file = &json["files"][3];
    assert_eq!(file["problems"].as_array().unwrap().len(), 40);
    assert_eq!(file["more_problems"], 0);
    let run = world.run(&[]);
    assert!(run.out.lines().count() < 70, "{}", run.out);
}

#[test]
fn large_files_are_read_in_a_time_that_grows_with_their_size() {
    let world = World::new();
    let parameters = "&a=b7f".repeat(8_000);
    let pattern = "abcdefg".repeat(4_000);
    world.dotenv(&"API_KEYY=1\n".repeat(40_000));
    world.private(".env.local", "A_PASSWORD=S3cretPassw0rd\n".repeat(15_000));
    world.file(".env.example", "A=b\n".repeat(100_000));
    world.private(
        ".env.development",
        format!(
            "DATABASE_URL=mysql://neo@127.0.0.1:1/m?a=b{parameters}\nAPI_KEY={pattern}h{pattern}\n"
        ),
    );
    let start = std::time::Instant::now();
    world.run(&["-q"]);
    // This is not a measurement. Time that grows with the square of the size would be many minutes.
    assert!(start.elapsed() < std::time::Duration::from_mins(1));
}
