//! What is wrong with a program, and what does the user type to repair it?

use crate::programs::{Dependency, PROGRAMS, Problem, Status, WrongAnswer};

/// What is wrong; none if the program is `[OK]`.
pub fn problem(program: &Dependency) -> Option<String> {
    let name = program.name;
    Some(match program.problem.as_ref()? {
        Problem::LeftOut => format!("this binary was compiled without the feature `{name}`"),
        Problem::SelfTest(answer) => format!("its self-test failed: {}", wrong(answer)),
        Problem::Linked { linked, locked } => format!(
            "the binary contains {linked}, Cargo.lock names {locked} (`cargo install` ignores Cargo.lock by default)"
        ),
        Problem::OnDisk {
            locked, on_disk, ..
        } => {
            format!("built for {locked}, Cargo.lock on disk now says {on_disk}")
        }
        Problem::OtherContents => {
            "Cargo.lock on disk now has another checksum for this version, or none".to_owned()
        }
        Problem::NotOnDisk => {
            "Cargo.lock on disk no longer lists it, or has no block for it".to_owned()
        }
        Problem::NotLocked => {
            "it works, but the required version is unknown: the Cargo.lock of this build does not name one".to_owned()
        }
        Problem::Unreadable(why) => {
            format!("it works, but its version is unknown: this binary cannot be read ({why})")
        }
        Problem::NotLinked => {
            "it works, but its version is unknown: no source path in this binary names one".to_owned()
        }
    })
}

/// How its self-test failed.
fn wrong(answer: &WrongAnswer) -> String {
    match answer {
        WrongAnswer::Panic(message) => format!(
            "panicked: {message} (if the system refused something: `ulimit -n`, `-u` and `-v` are limits)"
        ),
        WrongAnswer::Failed(why) => why.clone(),
        WrongAnswer::Variable { variable, most } => format!(
            "it is not started with less than 1 or more than {most} threads: the variable `{variable}` has a value that it cannot take"
        ),
        WrongAnswer::Unshowable { variable } => format!(
            "it is not started, because it could show the value of the variable `{variable}`, which has a control or invisible character"
        ),
        WrongAnswer::NoThreads { needed, why } => format!(
            "it needs {needed} threads, and the system refuses one: {why} (`ulimit -u` or `-v`, or a limit of the container)"
        ),
        WrongAnswer::Other { expected, found } => format!("expected {expected}, got {found}"),
    }
}

/// What to type; none if the program is `[OK]`.
pub fn fix(program: &Dependency) -> Option<String> {
    let name = program.name;
    Some(match program.problem.as_ref()? {
        Problem::LeftOut => install(name),
        // Nobody knows why a library gave up. A refusal of the system has no command, and neither has a binary that may not be read.
        Problem::SelfTest(
            WrongAnswer::Panic(_) | WrongAnswer::Failed(_) | WrongAnswer::NoThreads { .. },
        )
        | Problem::Unreadable(_) => return None,
        Problem::SelfTest(WrongAnswer::Variable { variable, .. }) => format!("unset {variable}"),
        Problem::SelfTest(WrongAnswer::Unshowable { variable }) => format!("unset {variable}"),
        Problem::SelfTest(_) => format!("cargo clean -p {name} && cargo run -p ex01"),
        Problem::Linked { .. } => "cargo install --locked --path ex01".to_owned(),
        // Without `--locked`, cargo replaces a version that Cargo.toml does not ask for.
        Problem::OnDisk {
            has_other_checksum: true,
            ..
        } => "cargo build -p ex01".to_owned(),
        // cargo refuses to build with such a file.
        Problem::OnDisk { .. } | Problem::OtherContents | Problem::NotOnDisk => {
            "git checkout -- :/Cargo.lock".to_owned()
        }
        Problem::NotLocked => "cargo generate-lockfile && cargo build -p ex01".to_owned(),
        Problem::NotLinked => "RUSTFLAGS= cargo build -p ex01 --locked".to_owned(),
    })
}

