//! What does the report say about real files? Only true things, and no more than fits on a screen.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[macro_use]
#[path = "support/world.rs"]
mod world;

use world::{Run, World, random};

/// All five variables, with good values.
const FIVE: &str = "MATRIX_MODE=development\nDATABASE_URL='sqlite::memory:'\nLOG_LEVEL=DEBUG\nZION_ENDPOINT='http://localhost:1'\n";

/// Runs in a repository with an example of this name and a `.env`. Both begin with all five variables.
#[track_caller]
fn run_with(example: &str, extra: &str) -> Run {
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    std::fs::remove_file(world.path(".env.example")).unwrap();
    world.file(example, format!("{FIVE}API_KEY=change-me\n{extra}"));
    world.file(".gitignore", format!(".env\n.env.*\n!{example}\n"));
    world.commit();
    world.dotenv(&format!("{FIVE}API_KEY={key}\n{extra}"));
    world.run_every_way(&[])
}

/// With these lines at the end of `.env` and of the example, there is no finding.
#[track_caller]
fn quiet(extra: &str) {
    let run = run_with(".env.example", extra);
    assert_eq!(run.tags(), "OK OK OK", "{extra}\n{}", run.out);
    run.is_silent_about("- .env")
        .is_silent_about("a name like it");
}

#[test]
fn a_reference_to_a_line_above_is_not_a_mistake() {
    needs!("git");
    quiet("GATE=zion.example\nGATE_URL=\"https://${GATE}/a\"\nMAIL_FROM=neo@$GATE\n");
    quiet("GATE=zion.example\nGATE_NAME=$GATE # a note\n");
    quiet("SHIP='nebuchadnezzar'\nSHIP_NAME=${SHIP}\nSHIP_LABEL=\"the ${SHIP_NAME}\"\n");
    let world = World::new();
    world.dotenv("GATE=localhost\nZION_ENDPOINT=http://${GATE}:1\nDB=zion.db\nDATABASE_URL=sqlite:./$DB?mode=rwc\n");
    let run = world.run(&[]);
    run.says(".env:2, with GATE of .env:1")
        .says(".env:4, with DB of .env:3")
        .is_silent_about("dotenvy changed it");
    let run = world.run(&["--explain", "ZION_ENDPOINT"]);
    run.says("> .env:2, with GATE of .env:1");
}

#[test]
fn a_changed_value_has_a_hint_that_fits_its_cause() {
    needs!("git");
    let check = |line: &str, cause: &str, cure: &str| {
        let world = World::new();
        world.dotenv(&format!("DB_HOST=zion\n{line}\n"));
        world.run(&[]).says(cause).says(cure);
    };
    let set_it = "set that name on a line above";
    check(
        "ZION_ENDPOINT=http://${GATE}:1",
        "no line above sets",
        set_it,
    );
    check(
        "ZION_ENDPOINT=http://$DB_HOST:1",
        "after a bare `$`",
        "in braces: ${NAME}",
    );
    check(
        "ZION_ENDPOINT=$GATE_URL",
        "no line above sets the name after `$`",
        set_it,
    );
    check(
        "ZION_ENDPOINT=http://$GATE:1",
        "replaced by a variable, or by nothing",
        set_it,
    );
    check(
        "ZION_ENDPOINT=\"http://$GATE\"",
        "ends at a quote",
        "in braces",
    );
    check(
        "ZION_ENDPOINT=${GATE:-http://localhost}",
        "knows no defaults",
        "write the value itself",
    );
    check(
        "ZION_ENDPOINT=${DB_HOST:?unset}",
        "knows only names in `${…}`",
        "write the value itself",
    );
    check(
        "ZION_ENDPOINT=rock'n'roll",
        "quotes inside the value",
        "in double quotes",
    );
    check(
        "API_KEY=\"a\\nb\"",
        "`\\n` is read as a line break",
        "if a line break is meant",
    );
    // Every parser reads a key in one line like this.
    quiet("GATE_CERT=\"-----BEGIN IT-----\\nzion\\n-----END IT-----\"\n");
}

