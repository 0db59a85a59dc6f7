//! The three findings: each `[OK]` disappears when its fact is false. The oracle asks git safely.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[macro_use]
#[path = "support/world.rs"]
mod world;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine;
use world::{World, example, random};

/// A world in which all three findings are `[OK]`.
#[track_caller]
fn sound() -> (World, String) {
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    assert_eq!(world.run(&[]).tags(), "OK OK OK");
    (world, key)
}

/// Spoils a sound world. Then the report must have these tags and these sentences.
#[track_caller]
fn check(spoil: impl Fn(&World, &str), tags: &str, sentences: &[&str]) {
    let (world, key) = sound();
    spoil(&world, &key);
    let run = world.run_every_way(&[]);
    assert_eq!(run.tags(), tags, "{}", run.out);
    for sentence in sentences {
        run.says(sentence);
    }
}

#[test]
fn a_file_that_its_owner_cannot_read_is_not_called_readable_by_its_owner() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    std::fs::set_permissions(world.path(".env"), std::fs::Permissions::from_mode(0o000)).unwrap();
    let run = world.run(&[]);
    run.is_silent_about("only its owner can read it (0000)");
}

#[test]
fn a_name_in_a_comment_of_the_example_is_mentioned() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    let optional = example().replace("LOG_LEVEL=", "# LOG_LEVEL=") + "  #export SMTP_HOST = x\n";
    world.file(".env.example", optional);
    world.private(".env.local", "SMTP_HOST=x\nSMTP_PORT=25\n");
    let run = world.run(&[]);
    run.is_silent_about("mention LOG_LEVEL");
    run.is_silent_about("mention SMTP_HOST");
    assert!(run.out.contains("mention SMTP_PORT"), "{}", run.out);
}

#[test]
fn a_value_that_is_not_there_is_no_placeholder() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    let with = |key: &str| {
        world.dotenv(&format!("DATABASE_URL='sqlite::memory:'\nAPI_KEY={key}\n"));
        world.file(".env.example", format!("API_KEY={key}\n"));
        world.run(&[])
    };
    with("change-me").says("not for API_KEY (a placeholder)");
    with("").is_silent_about("not for API_KEY");
}

#[test]
fn the_report_counts_every_value_that_it_does_not_look_for() {
    needs!("git");
    let says = |line: &str, sentence: &str| {
        let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
        world.dotenv(&format!("LOG_LEVEL=INFO\n{line}\n"));
        let run = world.run(&[]);
        run.says(sentence);
        assert!(run.tags().starts_with("OK"), "{line}");
    };
    let one = "not for 1 more value (placeholders, words, too short and the like)";
    for line in [
        "STRIPE_SECRET=hunter2",
        "SMTP_PASSWORD=smtpPassword",
        "SESSION_SECRET=abcdef1234",
        "DB_PASSWORD=bigcapital",
        "DB_PASSWORD=project",
        // In two halves, because the oracle searches this file too.
        &["REDIS_URL=redis://:mor", "pheus@cache:6379/0"].concat(),
        "FOURSQUARE_SECRET=test_foursquare_secret",
    ] {
        says(line, one);
    }
    let line = "DATABASE_URL=postgres://gatekeeper:gatekeeper@db/app";
    says(line, "not for DATABASE_URL (a name in the same URL)");
    // What only sets something is no secret.
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    world.dotenv("LOG_LEVEL=INFO\nCACHE=redis://h/0?frame_max=wh1te-R4bbit\nPORT=8080\n");
    world.run(&[]).is_silent_about("not for");
}

#[test]
fn a_value_of_the_words_of_its_own_name_is_a_placeholder() {
    needs!("git");
    let (world, _) = sound();
    let name = "NEBUCHADNEZZAR";
    let lower = name.to_lowercase();
    let values = [
        format!("{name}_SECRET=test_{lower}_secret\n"),
        format!("{name}_PRIVATE_KEY=demo_{lower}_key\n"),
        format!("{name}_PASSWORD={lower}-secret-2024\n"),
        format!("{name}_TOKEN=ci-{lower}-token\n"),
    ];
    world.file(".env.example", world::example() + &values.concat());
    world.edit_dotenv(|text| text + &values.concat());
    world.commit();
    assert_eq!(world.run(&[]).tags(), "OK OK OK");
    // Other words beside the name are a password.
    let password = format!("{lower}-morpheus-2024");
    world.file("notes.txt", &password);
    let more = format!("{name}_PASSWORD={password}\n");
    world.edit_dotenv(|text| text + &more);
    world.commit();
    world
        .run(&[])
        .says("notes.txt:1 holds the value of the entry in .env");
}

#[test]
fn the_value_of_a_secret_in_a_tracked_file_is_found_in_every_form() {
    needs!("git");
    let form = |make: fn(&str) -> String| {
        check(
            |world, key| {
                let key = world.secret(&format!("{key}/+ {key}"));
                let url = format!("postgresql://neo:{}@127.0.0.1:1/m", make_url(&key));
                world.edit_dotenv(|text| text.replace("sqlite::memory:", &url));
                world.file("src/client.py", format!("\n\nx = '{}'\n", make(&key)));
                world.commit();
            },
            "FAIL OK OK",
            &["src/client.py:3 holds the value of DATABASE_URL"],
        );
    };
    form(str::to_owned);
    form(make_url);
    form(|key| base64::engine::general_purpose::STANDARD.encode(key));
    form(|key| base64::engine::general_purpose::URL_SAFE.encode(format!("neo:{key}")));
}

/// Percent-encodes the characters that a password in a URL must not have.
fn make_url(text: &str) -> String {
    text.replace('/', "%2F")
        .replace('+', "%2B")
        .replace(' ', "%20")
}

#[test]
fn keys_of_known_shapes_and_passwords_in_urls_are_found() {
    needs!("git");
    check(
        |world, _| {
            let key = world.secret(&random(36));
            let password = world.secret(&random(18));
            world.file(
                "a/ci.yml",
                format!("token: ghp_{key}\nurl: postgresql://neo:{password}@db.zion/m\n"),
            );
            world.commit();
        },
        "FAIL OK OK",
        &[
            "a/ci.yml:1 holds a token of GitHub (github-pat)",
            "a/ci.yml:2 holds a password in a URL (password-in-url)",
        ],
    );
    check(
        |world, _| {
            let key = world.secret(&random(24));
            world.file(
                ".env.example",
                example() + &format!("SMTP_PASSWORD={key}\n"),
            );
            world.edit_dotenv(|text| text + "SMTP_PASSWORD=change-me\n");
        },
        "FAIL OK OK",
        &[".env.example:6 holds a value that may be a real secret"],
    );
    check(
        |world, _| {
            let key = world.secret(&random(30));
            world.file(
                ".env.example",
                example().replace("replace-with-your-api-key", &format!("zk{key}")),
            );
        },
        "FAIL OK OK",
        &[".env.example:3 holds the value of API_KEY in .env.example"],
    );
}

#[test]
fn a_password_is_found_in_urls_of_any_grammar() {
    needs!("git");
    for place in [
        "mongodb://neo:{}@a:1,b:2/m",
        "jdbc:postgresql://h/m?user=neo&password={}",
        "jdbc:mysql://neo:{}@h/m",
        "jdbc:sqlserver://h;password={}",
        "jdbc:oracle:thin:neo/{}@h:1521/m",
        "sqlserver://h/m;user=neo;password={}",
        "neo:{}@tcp(h)/m",
        "jdbc:sqlserver://h;user=neo;password={{}};encrypt=true",
        "mssql:///?odbc_connect=DRIVER%3DODBC%3BPWD%3D{}%3B",
        "Server=db;User Id=sa;Password={};",
        "host=db user=neo password={} dbname=m",
        "neo/{}@h:1521/m",
        "h:6379,password={},ssl=True",
        "AccountName=z;AccountKey={};EndpointSuffix=z.example",
        "api-key={},x-zion=1",
        "login required username=\"neo\" password=\"{}\";",
        "{\"user\": \"neo\", \"password\": \"{}\"}",
        "md:x?motherduck_token={}",
        " https://neo:{}@h.zion/m",
    ] {
        check(
            |world, _| {
                let password = world.secret(&random(18));
                let url = place.replace("{}", &password);
                world.edit_dotenv(|text| text + &format!("ZION_DSN='{url}'\n"));
                world.file(".env.example", example() + "ZION_DSN=change-me\n");
                world.file("a.txt", password);
                world.commit();
            },
            "FAIL OK OK",
            &["a.txt:1 holds the value of the entry in .env:"],
        );
    }
}

#[test]
fn a_password_is_found_and_masked_in_a_connection_string_of_any_variable() {
    needs!("git");
    for place in [
        "DATABASE_URL='Server=db;User Id=sa;Password={};'",
        "DATABASE_URL='host=db user=neo password={}'",
        "ConnectionStrings__Default='Server=db;User Id=sa;Password={}'",
        "NEO4J_AUTH=neo4j/{}",
        "BASIC_AUTH=neo:{}",
        "PGPASS=h:5432:m:neo:{}",
    ] {
        let (world, _) = sound();
        let password = world.secret(&random(18));
        let name = place.split('=').next().unwrap();
        world.file(".env.example", example() + &format!("{name}=change-me\n"));
        world.edit_dotenv(|text| text + &place.replace("{}", &password) + "\n");
        world.file("a.txt", &password);
        world.file(&format!("backup-{password}.sql"), "x\n");
        world.commit();
        let run = world.run_every_way(&[]);
        run.says("a.txt:1 holds the value of")
            .says("the name of backup-***.sql holds the value of");
    }
}

#[test]
fn a_value_that_dotenvy_changed_is_found_as_it_is_written_too() {
    needs!("git");
    let parts = || [random(9), random(9)];
    for (between, read) in [("\\n", "\n"), ("\\ ", " "), ("\\'", "'"), ("$zion", "")] {
        let [a, b] = parts();
        check(
            |world, _| {
                let written = world.secret(&format!("{a}{between}{b}"));
                world.edit_dotenv(|text| text + &format!("DB_PASSWORD={written}\n"));
                world.file(".env.example", example() + "DB_PASSWORD=change-me\n");
                world.file("a.txt", format!("{written}\n\n{a}{read}{b}\n"));
                world.commit();
            },
            "FAIL OK OK",
            &[
                ".env:6: dotenvy changed it",
                "a.txt:1 holds the value of the entry in .env:6",
                "a.txt:3 holds the value of the entry in .env:6",
            ],
        );
    }
}

#[test]
fn one_secret_is_one_finding_and_a_mark_silences_what_only_looks_like_one() {
    needs!("git");
    let (world, key) = sound();
    let (token, password) = (world.secret(&random(36)), world.secret(&random(18)));
    world.file(
        "a.py",
        format!(
            "API_KEY = '{key}'\nu = 'https://neo:{key}@zion.example/' # gitleaks:allow\n\
             SECRET_TOKEN = 'ghp_{token}'\n"
        ),
    );
    world.file(
        "b.py",
        format!(
            "T = 'ghp_{token}' # gitleaks:allow\n# pragma: allowlist nextline secret\n\
             u = 'redis://neo:{password}@db/1'\n"
        ),
    );
    world.file("tests/t.py", format!("SECRET_KEY = '{password}'\n"));
    world.commit();
    let run = world.run_every_way(&[]);
    assert_eq!(run.tags(), "FAIL OK OK");
    run.says("a.py:1 holds the value of API_KEY")
        .says("a.py:2 holds the value of API_KEY")
        .says("a.py:3 holds a token of GitHub (github-pat)")
        .says("2 places skipped because of an allow mark");
    for silent in ["b.py", "tests/t.py", "generic-api-key", "password-in-url"] {
        run.is_silent_about(silent);
    }
}

