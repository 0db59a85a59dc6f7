//! What do pip, Poetry and Cargo promise to the next person who installs?

use owo_colors::OwoColorize;

use crate::programs::{Counts, Manager};
use crate::text::line;

/// pip, Poetry and Cargo side by side.
pub fn comparison(managers: &[Manager]) -> String {
    let heading = "Package managers, and what their files pin down:".bold();
    let mut text = format!("\n{heading}\n");
    text += "          files                        names pinned hashes markers\n";
    for it in managers {
        let files = it.files.join(" + ");
        let count = it.counts;
        line(
            &mut text,
            format_args!(
                "  {:<7} {files:<28} {:>5} {:>6} {:>6} {:>7}",
                it.name, count.names, count.pinned, count.hashes, count.markers
            ),
        );
    }
    text += "\n  names: libraries asked for by name; pinned: packages with one exact version\n";
    text += "  hashes: SHA-256 sums of the files; markers: pins for some systems only\n\n";
    for it in managers {
        let promise = promise(it.counts);
        line(&mut text, format_args!("  {:<7} gives {promise}", it.name));
        line(&mut text, format_args!("          {}", it.install.cyan()));
    }
    text
}

/// What the next person gets who installs from the same files.
pub fn promise(count: Counts) -> &'static str {
    let (pinned, hashes) = (count.pinned, count.hashes);
    if pinned == 0 {
        "no fixed version: whatever is newest today"
    } else if pinned < count.names {
        "some versions, and whatever is newest today for the rest"
    } else if hashes == 0 {
        "the same versions, from a trusted index"
    } else if hashes < pinned {
        "the same versions, some of them verified"
    } else if pinned == count.names {
        "the same versions, verified, of what is named"
    } else if hashes == pinned {
        "the same source code, verified, everywhere"
    } else {
        "the same versions, verified, one file per system"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::compare_managers;

    #[track_caller]
    fn check((names, pinned, hashes): (usize, usize, usize), expected: &str) {
        let counts = Counts {
            names,
            pinned,
            twice: 0,
            hashes,
            markers: 0,
        };
        assert_eq!(promise(counts), expected);
    }

    #[test]
    fn a_promise_follows_from_the_counts() {
        check((2, 0, 0), "no fixed version: whatever is newest today");
        check(
            (2, 1, 0),
            "some versions, and whatever is newest today for the rest",
        );
        check((1, 1, 0), "the same versions, from a trusted index");
        check((2, 2, 1), "the same versions, some of them verified");
        check((1, 1, 2), "the same versions, verified, of what is named");
    }

    #[test]
    fn the_shipped_files_show_the_difference() {
        let promises = compare_managers().map(|it| promise(it.counts));
        let expected = [
            "no fixed version: whatever is newest today",
            "the same versions, verified, one file per system",
            "the same source code, verified, everywhere",
        ];
        assert_eq!(promises, expected);
    }
}
