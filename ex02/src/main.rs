//! Is the configuration right, and is it safe? Loaded, validated, explained and guarded.

use std::env;
use std::panic::UnwindSafe;
use std::process::ExitCode;

// 1. What was asked, and the five variables.
mod cli;

mod spec;

mod judge;

// 2. What the process and the files say. dotenvy lives behind this fence.
mod sources;

mod layer_file;

mod dotenv;

mod literal;

// 3. What it means: text becomes typed values, each with all its problems. Pure.
mod config;

mod typing_errors;

mod file_report;

mod database;

mod endpoint;

mod url;

mod strength;

// 4. Is it safe? git is asked, files are searched.
mod checks;

mod check_hardcoded;

mod check_history;

mod check_env_file;

mod check_example;

mod repository;

mod git;

mod git_process;

mod scan;

mod needles;

mod shapes;

mod history;

// 5. Does it answer? Database and endpoint, really asked.
mod probe;

mod probe_database;

#[cfg(feature = "postgres")]
mod probe_postgres;

#[cfg(feature = "postgres")]
mod probe_tls;

mod probe_sqlite;

mod probe_endpoint;

mod probe_http;

// 6. What people and scripts get to see.
mod summary;

mod text;

mod wrap;

mod explain;

// What keeps secrets in.
mod secret;

mod known_secrets;

mod forms;

mod gate;

// The rim: what is printed, how text from outside is shown, how the program ends.
mod report;

mod escape;

mod wording;

mod exit;

// Thousands of hostile inputs for the parsers.
#[cfg(test)]
mod hostile;

use exit::{Exit, Trouble};
use gate::Gate;
use sources::Sources;

/// git may take this many times what a connection may.
const GIT_PATIENCE: u32 = 5;

/// Runs, and turns the outcome into an exit code.
fn main() -> ExitCode {
    guarded(run)
}

/// Keeps a panic from quoting a value, and turns any outcome into an exit code.
fn guarded(run: impl FnOnce() -> Result<Exit, Trouble> + UnwindSafe) -> ExitCode {
    report::silence_panics();
    match std::panic::catch_unwind(run) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(trouble)) => report::trouble(&trouble),
        Err(_) => ExitCode::from(exit::TROUBLE),
    }
}

/// The whole program, top to bottom.
fn run() -> Result<Exit, Trouble> {
    let args = match cli::parse(env::args_os())? {
        cli::Call::Run(args) => args,
        cli::Call::Show(text) => return report::print(&text).map(|()| Exit::Yes),
    };
    args.color.write_global();
    let folder = env::current_dir().map_err(|error| {
        Trouble::new(
            format_args!(
                "the current folder cannot be found: {}",
                report::reason(&error)
            ),
            "cd into a folder that exists",
        )
    })?;
    let sources = sources::read(env::vars_os(), &folder);
    let gate = Gate::new(&known_secrets::all(&sources));
    let config = config::judge(&sources, config::mode(&sources), &gate);
    if let Some(spec) = args.explain {
        let explanation = explain::explain(spec, &sources, &config, &gate);
        let exit = explanation.exit(config.mode, args.check);
        emit(&args, &gate, &explanation, explain::render)?;
        return Ok(exit);
    }
    if args.probe {
        for host in probe::destinations(&config, &gate) {
            report::note(&format!("contacting {host}"));
        }
    }
    let summary = look(&args, &sources, config, &gate);
    emit(&args, &gate, &summary, text::render)?;
    if summary.refusals > 0 {
        report::refused(summary.refusals);
    }
    Ok(summary.exit(args.check))
}

/// Asks the connections, git and the files, and puts everything together.
fn look(
    args: &cli::Args,
    sources: &Sources,
    config: config::Config,
    gate: &Gate,
) -> summary::Summary {
    let connections = probe::ask(&config, args.probe, args.timeout, gate);
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
        check_hardcoded::look(sources, &repository, args.history, gate),
        check_env_file::look(sources, &config, &repository, gate),
        checks::production(sources, config.mode, gate),
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
    report::print(&text)
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
