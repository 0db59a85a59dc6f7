//! Is the configuration right, and is it safe? The oracle loads it, checks it, explains it and keeps its
//! secrets.
//!
//! The rooms in reading order, as `run` visits them:
//!
//! 1. [`cli`]: which flags are there?
//! 2. [`variables`]: which five variables are there, and is a value good?
//! 3. [`sources`]: who sets each variable, and where? Only this room uses dotenvy.
//! 4. [`config`]: may the program start with these values?
//! 5. [`safety`]: is it safe? Three checks.
//! 6. [`probe`]: do the database and the endpoint really answer?
//! 7. [`report`]: what do people and scripts get to see?
//!
//! Side rooms: [`secret`] keeps secrets, [`search`] searches files, [`git`] asks git, [`words`] makes
//! sentences, [`exit`] names the exit codes.

use std::env;
use std::panic::UnwindSafe;
use std::process::ExitCode;

mod cli;
mod variables;
mod sources;
mod config;
mod safety;
mod probe;
mod report;
// Side rooms.
mod exit;
mod git;
mod search;
mod secret;
mod words;
// Tests that need the inside of the program.
#[cfg(test)]
#[path = "../tests/unit/unit.rs"]
mod unit;

use anstream::ColorChoice;
use exit::{Exit, Trouble};
use probe::Machines;
use report::{Printer, Shown, Summary};
use safety::Depth;
use secret::Gate;
use sources::Process;

/// Runs, and turns the outcome into an exit code.
fn main() -> ExitCode {
    guarded(run)
}

/// Turns any outcome into an exit code. A panic must not quote a value.
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
    secret::forbid_core_dumps();
    // An error about a flag comes before `--color` is known.
    report::choose_colours(ColorChoice::Auto);
    let args = match cli::parse(env::args_os())? {
        cli::Call::Run(args) => args,
        cli::Call::Show(text) => return report::help(&text).map(|()| Exit::Yes),
    };
    report::choose_colours(args.color.as_choice());
    let shown = shown(&args);
    let folder = env::current_dir().map_err(|error| Trouble::NoFolder(error.kind()))?;
    let sources = sources::read(Process::new(env::vars_os()), &folder);
    let printer = Printer::new(Gate::new(&config::all_secrets(&sources)));
    let config = config::judge(&sources, config::mode(&sources));
    if let Some(spec) = args.explain {
        let explanation = report::explain(spec, &sources, &config, &printer);
        report::explanation(&explanation, shown, &printer)?;
        return Ok(explanation.exit(config.mode, args.check));
    }
    let machines = if args.probe {
        Machines::All
    } else {
        Machines::ThisOne
    };
    for host in probe::destinations(&config, machines) {
        printer.contacting(&host);
    }
    let depth = if args.history {
        Depth::History
    } else {
        Depth::Today
    };
    let connections = probe::ask(&config, &sources, machines, args.timeout);
    let checks = safety::check_safety(&sources, &config, depth, args.timeout);
    let summary = Summary::new(config, connections, checks);
    report::report(&summary, shown, &printer)?;
    if summary.refusals > 0 {
        printer.refused(summary.refusals, shown);
    }
    Ok(summary.exit(args.check))
}

/// What the flags let stdout show.
fn shown(args: &cli::Args) -> Shown {
    if args.quiet {
        Shown::Nothing
    } else if args.json {
        Shown::Json
    } else {
        Shown::Text
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};
    use std::process::Command;
    use std::thread;

    use super::*;

    /// When it is set, this test panics with its value. The test sets it and starts itself again.
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
        let fixed = "error: the oracle stopped because of a bug; it prints nothing about your values\nhint: report what you did, without the contents of .env\n";
        assert_eq!(said[1], fixed.repeat(2));
        assert!(said.iter().all(|it| !it.contains(&secret)));
    }
}
