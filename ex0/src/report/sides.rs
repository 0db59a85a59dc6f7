//! What is shown after the answer? Commands, claims, warnings, the surroundings, and what to type next.

use owo_colors::OwoColorize;

use super::page::{Text, path_or};
use super::{Report, words};
use crate::around::{Claim, Commands, Surroundings, Truth};
use crate::finding::Warning;
use crate::lookup::Found;
use crate::support::escape;
use crate::support::shell::{Shell, quoted};
use crate::support::{PyPath, World};
use crate::verdict::{
    Kind, Leave, VenvModule, activation, conda_command, find_tool, leave, no_place,
};
use crate::verify::Verification;

/// What `python3`, `python` and `pip` start.
pub fn commands(text: &mut Text, commands: Option<&Commands>) {
    let Some(commands) = commands else { return };
    text.heading("Commands:");
    let shown = |it: &Option<PyPath>| path_or(it.as_ref(), "not on PATH");
    text.field("python3", shown(&commands.python3));
    text.field("python", shown(&commands.python));
    let pip = shown(&commands.pip);
    let so = match commands.pip_starts {
        Some(true) => "installs for",
        Some(false) => "cannot start: it is a script for",
        None => "a script for",
    };
    match &commands.pip_python {
        Some(python) => text.field("pip", format_args!("{pip} ({so} {python})")),
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
        let value = value.map_or_else(|| "not set".to_owned(), |it| format!("= {it}"));
        text.line(format_args!("  {} {value}", claim.name));
        let (truth, meaning) = (claim.truth, &claim.meaning);
        if truth == Truth::Agrees {
            text.line(format_args!("    {}: {meaning}", truth.green()));
        } else {
            text.line(format_args!("    {}: {meaning}", truth.yellow()));
        }
        let hint = &claim.hint;
        if let Some(effect) = &hint.effect {
            text.line(format_args!("    {effect}"));
        }
        if let Some(command) = &hint.command {
            let command = escape::text(command);
            text.line(format_args!("    {} {command}", "hint:".cyan()));
        }
        if let Some(other) = &hint.activates {
            text.line(format_args!(
                "    its activate script names {other}: this environment was moved or copied"
            ));
        }
        if hint.path_is_replaced {
            text.line("    its activate script does not work: this shell changes the path in it");
        }
        if hint.for_other_shells {
            text.line("    its activate script works only in bash, zsh and ksh, not in this shell");
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
        text.line(format_args!("  {} {warning}", "[WARN]".yellow()));
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
            Some(it) => {
                let found = escape::text(&it.name.to_string());
                text.field(name, format_args!("{found} ({})", it.sign));
            }
            None => text.field(name, "none found"),
        }
    }
    let rust = &around.rust;
    let by_cargo = if rust.started_by_cargo { "yes" } else { "no" };
    text.field("started by cargo", by_cargo);
    match &rust.toolchain {
        Some(it) => {
            let name = escape::text(it.name.as_deref().unwrap_or("unknown"));
            text.field("Rust toolchain", format_args!("{name} ({})", it.reason));
        }
        None => text.field("Rust toolchain", "no rustup toolchain found"),
    }
    text.field("CARGO_HOME", path_or(rust.cargo_home.as_ref(), "unknown"));
    text.field("Cargo.lock", path_or(rust.lockfile.as_ref(), "none found"));
    for line in words::CARGO {
        text.line(format_args!("  {line}"));
    }
}

/// Our answer and Python's.
pub fn verified(text: &mut Text, verification: &Verification) {
    text.heading("Python's own answer:");
    if let Verification::Compared(fields) = verification {
        for field in fields {
            if field.agrees {
                text.line(format_args!("  {} {}", "[OK]".green(), field.name));
            } else {
                text.line(format_args!("  {} {}", "[FAIL]".red(), field.name));
            }
            text.list("  we say", &field.ours);
            text.list("  Python says", &field.python);
        }
    }
    let outcome = escape::text(&verification.to_string());
    text.line(format_args!("  {outcome}"));
}

/// The name of the environment in the instructions.
const NAME: &str = "matrix_env";

/// The command that makes an environment with the Python that was asked about: one of this tool, or `python -m venv`.
fn create(tool: Option<&str>, venv: VenvModule, started: &Found) -> Option<String> {
    if let Some(tool) = tool {
        // virtualenv reads `python3` as a version, and takes any Python that has it.
        let python = quoted(&started.file)?;
        return Some(format!("{tool} {NAME} --python {python}"));
    }
    let option = match venv {
        VenvModule::Complete => "",
        VenvModule::WithoutPip => "--without-pip ",
        VenvModule::Missing => return None,
    };
    let python = quoted(&started.argv0)?;
    Some(format!("{python} -m venv {option}{NAME}"))
}

/// Shows how to create, activate and leave an environment, or why this Python cannot make one here.
fn enter(text: &mut Text, venv: VenvModule, stdlib: &PyPath, started: &Found, world: &World) {
    let shell = Shell::at_hand(world);
    // `python -m venv` writes no script for some shells, but other tools do.
    let tools = [("uv", " venv"), ("virtualenv", "")].into_iter();
    let mut fitting = tools.filter(|_| !shell.is_known_to_venv());
    let other = fitting.find_map(|(name, verb)| Some(find_tool(name, None, world)?.word + verb));
    let create = create(other.as_deref(), venv, started);
    let create = create.and_then(|it| shell.spelled(it));
    let no_place = create
        .as_ref()
        .and_then(|_| no_place(NAME, Some(stdlib).filter(|_| other.is_none()), shell, world));
    if let Some(why) = &no_place {
        text.line(format_args!(
            "  to make an environment, go to another folder: {why}"
        ));
    }
    if let Some(lacks) = words::venv(venv) {
        text.line(format_args!("  {lacks}"));
    }
    let Some(create) = create.filter(|_| no_place.is_none()) else {
        return;
    };
    text.command("create", &create);
    if other.is_none() && !shell.is_known_to_venv() {
        text.command("start its Python", &format!("{NAME}/bin/python3"));
        return;
    }
    if let Some(activation) = activation(&NAME.into(), shell) {
        text.command("activate", &activation);
    }
    text.command("leave again", "deactivate");
}

/// What to type next: how to enter an environment, or how to leave it.
pub fn next(text: &mut Text, report: &Report, world: &World) {
    let answer = &report.answer;
    let (Some(running), Some(started)) = (answer.running(), &answer.started) else {
        return;
    };
    let mut next = Text::default();
    let mut claims = report.claims.iter();
    let activated = claims.any(|it| it.name == "VIRTUAL_ENV" && it.truth == Truth::Agrees);
    let active = world.non_empty("VIRTUAL_ENV").filter(|_| activated);
    if let Some(venv) = running.venv {
        enter(&mut next, venv, &running.base.stdlib, started, world);
    } else if let Some(active) = active {
        match leave(active, world) {
            Leave::Deactivate => next.command("leave", "deactivate"),
            Leave::NotKnown | Leave::Inherited => next.field(
                "leave",
                format_args!("{}, if activate ran in this shell", "deactivate".cyan()),
            ),
            Leave::Never => {}
        }
    }
    match &report.managed {
        Some(it) if it.kind == Kind::Pixi && it.active => next.command("leave pixi", "exit"),
        Some(it) if it.active && !activated => {
            let command = format!("{} deactivate", conda_command(world));
            next.command("leave conda", &command);
        }
        _ => {}
    }
    if !next.0.is_empty() {
        text.heading("Next:");
        text.0 += &next.0;
    }
}