/// The folders with these names below a folder.
fn folders(below: &Path, names: [&str; 3]) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(below).into_iter().flatten().flatten();
    let is_named = |it: &std::path::PathBuf| {
        let name = it.file_name().unwrap_or_default().to_string_lossy();
        names.iter().any(|it| name.starts_with(it))
    };
    let mut found: Vec<_> = entries.map(|it| it.path()).filter(is_named).collect();
    found.sort();
    found.truncate(3);
    found
}

/// Published trees, if they are on this machine: three crates and three packages.
fn trees() -> Vec<std::path::PathBuf> {
    let home = std::env::home_dir().unwrap_or_default().join(".cargo");
    let cargo = std::env::var_os("CARGO_HOME").map_or(home, std::path::PathBuf::from);
    let python = std::env::var_os("MATRIX_PYTHON").unwrap_or_default();
    let environment = Path::new(&python).ancestors().nth(2);
    let any = ["", "", ""];
    let mut trees = Vec::new();
    for registry in folders(&cargo.join("registry/src"), any) {
        trees.extend(folders(
            &registry,
            ["serde_json-", "clap_builder-", "memchr-"],
        ));
    }
    for version in folders(&environment.unwrap_or(Path::new("")).join("lib"), any) {
        let packages = version.join("site-packages");
        trees.extend(folders(&packages, ["flask", "requests", "django"]));
        trees.extend(folders(&packages, ["pip", "setuptools", "dotenv"]));
    }
    trees
}

#[test]
fn published_crates_and_packages_have_no_findings() {
    needs!("git");
    let trees = trees();
    // A machine may have neither crates nor packages. Then there is nothing to search.
    let (world, _) = sound();
    for tree in &trees {
        copy(
            tree,
            &world.path(tree.file_name().unwrap().to_str().unwrap()),
        );
    }
    world.commit();
    let run = world.run(&["--timeout", "30"]);
    assert!(run.tags().starts_with("OK"), "{trees:?} {}", run.out);
}

/// Copies a folder with its files and folders.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else if from.is_file() {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

#[test]
fn a_file_that_only_the_index_has_is_searched_too() {
    needs!("git");
    check(
        |world, key| {
            world.file("gone.txt", format!("\n{key}"));
            world.commit();
            std::fs::remove_file(world.path("gone.txt")).unwrap();
        },
        "FAIL OK OK",
        &["gone.txt:2 holds the value of API_KEY"],
    );
}

#[test]
fn the_name_of_a_file_is_searched_and_never_shown() {
    needs!("git");
    check(
        |world, key| {
            world.file(&format!("backup/{key}.txt"), "x");
            world.commit();
        },
        "FAIL OK OK",
        &["the name of backup/***.txt holds the value of API_KEY"],
    );
}

#[test]
fn a_secret_in_utf_16_and_among_bytes_is_found() {
    needs!("git");
    check(
        |world, key| {
            let text = format!("\nkey {key}\n");
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            world.file("windows.txt", [b"\xff\xfe", &utf16[..]].concat());
            world.file("app.bin", [b"\0\x01\n\xff", key.as_bytes()].concat());
            world.commit();
        },
        "FAIL OK OK",
        &[
            "windows.txt:2 holds the value of API_KEY",
            "app.bin:2 holds the value of API_KEY",
        ],
    );
}

#[test]
fn a_secret_of_other_letters_is_found_in_utf_16() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    let password = "Kühl-7vRt2ézZyxL9wQs";
    world.dotenv(&format!("SMTP_PASSWORD={password}\n"));
    let swapped: Vec<u8> = password.encode_utf16().flat_map(u16::to_be_bytes).collect();
    world.file("mac.txt", [b"\xfe\xff", &swapped[..]].concat());
    world.commit();
    let run = world.run(&[]);
    run.says("mac.txt:1 holds the value of the entry in .env:1");
}

#[test]
fn a_staged_secret_is_found_although_the_file_looks_clean() {
    needs!("git");
    check(
        |world, key| {
            world.file("a.py", format!("\nKEY = '{key}'\n"));
            world.git(&["add", "a.py"]);
            world.file("a.py", "import os\n");
        },
        "FAIL OK OK",
        &[
            "a.py:2 holds the value of API_KEY",
            "searched 1 tracked file in git's store (changed since `git add`, or missing in the work tree)",
        ],
    );
    // Before the first commit, everything is staged. An unchanged file is read once.
    let (world, key) = sound();
    std::fs::remove_dir_all(world.path(".git")).unwrap();
    world.git(&["init", "-q"]);
    std::thread::sleep(std::time::Duration::from_millis(50));
    world.git(&["add", "-A"]);
    let run = world.run(&[]);
    run.says("searched 2 tracked files")
        .is_silent_about("in git's store");
    assert_eq!(run.tags(), "OK OK OK");
    // It was written again with the same text: git's store has nothing else.
    let text = std::fs::read(world.path(".gitignore")).unwrap();
    std::fs::write(world.path(".gitignore"), &text).unwrap();
    world.run(&[]).is_silent_about("in git's store");
    // It has the same size and time as before, but the system knows that it was written.
    let old = std::fs::metadata(world.path(".gitignore")).unwrap();
    std::fs::write(world.path(".gitignore"), b"#".repeat(text.len())).unwrap();
    let file = std::fs::File::open(world.path(".gitignore")).unwrap();
    file.set_modified(old.modified().unwrap()).unwrap();
    world
        .run(&[])
        .says("searched 1 tracked file in git's store");
    std::fs::write(world.path(".gitignore"), &text).unwrap();
    world.file("a.py", &key);
    world.git(&["add", "-A"]);
    world.file("a.py", "clean");
    let run = world.run(&[]);
    assert_eq!(run.tags(), "FAIL OK OK");
    run.says("a.py:1 holds the value of API_KEY");
}

#[test]
fn a_committed_secret_is_found_until_git_knows_that_it_is_gone() {
    needs!("git");
    let found = [
        "c.py:2 holds the value of API_KEY",
        "searched 1 tracked file in git's store (changed since `git add`, or missing in the work tree)",
    ];
    for flag in ["--really-refresh", "--assume-unchanged", "--skip-worktree"] {
        let (world, key) = sound();
        let text = format!("\nKEY = '{key}'\n");
        world.file("c.py", &text);
        world.commit();
        world.git(&["update-index", flag, "c.py"]);
        // Also of the same size.
        for clean in ["import os\n".to_owned(), "#".repeat(text.len())] {
            world.file("c.py", clean);
            let run = world.run_every_way(&[]);
            assert_eq!(run.tags(), "FAIL OK OK", "{flag}");
            run.says(found[0]).says(found[1]);
        }
        // A commit of another file leaves it as it is.
        world.file("d.py", "import os\n");
        world.git(&["add", "d.py"]);
        world.git(&["commit", "-q", "-m", "two"]);
        world.run(&[]).says(found[0]).says(found[1]);
        for no_flag in ["--no-assume-unchanged", "--no-skip-worktree"] {
            world.git(&["update-index", no_flag, "c.py"]);
        }
        world.git(&["add", "c.py"]);
        let run = world.run(&[]);
        assert_eq!(run.tags(), "OK OK OK", "{flag}");
        run.is_silent_about("in git's store");
    }
}

#[test]
fn a_file_that_was_only_written_again_is_searched_once() {
    needs!("git");
    let (world, key) = sound();
    let names = ["a b", "a\nb", "\"a", "a\\nb", " c ", "é", "-c", "c\r"];
    for name in names {
        world.file(name, name);
    }
    std::os::unix::fs::symlink("-c", world.path("link")).unwrap();
    world.commit();
    for name in names {
        world.file(name, name);
    }
    world.run(&[]).is_silent_about("in git's store");
    // What comes after a file that nobody can read is searched in the store.
    world.git(&["add", "-N", "--", "-c"]);
    world.file("z", &key);
    world.git(&["add", "z"]);
    world.file("z", "#".repeat(key.len()));
    std::fs::set_permissions(world.path("a b"), std::fs::Permissions::from_mode(0o000)).unwrap();
    world.run(&[]).says("z:1 holds the value of API_KEY");
}

#[test]
fn the_target_of_a_link_to_a_folder_is_not_searched() {
    needs!("git");
    check(
        |world, key| {
            world.file("conf/a", "clean");
            world.commit();
            std::fs::remove_dir_all(world.path("conf")).unwrap();
            world.file("../elsewhere/a", key);
            std::os::unix::fs::symlink("../elsewhere", world.path("conf")).unwrap();
        },
        "OK OK OK",
        &[
            "searched 1 tracked file in git's store (changed since `git add`, or missing in the work tree)",
        ],
    );
}

#[test]
fn untracked_files_and_placeholders_are_no_findings() {
    needs!("git");
    check(
        |world, key| {
            world.file(".gitignore", ".env*\n!.env.example\ntarget/\n");
            world.file("target/debug/oracle", key);
            world.file(
                "README.md",
                "API_KEY=your-api-key\npostgresql://user:password@host/name\n",
            );
            world.commit();
        },
        "OK OK OK",
        &[],
    );
}

#[test]
fn a_secret_of_past_commits_is_found_with_its_commit_under_history() {
    needs!("git");
    let (world, key) = sound();
    world.file("src/old.rs", format!("// one\nlet k = \"{key}\";\n"));
    let commit = world.commit();
    std::fs::remove_file(world.path("src/old.rs")).unwrap();
    world.commit();
    let run = world.run(&[]);
    assert_eq!(run.tags(), "OK OK OK");
    run.says("past commits only with --history");
    let run = world.run(&["--history"]);
    assert_eq!(run.tags(), "FAIL OK OK");
    run.says(&format!("history: commit {commit}"))
        .says("src/old.rs:2 holds the value of API_KEY");
}

#[test]
fn every_kind_of_object_is_searched_under_history() {
    needs!("git");
    let secret_in = |put: &dyn Fn(&World, &str) -> String| {
        let (world, key) = sound();
        let place = put(&world, &key);
        let run = world.run(&["--history"]);
        assert_eq!(run.tags(), "FAIL OK OK", "{}", run.out);
        run.says(&format!("history: {place} holds the value of API_KEY"));
        assert_eq!(
            run.out.matches(" holds the value of").count(),
            1,
            "{}",
            run.out
        );
    };
    let short = |world: &World, name: &str| world.git(&["rev-parse", name])[..10].to_owned();
    let gone = |world: &World, name: &str| {
        world.file(name, "x");
        let commit = world.commit();
        world.git(&["rm", "-q", name]);
        world.commit();
        commit
    };
    // A file that was renamed is found where it came from.
    secret_in(&|world, key| {
        world.file("a", format!("{key}\n"));
        let commit = world.commit();
        world.git(&["mv", "a", "b"]);
        world.commit();
        gone(world, "b");
        format!("commit {} a:1", short(world, &commit))
    });
    // The name of a file, and of a folder. Other commits have it too.
    secret_in(&|world, key| {
        let commit = gone(world, &format!("b-{key}.txt"));
        format!(
            "tree {}, the name of entry 3",
            short(world, &format!("{commit}^{{tree}}"))
        )
    });
    secret_in(&|world, key| {
        let commit = gone(world, &format!("b/{key}/x"));
        format!(
            "tree {}, the name of entry 1",
            short(world, &format!("{commit}:b"))
        )
    });
    secret_in(&|world, key| {
        world.git(&[
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            &format!("one\n\n{key}"),
        ]);
        format!("the text of commit {}, line 8", short(world, "HEAD"))
    });
    secret_in(&|world, key| {
        world.git(&["tag", "-a", "v1", "-m", key]);
        format!("the text of tag {}, line 6", short(world, "v1"))
    });
    secret_in(&|world, key| {
        world.git(&["notes", "add", "-m", key]);
        let commit = world.git(&["rev-parse", "HEAD"]);
        format!(
            "commit {} {}:1",
            short(world, "refs/notes/commits"),
            commit.trim()
        )
    });
    secret_in(&|world, key| {
        world.file(".env.example", [&world::example(), "# ", key].concat());
        world.git(&["stash", "-q"]);
        format!("commit {} .env.example:6", short(world, "stash"))
    });
    secret_in(&|world, key| {
        world.git(&["checkout", "-qb", "side"]);
        gone(world, "s");
        world.git(&["checkout", "-q", "main"]);
        gone(world, "m");
        world.git(&["merge", "-q", "--no-commit", "side"]);
        world.file("both", key);
        let commit = world.commit();
        gone(world, "both");
        format!("commit {} both:1", short(world, &commit))
    });
    // No branch reaches it.
    secret_in(&|world, key| {
        world.file("a", key);
        let blob = world.git(&["hash-object", "-w", "a"]);
        std::fs::remove_file(world.path("a")).unwrap();
        format!("object {}, line 1", &blob[..10])
    });
}

