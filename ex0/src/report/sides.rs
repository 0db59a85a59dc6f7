//! What is shown after the answer? Commands, claims, warnings, the surroundings, and what to type next.

use owo_colors::OwoColorize;

use super::page::Text;
use super::{Report, words};
use crate::around::{Claim, Commands, Surroundings, Truth};
use crate::finding::Warning;
use crate::support::escape;
use crate::support::{PyPath, World};
use crate::verdict::{Kind, Status, instructions};
use crate::verify::Verification;

/// What `python3`, `python` and `pip` start.
pub fn commands(text: &mut Text, commands: Option<&Commands>) {
    let Some(commands) = commands else { return };
    text.heading("Commands:");
    let shown = |it: &Option<PyPath>| {
        it.as_ref()
            .map_or_else(|| "not on PATH".to_owned(), PyPath::shown)
    };
    text.field("python3", shown(&commands.python3));
    text.field("python", shown(&commands.python));
    let pip = shown(&commands.pip);
    match &commands.pip_python {
        Some(python) => text.field(
            "pip",
            format_args!("{pip} (installs for {})", python.shown()),
        ),
        None => text.field("pip", pip),
    }
}

/// What the variables claim, and whether it is true.
pub fn claims(text: &mut Text, claims: &[Claim]) {
    if claims.is_empty() {
        return;
    }
    text.heading("Claims:");
    for claim in claims {
        let value = claim.value.as_ref();
        let value = value.map_or_else(|| "not set".to_owned(), |it| format!("= {}", it.shown()));
        text.line(format_args!("  {} {value}", claim.name));
        let (verdict, meaning) = (words::truth(claim.truth), words::meaning(claim));
        if claim.truth == Truth::Agrees {
            text.line(format_args!("    {}: {meaning}", verdict.green()));
        } else {
            text.line(format_args!("    {}: {meaning}", verdict.yellow()));
        }
        if let Some(hint) = &claim.hint {
            text.line(format_args!(
                "    {} {}",
                "hint:".cyan(),
                escape::text(hint)
            ));
        }
    }
}

/// What the user should know.
pub fn warnings<'a>(text: &mut Text, warnings: impl Iterator<Item = &'a Warning>) {
    let mut warnings = warnings.peekable();
    if warnings.peek().is_none() {
        return;
    }
    text.heading("Warnings:");
    for warning in warnings {
        text.line(format_args!(
            "  {} {}",
            "[WARN]".yellow(),
            words::warning(warning)
        ));
    }
}

/// What surrounds the process.
pub fn surroundings(text: &mut Text, around: &Surroundings) {
    text.heading("Surroundings:");
    text.field("system", around.system);
    let findings = [
        ("container", &around.container),
        ("CI", &around.ci),
        ("WSL", &around.wsl),
        ("Nix", &around.nix),
        ("SSH", &around.ssh),
    ];
    for (name, finding) in findings {
        match finding {
            Some(it) => text.field(
                name,
                format_args!("{} ({})", escape::text(&it.name), words::sign(it)),
            ),
            None => text.field(name, "none found"),
        }
    }
    let rust = &around.rust;
    let by_cargo = if rust.started_by_cargo { "yes" } else { "no" };
    text.field("started by cargo", by_cargo);
    match &rust.toolchain {
        Some(it) => {
            let (name, reason) = (escape::text(&it.name), words::reason(&it.reason));
            text.field("Rust toolchain", format_args!("{name} ({reason})"));
        }
        None => text.field("Rust toolchain", "no rustup toolchain found"),
    }
    let shown = |path: &Option<PyPath>, none: &str| {
        path.as_ref().map_or_else(|| none.to_owned(), PyPath::shown)
    };
    text.field("CARGO_HOME", shown(&rust.cargo_home, "none found"));
    text.field("Cargo.lock", shown(&rust.lockfile, "none found"));
    // One sentence, on two lines.
    text.line(format_args!(
        "  {}",
        words::CARGO.replace(", and they", ",\n  and they")
    ));
}

/// Our answer and Python's.
pub fn verified(text: &mut Text, verification: &Verification) {
    text.heading("Python's own answer:");
    if let Verification::Compared(fields) = verification {
        for field in fields {
            let tag = if field.agrees {
                format!("{}", "[OK]".green())
            } else {
                format!("{}", "[FAIL]".red())
            };
            text.line(format_args!("  {tag} {}", field.name));
            text.paths("  we say", &field.ours);
            text.paths("  Python says", &field.python);
        }
    }
    text.line(format_args!(
        "  {}",
        escape::text(&words::verification(verification))
    ));
}

/// What to type next: how to enter an environment, or how to leave it.
pub fn next(text: &mut Text, report: &Report, world: &World) {
    let answer = &report.answer;
    let Some(running) = answer.running() else {
        return;
    };
    let agrees = |name: &str| {
        report
            .claims
            .iter()
            .any(|it| it.name == name && it.truth == Truth::Agrees)
    };
    let mut lines: Vec<(&str, String)> = Vec::new();
    if answer.status() == Status::Isolated {
        if agrees("VIRTUAL_ENV") {
            lines.push(("leave", "deactivate".to_owned()));
        }
    } else {
        lines.extend(
            running
                .venv
                .map(|it| instructions::to_enter(it, world))
                .unwrap_or_default(),
        );
    }
    match &report.managed {
        Some(it) if it.kind == Kind::Pixi && it.active => {
            lines.push(("leave pixi", "exit".to_owned()));
        }
        Some(it) if it.active && !agrees("VIRTUAL_ENV") => {
            lines.push(("leave conda", "conda deactivate".to_owned()));
        }
        _ => {}
    }
    let lacks = running.venv.and_then(words::venv);
    if lines.is_empty() && lacks.is_none() {
        return;
    }
    text.heading("Next:");
    if let Some(lacks) = lacks {
        text.line(format_args!("  {lacks}"));
    }
    for (what, command) in lines {
        text.field(what, command.cyan());
    }
}
