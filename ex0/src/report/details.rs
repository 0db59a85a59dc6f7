//! What comes after the subject's lines? Our own sections about the Python and its environment.

use owo_colors::OwoColorize;

use super::page::Text;
use super::{Report, words};
use crate::site::UserSite;
use crate::support::escape;
use crate::verdict::{Answer, Running};

/// What was read, in the order in which Python looks.
pub fn because(text: &mut Text, answer: &Answer) {
    if answer.notes.trace.is_empty() {
        return;
    }
    text.heading("Because:");
    for event in &answer.notes.trace {
        text.line(format_args!("  {:<8} {}", event.reader, event.source));
        text.line(format_args!("           {}", event.said.dimmed()));
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
    let version = running.binary.version.as_ref();
    let version = version.map_or_else(|| "unknown".to_owned(), ToString::to_string);
    text.field(
        "version",
        format_args!("{version} ({})", running.binary.implementation),
    );
    text.field("built for", words::build(&running.binary.build));
    if let Some(why) = running.not_checked() {
        text.field("libraries", why);
    }
    text.field("sys.prefix", &running.site.prefix);
    text.field("sys.base_prefix", &running.base.prefix);
    if running.site.exec_prefix != running.site.prefix {
        text.field("sys.exec_prefix", &running.site.exec_prefix);
    }
}

/// The folders of packages, here and in the global Python.
pub fn packages(text: &mut Text, running: &Running) {
    text.heading("Package locations:");
    let inside = running.is_isolated();
    text.list(
        if inside { "environment" } else { "in use" },
        &running.site.site_packages,
    );
    text.list("global", &running.site.global_site_packages);
    text.list("PYTHONPATH", &running.python_path);
    let added = running.site.added.iter();
    text.list(
        "added",
        added.map(|it| format!("{} (by {})", it.folder, it.by)),
    );
    let user_site = match running.site.user_site {
        UserSite::On => "on: packages of `pip install --user` are visible",
        UserSite::Off => "off",
        UserSite::TwoUsers => "off: the real user or group is not the effective one",
        UserSite::SiteDoesNotRun => "unknown: site does not run",
    };
    text.field("user site", user_site);
    if let Some(reach) = running.environment.system_site_packages {
        match &running.site.seen_by {
            Some(by) => text.field("global packages", format_args!("visible too ({by})")),
            None if reach => text.field("global packages", "visible too (system-site-packages)"),
            None => text.field("global packages", "not visible"),
        }
    }
    let writable = match running.writable {
        Some(true) => "yes, you may write into its first folder of packages",
        Some(false) => "no, you may not write into its first folder of packages",
        None => "unknown",
    };
    text.field("writable", writable);
    let managed = if running.externally_managed {
        "marked as externally managed: pip refuses to install here, unless it is told otherwise"
    } else if inside {
        "pip ignores EXTERNALLY-MANAGED inside an environment"
    } else {
        "no file EXTERNALLY-MANAGED"
    };
    text.field("PEP 668", managed);
}

/// Which tool made the environment; for conda and pixi, whether it is active.
pub fn environment(text: &mut Text, report: &Report) {
    let Some(environment) = report.answer.environment() else {
        return;
    };
    text.heading("Kind:");
    text.field("kind", environment.kind);
    if let Some(managed) = &report.managed {
        text.line(format_args!(
            "  {} environment: {}",
            managed.kind, managed.name
        ));
        if !managed.in_force {
            text.line("  it is active in this shell, but the Python that starts is another one");
        }
    }
    if let Some(tool) = environment.asked_by {
        text.field("made for", tool);
    }
    if let Some(uv) = &environment.uv {
        let said = |it: bool| if it { "yes" } else { "no" };
        let (relocatable, seed) = (said(uv.relocatable), said(uv.seed));
        text.field(
            "uv",
            format_args!("relocatable: {relocatable}, seed: {seed}"),
        );
        if let Some(other) = &uv.extends_environment {
            text.field("extends", escape::text(other));
        }
    }
    let evidence = environment.evidence.iter().map(ToString::to_string);
    text.list("evidence", evidence.map(|it| escape::text(&it)));
}
