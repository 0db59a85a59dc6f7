//! What do pip, Poetry and Cargo promise to the next person who installs?

use owo_colors::OwoColorize;

use crate::programs::{Manager, Promise};
use crate::text::line;

/// pip, Poetry and Cargo side by side.
pub fn comparison(managers: &[Manager]) -> String {
    let mut text = format!(
        "\n{}\n",
        "Package managers, and what their files pin down:".bold()
    );
    line(
        &mut text,
        format_args!(
            "  {:<7} {:<28} {:>5} {:>6} {:>6} {:>7}",
            "", "files", "names", "pinned", "hashes", "markers"
        ),
    );
    for it in managers {
        let files = it.files.join(" + ");
        line(
            &mut text,
            format_args!(
                "  {:<7} {files:<28} {:>5} {:>6} {:>6} {:>7}",
                it.name, it.names, it.pinned, it.hashes, it.markers
            ),
        );
    }
    text += "\n  names: libraries asked for by name; pinned: packages with one exact version\n";
    text += "  hashes: SHA-256 sums of the files; markers: pins for some systems only\n\n";
    for it in managers {
        line(
            &mut text,
            format_args!("  {:<7} gives {}", it.name, promise(it.promise)),
        );
        line(&mut text, format_args!("          {}", it.install.cyan()));
    }
    text
}

/// What the next person gets.
pub fn promise(promise: Promise) -> &'static str {
    match promise {
        Promise::Nothing => "no fixed version: whatever is newest today",
        Promise::SomeVersions => "some versions, and whatever is newest today for the rest",
        Promise::Versions => "the same versions, from a trusted index",
        Promise::SomeVerified => "the same versions, some of them verified",
        Promise::NamedVerified => "the same versions, verified, of what is named",
        Promise::SameSource => "the same source code, verified, everywhere",
        Promise::FilePerSystem => "the same versions, verified, one file per system",
    }
}
