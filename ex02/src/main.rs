//! Is the configuration right, and is it safe? Loaded, validated, explained and guarded.

use std::env;
use std::process::ExitCode;

// 1. What was asked, and the five variables.
mod cli;

mod spec;

// 2. What the process and the files say. dotenvy lives behind this fence.
mod sources;

mod dotenv;

mod literal;

// 3. What it means: text becomes typed values, each with all its problems. Pure.
mod config;

mod file_report;

mod database;

mod endpoint;

mod url;

mod strength;

// 4. Is it safe? git is asked, files are searched.
mod checks;

mod check_hardcoded;

mod check_env_file;

mod git;

mod git_process;

mod scan;

mod needles;

mod shapes;

mod history;

// 5. Does it answer? Database and endpoint, really asked.
mod probe;

#[cfg(feature = "postgres")]
mod probe_postgres;

#[cfg(feature = "postgres")]
mod probe_tls;

mod probe_sqlite;

mod probe_http;

// 6. What people and scripts get to see.
mod summary;

mod text;

mod explain;

// What keeps secrets in.
mod secret;

mod known_secrets;

mod forms;

mod gate;

// The rim: what is printed, how text from outside is shown, how the program ends.
mod report;

mod escape;

mod exit;

use exit::{Exit, Trouble};
use gate::Gate;
use sources::Sources;

/// git may take this many times what a connection may.
const GIT_PATIENCE: u32 = 5;

/// Runs, and turns the outcome into an exit code.
fn main() -> ExitCode {
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
            report::announce(&format!("contacting {host} ..."));
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
    let repository = git::find(
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
