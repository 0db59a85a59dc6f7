//! Is the configuration right, and is it safe? Loaded, validated, explained and guarded.

use std::env;
use std::panic::UnwindSafe;
use std::process::ExitCode;

mod cli; // Which flags are there?
mod variables; // 1. Which five variables are there, and what is a text worth?
mod sources; // 2. Who says what, and where? dotenvy lives behind this door.
mod config; // 3. May the program start with that?
mod safety; // 4. Is it safe? Three findings.
mod probe; // 5. Does it answer?
mod report; // 6. What is shown?
// Side rooms: secrets are kept in, files are searched, git is asked, words are put together.
mod exit;
mod git;
mod search;
mod secret;
mod words;
// Thousands of hostile inputs for the parsers.
#[cfg(test)]
mod hostile;

use config::{judge, secrets};
use exit::{Exit, Trouble};
use git::repository;
use probe::ask;
use report::{explain, print, summary, text};
use safety::{env_file, hardcoded, production};
use secret::shown::Gate;
use sources::layers::{self, Sources};

/// git may take this many times what a connection may.
const GIT_PATIENCE: u32 = 5;

/// Runs, and turns the outcome into an exit code.
fn main() -> ExitCode {
    guarded(run)
}

/// Keeps a panic from quoting a value, and turns any outcome into an exit code.
fn guarded(run: impl FnOnce() -> Result<Exit, Trouble> + UnwindSafe) -> ExitCode {
    print::silence_panics();
    match std::panic::catch_unwind(run) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(trouble)) => print::trouble(&trouble),
        Err(_) => ExitCode::from(exit::TROUBLE),
    }
}

/// The whole program, top to bottom.
fn run() -> Result<Exit, Trouble> {
    let args = match cli::parse(env::args_os())? {
        cli::Call::Run(args) => args,
        cli::Call::Show(text) => return print::print(&text).map(|()| Exit::Yes),
    };
    args.color.write_global();
    let folder = env::current_dir().map_err(|error| {
        Trouble::new(
            format_args!(
                "the current folder cannot be found: {}",
                print::reason(&error)
            ),
            "cd into a folder that exists",
        )
    })?;
    let sources = layers::read(env::vars_os(), &folder);
    let gate = Gate::new(&secrets::all(&sources));
    let config = judge::judge(&sources, judge::mode(&sources), &gate);
    if let Some(spec) = args.explain {
        let explanation = explain::explain(spec, &sources, &config, &gate);
        let exit = explanation.exit(config.mode, args.check);
        emit(&args, &gate, &explanation, explain::render)?;
        return Ok(exit);
    }
    if args.probe {
        for host in ask::destinations(&config, &gate) {
            print::note(&format!("contacting {host}"));
        }
    }
    let summary = look(&args, &sources, config, &gate);
    emit(&args, &gate, &summary, text::render)?;
    if summary.refusals > 0 {
        print::refused(summary.refusals);
    }
    Ok(summary.exit(args.check))
}

/// Asks the connections, git and the files, and puts everything together.
fn look(
    args: &cli::Args,
    sources: &Sources,
    config: judge::Config,
    gate: &Gate,
) -> summary::Summary {
    let connections = ask::ask(&config, args.probe, args.timeout, gate);
    let path = sources
        .process
        .iter()
        .find(|(name, _)| name == "PATH")
        .map(|(_, value)| value.as_os_str());
    let repository = repository::find(
        &sources.folder,
        sources.root.as_deref(),
        path,
        args.timeout * GIT_PATIENCE,
    );
    let checks = vec![
        hardcoded::look(sources, &repository, args.history, gate),
        env_file::look(sources, &config, &repository, gate),
        production::production(sources, config.mode, gate),
    ];
    summary::Summary::new(config, connections, checks)
}

/// Prints a result as text or as JSON, after the gate has read it; `-q` prints nothing.
fn emit<T: serde::Serialize>(
    args: &cli::Args,
    gate: &Gate,
    result: &T,
    render: impl Fn(&T) -> String,
) -> Result<(), Trouble> {
    let text = match args.json {
        true => {
            serde_json::to_string_pretty(result)
                .map_err(|error| Trouble::new(error, "report this"))?
                + "\n"
        }
        false => render(result),
    };
    if args.quiet {
        return Ok(());
    }
    if gate.holds_back(&text) {
        return Err(Trouble::new(
            "the report was held back: it would have held a piece of a secret",
            "the exit code of `oracle -q` still tells; rename what is called like the secret",
        ));
    }
    print::print(&text)
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};
    use std::process::Command;
    use std::thread;

    use super::*;

    /// Tells this test, started a second time, to panic with this secret.
    const SECRET: &str = "ORACLE_TEST_PANICS_WITH";

    #[test]
    fn a_panic_in_any_thread_prints_a_fixed_sentence_and_ends_with_2() {
        if let Ok(secret) = env::var(SECRET) {
            let code = guarded(|| {
                let other = secret.clone();
                let joined = thread::spawn(move || panic!("{other}")).join();
                assert!(joined.is_err());
                panic!("the key is {secret}")
            });
            return assert_eq!(code, ExitCode::from(exit::TROUBLE));
        }
        let secret = format!("zk{:016x}", RandomState::new().hash_one(0));
        let name = "tests::a_panic_in_any_thread_prints_a_fixed_sentence_and_ends_with_2";
        let done = Command::new(env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(SECRET, &secret)
            .env("RUST_BACKTRACE", "full")
            .output()
            .unwrap();
        let said = [done.stdout, done.stderr].map(|it| String::from_utf8(it).unwrap());
        assert!(done.status.success(), "{said:?}");
        assert!(said[0].contains("1 passed"), "{said:?}");
        let fixed = "error: the oracle has a fault of its own and stopped; nothing about your values is printed\nhint: report what you did, without the contents of .env\n";
        assert_eq!(said[1], fixed.repeat(2));
        assert!(said.iter().all(|it| !it.contains(&secret)));
    }
}