#[test]
fn a_path_of_the_history_is_written_as_a_path_of_the_tree() {
    use std::os::unix::ffi::OsStrExt;
    needs!("git");
    let (world, key) = sound();
    let names: [&[u8]; 4] = [b"a\"b", b"a\tb", b"ba\xffd", "\u{e9}".as_bytes()];
    for (number, name) in names.iter().enumerate() {
        let path = world.path("").join(std::ffi::OsStr::from_bytes(name));
        std::fs::write(path, format!("{number} {key}\n")).unwrap();
    }
    world.commit();
    let report = world.json(&["--history"]);
    let facts = report["checks"][0]["evidence"].as_array().unwrap();
    let messages: Vec<&str> = facts
        .iter()
        .map(|it| it["message"].as_str().unwrap())
        .collect();
    for name in ["a\"b", r"a\tb", r"ba\xffd", "\u{e9}"] {
        let here = format!("{name}:1 holds the value of API_KEY");
        assert!(messages.contains(&here.as_str()), "{here}: {messages:?}");
        let past =
            |it: &&&str| it.starts_with("history: commit ") && it.ends_with(&format!(" {here}"));
        assert_eq!(
            messages.iter().filter(past).count(),
            1,
            "{here}: {messages:?}"
        );
    }
}

#[test]
fn an_object_of_the_history_that_git_cannot_give_is_not_ok() {
    needs!("git");
    let spoil = |spoil: fn(&Path), tags: &str, sentence: &str| {
        let (world, key) = sound();
        world.file("old", format!("token {key}\n"));
        world.commit();
        std::fs::remove_file(world.path("old")).unwrap();
        world.commit();
        let blob = world.git(&["rev-parse", "HEAD^:old"]);
        let (folder, name) = blob.trim().split_at(2);
        let object = world.path(".git/objects").join(folder).join(name);
        std::fs::set_permissions(&object, std::fs::Permissions::from_mode(0o600)).unwrap();
        spoil(&object);
        let run = world.run(&["--history"]);
        assert_eq!(run.tags(), tags, "{}", run.out);
        run.says(sentence);
    };
    let lacks = "1 object of the history not searched: damaged or not here";
    spoil(
        |at| std::fs::write(at, "garbage").unwrap(),
        "WARN OK OK",
        lacks,
    );
    spoil(|at| std::fs::remove_file(at).unwrap(), "WARN OK OK", lacks);
    let cut = |at: &Path| {
        let file = std::fs::File::options().write(true).open(at).unwrap();
        file.set_len(20).unwrap();
    };
    let early = "history not searched: git could not give all objects";
    spoil(cut, "WARN OK OK", early);
    spoil(|_| (), "FAIL OK OK", "old:1 holds the value of API_KEY");
}