#[test]
fn a_line_that_is_no_entry_has_a_hint_of_its_own() {
    let world = World::new();
    world.dotenv("The variables of the gate\nit's for the crew\nexport GATE\nGATE=a b\n");
    let run = world.run(&[]);
    for line in 1..4 {
        run.says(&format!(
            ".env:{line}: dotenvy cannot read this line: it has no `=`"
        ));
    }
    assert_eq!(
        run.out.matches("if it is a comment").count(),
        3,
        "{}",
        run.out
    );
}

#[test]
fn the_search_ignores_names_that_only_sound_like_a_secret() {
    needs!("git");
    quiet("API_KEY_RATE_LIMIT=60/minute\nTOKEN_EXPIRY=360000000\nPASSWORD_MIN_LENGTH=00000012\n");
    quiet("KEYCLOAK_URL=https://gate.example/realms/a\nSECRET_NAME=gate-of-the-old-machines\n");
    quiet(
        "GATE_ACCESS_KEY_ID=\"nebuchadnezza\"\nGATE_USER=nebuchadnezza\nADMIN_PASSWORD=logosadmin\n",
    );
    quiet(
        "GATE_API_KEY=GATE_API_KEY\nJWT_KEY=/run/secrets/jwt_file\nPASS_OWNER=neo@gate.example\n",
    );
    quiet("GATE_SECRET=0000000000000000\nGATE_TOKEN=gt-1234567890\nGATE_KEY=project\n");
}

#[test]
fn a_secret_is_found_once_in_a_place() {
    needs!("git");
    let secret = random(24);
    let lines = format!("GATE_KEY={secret}\nGATE_SECRET={secret}\nGATE_TOKEN={secret}\n");
    let run = run_with(".env.example", &lines);
    assert_eq!(run.tags(), "FAIL OK OK", "{}", run.out);
    assert_eq!(
        run.out.matches(" holds the value of ").count(),
        3,
        "{}",
        run.out
    );
}

#[test]
fn only_a_typing_error_is_named_as_one() {
    let check = |file: &str, silent: &str| {
        let world = World::new();
        world.dotenv(file);
        world.run(&[]).is_silent_about(silent);
    };
    check("APP_KEY=\nX_API_KEY=\nAPI_KEY_2=\n", "did you mean");
    check("GATE_BASE_URL=x\nDATABASE_URI=y\n", "did you mean");
    let world = World::new();
    world.dotenv("X=1\nAPI_KEYY=\nLOG_LEVL=INFO\n");
    let run = world.run(&[]);
    run.says("a similar name is set in .env:2, and the program does not read it (API_KEYY)");
    run.says("a similar name is set in .env:3, and the program does not read it (LOG_LEVL)");
}

#[test]
fn any_usual_level_is_accepted_and_a_usual_mode_has_a_hint() {
    needs!("git");
    for (level, shown) in [
        ("warn", "WARNING"),
        ("fatal", "CRITICAL"),
        ("verbose", "DEBUG"),
        ("20", "INFO"),
        ("information", "INFO"),
        ("info,sqlx::query=warn", "INFO"),
    ] {
        let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
        world.set("LOG_LEVEL", level);
        let run = world.run(&[]);
        assert_eq!(run.value("Log Level"), shown);
        assert_eq!(run.tags(), "OK OK OK");
    }
    for (mode, meant) in [("staging", "production"), ("test", "development")] {
        let world = World::new();
        world.set("MATRIX_MODE", mode);
        let run = world.run(&[]);
        assert_eq!(run.code, 78);
        run.says(&format!("did you mean {meant}?"));
    }
}

