//! The same for scripts: one JSON object. Its strings are the values themselves, without our escapes.

mod shape; // the fields of the object

use self::shape::{
    Claim, Detected, Env, Json, Note, Problem, Rust, Surroundings, Toolchain, Verified,
};
use super::{Report, terminal, words};
use crate::around;
use crate::finding::Event;
use crate::support::escape;
use crate::support::exit::Trouble;
use crate::verdict::{Environment, Fault, Outcome, Repair, Status};
use crate::verify::Verification;

/// Writes one JSON object to stdout, and nothing else.
pub fn print_json(report: &Report) -> Result<(), Trouble> {
    let text = serde_json::to_string_pretty(&json(report)).map_err(|error| {
        Trouble::new(
            format_args!("failed to write JSON: {error}"),
            "run it without `--json`",
        )
    })?;
    terminal::print(&(escaped(&text) + "\n"))
}

/// Writes invisible characters as JSON escapes. They occur only inside strings.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && (c.is_control() || escape::is_unseen(c)) {
            let mut units = [0; 2];
            escaped.extend(
                c.encode_utf16(&mut units)
                    .iter()
                    .map(|it| format!("\\u{it:04x}")),
            );
        } else {
            escaped.push(c);
        }
    }
    escaped
}

fn json(report: &Report) -> Json<'_> {
    let answer = &report.answer;
    let (status, running) = (answer.status(), answer.running());
    let is_known = !matches!(status, Status::Unknown);
    let (version, implementation) = match &answer.outcome {
        Outcome::Broken(it) => (it.version.as_ref(), it.implementation),
        _ => (
            running.and_then(|it| it.version.as_ref()),
            running.map(|it| it.implementation),
        ),
    };
    Json {
        status,
        isolated: is_known.then_some(status == Status::Isolated),
        executable: answer.executable(),
        version,
        implementation,
        build: running.map(|it| it.build),
        prefix: running.map(|it| &it.prefix),
        base_prefix: running.map(|it| &it.base_prefix),
        exec_prefix: running.map(|it| &it.exec_prefix),
        site_packages: running.map(|it| it.site_packages.as_slice()),
        global_site_packages: running.map(|it| it.global_site_packages.as_slice()),
        user_site: running.and_then(|it| it.user_site),
        externally_managed: running.map(|it| it.externally_managed),
        writable: running.and_then(|it| it.writable),
        pythonpath: running.map(|it| it.python_path.as_slice()),
        customizations: running.map(|it| it.customizations.as_slice()),
        libraries: running
            .and_then(|it| it.not_checked)
            .map(words::not_checked),
        venv: running.and_then(|it| it.venv),
        environment: answer.environment().map(environment),
        problem: answer.fault().map(problem),
        warnings: report.warnings().map(words::warning).collect(),
        trace: trace(report),
        commands: report.commands.as_ref(),
        managed: report.managed.as_ref(),
        claims: claims(report),
        surroundings: surroundings(report),
        verification: report.verification.as_ref().map(verified),
    }
}

fn environment(it: &Environment) -> Env<'_> {
    Env {
        name: it.name.as_ref(),
        path: &it.path,
        kind: it.kind,
        prompt: it.prompt.as_deref(),
        system_site_packages: it.system_site_packages,
        asked_by: it.asked_by,
        uv: it.uv.as_ref(),
        evidence: it.evidence.iter().map(words::evidence).collect(),
    }
}

fn problem(fault: &Fault) -> Problem<'_> {
    let (what, path) = (words::cause(&fault.cause), fault.cause.path());
    match &fault.repair {
        Repair::Run { command, effect } => Problem {
            what,
            path,
            repair: command.clone(),
            command: Some(command),
            effect: Some(words::effect(effect)),
        },
        Repair::Advise(advice) => Problem {
            what,
            path,
            repair: words::advice(advice),
            command: None,
            effect: None,
        },
    }
}

fn trace(report: &Report) -> Vec<Note> {
    let events = report.answer.notes.trace.iter();
    let note = |event: &Event| Note {
        reader: words::reader(event.reader),
        path: words::source(event),
        said: words::said(event),
    };
    events.map(note).collect()
}

fn claims(report: &Report) -> Vec<Claim<'_>> {
    let claims = report.claims.iter().map(|it| Claim {
        name: it.name,
        value: it.value.as_ref(),
        verdict: words::truth(it.truth),
        meaning: words::meaning(it),
        hint: it.hint.as_deref(),
    });
    claims.collect()
}

fn surroundings(report: &Report) -> Surroundings<'_> {
    let around = &report.surroundings;
    let rust = &around.rust;
    Surroundings {
        system: around.system,
        container: around.container.as_ref().map(detected),
        ci: around.ci.as_ref().map(detected),
        wsl: around.wsl.as_ref().map(detected),
        nix: around.nix.as_ref().map(detected),
        ssh: around.ssh.as_ref().map(detected),
        rust: Rust {
            started_by_cargo: rust.started_by_cargo,
            toolchain: rust.toolchain.as_ref().map(|it| Toolchain {
                name: &it.name,
                reason: words::reason(&it.reason),
            }),
            cargo_home: rust.cargo_home.as_ref(),
            lockfile: rust.lockfile.as_ref(),
            isolation: words::CARGO,
        },
    }
}

fn detected(it: &around::Detected) -> Detected<'_> {
    Detected {
        name: &it.name,
        evidence: words::sign(it),
    }
}

fn verified(it: &Verification) -> Verified<'_> {
    let (agrees, fields) = match it {
        Verification::NoneToAsk | Verification::NotStarted | Verification::NotRun => {
            (None, [].as_slice())
        }
        Verification::Compared(fields) => (Some(it.agrees()), fields.as_slice()),
        _ => (Some(it.agrees()), [].as_slice()),
    };
    Verified {
        agrees,
        outcome: words::verification(it),
        fields,
    }
}