#[test]
fn a_secret_before_a_damaged_object_is_found() {
    needs!("git");
    // The time of the commit decides which of all objects comes last: each kind is damaged by its name.
    let damaged = |names: &[&str]| {
        let (world, key) = sound();
        for name in 0..40 {
            world.file(&format!("{name}"), format!("{name} {key}\n"));
        }
        world.commit();
        let objects = world.git(&[&["rev-parse"], names].concat());
        let last = objects.lines().max().unwrap();
        let object = world.path(".git/objects").join(&last[..2]).join(&last[2..]);
        std::fs::set_permissions(&object, std::fs::Permissions::from_mode(0o600)).unwrap();
        let file = std::fs::File::options().write(true).open(object).unwrap();
        file.set_len(20).unwrap();
        world.run(&["--history"])
    };
    let files: Vec<String> = (0..40).map(|name| format!("HEAD:{name}")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    damaged(&files)
        .says("history: commit")
        .says("history not searched: git could not give all objects");
    for unreadable in ["HEAD^{tree}", "HEAD"] {
        damaged(&[unreadable])
            .says("history: object")
            .says("git cannot read the history (objects may be missing)");
    }
}

#[test]
fn every_problem_of_dotenv_takes_its_ok_away() {
    use std::os::unix::fs::PermissionsExt;
    needs!("git");
    let tracked = |world: &World, _: &str| {
        world.git(&["add", "-f", ".env"]);
        world.git(&["commit", "-q", "-m", "oops"]);
    };
    check(
        tracked,
        "FAIL FAIL OK",
        &[".env: tracked by git", ".env:3 holds the value of API_KEY"],
    );
    let removed = |world: &World, key: &str| {
        tracked(world, key);
        world.git(&["rm", "-q", "--cached", ".env"]);
        world.git(&["commit", "-q", "-m", "better"]);
    };
    check(removed, "OK FAIL OK", &[".env: was committed (history: "]);
    let on_a_branch = |world: &World, key: &str| {
        world.git(&["switch", "-q", "-c", "side"]);
        tracked(world, key);
        let kept = std::fs::read_to_string(world.path(".env")).unwrap();
        world.git(&["switch", "-q", "main"]);
        world.dotenv(&kept);
    };
    check(
        on_a_branch,
        "OK FAIL OK",
        &[".env: was committed (history: "],
    );
    check(
        |it, _| it.file(".gitignore", "# .env\n.env.local\n"),
        "OK FAIL OK",
        &[".env: not ignored by git"],
    );
    check(
        |it, _| it.file(".gitignore", ".env\n!.env\n"),
        "OK FAIL OK",
        &[".env: not ignored by git"],
    );
    check(
        |it, _| it.file(".gitignore", "**/.env\n"),
        "OK OK OK",
        &[".env: ignored by git (.gitignore:1)"],
    );
    let open = |it: &World, _: &str| {
        std::fs::set_permissions(it.path(".env"), std::fs::Permissions::from_mode(0o644)).unwrap();
    };
    check(
        open,
        "OK WARN OK",
        &[
            "others on this machine can read or change it (0644)",
            "chmod 600 .env",
        ],
    );
    check(
        |it, _| std::fs::remove_file(it.path(".env.example")).unwrap(),
        "OK WARN OK",
        &["no .env.example"],
    );
    check(
        |it, _| it.file(".env.example", example().replace("LOG_LEVEL=DEBUG\n", "")),
        "OK WARN OK",
        &[".env.example does not mention LOG_LEVEL"],
    );
    check(
        |it, _| it.file(".env.example", example() + "SMTP_HOST=x\n"),
        "OK WARN OK",
        &["SMTP_HOST (.env.example:6) is in .env.example, but no place sets it"],
    );
    check(
        |it, _| it.private(".env.local", "SMTP_HOST=x\n"),
        "OK WARN OK",
        &[".env.example does not mention SMTP_HOST (.env.local:1)"],
    );
    check(
        |it, _| it.dotenv("MATRIX_MODE=development\n"),
        "OK WARN WARN",
        &["not set or not valid: DATABASE_URL, API_KEY, ZION_ENDPOINT"],
    );
    check(
        |it, _| std::fs::remove_file(it.path(".env")).unwrap(),
        "OK WARN WARN",
        &["no .env here"],
    );
}

#[test]
fn a_file_that_is_not_read_to_its_end_is_a_failure() {
    needs!("git");
    for line in ["SMTP_PASSWORD=two words", "SMTP_HOST=a\0b", "SMTP_HOST='a"] {
        let spoil = |it: &World, _: &str| {
            let text = std::fs::read_to_string(it.path(".env")).unwrap();
            it.dotenv(&format!("{text}{line}\n"));
        };
        check(spoil, "OK FAIL WARN", &[]);
    }
    let folder = |it: &World, _: &str| std::fs::create_dir(it.path(".env.production")).unwrap();
    check(folder, "OK FAIL WARN", &[]);
}

/// Commits a `.env.development` with this line. Is it then a file that nobody may have?
#[track_caller]
fn check_shared(line: &str, private: bool) {
    let (world, _) = sound();
    world.file(".env.development", format!("{line}\n"));
    world.git(&["add", "-f", ".env.development"]);
    world.commit();
    let report = world.json(&[]);
    let facts = report["checks"][1]["evidence"].as_array().unwrap();
    let kinds = facts.iter().filter(|it| it["file"] == ".env.development");
    let kinds: Vec<&str> = kinds.map(|it| it["kind"].as_str().unwrap()).collect();
    let of_a_secret = [
        "readable-by-others",
        "not-ignored",
        "ignored",
        "tracked",
        "committed",
    ];
    let found = kinds.iter().filter(|it| of_a_secret.contains(it)).count();
    assert_eq!(found > 0, private, "{line}: {kinds:?}");
    assert_eq!(report["checks"][1]["status"] == "fail", private, "{line}");
}

#[test]
fn a_shared_file_is_private_only_when_it_holds_a_real_secret() {
    needs!("git");
    for shared in [
        "API_KEY=your-api-key-here",
        "API_KEY=",
        "DATABASE_URL=postgres://user:pass@127.0.0.1:1/app",
        "DATABASE_URL=postgres://postgres:postgres@localhost:1/app",
        "DATABASE_URL=postgres://neo:secret@localhost:1/app",
        "DATABASE_URL=sqlite::memory:",
        "LOG_LEVEL=verbos",
        "SECRET_KEY=change-me",
    ] {
        check_shared(shared, false);
    }
    check_shared(&format!("API_KEY=zk{}", random(30)), true);
    // Too short to search for, and bad. But it is a key.
    check_shared(&format!("API_KEY=zk{}", random(5)), true);
    let url = format!("postgres://neo:{}@localhost:1/app", random(12));
    check_shared(&format!("DATABASE_URL={url}"), true);
}

#[test]
fn a_folder_or_a_submodule_named_like_the_file_is_no_commit_of_it() {
    needs!("git");
    let (world, _) = sound();
    let text = std::fs::read(world.path(".env")).unwrap();
    let never = |world: &World| {
        let run = world.run(&[]);
        run.says(".env: not tracked by git")
            .says(".env: never committed in the history that is here");
        assert_eq!(run.tags(), "OK OK OK");
    };
    // A virtualenv of this name.
    std::fs::remove_file(world.path(".env")).unwrap();
    world.file(".env/bin/activate", "export VIRTUAL_ENV\n");
    world.git(&["add", "-f", ".env"]);
    let commit = world.commit();
    world.git(&["rm", "-q", "-r", ".env"]);
    world.commit();
    world.run(&[]).is_silent_about(&commit);
    world.private(".env", &text);
    never(&world);
    // A submodule of this name, also while the index still has it.
    let head = world.git(&["rev-parse", "HEAD"]);
    let link = format!("160000,{},.env", head.trim());
    world.git(&["update-index", "--add", "--cacheinfo", &link]);
    world.git(&["commit", "-q", "-m", "a submodule"]);
    never(&world);
    world.git(&["rm", "-q", "--cached", ".env"]);
    world.commit();
    never(&world);
    // The first commit of a real file is the one that is named. It became a folder again.
    world.git(&["add", "-f", ".env"]);
    let commit = world.commit();
    world.git(&["rm", "-q", ".env"]);
    world.file(".env/bin/activate", "export VIRTUAL_ENV\n");
    world.git(&["add", "-f", ".env"]);
    world.commit();
    world.git(&["rm", "-q", "-r", ".env"]);
    world.commit();
    world.private(".env", text);
    world
        .run(&[])
        .says(&format!(".env: was committed (history: {commit})"));
}

#[test]
fn the_dry_run_tries_production_with_this_configuration() {
    needs!("git");
    check(
        |it, _| it.private(".env.production", "ZION_ENDPOINT=http://zion.example\n"),
        "OK OK WARN",
        &[
            "ZION_ENDPOINT: invalid: must be https in production, unless on this machine (.env.production:1)",
        ],
    );
    check(
        |it, _| it.private(".env.production", "LOG_LEVEL=ERROR\n"),
        "OK OK OK",
        &["production takes LOG_LEVEL from .env.production:1"],
    );
    check(
        |it, _| it.private(".env.production.local", "LOG_LEVEL=ERROR\n"),
        "OK OK OK",
        &["production takes LOG_LEVEL from .env.production.local:1"],
    );
    check(
        |it, _| it.private(".env.development", "LOG_LEVEL=ERROR\n"),
        "OK OK OK",
        &["production takes LOG_LEVEL from .env:4"],
    );
    check(
        |_, _| {},
        "OK OK OK",
        &["nothing is overridden: the same values as in development"],
    );
    check(
        |it, _| {
            it.set("LOG_LEVEL", "ERROR");
            it.private(".env.production", "LOG_LEVEL=ERROR\n");
            it.private(".env.development.local", "LOG_LEVEL=INFO\n");
        },
        "OK OK OK",
        &["production takes LOG_LEVEL from process environment"],
    );
    let (world, _) = sound();
    world
        .set("MATRIX_MODE", "production")
        .set("API_KEY", "changeme");
    let run = world.run(&[]);
    assert_eq!((run.code, run.tags().as_str()), (78, "OK WARN FAIL"));
}

#[test]
fn a_fact_that_git_cannot_tell_is_not_ok() {
    needs!("git");
    let (world, _) = sound();
    world.set("PATH", "/nonexistent");
    let run = world.run(&["--check"]);
    assert_eq!((run.code, run.tags().as_str()), (1, "WARN WARN OK"));
    run.says("git cannot be run: not on PATH");
    world.unset("PATH");
    assert_eq!(world.run(&[]).tags(), "WARN WARN OK");

    let (world, _) = sound();
    std::fs::remove_dir_all(world.path(".git")).unwrap();
    let run = world.run(&["--check"]);
    assert_eq!((run.code, run.tags().as_str()), (1, "SKIP SKIP OK"));
    run.says("not a git repository")
        .says("looked in .env.example only, for 1 value");

    let (world, _) = sound();
    world.file(".git/config", "[core\n");
    world.run(&[]).says("git does not accept this repository");
    assert_eq!(world.run(&[]).tags(), "WARN WARN OK");
}

#[test]
fn bare_repositories_worktrees_submodules_and_shallow_clones_are_told_apart() {
    needs!("git");
    let (world, _) = sound();
    let outside = world.path("..").canonicalize().unwrap();
    let at = |name: &str| outside.join(name);
    let source = format!("file://{}", world.path("").display());

    world.git(&[
        "clone",
        "-q",
        "--bare",
        &source,
        at("bare").to_str().unwrap(),
    ]);
    let run = world.run_in(&at("bare"), &[]);
    run.says("a bare repository: it has no work tree");
    run.is_silent_about("looked for");
    assert_eq!(run.tags(), "WARN WARN WARN");
    let inside = world.path("inside.git");
    world.git(&["clone", "-q", "--bare", &source, inside.to_str().unwrap()]);
    let run = world.run_in(&inside, &[]);
    run.says("looked in .env.example only, for 1 value");
    std::fs::remove_dir_all(inside).unwrap();

    world.git(&["worktree", "add", "-q", at("tree").to_str().unwrap()]);
    std::fs::copy(world.path(".env"), at("tree").join(".env")).unwrap();
    let run = world.run_in(&at("tree"), &[]);
    assert_eq!(run.tags(), "OK OK OK");

    let sub = world.path("sub");
    std::fs::create_dir(&sub).unwrap();
    let run = world.run_in(&sub, &[]);
    run.says("../.env: ignored by git");

    world.git(&["commit", "-q", "--allow-empty", "-m", "two"]);
    world.git(&[
        "clone",
        "-q",
        "--depth",
        "1",
        &source,
        at("shallow").to_str().unwrap(),
    ]);
    std::fs::copy(world.path(".env"), at("shallow").join(".env")).unwrap();
    let run = world.run_in(&at("shallow"), &["--history"]);
    assert_eq!(run.tags(), "SKIP SKIP OK");
    run.says(".env: a shallow clone, earlier history is not here")
        .says("a shallow clone: earlier commits were not searched");
    assert_eq!(world.run_in(&at("shallow"), &[]).tags(), "OK SKIP OK");

    world.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = at("partial");
    let to = partial.to_str().unwrap();
    world.git(&["clone", "-q", "--filter=blob:none", &source, to]);
    std::fs::copy(world.path(".env"), partial.join(".env")).unwrap();
    let run = world.run_in(&partial, &["--history"]);
    assert_eq!(run.tags(), "SKIP OK OK");
    run.says("a partial clone: objects that it did not fetch were not searched");

    world.git_in(
        &at("tree"),
        &["submodule", "--quiet", "add", &source, "inner"],
    );
    std::fs::copy(world.path(".env"), at("tree").join("inner/.env")).unwrap();
    let run = world.run_in(&at("tree").join("inner"), &[]);
    assert_eq!(run.tags(), "OK OK OK");
    world
        .run_in(&at("tree"), &[])
        .says("1 submodule not entered");
}

#[test]
fn a_path_of_the_repository_may_have_anything_in_it() {
    needs!("git");
    for name in ["a\nb", "\n", "a\n", "modules/a"] {
        let (world, _) = sound();
        let root = world.path("..").canonicalize().unwrap().join(name);
        std::fs::create_dir_all(root.join("sub")).unwrap();
        for file in [".gitignore", ".env.example", ".env"] {
            std::fs::copy(world.path(file), root.join(file)).unwrap();
        }
        world.git_in(&root, &["init", "-q"]);
        world.git_in(&root, &["add", "-A"]);
        world.git_in(&root, &["commit", "-q", "-m", "one step"]);
        world.git_in(
            &root,
            &["worktree", "add", "-q", "--detach", "../linked\ntree"],
        );
        let linked = root.join("../linked\ntree");
        std::fs::copy(world.path(".env"), linked.join(".env")).unwrap();
        std::fs::create_dir(linked.join("sub")).unwrap();
        for folder in [&root, &root.join("sub"), &linked, &linked.join("sub")] {
            let run = world.run_in(folder, &["--history"]);
            assert_eq!(run.tags(), "OK OK OK", "{name:?}");
        }
    }
}

#[test]
fn git_cannot_answer_inside_the_store_of_a_repository() {
    needs!("git");
    let world = World::new();
    world.repository();
    let run = world.run_in(&world.path(".git"), &[]);
    run.says("the current folder is outside the work tree");
    assert_eq!(run.tags(), "WARN WARN WARN");
}

#[test]
fn another_users_repository_is_not_trusted() {
    use std::os::unix::fs::{MetadataExt, chown};
    needs!("git");
    let (world, _) = sound();
    if std::fs::metadata(world.path("")).unwrap().uid() != 0 {
        return world::note("only root can give a repository to another user");
    }
    for path in [world.path(".git"), world.path("")] {
        chown(path, Some(65534), Some(65534)).unwrap();
    }
    let run = world.run(&[]);
    assert_eq!(run.tags(), "WARN WARN OK");
    run.says("the repository belongs to another user (dubious ownership)");
}

#[test]
fn a_hostile_repository_executes_nothing_and_lies_about_nothing() {
    needs!("git");
    let (world, key) = sound();
    world.file("src/a.rs", &key);
    world.file(".gitattributes", "* filter=evil diff=evil\n");
    let bad = world.commit();
    world.file("src/a.rs", "clean");
    let good = world.commit();
    // `git replace` hides commits from a program that follows it.
    world.git(&["replace", bad.trim(), good.trim()]);
    let blob = world.git(&["rev-parse", "HEAD:src/a.rs"]);
    let trap = world.path("../executed");
    let evil = world.path("evil");
    let script = format!("#!/bin/sh\ntouch '{}'\n", trap.display());
    world.program("evil", &script);
    let evil = evil.display();
    for setting in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "core.askPass",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "gpg.program",
        "gpg.ssh.program",
        "credential.helper",
        "core.gitProxy",
        "alias.ls-files",
        "alias.rev-parse",
        "interactive.diffFilter",
        "uploadpack.packObjectsHook",
    ] {
        world.git(&["config", setting, &format!("{evil}")]);
    }
    world.git(&["config", "log.showSignature", "true"]);
    world.git(&[
        "config",
        "core.hooksPath",
        &world.path("hooks").display().to_string(),
    ]);
    for hook in [
        "post-index-change",
        "post-checkout",
        "fsmonitor-watchman",
        "reference-transaction",
    ] {
        world.program(&format!("hooks/{hook}"), format!("#!/bin/sh\n'{evil}'\n"));
    }
    // A lazy fetch would run a program of the repository's choice.
    world.git(&["config", "remote.origin.url", &format!("ext::{evil}")]);
    world.git(&["config", "remote.origin.promisor", "true"]);
    world.git(&["config", "extensions.partialClone", "origin"]);
    // A `git` in the folder itself: PATH may have the folder as a relative name.
    world.program("git", &script);
    let path = std::env::var("PATH").unwrap();
    world.set("PATH", &format!(".::{path}"));
    world
        .set("GIT_EXTERNAL_DIFF", &evil.to_string())
        .set("GIT_SSH_COMMAND", &evil.to_string())
        .set("GIT_DIR", "/nonexistent");
    let executed = || std::fs::remove_file(&trap).is_ok();
    executed(); // by the git of this test, which follows the configuration
    let run = world.run(&["--history"]);
    run.says(&format!("history: commit {bad}"));
    assert_eq!(run.tags(), "FAIL OK OK");
    // An object is missing. git says so and does not fetch it.
    std::fs::remove_file(world.path(&format!(".git/objects/{}/{}", &blob[..2], blob[2..].trim())))
        .unwrap();
    std::fs::remove_file(world.path("src/a.rs")).unwrap();
    world
        .run(&["--history"])
        .says("1 tracked file could not be searched in git's store");
    assert!(!executed(), "something was executed");
}

#[test]
fn no_path_makes_the_oracle_run_a_git_of_the_repository() {
    use std::os::unix::fs::symlink;
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    let trap = world.path("../trap");
    let evil = format!("#!/bin/sh\ntouch '{}'\nexec git \"$@\"\n", trap.display());
    world.program("bin/git", evil);
    world.commit();
    let outside = |name: &str| world.path(&format!("../{name}"));
    // A folder outside the repository with a `git` that links into it, and links to links.
    std::fs::create_dir(outside("tools")).unwrap();
    symlink(world.path("bin/git"), outside("tools/first")).unwrap();
    symlink("first", outside("tools/git")).unwrap();
    symlink(world.path("bin"), outside("linked")).unwrap();
    // A folder of the repository is a link to a folder outside. The author of the repository can change it.
    symlink(outside("tools"), world.path("turned")).unwrap();
    let path = std::env::var("PATH").unwrap();
    let bin = world.path("bin").display().to_string();
    for folder in [
        bin.clone(),
        format!("{bin}/../bin/."),
        outside("tools").display().to_string(),
        outside("linked").display().to_string(),
        world.path("turned").display().to_string(),
    ] {
        world.set("PATH", &format!("{folder}:{path}"));
        for place in ["", "bin"] {
            assert_eq!(world.run_in(&world.path(place), &[]).tags(), "OK OK OK");
            assert!(!trap.exists(), "{folder}");
        }
        world.set("PATH", &folder);
        world
            .run(&[])
            .says("git cannot be run: every git on PATH is inside this repository");
        assert!(!trap.exists(), "{folder}");
    }
}