#[test]
fn the_report_names_quotes_and_blanks_around_a_value() {
    let key = format!("zk{}", random(30));
    for (name, value) in [
        ("MATRIX_MODE", "production"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("API_KEY", &key),
        ("LOG_LEVEL", "INFO"),
        ("ZION_ENDPOINT", "http://localhost:1"),
    ] {
        for (value, said) in [
            (format!("\"{value}\""), "has quotes around it"),
            (format!("'{value}'"), "has quotes around it"),
            (format!("{value}\n"), "ends with a line break"),
            (format!("{value}\r\n"), "ends with a line break"),
            (format!(" {value}"), "has blanks around it"),
        ] {
            let world = World::new();
            world.set(name, &value);
            let run = world.run(&["--explain", name]);
            run.says(said);
            assert_eq!(run.out.matches("\n- ").count(), 1, "{}", run.out);
            let world = World::new();
            if !value.contains('\r') {
                let quote = if value.contains('\'') { '"' } else { '\'' };
                world.dotenv(&format!("{name}={quote}{value}{quote}\n"));
                world.run(&["--explain", name]).says(said);
            }
        }
    }
}

#[test]
fn an_example_is_compared_under_any_usual_name() {
    needs!("git");
    for name in [
        ".env.sample",
        ".env.template",
        ".env.dist",
        ".env.defaults",
        ".env_sample",
        ".env.example.txt",
        "env.example",
        "example.env",
    ] {
        let run = run_with(name, "GATE=1\n");
        assert_eq!(run.tags(), "OK OK OK", "{name}\n{}", run.out);
        run.says(&format!("{name}: in step, both ways"));
    }
    let world = World::new();
    world.file(".env.sample", "GATE_HOST=\n");
    world.dotenv("API_KEY=\n");
    world
        .run(&[])
        .says(".env.sample does not mention API_KEY")
        .says("GATE_HOST (.env.sample:1) is in .env.sample");
    world.file(".env.sample", "PORT=1\nQDNVKTWR=\n");
    let run = world.run(&[]);
    run.says("PORT (.env.sample:1) is in .env.sample")
        .says("the entry in .env.sample:2 is in .env.sample");
    std::fs::remove_file(world.path(".env")).unwrap();
    world.run(&[]).says("hint: cp .env.sample .env");
}

#[test]
fn a_long_file_gets_a_short_report() {
    needs!("git");
    let (world, key) = World::sound("sqlite::memory:", "http://localhost:1");
    let names = |value: &str| -> String {
        let lines = (0..80).map(|it| ["GATE_", &it.to_string(), "=", value, "\n"].concat());
        lines.collect()
    };
    world.dotenv(&format!("{FIVE}API_KEY={key}\n{}", names("1")));
    let run = world.run(&[]);
    run.says("and 77 more entries like these");
    assert!(run.out.lines().count() < 50, "{}", run.out);
    world.dotenv(&format!("{FIVE}API_KEY={key}\n{}", names("${A:-1}")));
    let run = world.run(&[]);
    run.says("and 77 more lines like these");
    assert!(run.out.lines().count() < 75, "{}", run.out);
}

#[test]
fn a_disguised_word_in_force_is_searched_for_unless_the_example_has_it() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    world.edit_dotenv(|before| before + "SMTP_PASSWORD=S3cretPassw0rd\n");
    world.file("mail.py", "login('neo', 'S3cretPassw0rd')\n");
    world.commit();
    let line = "mail.py:1 holds the value of the entry in .env:6";
    world.run(&[]).says(line);
    let example = world::example() + "SMTP_PASSWORD=S3cretPassw0rd\n";
    world.file(".env.example", example);
    world.commit();
    world.run(&[]).is_silent_about("holds the value");
}

#[test]
fn the_search_ignores_the_public_parts_of_a_url() {
    needs!("git");
    let (world, _) = World::sound("sqlite::memory:", "http://localhost:1");
    for (name, value) in [
        ("ZION_ENDPOINT", "localhost:8080"),
        ("ZION_ENDPOINT", "https:/zion.example/api"),
        ("DATABASE_URL", "db.zion.internal:5432/matrix"),
        (
            "DATABASE_URL",
            "postgresql://neo@db/m?options=-csearch_path%3Dnebuchadnezzar",
        ),
        ("API_KEY", "op://zion/oracle/credential"),
    ] {
        world.set(name, value);
        world.file("compose.yml", format!("value: {value}\n"));
        world.commit();
        world.run(&[]).is_silent_about("holds the value");
        world.unset(name);
    }
}
