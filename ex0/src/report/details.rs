//! What else is there to say? Our own sections, below the subject's lines: why, and everything around it.

use owo_colors::OwoColorize;

use super::page::{Text, shown};
use crate::around::{Claim, Surroundings, Truth};
use crate::support::PyPath;
use crate::support::escape;
use crate::support::version::Implementation;
use crate::verdict::instructions;
use crate::verdict::{Answer, Kind, Status};
use crate::verify::Verification;

/// What was consulted, in the order in which Python would have looked.
pub fn because(text: &mut Text, answer: &Answer) {
    text.heading("Because:");
    for note in &answer.trace {
        text.line(format_args!("  {:<8} {}", note.reader, note.path.shown()));
        text.line(format_args!(
            "           {}",
            escape::text(&note.said).dimmed()
        ));
    }
    if let (Some(prefix), Some(base)) = (&answer.prefix, &answer.base_prefix) {
        let (sign, so) = if prefix == base {
            ("==", "no virtual environment")
        } else {
            ("!=", "a virtual environment")
        };
        text.line(format_args!(
            "  so       sys.prefix {sign} sys.base_prefix: {so}"
        ));
    }
}

/// Version and prefixes.
pub fn interpreter(text: &mut Text, answer: &Answer) {
    text.heading("Interpreter:");
    let implementation = match answer.implementation {
        Some(Implementation::Cpython) => "CPython",
        Some(Implementation::Pypy) => "PyPy",
        None => "unknown implementation",
    };
    let version = answer
        .version
        .as_ref()
        .map_or_else(|| "unknown".to_owned(), ToString::to_string);
    text.field("version", format_args!("{version} ({implementation})"));
    text.field("sys.prefix", shown(answer.prefix.as_ref()));
    text.field("sys.base_prefix", shown(answer.base_prefix.as_ref()));
    if answer.exec_prefix != answer.prefix {
        text.field("sys.exec_prefix", shown(answer.exec_prefix.as_ref()));
    }
}

/// Where packages are, here and globally.
pub fn packages(text: &mut Text, answer: &Answer) {
    text.heading("Package locations:");
    let inside = answer.status == Status::Isolated;
    text.paths(
        if inside { "environment" } else { "in force" },
        answer.site_packages.as_deref().unwrap_or_default(),
    );
    text.paths(
        "global",
        answer.global_site_packages.as_deref().unwrap_or_default(),
    );
    let user_site = match answer.user_site {
        Some(true) => "on: packages of `pip install --user` are in reach",
        Some(false) => "off",
        None => "unknown: site does not run",
    };
    text.field("user site", user_site);
    if let Some(reach) = answer
        .environment
        .as_ref()
        .and_then(|it| it.system_site_packages)
    {
        text.field(
            "global packages",
            if reach {
                "in reach (system-site-packages)"
            } else {
                "out of reach"
            },
        );
    }
    let managed = match answer.externally_managed {
        Some(true) => "externally managed: pip refuses to install here",
        _ if inside => "the mark never counts inside an environment",
        _ => "no mark",
    };
    text.field("PEP 668", managed);
}

/// Kind and creator.
pub fn environment(text: &mut Text, answer: &Answer) {
    let Some(environment) = &answer.environment else {
        return;
    };
    text.heading("Kind:");
    let kind = match environment.kind {
        Kind::Venv => "venv (python -m venv)",
        Kind::Virtualenv => "virtualenv",
        Kind::Uv => "uv",
        Kind::Poetry => "Poetry",
        Kind::Pipenv => "pipenv",
        Kind::Pdm => "PDM",
        Kind::Conda => "conda",
        Kind::Pixi => "pixi",
        Kind::Pyenv => "global, built by pyenv",
        Kind::System => "global, the system's or installed by hand",
    };
    text.field("kind", kind);
    for (at, evidence) in environment.evidence.iter().enumerate() {
        text.field(
            if at == 0 { "evidence" } else { "" },
            escape::text(evidence),
        );
    }
}

/// What the variables say, and what that is worth.
pub fn claims(text: &mut Text, claims: &[Claim]) {
    if claims.is_empty() {
        return;
    }
    text.heading("Claims:");
    for claim in claims {
        let value = claim
            .value
            .as_ref()
            .map_or_else(|| "not set".to_owned(), |it| format!("= {}", it.shown()));
        let verdict = claim.verdict.words();
        text.line(format_args!("  {} {value}", claim.name));
        match claim.verdict {
            Truth::Agrees => text.line(format_args!("    {}: {}", verdict.green(), claim.meaning)),
            _ => text.line(format_args!("    {}: {}", verdict.yellow(), claim.meaning)),
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
pub fn warnings(text: &mut Text, warnings: &[String]) {
    if warnings.is_empty() {
        return;
    }
    text.heading("Warnings:");
    for warning in warnings {
        text.line(format_args!(
            "  {} {}",
            "[WARN]".yellow(),
            escape::text(warning)
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
        let said = finding.as_ref().map_or_else(
            || "none found".to_owned(),
            |it| {
                format!(
                    "{} ({})",
                    escape::text(&it.name),
                    escape::text(&it.evidence)
                )
            },
        );
        text.field(name, said);
    }
    let rust = &around.rust;
    text.field(
        "started by cargo",
        if rust.started_by_cargo { "yes" } else { "no" },
    );
    match &rust.toolchain {
        Some(toolchain) => text.field(
            "Rust toolchain",
            format_args!(
                "{} ({})",
                escape::text(&toolchain.name),
                escape::text(&toolchain.reason)
            ),
        ),
        None => text.field("Rust toolchain", "none found that rustup would choose"),
    }
    text.field(
        "CARGO_HOME",
        rust.cargo_home
            .as_ref()
            .map_or_else(|| "none found".to_owned(), PyPath::shown),
    );
    text.field(
        "Cargo.lock",
        rust.lockfile
            .as_ref()
            .map_or_else(|| "none in reach".to_owned(), PyPath::shown),
    );
    // One sentence, on two lines.
    text.line(format_args!(
        "  {}",
        rust.isolation.replace(", and they", ",\n  and they")
    ));
}

/// Our answer and Python's, side by side.
pub fn verified(text: &mut Text, verification: &Verification) {
    text.heading("Verified by running it:");
    for field in &verification.fields {
        let tag = if field.agrees {
            format!("{}", "[OK]".green())
        } else {
            format!("{}", "[FAIL]".red())
        };
        text.line(format_args!("  {tag} {}", field.name));
        text.paths("  we say", &field.ours);
        text.paths("  Python says", &field.python);
    }
    text.line(format_args!("  {}", escape::text(&verification.outcome)));
}

/// What to type next.
pub fn next(text: &mut Text, answer: &Answer, shell: Option<&PyPath>) {
    let lines = match answer.status {
        Status::Isolated => instructions::to_leave(),
        Status::Global => instructions::to_enter(shell),
        Status::Broken | Status::NoPython | Status::Unknown => return,
    };
    text.heading("Next:");
    for (what, command) in lines {
        text.field(what, command.cyan());
    }
}