#[test]
fn only_the_beginning_of_an_endless_example_is_searched() {
    let world = World::new();
    let key = world.secret(&random(30));
    world.set("API_KEY", &key);
    world.file(".env.example", format!("\nAPI_KEY={key}\n"));
    let example = std::fs::File::options()
        .write(true)
        .open(world.path(".env.example"))
        .unwrap();
    example.set_len(60 << 30).unwrap();
    let run = world.run(&[]);
    run.says(".env.example:2 holds the value of API_KEY")
        .says(".env.example: only its first 1.0 MiB were searched");
}

#[test]
fn git_gets_no_secret_in_its_arguments_or_environment() {
    needs!("git");
    let (world, key) = sound();
    world.set("API_KEY", &key).set(
        "DATABASE_URL",
        &format!("postgresql://neo:{key}@127.0.0.1:1/m"),
    );
    let log = world.path("../log");
    let real = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .map(|it| it.join("git"))
        .find(|it| it.is_file())
        .unwrap();
    world.program(
        "../bin/git",
        format!(
            "#!/bin/sh\n{{ echo \"$@\"; /usr/bin/env; }} >> '{}'\nexec '{}' \"$@\"\n",
            log.display(),
            real.display()
        ),
    );
    world.set(
        "PATH",
        world
            .path("../bin")
            .canonicalize()
            .unwrap()
            .to_str()
            .unwrap(),
    );
    assert_eq!(world.run(&["--history"]).tags(), "OK OK OK");
    let log = std::fs::read_to_string(log).unwrap();
    assert!(
        log.contains("ls-files") && log.contains("cat-file"),
        "{log}"
    );
    assert_eq!(world::leak(&key, &log), None);
}

#[test]
fn a_pipe_instead_of_a_file_of_git_is_named_and_nothing_waits_for_it() {
    needs!("git");
    for name in [".gitignore", ".git/index", ".git/objects/info/alternates"] {
        let (world, _) = sound();
        // The file may not exist.
        let _ = std::fs::remove_file(world.path(name));
        let made = std::process::Command::new("mkfifo")
            .arg(world.path(name))
            .status();
        assert!(made.unwrap().success());
        let run = world.run(&["--history"]);
        assert_eq!(run.tags(), "WARN WARN OK");
        run.says(&format!(
            "{name} is not a regular file, and git would wait for it"
        ));
    }
}

#[test]
fn a_file_that_would_fill_the_memory_of_git_is_named_and_not_read() {
    needs!("git");
    for name in [".gitignore", ".git/info/exclude", ".git/config"] {
        let (world, _) = sound();
        let mut options = std::fs::File::options();
        options.append(true).create(true);
        let file = options.open(world.path(name)).unwrap();
        file.set_len(1 << 40).unwrap();
        let run = world.run(&[]);
        assert_eq!(run.tags(), "WARN WARN OK");
        run.says(&format!("{name} is larger than 100.0 MiB"));
    }
}

#[test]
fn a_repository_whose_work_tree_is_elsewhere_is_not_believed() {
    needs!("git");
    let (world, _) = sound();
    let parent = world.path("..").canonicalize().unwrap();
    world.git(&["config", "core.worktree", parent.to_str().unwrap()]);
    let words = "its work tree is another folder than the one with `.git`";
    world.run(&[]).says(words);
    // An empty `.git`: git would answer about the repository around it.
    let (world, _) = sound();
    std::fs::create_dir_all(world.path("inner/.git")).unwrap();
    world.private("inner/.env", "LOG_LEVEL=ERROR\n");
    let run = world.run_in(&world.path("inner"), &[]);
    assert_eq!(run.tags(), "WARN WARN WARN");
    run.says(words);
}

#[test]
fn the_oracle_gives_up_on_a_git_that_does_not_answer() {
    needs!("git");
    let (world, _) = sound();
    let fifo = world.path(".git/fifo");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    world.file(
        ".git/config",
        "[core]\nrepositoryformatversion = 0\n[include]\npath = fifo\n",
    );
    let run = world.run(&["--timeout", "0.1"]);
    assert_eq!(run.tags(), "WARN WARN OK");
    run.says("git did not answer in time");
}

/// The folder of a git that does this instead.
fn other_git(world: &World, script: &str) -> String {
    world.program("../bin/git", format!("#!/bin/sh\n{script}\n"));
    let bin = world.path("../bin").canonicalize().unwrap();
    bin.to_str().unwrap().to_owned()
}

#[test]
fn a_git_that_gives_no_answer_is_no_damaged_repository() {
    needs!("git");
    let null = "echo \"fatal: could not open '/dev/null' for reading and writing\" >&2; exit 128";
    for (script, words) in [
        ("kill -9 $$", "git gave no answer: a signal ended it"),
        ("exit 127", "git cannot be run: it does not start"),
        (null, "git cannot be run: it cannot open /dev/null"),
    ] {
        let (world, _) = sound();
        world.set("PATH", &other_git(&world, script));
        let run = world.run(&[]);
        assert_eq!(run.tags(), "WARN WARN OK");
        run.says(words).is_silent_about("damaged");
    }
}

#[test]
fn gits_answers_count_also_when_the_parent_ignores_the_ends_of_its_children() {
    needs!("git");
    let (world, _) = sound();
    let inherit = "trap '' CHLD; exec \"$0\" --check --history";
    let done = std::process::Command::new("/bin/sh")
        .args(["-c", inherit, env!("CARGO_BIN_EXE_oracle")])
        .current_dir(world.path(""))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .unwrap();
    let usual = world.run(&["--check", "--history"]);
    assert_eq!(usual.tags(), "OK OK OK");
    assert_eq!(String::from_utf8(done.stdout).unwrap(), usual.out);
    assert_eq!(done.status.code(), Some(usual.code));
}

#[test]
fn the_time_in_which_git_gives_objects_is_time_of_git() {
    needs!("git");
    let (world, _) = sound();
    std::fs::remove_file(world.path(".env.example")).unwrap();
    let path = std::env::var("PATH").unwrap();
    let git = format!(
        "#!/bin/sh\ncase \"$*\" in *cat-file*) exec sleep 60;; esac\nPATH='{path}' exec git \"$@\"\n"
    );
    world.program("../bin/git", git);
    let bin = world.path("../bin").canonicalize().unwrap();
    world.set("PATH", &format!("{}:{path}", bin.display()));
    let run = world.run(&["--timeout", "0.3"]);
    run.says("1 tracked file could not be searched in git's store")
        .says(".env: git did not answer in time")
        .is_silent_about("never committed");
}

#[test]
fn this_very_repository_holds_no_secret() {
    needs!("git");
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let world = World::new();
    let run = world.run_in(top, &[]);
    if run.tags().starts_with("OK") {
        return;
    }
    // A source archive has no tracked files. git tells only the owner about a checkout.
    if run.tags().starts_with("SKIP") {
        run.says("not a git repository")
    } else {
        run.says("the repository belongs to another user")
    };
}

/// Gives a path to another user. False: only root could do it.
fn give_away(path: &Path) -> bool {
    std::os::unix::fs::chown(path, Some(65534), Some(65534)).is_ok()
}

#[test]
fn folders_of_another_user_above_are_neither_read_nor_entered() {
    needs!("git");
    let spoil: [&[&str]; 3] = [&["", ".git", ".env"], &[".git"], &[""]];
    for paths in spoil {
        let (world, key) = sound();
        let inner = world.path("inner");
        std::fs::create_dir(&inner).unwrap();
        if !paths.iter().all(|it| give_away(&world.path(it))) {
            return world::note("only root can give a folder to another user");
        }
        world.set("API_KEY", &key);
        let run = world.run_in(&inner, &["--check"]);
        run.says("../: belongs to another user, so the oracle did not look for a .env or a repository there or above")
            .says("the repository belongs to another user, so it was not entered")
            .says("No configuration file here.");
        assert_eq!((run.code, run.tags().as_str()), (1, "WARN WARN WARN"));
    }
    // Without a file above, there is nothing to say.
    let world = World::new();
    std::fs::create_dir(world.path("inner")).unwrap();
    give_away(&world.path(""));
    let run = world.run_in(&world.path("inner"), &[]);
    run.is_silent_about("another user");
}

/// Runs a shell script that ends in a run of the oracle, `"$0"`, by any user. Returns its stdout.
fn script(world: &World, script: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let open = tempfile::tempdir().unwrap();
    let everybody = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(open.path(), everybody).unwrap();
    let done = std::process::Command::new("/bin/sh")
        .args(["-c", &format!("cp \"$0\" \"$1\"; {script}")])
        .args([env!("CARGO_BIN_EXE_oracle").as_ref(), open.path()])
        .current_dir(world.path(""))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .unwrap();
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn what_the_oracle_may_not_look_at_is_neither_there_nor_absent() {
    needs!("git");
    needs!("setpriv");
    let (world, _) = sound();
    let paths = ["", ".git", ".env", ".env.example"];
    if !paths.iter().all(|it| give_away(&world.path(it))) {
        return world::note("only root can become another user");
    }
    std::os::unix::fs::symlink(".env", world.path(".env.local")).unwrap();
    let other = "exec setpriv --reuid=65534 --clear-groups \"$1/oracle\"";
    // The folder above is closed to the other user. The files here are open.
    let out = script(&world, &format!("chmod 700 ..; {other}"));
    assert!(out.contains("Files read, strongest first: .env\n"), "{out}");
    assert!(out.contains("could not look for a"), "{out}");
    // The link may lead to a place outside.
    assert!(
        out.contains(".env.local: a link, and the oracle could not look where it leads"),
        "{out}"
    );
    // The same from a folder below.
    std::fs::create_dir(world.path("inner")).unwrap();
    give_away(&world.path("inner"));
    let out = script(&world, &format!("cd inner; {other}"));
    assert!(
        out.contains("Files read, strongest first: ../.env\n"),
        "{out}"
    );
    // The folder itself is closed after the process came in.
    let out = script(&world, &format!("chmod 600 .; {other}"));
    assert!(
        out.contains("  2. fail .env: the oracle could not look whether it is there"),
        "{out}"
    );
    for answer in [
        "not a git repository",
        "cannot be opened",
        "not on PATH",
        "No configuration",
    ] {
        assert!(!out.contains(answer), "{answer} in {out}");
    }
}

#[test]
fn a_repository_beyond_a_mount_point_is_not_the_one_of_this_folder() {
    needs!("git");
    needs!("unshare");
    let (world, _) = sound();
    std::fs::create_dir(world.path("mounted")).unwrap();
    let inside = "mount -t tmpfs none mounted && cd mounted";
    let oracle = "git status || \"$1/oracle\"";
    let out = script(
        &world,
        &format!("unshare -m sh -c '{inside} && {{ {oracle}; }}' \"$@\" \"$@\""),
    );
    if out.is_empty() {
        return world::note("only root can mount a file system");
    }
    let flat = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("the repository above is on another file system"),
        "{out}"
    );
    assert!(out.contains("No configuration file here."), "{out}");
}

#[test]
fn a_folder_too_deep_for_its_whole_path_is_looked_at_from_inside() {
    let world = World::new();
    let name = "d".repeat(200);
    let deep = format!("for i in $(seq 30); do mkdir {name}; cd -P {name}; done");
    let out = script(
        &world,
        &format!("{deep}; echo LOG_LEVEL=DEBUG > .env; \"$1/oracle\""),
    );
    assert!(out.contains("Files read, strongest first: .env\n"), "{out}");
    assert!(!out.contains("another user"), "{out}");
}