/// What was not done without this program, and why.
pub fn undone(program: &Dependency) -> String {
    let name = program.name;
    let work = match name {
        "ureq" => "no data: an address was given, and",
        "plotters" => "no picture was drawn:",
        _ => "no analysis:",
    };
    let obstacle = if program.status == Status::Missing {
        "is missing"
    } else {
        "does not work"
    };
    format!("{work} {name} {obstacle}")
}

/// What to type to add one program to those that are there.
fn install(name: &str) -> String {
    let wanted: Vec<&str> = PROGRAMS
        .iter()
        .filter(|program| program.enabled || program.name == name)
        .map(|program| program.name)
        .collect();
    if wanted.len() == PROGRAMS.len() {
        "cargo run -p ex01".to_owned()
    } else {
        format!(
            "cargo run -p ex01 --no-default-features --features {}",
            wanted.join(",")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::check_programs;

    #[track_caller]
    fn check(found: Problem, words: &str, command: &str) {
        let mut program = check_programs().swap_remove(1);
        program.problem = Some(found);
        let problem = problem(&program).unwrap();
        assert!(problem.contains(words), "{problem}");
        assert!(fix(&program).unwrap().contains(command), "{program:?}");
    }

    #[test]
    fn what_is_not_done_names_the_program() {
        let said = |place, status| {
            let mut program = check_programs().swap_remove(place);
            program.status = status;
            undone(&program)
        };
        let found = said(3, Status::Missing);
        assert_eq!(found, "no data: an address was given, and ureq is missing");
        let found = said(1, Status::Broken);
        assert_eq!(found, "no analysis: ndarray does not work");
        let found = said(2, Status::Missing);
        assert_eq!(found, "no picture was drawn: plotters is missing");
    }

    #[test]
    fn each_problem_has_its_words_and_its_command() {
        let (one, other) = (|| "0.17.2".to_owned(), || "0.17.3".to_owned());
        check(Problem::LeftOut, "feature `ndarray`", "cargo run -p ex01");
        let answer = Problem::SelfTest(WrongAnswer::Other {
            expected: "32".to_owned(),
            found: "31".to_owned(),
        });
        check(answer, "expected 32, got 31", "cargo clean -p ndarray");
        let (linked, locked) = (other(), one());
        let drift = Problem::Linked { linked, locked };
        check(
            drift,
            "contains 0.17.3, Cargo.lock names 0.17.2",
            "cargo install --locked",
        );
        for (has_other_checksum, command) in [
            (true, "cargo build -p ex01"),
            (false, "git checkout -- :/Cargo.lock"),
        ] {
            let drift = Problem::OnDisk {
                locked: one(),
                on_disk: other(),
                has_other_checksum,
            };
            check(drift, "on disk now says 0.17.3", command);
        }
        let (variable, most) = ("POLARS_MAX_THREADS", 512);
        check(
            Problem::SelfTest(WrongAnswer::Variable { variable, most }),
            "more than 512 threads: the variable `POLARS_MAX_THREADS`",
            "unset POLARS_MAX_THREADS",
        );
        let variable = "POLARS_VERBOSE".to_owned();
        check(
            Problem::SelfTest(WrongAnswer::Unshowable { variable }),
            "it could show the value of the variable `POLARS_VERBOSE`",
            "unset POLARS_VERBOSE",
        );
        check(
            Problem::OtherContents,
            "on disk now has another checksum",
            "git checkout -- :/Cargo.lock",
        );
        check(
            Problem::NotOnDisk,
            "on disk no longer lists it",
            "git checkout -- :/Cargo.lock",
        );
        check(
            Problem::NotLocked,
            "does not name one",
            "cargo generate-lockfile",
        );
        check(
            Problem::NotLinked,
            "no source path",
            "RUSTFLAGS= cargo build",
        );
    }
}
