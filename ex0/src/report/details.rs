//! What else is there to say? Our own sections, below the subject's lines: why, and everything around it.

use owo_colors::OwoColorize;

use super::page::Text;
use super::{Report, words};
use crate::around::{Claim, Commands, Surroundings, Truth};
use crate::finding::Warning;
use crate::support::escape;
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Kind, Running, Status, instructions};
use crate::verify::Verification;

/// What was consulted, in the order in which Python would have looked.
pub fn because(text: &mut Text, answer: &Answer) {
    text.heading("Because:");
    for event in &answer.notes.trace {
        text.line(format_args!(
            "  {:<8} {}",
            words::reader(event.reader),
            words::source(event).shown()
        ));
        text.line(format_args!("           {}", words::said(event).dimmed()));
    }
    if let Some(running) = answer.running() {
        let (sign, so) = if running.is_isolated() {
            ("!=", "a virtual environment")
        } else {
            ("==", "no virtual environment")
        };
        text.line(format_args!(
            "  so       sys.prefix {sign} sys.base_prefix: {so}"
        ));
    }
}

/// Version, build and prefixes.
pub fn interpreter(text: &mut Text, running: &Running) {
    text.heading("Interpreter:");
    let version = running.version.as_ref();
    let version = version.map_or_else(|| "unknown".to_owned(), ToString::to_string);
    let implementation = words::implementation(running.implementation);
    text.field("version", format_args!("{version} ({implementation})"));
    text.field("built for", words::build(running));
    if let Some(why) = running.not_checked {
        text.field("libraries", words::not_checked(why));
    }
    text.field("sys.prefix", running.prefix.shown());
    text.field("sys.base_prefix", running.base_prefix.shown());
    if running.exec_prefix != running.prefix {
        text.field("sys.exec_prefix", running.exec_prefix.shown());
    }
}

/// Where packages are, here and globally.
pub fn packages(text: &mut Text, running: &Running) {
    text.heading("Package locations:");
    let inside = running.is_isolated();
    text.paths(
        if inside { "environment" } else { "in force" },
        &running.site_packages,
    );
    text.paths("global", &running.global_site_packages);
    text.paths("PYTHONPATH", &running.python_path);
    let user_site = match running.user_site {
        Some(true) => "on: packages of `pip install --user` are in reach",
        Some(false) => "off",
        None => "unknown: site does not run",
    };
    text.field("user site", user_site);
    if let Some(reach) = running.environment.system_site_packages {
        let reach = if reach {
            "in reach (system-site-packages)"
        } else {
            "out of reach"
        };
        text.field("global packages", reach);
    }
    let writable = match running.writable {
        Some(true) => "yes, by you",
        Some(false) => "no: you may not install there",
        None => "unknown",
    };
    text.field("writable", writable);
    let managed = if running.externally_managed {
        "externally managed: pip refuses to install here"
    } else if inside {
        "the mark never counts inside an environment"
    } else {
        "no mark"
    };
    text.field("PEP 668", managed);
}

/// Kind and creator; of conda's and pixi's, that it is active.
pub fn environment(text: &mut Text, report: &Report, world: &World) {
    let Some(environment) = report.answer.environment() else {
        return;
    };
    text.heading("Kind:");
    text.field("kind", words::kind(environment.kind));
    if let (Kind::Conda | Kind::Pixi, Some(name)) = (environment.kind, &environment.name) {
        let name = world
            .set("CONDA_DEFAULT_ENV")
            .filter(|_| is_conda_active(report))
            .unwrap_or(name);
        text.line(format_args!(
            "  {} environment: {}",
            words::kind(environment.kind),
            name.basename().shown()
        ));
    }
    if let Some(tool) = environment.asked_by {
        text.field("asked for by", tool);
    }
    if let Some(uv) = &environment.uv {
        let said = |it: bool| if it { "yes" } else { "no" };
        text.field(
            "uv",
            format_args!(
                "relocatable: {}, seed: {}",
                said(uv.relocatable),
                said(uv.seed)
            ),
        );
        if let Some(other) = &uv.extends_environment {
            text.field("extends", escape::text(other));
        }
    }
    for (at, evidence) in environment.evidence.iter().enumerate() {
        let name = if at == 0 { "evidence" } else { "" };
        text.field(name, escape::text(&words::evidence(evidence)));
    }
}

/// Is a conda environment the one in force, by its own variable?
fn is_conda_active(report: &Report) -> bool {
    report
        .claims
        .iter()
        .any(|it| it.name == "CONDA_PREFIX" && it.verdict == Truth::Agrees)
}

/// What the three names start.
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

/// What the variables say, and what that is worth.
pub fn claims(text: &mut Text, claims: &[Claim]) {
    if claims.is_empty() {
        return;
    }
    text.heading("Claims:");
    for claim in claims {
        let value = claim.value.as_ref();
        let value = value.map_or_else(|| "not set".to_owned(), |it| format!("= {}", it.shown()));
        text.line(format_args!("  {} {value}", claim.name));
        let (verdict, meaning) = (words::truth(claim.verdict), words::meaning(claim));
        if claim.verdict == Truth::Agrees {
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

/// What a person should know.
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

/// What else the process runs in.
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
        None => text.field("Rust toolchain", "none found that rustup would choose"),
    }
    let shown = |path: &Option<PyPath>, none: &str| {
        path.as_ref().map_or_else(|| none.to_owned(), PyPath::shown)
    };
    text.field("CARGO_HOME", shown(&rust.cargo_home, "none found"));
    text.field("Cargo.lock", shown(&rust.lockfile, "none in reach"));
    // One sentence, on two lines.
    text.line(format_args!(
        "  {}",
        words::CARGO.replace(", and they", ",\n  and they")
    ));
}

/// Our answer and Python's, side by side.
pub fn verified(text: &mut Text, verification: &Verification) {
    text.heading("Verified by running it:");
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

/// What to type next: to leave what was entered, or to enter.
pub fn next(text: &mut Text, report: &Report, world: &World) {
    let answer = &report.answer;
    let Some(running) = answer.running() else {
        return;
    };
    let agrees = |name: &str| {
        report
            .claims
            .iter()
            .any(|it| it.name == name && it.verdict == Truth::Agrees)
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
    if agrees("PIXI_IN_SHELL") {
        lines.push(("leave pixi", "exit".to_owned()));
    } else if agrees("CONDA_PREFIX") && !agrees("VIRTUAL_ENV") {
        lines.push(("leave conda", "conda deactivate".to_owned()));
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