#[test]
fn a_file_of_another_user_is_no_layer() {
    needs!("git");
    let (world, _) = sound();
    if !give_away(&world.path(".env")) {
        return world::note("only root can give a file to another user");
    }
    let run = world.run(&[]);
    assert_eq!(run.value("Database"), "missing (DATABASE_URL is not set)");
    run.says(".env: belongs to another user, so it was not read");
    world.set("MATRIX_MODE", "production");
    assert_eq!(world.run(&[]).code, 78);
}

#[test]
fn a_link_out_of_the_repository_is_a_warning() {
    needs!("git");
    let (world, _) = sound();
    let outside = world.path("../elsewhere.env");
    std::fs::rename(world.path(".env"), &outside).unwrap();
    std::os::unix::fs::symlink(&outside, world.path(".env")).unwrap();
    let run = world.run(&["--check"]);
    run.says(".env: a link to a file outside this repository");
    assert_eq!((run.code, run.tags().as_str()), (1, "OK WARN OK"));
    // A link that stays inside is fine.
    let (world, _) = sound();
    std::fs::create_dir(world.path("conf")).unwrap();
    std::fs::rename(world.path(".env"), world.path("conf/.env.local")).unwrap();
    std::os::unix::fs::symlink("conf/.env.local", world.path(".env")).unwrap();
    let run = world.run(&[]);
    run.says(".env: a link to conf/.env.local")
        .says("conf/.env.local: ignored by git (.gitignore:2)");
    assert_eq!(run.tags(), "OK OK OK");
}

#[cfg(unix)]
#[test]
fn the_hint_to_ignore_a_file_works_when_it_is_obeyed() {
    needs!("git");
    for (rules, expected) in [
        (None, ".env\n"),
        (Some("node_modules"), "node_modules\n.env\n"),
        (Some("node_modules\n"), "node_modules\n.env\n"),
        (Some("!.env\r\n"), "!.env\r\n.env\n"),
    ] {
        for folder in ["", "deep/down"] {
            let (world, _) = sound();
            let file = world.path(".gitignore");
            match rules {
                Some(rules) => std::fs::write(&file, rules).unwrap(),
                None => std::fs::remove_file(&file).unwrap(),
            }
            let here = world.path(folder);
            std::fs::create_dir_all(&here).unwrap();
            let run = world.run_in(&here, &[]);
            let hint = |line: &str| {
                let hint = line.trim().strip_prefix("hint: ")?;
                hint.ends_with(".gitignore").then(|| hint.to_owned())
            };
            let command = run.out.lines().find_map(hint).expect("a hint");
            let shell = std::process::Command::new("sh")
                .args(["-c", &command])
                .current_dir(&here)
                .status();
            assert!(shell.unwrap().success(), "{command}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), expected);
            world.run_in(&here, &[]).says("ignored by git (.gitignore:");
        }
    }
}

#[test]
fn the_target_of_a_link_must_be_unknown_to_git_too() {
    needs!("git");
    let (world, _) = sound();
    std::fs::create_dir(world.path("conf")).unwrap();
    std::fs::rename(world.path(".env"), world.path("conf/dev.env")).unwrap();
    std::os::unix::fs::symlink("conf/dev.env", world.path("conf/next")).unwrap();
    std::os::unix::fs::symlink("conf/next", world.path("first")).unwrap();
    std::fs::remove_file(world.path("conf/next")).unwrap();
    std::os::unix::fs::symlink("dev.env", world.path("conf/next")).unwrap();
    std::os::unix::fs::symlink("first", world.path(".env")).unwrap();
    let run = world.run_every_way(&[]);
    assert_eq!(run.tags(), "OK FAIL OK");
    run.says(".env: ignored by git")
        .says("conf/dev.env: not ignored by git, the next `git add` may take it")
        .says("hint: echo 'dev.env' >> conf/.gitignore")
        .says("conf/dev.env: not tracked by git");
    // From a folder below, the hint is right too.
    std::fs::create_dir(world.path("src")).unwrap();
    let run = world.run_in(&world.path("src"), &[]);
    run.says("hint: echo 'dev.env' >> ../conf/.gitignore");
    world.file("conf/.gitignore", "dev.env\n");
    let run = world.run(&[]);
    run.says("conf/dev.env: ignored by git (conf/.gitignore:1)");
    assert_eq!(run.tags(), "OK OK OK");
    world.git(&["add", "-f", "conf/dev.env"]);
    world.run(&[]).says("conf/dev.env: tracked by git");
    world.commit();
    world.git(&["rm", "-q", "--cached", "conf/dev.env"]);
    world.commit();
    let run = world.run(&[]);
    run.says("conf/dev.env: was committed");
    assert!(run.tags().ends_with("FAIL OK"), "{}", run.tags());
}

#[test]
fn a_link_into_another_repository_is_a_question_to_that_repository() {
    needs!("git");
    let (world, _) = sound();
    std::fs::create_dir(world.path("m")).unwrap();
    let inner = world.path("m");
    std::fs::rename(world.path(".env"), inner.join("dev.env")).unwrap();
    std::os::unix::fs::symlink("m/dev.env", world.path(".env")).unwrap();
    world.git_in(&inner, &["init", "-q", "-b", "main"]);
    // A rule of the repository around does not count in this one.
    world.file(".gitignore", ".env\ndev.env\n");
    let run = world.run(&[]);
    run.says("m/dev.env: not ignored by git, the next `git add` may take it")
        .says("m/dev.env: not tracked by git")
        .says("m/dev.env: never committed in the history that is here");
    world.file("m/.gitignore", "dev.env\n");
    let run = world.run(&[]);
    run.says("m/dev.env: ignored by git (.gitignore:1)");
    assert_eq!(run.tags(), "OK OK OK");
    world.git_in(&inner, &["add", "-f", "dev.env"]);
    let committed = ["commit", "-q", "-m", "one"];
    world.git_in(&inner, &committed);
    let run = world.run(&[]);
    run.says("m/dev.env: tracked by git")
        .says("hint: git -C m/ rm --cached -f --sparse -- dev.env, commit, and replace every secret in it")
        .says("m/dev.env: was committed (history: ");
    assert_eq!(run.tags(), "OK FAIL OK");
    // The hint is right from a folder below too.
    std::fs::create_dir(world.path("src")).unwrap();
    world
        .run_in(&world.path("src"), &[])
        .says("hint: git -C ../m/ rm --cached -f --sparse -- dev.env, commit");
    world.git_in(
        &world.path("src"),
        &["-C", "../m/", "rm", "-q", "--cached", "dev.env"],
    );
    world.run(&[]).says("m/dev.env: not tracked by git");
    // The repository around had it before, and has it still.
    world.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        "100644,e69de29bb2d1d6434b8b29ae775ad8c2e48c5391,m/dev.env",
    ]);
    world.run(&[]).says("m/dev.env: tracked by git");
    world.git(&["update-index", "--force-remove", "m/dev.env"]);
    // Without a repository around, the other one is asked all the same.
    std::fs::remove_dir_all(world.path(".git")).unwrap();
    let run = world.run(&[]);
    run.says(".env: not a git repository, so git was not asked")
        .says("m/dev.env: not tracked by git")
        .says("m/dev.env: was committed (history: ");
    // A repository that cannot be asked says nothing.
    std::fs::write(inner.join(".git/config"), "[core\n").unwrap();
    let run = world.run(&[]);
    run.is_silent_about("m/dev.env: not tracked by git")
        .says("m/dev.env: ignored, tracked or committed: unknown, because git does not accept");
}

#[test]
fn no_git_of_the_repository_that_a_link_leads_to_is_run() {
    needs!("git");
    let (world, _) = sound();
    let other = world.path("../other");
    std::fs::create_dir(&other).unwrap();
    world.git_in(&other, &["init", "-q"]);
    std::fs::write(other.join("dev.env"), "ZION_ENDPOINT=http://localhost:1\n").unwrap();
    world.git_in(&other, &["add", "dev.env"]);
    std::os::unix::fs::symlink("../other/dev.env", world.path(".env.local")).unwrap();
    let ran = world.path("../ran");
    // The user's own PATH may choose a git of the other repository, but not for questions about it.
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *'-C {}'*) : > '{}';; esac\nexec git \"$@\"\n",
        other.canonicalize().unwrap().display(),
        ran.display()
    );
    let usual = std::env::var("PATH").unwrap();
    for folder in ["bin", "../other/bin"] {
        world.program(&format!("{folder}/git"), &script);
        let first = world.path(folder).canonicalize().unwrap();
        world.set("PATH", &format!("{}:{usual}", first.display()));
        world.run(&[]).says("not sent: git tracks the file");
        assert!(!ran.exists(), "{folder}");
    }
}

#[test]
fn a_hint_is_a_command_only_when_it_does_what_it_shows() {
    needs!("git");
    let (world, key) = sound();
    let text = std::fs::read_to_string(world.path(".env")).unwrap();
    for (folder, name, plain) in [
        ("conf", "dev.env", true),
        ("my conf", "dev.env", false),
        ("x; touch PWNED;", "dev.env", false),
        ("conf", "-f", true),
        ("conf", "*", false),
        (&key, "dev.env", false),
        ("conf", &key, false),
    ] {
        let path = format!("{folder}/{name}");
        world.private(&path, &text);
        std::fs::remove_file(world.path(".env")).unwrap();
        std::os::unix::fs::symlink(&path, world.path(".env")).unwrap();
        let hint = |kind: &str| {
            let report = world.json(&[]);
            let facts = report["checks"][1]["evidence"].as_array().unwrap();
            let fact = facts
                .iter()
                .find(|it| it["kind"] == kind && it["file"] != ".env");
            fact.unwrap()["hint"].as_str().unwrap().to_owned()
        };
        let rule = hint("not-ignored");
        world.git(&["add", "-f", &path]);
        let removal = hint("tracked");
        world.git(&["rm", "-q", "--cached", "--", &path]);
        std::fs::remove_dir_all(world.path(folder)).unwrap();
        if plain {
            let expected = format!(
                "git rm --cached -f --sparse {path}, commit, and replace every secret in it"
            );
            assert_eq!(removal, expected);
        } else {
            assert_eq!(rule, "add a rule for it to the .gitignore of its folder");
            assert!(removal.starts_with("take it out of the index"), "{removal}");
        }
    }
}

/// Brings a world into a state.
type Spoil<'a> = &'a dyn Fn(&World);

#[test]
fn the_command_that_untracks_a_file_works_in_every_state_of_the_index() {
    needs!("git");
    let staged = |world: &World| drop(world.git(&["add", "-f", ".env"]));
    let edited = |world: &World| {
        let text = std::fs::read_to_string(world.path(".env")).unwrap();
        world.dotenv(&format!("{text}# one more line\n"));
    };
    let committed = |world: &World| {
        staged(world);
        world.git(&["commit", "-qm", "oops"]);
    };
    let flagged = |world: &World, flag: &str| {
        committed(world);
        world.git(&["update-index", flag, ".env"]);
        edited(world);
    };
    let states: [(&str, Spoil); 8] = [
        ("staged", &staged),
        ("staged, then edited", &|it| {
            staged(it);
            edited(it);
        }),
        ("only meant to be added", &|it| {
            it.git(&["add", "-f", "-N", ".env"]);
        }),
        ("committed", &committed),
        ("committed, staged, then edited", &|it| {
            committed(it);
            edited(it);
            staged(it);
            edited(it);
        }),
        ("skipped", &|it| flagged(it, "--skip-worktree")),
        ("assumed unchanged", &|it| flagged(it, "--assume-unchanged")),
        ("outside of a sparse checkout", &|it| {
            committed(it);
            let text = std::fs::read_to_string(it.path(".env")).unwrap();
            it.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/.env"]);
            it.dotenv(&text);
        }),
    ];
    for (state, spoil) in states {
        for folder in ["", "deep/down"] {
            let (world, _) = sound();
            spoil(&world);
            let here = world.path(folder);
            std::fs::create_dir_all(&here).unwrap();
            let run = world.run_in(&here, &[]);
            // Only a commit is in a clone.
            run.says(".env: tracked by git: it is in the index")
                .is_silent_about("every clone");
            let flat = run.flat();
            let (_, hint) = flat.split_once("hint: git rm --cached").unwrap();
            let (words, _) = hint.split_once(',').unwrap();
            let words = ["rm", "-q", "--cached"].into_iter().chain(words.split(' '));
            let words: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
            world.git_in(&here, &words);
            assert!(world.path(".env").exists(), "{state}");
            world.run_in(&here, &[]).says(".env: not tracked by git");
        }
    }
}

#[test]
fn the_files_that_gits_variables_name_are_the_users_settings() {
    needs!("git");
    let (world, _) = sound();
    let home = world.path("../home");
    std::fs::create_dir_all(&home).unwrap();
    world.file(".gitignore", "target/\n");
    let write = |name: &str, list: &str| {
        let text = format!("[core]\nexcludesFile = {}\n", home.join(list).display());
        std::fs::write(home.join(name), text).unwrap();
    };
    write(".gitconfig", "usual");
    write("global", "named");
    write("system", "shared");
    for list in ["usual", "named", "shared"] {
        std::fs::write(home.join(list), ".env\n").unwrap();
    }
    let path = |name: &str| home.join(name).to_str().unwrap().to_owned();
    world.set("HOME", &path(""));
    let says = |sentence: &str| {
        world.run(&[]).says(sentence);
    };
    says("usual:1)");
    world.set("GIT_CONFIG_SYSTEM", &path("system"));
    says("usual:1)");
    world.set("GIT_CONFIG_GLOBAL", &path("global"));
    says("named:1)");
    // Nobody waits for a pipe. As for git, a missing file has no settings.
    let pipe = std::process::Command::new("mkfifo")
        .arg(home.join("pipe"))
        .status();
    assert!(pipe.unwrap().success());
    for other in [path("pipe"), path("missing"), "/dev/null".to_owned()] {
        world.set("GIT_CONFIG_GLOBAL", &other);
        says("shared:1)");
    }
    world.set("GIT_CONFIG_NOSYSTEM", "1");
    says(".env: not ignored by git");
    world.set("GIT_CONFIG_NOSYSTEM", "false");
    says("shared:1)");
}

#[test]
fn git_follows_no_list_that_is_a_link() {
    needs!("git");
    let (world, _) = sound();
    let ignored = || world.git(&["check-ignore", ".env"]);
    std::fs::rename(world.path(".gitignore"), world.path("rules")).unwrap();
    std::os::unix::fs::symlink("rules", world.path(".gitignore")).unwrap();
    let run = world.run(&[]);
    run.says(".env: not ignored by git");
    run.says("hint: git follows no .gitignore that is a link: put a file in its place");
    std::fs::remove_file(world.path(".gitignore")).unwrap();
    std::fs::copy(world.path("rules"), world.path(".gitignore")).unwrap();
    assert_eq!(ignored().trim(), ".env");
    world.run(&[]).is_silent_about(".env: not ignored by git");
}

#[test]
fn no_hint_writes_a_rule_into_what_is_no_file() {
    needs!("git");
    for (made, here) in [("", ""), ("rules", "deep")] {
        let (world, _) = sound();
        let path = world.path(".gitignore");
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir_all(path.join(made)).unwrap();
        std::fs::create_dir_all(world.path(here)).unwrap();
        let run = world.run_in(&world.path(here), &[]);
        run.says(".env: not ignored by git")
            .says("hint: git reads rules only from a file: move away what is in the place of .gitignore")
            .is_silent_about(">> .gitignore");
        std::fs::rename(&path, world.path("away")).unwrap();
        world.file(".gitignore", ".env\n");
        world.run(&[]).is_silent_about(".env: not ignored by git");
    }
}

#[test]
fn the_list_of_ignored_files_that_git_takes_is_the_one_that_counts() {
    needs!("git");
    let (world, _) = sound();
    let home = world.path("../home");
    std::fs::create_dir_all(home.join(".config/git")).unwrap();
    world.set("HOME", home.to_str().unwrap());
    world.file(".gitignore", "target/\n");
    let list = |name: &str, text: &str| std::fs::write(home.join(name), text).unwrap();
    let path = |name: &str| home.join(name).to_str().unwrap().to_owned();
    list("with", ".env\n");
    list("without", "target/\n");
    // The repository's own list wins over the one of the user, named or in its usual place.
    for place in [".gitconfig", ".config/git/ignore"] {
        let of_user = |name: &str| match place {
            ".gitconfig" => format!("[core]\nexcludesFile = ~/{name}\n"),
            _ if name == "with" => ".env\n".to_owned(),
            _ => "target/\n".to_owned(),
        };
        list(place, &of_user("with"));
        world.git(&["config", "core.excludesFile", &path("without")]);
        world.run(&[]).says(".env: not ignored by git");
        list(place, &of_user("without"));
        world.git(&["config", "core.excludesFile", &path("with")]);
        world.run(&[]).says("with:1)");
        std::fs::remove_file(home.join(place)).unwrap();
    }
    // A variable wins over both.
    world.git(&["config", "core.excludesFile", &path("without")]);
    world.set("GIT_CONFIG_COUNT", "2");
    world.set("GIT_CONFIG_KEY_0", "http.extraHeader");
    world.set("GIT_CONFIG_VALUE_0", "Authorization: basic bmVv");
    world.set("GIT_CONFIG_KEY_1", "core.excludesfile");
    world.set("GIT_CONFIG_VALUE_1", "~/with");
    world.run(&[]).says("with:1)");
    world.set("GIT_CONFIG_COUNT", "1");
    world.run(&[]).says(".env: not ignored by git");
}

#[test]
fn a_path_in_the_users_folder_is_no_fault_of_a_repository() {
    needs!("git");
    let set = |name: &str, path: &str| {
        let (world, _) = sound();
        let home = world.path("../home");
        std::fs::create_dir_all(&home).unwrap();
        std::fs::write(home.join("more"), "[core]\nexcludesFile = ~/with\n").unwrap();
        std::fs::write(home.join("with"), ".env\n").unwrap();
        world.git(&["config", name, path]);
        world.set("HOME", home.to_str().unwrap());
        world
    };
    for name in [
        "core.hooksPath",
        "core.attributesFile",
        "mailmap.file",
        "commit.template",
        "gpg.ssh.allowedSignersFile",
        "blame.ignoreRevsFile",
        "includeIf.gitdir:~/.path",
    ] {
        let world = set(name, "~/any");
        assert_eq!(world.run(&[]).tags(), "OK OK OK", "{name}");
        // A missing home folder is also a home folder.
        world.set("HOME", "/nonexistent");
        assert_eq!(world.run(&[]).tags(), "OK OK OK", "{name}");
    }
    for (name, path) in [("core.excludesFile", "~/with"), ("include.path", "~/more")] {
        let world = set(name, path);
        world.file(".gitignore", "target/\n");
        let run = world.run(&[]);
        run.says("with:1)");
        assert_eq!(run.tags(), "OK OK OK", "{name}");
    }
    // Without such a folder, git itself refuses.
    let world = set("core.hooksPath", "~/any");
    world.unset("HOME");
    world.run(&[]).says("tracked files not searched");
}

#[test]
fn nothing_else_in_the_users_folder_changes_an_answer_or_runs() {
    needs!("git");
    let (world, _) = sound();
    let home = world.path("../home");
    std::fs::create_dir_all(home.join(".config/git")).unwrap();
    world.set("HOME", home.to_str().unwrap());
    let trap = world.path("../executed");
    let evil = format!("touch '{}'", trap.display());
    let settings = format!(
        "[core]\nfsmonitor = {evil}\nhooksPath = ~/hooks\nquotePath = true\nattributesFile = ~/attributes\n[filter \"evil\"]\nclean = {evil}\nsmudge = {evil}\nprocess = {evil}\n[diff \"evil\"]\ncommand = {evil}\ntextconv = {evil}\n[index]\nsparse = true\n[diff]\nexternal = {evil}\n"
    );
    let attributes = "* filter=evil diff=evil export-ignore\n";
    for (name, text) in [
        (".gitconfig", settings.as_str()),
        (".config/git/config", &settings),
        (".config/git/attributes", attributes),
        ("attributes", attributes),
        (".gitattributes", attributes),
        (".gitignore", "*\n"),
        (".mailmap", "x"),
    ] {
        std::fs::write(home.join(name), text).unwrap();
    }
    std::fs::create_dir(home.join("hooks")).unwrap();
    for hook in [
        "fsmonitor-watchman",
        "post-index-change",
        "reference-transaction",
    ] {
        world.program(
            &format!("../home/hooks/{hook}"),
            format!("#!/bin/sh\n{evil}\n"),
        );
    }
    // git would wait for it.
    let pipe = std::process::Command::new("mkfifo")
        .arg(home.join(".config/git/ignore"))
        .status();
    assert!(pipe.unwrap().success());
    let with = |home: &str| {
        world.set("HOME", home);
        world.json(&["--history", "--timeout", "5"])["checks"].clone()
    };
    assert_eq!(with(home.to_str().unwrap()), with("/nonexistent"));
    // The repository points there itself. It is still only data.
    world.git(&["config", "include.path", "~/.gitconfig"]);
    assert_eq!(with(home.to_str().unwrap()), with("/nonexistent"));
    assert!(!trap.exists(), "something was executed");
}

#[test]
fn the_users_git_settings_count_and_run_nothing() {
    needs!("git");
    // The user's list of ignored files, named in the user's configuration or in its usual place.
    for named in [true, false] {
        let (world, _) = sound();
        let home = world.path("../home");
        std::fs::create_dir_all(home.join(".config/git")).unwrap();
        world.set("HOME", home.to_str().unwrap());
        world.file(".gitignore", "target/\n");
        world.run(&[]).says(".env: not ignored by git");
        let trap = world.path("../executed");
        let evil = format!("touch '{}'", trap.display());
        if named {
            let text = format!(
                "[core]\nexcludesFile = ~/everywhere\nfsmonitor = {evil}\npager = {evil}\n[alias]\nls-files = !{evil}\n"
            );
            std::fs::write(home.join(".gitconfig"), text).unwrap();
            std::fs::write(home.join("everywhere"), ".env\n").unwrap();
        } else {
            std::fs::write(home.join(".config/git/ignore"), "# mine\n.env\n").unwrap();
        }
        let run = world.run(&[]);
        run.says(".env: ignored by git (")
            .says(if named { "everywhere:1)" } else { "ignore:2)" });
        assert_eq!(run.tags(), "OK OK OK");
        assert!(!trap.exists(), "something was executed");
    }
    // A part of the user's configuration that counts only here. The repository cannot do the same.
    for ours in [true, false] {
        let (world, _) = sound();
        let home = world.path("../home");
        std::fs::create_dir_all(&home).unwrap();
        world.set("HOME", home.to_str().unwrap());
        world.file(".gitignore", "target/\n");
        std::fs::write(home.join("everywhere"), ".env\n").unwrap();
        std::fs::write(home.join("here"), "[core]\nexcludesFile = ~/everywhere\n").unwrap();
        let place = if ours { world.path("") } else { home.clone() };
        let place = place.canonicalize().unwrap();
        let text = format!("[includeIf \"gitdir:{}/\"]\npath = here\n", place.display());
        std::fs::write(home.join(".gitconfig"), text).unwrap();
        let run = world.run(&[]);
        run.says(if ours {
            "everywhere:1)"
        } else {
            ".env: not ignored by git"
        });
    }
    // A folder of another user that the user trusts.
    let (world, _) = sound();
    let home = world.path("../home");
    std::fs::create_dir(&home).unwrap();
    world.set("HOME", home.to_str().unwrap());
    if !give_away(&world.path(".git")) || !give_away(&world.path("")) {
        return world::note("only root can give a repository to another user");
    }
    world.run(&[]).says("dubious ownership");
    let trusts = |variables: &[(&str, &str)]| {
        for (name, value) in variables {
            world.set(name, value);
        }
        world.run(&[]).is_silent_about("dubious ownership");
        for (name, _) in variables {
            world.set(name, "");
        }
        world.run(&[]).says("dubious ownership");
    };
    // The user who called sudo, and a setting in variables.
    let owner = std::os::unix::fs::MetadataExt::uid(&world.path(".git").metadata().unwrap());
    trusts(&[("SUDO_UID", &owner.to_string())]);
    trusts(&[
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "safe.directory"),
        ("GIT_CONFIG_VALUE_0", "*"),
    ]);
    std::fs::write(home.join(".gitconfig"), "[safe]\ndirectory = *\n").unwrap();
    let run = world.run(&[]);
    run.is_silent_about("dubious ownership");
    assert_eq!(run.tags(), "OK OK OK");
}

#[test]
fn a_setting_of_git_that_a_variable_takes_away_does_not_count() {
    needs!("git");
    let (world, _) = sound();
    let lists = world.path("../lists");
    std::fs::create_dir(&lists).unwrap();
    let list = |name: &str| lists.join(name).to_str().unwrap().to_owned();
    std::fs::write(list("with"), ".env\n").unwrap();
    world.file(".gitignore", "target/\n");
    world.git(&["config", "core.excludesFile", &list("with")]);
    world.run(&[]).says("with:1)");
    world.set("GIT_CONFIG_COUNT", "1");
    world.set("GIT_CONFIG_KEY_0", "core.excludesFile");
    for value in ["", " ", &list("gone")] {
        world.set("GIT_CONFIG_VALUE_0", value);
        world.run(&[]).says(".env: not ignored by git");
    }
    world.set("GIT_CONFIG_VALUE_0", &list("with"));
    world.run(&[]).says("with:1)");
}

#[test]
fn a_variable_that_sends_git_elsewhere_is_named() {
    needs!("git");
    let (world, _) = sound();
    world.git(&["init", "-q", "--bare", "../other"]);
    std::fs::create_dir(world.path("sub")).unwrap();
    let path = |name: &str| world.path(name).to_str().unwrap().to_owned();
    let sent = "sends git to another place than the repository of this folder";
    for (name, other, own) in [
        ("GIT_DIR", "../other", ".git"),
        ("GIT_COMMON_DIR", "../other", ".git"),
        ("GIT_WORK_TREE", "..", "."),
    ] {
        for other in [other, &path(other)] {
            world.set(name, other);
            let run = world.run(&[]);
            run.says(&format!("{name} {sent}"));
            assert_eq!(run.tags(), "WARN WARN OK");
        }
        // A hook in a linked work tree gets them too. And git itself refuses a place that is not there.
        for same in [own, &path(own), "/nonexistent"] {
            world.set(name, same);
            assert_eq!(world.run(&[]).tags(), "OK OK OK", "{name} {same}");
        }
        world.unset(name);
    }
    // Many people keep a repository of their home folder in this way.
    std::fs::rename(world.path(".git"), world.path("../dot")).unwrap();
    world.run(&[]).says("not a git repository");
    world.set("GIT_DIR", "../dot").set("GIT_WORK_TREE", ".");
    world.run(&[]).says(&format!("GIT_DIR {sent}"));
}

#[test]
fn the_files_are_those_of_the_index_that_a_hook_is_told() {
    needs!("git");
    let (world, key) = sound();
    let report = world.path("../report");
    // The paths of a newcomer may have quotes in them.
    let oracle = env!("CARGO_BIN_EXE_oracle");
    std::os::unix::fs::symlink(oracle, world.path("../oracle")).unwrap();
    let hook = "#!/bin/sh\n../oracle > ../report\n";
    world.program("../hooks/pre-commit", hook);
    world.git(&["config", "core.hooksPath", "../hooks"]);
    // Only one file is committed: git makes an index for that.
    world.file("a.rs", "let a = 1;\n");
    world.file("b.rs", format!("let b = {key:?};\n"));
    world.git(&["add", "a.rs", "b.rs"]);
    let said = |sentence: &str| {
        let said = std::fs::read_to_string(&report).unwrap();
        assert!(said.contains(sentence), "{sentence}: {said}");
    };
    world.git(&["commit", "-qm", "one file", "a.rs"]);
    said("searched 3 tracked files");
    said("[OK] No hardcoded secrets detected");
    world.git(&["commit", "-qam", "all files"]);
    said("searched 4 tracked files");
    said("[FAIL] Hardcoded secrets detected");
    // git reads the path of the index from the top folder, also below it.
    let hook = "#!/bin/sh\ncd deep/down\n../../../oracle > ../../../report\n";
    world.program("../hooks/pre-commit", hook);
    world.file("deep/down/c.rs", "let c = 3;\n");
    world.git(&["add", "deep"]);
    world.git(&["commit", "-qm", "a folder"]);
    said("searched 5 tracked files");
    world.git(&["commit", "-q", "--allow-empty", "-m", "no path", "a.rs"]);
    said("searched 5 tracked files");

    // An index of the user.
    let other = world.path("../index");
    std::fs::copy(world.path(".git/index"), &other).unwrap();
    let blob = world.git(&["hash-object", "-w", ".env.example"]);
    let env = format!("100644,{},.env", blob.trim());
    world.git(&["update-index", "--add", "--cacheinfo", &env]);
    std::fs::rename(world.path(".git/index"), world.path("../with")).unwrap();
    std::fs::rename(&other, world.path(".git/index")).unwrap();
    world.run(&[]).says(".env: not tracked by git");
    world.set("GIT_INDEX_FILE", "../with");
    world.run(&[]).is_silent_about(".env: not tracked by git");
    // To git, an index that is not there has no files. It would wait for a pipe.
    for none in ["../gone", "/dev/zero"] {
        world.set("GIT_INDEX_FILE", none);
        world
            .run(&[])
            .says("GIT_INDEX_FILE sends git to another place");
    }
}

#[test]
fn objects_in_a_folder_that_a_variable_names_are_not_vouched_for() {
    needs!("git");
    let (world, _) = sound();
    let objects = world.path("../objects");
    std::fs::rename(world.path(".git/objects"), &objects).unwrap();
    std::fs::create_dir(world.path(".git/objects")).unwrap();
    for name in ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"] {
        world.set(name, objects.to_str().unwrap());
        let run = world.run(&["--history"]);
        assert_eq!(run.tags(), "WARN WARN OK", "{name}");
        world.unset(name);
    }
}

#[test]
fn no_variable_hides_a_part_of_the_history() {
    needs!("git");
    let (world, key) = sound();
    world.file("sub/old.rs", format!("let k = {key:?};\n"));
    let bad = world.commit();
    world.git(&["rm", "-q", "sub/old.rs"]);
    world.file("sub/new.rs", "let k = 1;\n");
    let head = world.commit();
    let head = world.git(&["rev-parse", &head]);
    world.file("../cut", &head);
    let path = |name: &str| world.path(name).to_str().unwrap().to_owned();
    for (name, value) in [
        ("GIT_SHALLOW_FILE", path("../cut")),
        ("GIT_GRAFT_FILE", path("../cut")),
        ("GIT_REPLACE_REF_BASE", "refs/heads/".to_owned()),
        ("GIT_NAMESPACE", "zion".to_owned()),
        ("GIT_CEILING_DIRECTORIES", path("")),
        ("GIT_CONFIG", path("../cut")),
        ("GIT_IMPLICIT_WORK_TREE", "0".to_owned()),
        ("GIT_PREFIX", "zion/".to_owned()),
        ("GIT_LITERAL_PATHSPECS", "1".to_owned()),
        ("GIT_ICASE_PATHSPECS", "1".to_owned()),
        ("GIT_DEFAULT_HASH", "sha256".to_owned()),
        ("GIT_EXEC_PATH", path("../nowhere")),
        ("GIT_ATTR_SOURCE", "zion".to_owned()),
    ] {
        world.set(name, &value);
        let run = world.run_in(&world.path("sub"), &["--history"]);
        assert_eq!(run.tags(), "FAIL OK OK", "{name}: {}", run.out);
        run.says(&format!("history: commit {bad}"));
        run.says("searched 3 tracked files");
        world.unset(name);
    }
}

#[test]
fn a_git_that_does_not_know_all_variables_runs_nothing_and_writes_nothing() {
    // Every setting that names a program, as far as git's documentation has one.
    const SETTINGS: &str = "[core]\nfsmonitor = {}\nhooksPath = {}\npager = {}\nsshCommand = {}\neditor = {}\naskPass = {}\ngitProxy = {}\nalternateRefsCommand = {}\nattributesFile = ~/attributes\n[diff]\nexternal = {}\n[gpg]\nprogram = {}\n[gpg \"ssh\"]\nprogram = {}\n[credential]\nhelper = !{}\n[interactive]\ndiffFilter = {}\n[uploadpack]\npackObjectsHook = {}\n[pager]\nconfig = {}\nrev-parse = {}\nls-files = {}\ncat-file = {}\n[alias]\nrev-parse = !{}\ncat-file = !{}\n[sequence]\neditor = {}\n[remote \"origin\"]\nurl = ext::{}\nuploadpack = {}\npromisor = true\n[extensions]\npartialClone = origin\n[protocol]\nallow = always\n[log]\nshowSignature = true\n[filter \"evil\"]\nclean = {}\nsmudge = {}\nprocess = {}\nrequired = true\n[diff \"evil\"]\ncommand = {}\ntextconv = {}\n[trace2]\nnormalTarget = {log}\nperfTarget = {log}\neventTarget = {log}\n";
    needs!("git");
    let (world, _) = sound();
    world.file("a.rs", "let a = 1;\n");
    world.commit();
    let home = world.path("../home");
    std::fs::create_dir(&home).unwrap();
    world.set("HOME", home.to_str().unwrap());
    // git before 2.32 does not know this variable, and reads the file in the home folder.
    let git = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .map(|it| it.join("git"))
        .find(|it| it.is_file());
    let old = format!(
        "#!/bin/sh\nunset GIT_CONFIG_GLOBAL GIT_NO_LAZY_FETCH\nexec '{}' \"$@\"\n",
        git.unwrap().display()
    );
    world.program("../old/git", old);
    let folder = world.path("../old").canonicalize().unwrap();
    world.set("PATH", folder.to_str().unwrap());
    let (trap, log) = (world.path("../executed"), world.path("../log"));
    let settings = SETTINGS.replace("{}", &format!("\"touch '{}'\"", trap.display()));
    let settings = settings.replace("!\"", "\"!").replace("ext::\"", "\"ext::");
    let settings = settings.replace("{log}", log.to_str().unwrap());
    std::fs::write(home.join(".gitconfig"), settings).unwrap();
    std::fs::write(home.join("attributes"), "* filter=evil diff=evil\n").unwrap();
    let run = world.run(&["--history"]);
    assert_eq!(run.tags(), "OK OK OK");
    // A missing object is not fetched.
    let blob = world.git(&["rev-parse", "HEAD:a.rs"]);
    let object = format!(".git/objects/{}/{}", &blob[..2], blob[2..].trim());
    std::fs::remove_file(world.path(&object)).unwrap();
    world.file("a.rs", "let a = 2;\n");
    world.run(&["--history"]).says("history");
    assert!(!trap.exists(), "something was executed");
    assert!(!log.exists(), "something was written");
}
