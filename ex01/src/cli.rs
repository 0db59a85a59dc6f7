//! Which flags are there?

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::faults::Trouble;
use crate::text;

const EXAMPLE: &str = "\
Example:
  loading --points 1e6 --seed 7 --output matrix.png

Exit codes: 0 done, 1 programs are missing or the answer is no, 2 could not find out";

/// The most points that `--points` accepts. They take days, but no more memory than a thousand points.
pub const MOST_POINTS: u64 = 1_000_000_000_000;

/// Checks its own dependencies, then simulates, analyses and plots Matrix data
#[derive(Debug, Parser)]
#[command(name = "loading", bin_name = "loading", version, after_help = EXAMPLE, allow_negative_numbers = true)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a command line is a list of switches"
)]
pub struct Args {
    /// How many points to simulate, 1 to 1e12, as `1e9` or `1_000_000` [default: 1000]
    #[arg(long, value_name = "N", value_parser = points)]
    pub points: Option<u64>,

    /// Where the random numbers start: same seed, same data
    #[arg(long, value_name = "N", default_value = "42", value_parser = seed)]
    pub seed: u64,

    /// Read CSV, JSON or Parquet instead of simulating: a file, a folder, a pattern, `-` (standard input) or an http(s) address
    #[arg(long, value_name = "FILE|URL")]
    pub source: Option<OsString>,

    /// Where the picture goes, `.png` or `.svg` [default: `matrix_analysis.png`]
    #[arg(short, long, value_name = "FILE", conflicts_with = "no_plot")]
    pub output: Option<PathBuf>,

    /// Draw no picture
    #[arg(long)]
    pub no_plot: bool,

    /// Write the data as Parquet too: one file, or numbered parts into a folder (`DIR/`)
    #[arg(long, value_name = "FILE|DIR/")]
    pub export: Option<PathBuf>,

    /// How many threads work; the results are the same for any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<u16>,

    /// How long a download may take, with all redirects and retries
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub timeout: Duration,

    /// The most bytes to take from a source, after decompression
    #[arg(long, value_name = "N", default_value = "1073741824", value_parser = bytes)]
    pub max_bytes: u64,

    /// Go on with simulated data, and say so, if the source cannot be read
    #[arg(long, requires = "source")]
    pub or_simulate: bool,

    /// Check the programs and nothing else; exit 1 unless every one is OK
    #[arg(long)]
    pub check: bool,

    /// Print one JSON object instead of the report
    #[arg(long)]
    pub json: bool,

    /// Print nothing on stdout; the exit code is the answer
    #[arg(short, long)]
    pub quiet: bool,

    /// When to use colour: `auto` asks the terminal, `NO_COLOR` and `CLICOLOR_FORCE`
    #[command(flatten)]
    pub color: colorchoice_clap::Color,
}

impl Args {
    /// Whether `--points` has no effect, because there is a source.
    pub fn ignores_points(&self) -> bool {
        self.points.is_some() && self.source.is_some() && !self.or_simulate
    }
}

/// What the command line asks for.
pub enum Call {
    /// The job, with these flags.
    Run(Args),
    /// Only a text: `--help` or `--version`.
    Show(String),
}

/// Reads the command line; an error says which flag is wrong.
pub fn parse(words: impl Iterator<Item = OsString>) -> Result<Call, Trouble> {
    let words: Vec<_> = words.collect();
    let error = match Args::try_parse_from(&words) {
        Ok(args) => return Ok(Call::Run(args)),
        Err(error) => error,
    };
    // clap quotes what was typed, so its message is about the same words without their secrets.
    let error = Args::try_parse_from(words.iter().map(|it| safe(it)))
        .err()
        .unwrap_or_else(|| clap::Error::new(error.kind()));
    let text = error.render().to_string();
    if !error.use_stderr() {
        return Ok(Call::Show(text));
    }
    // clap ends its message with the usage and a pointer to --help; our hint says both.
    let mut what = text.trim_start_matches("error: ");
    for end in ["\n\nUsage:", "\n\nFor more information"] {
        what = what.split(end).next().unwrap_or(what);
    }
    // clap puts a tip below its message, and a typed word may have line breaks. All of it becomes one line.
    let what: Vec<&str> = what.split_whitespace().collect();
    let what = what.join(" ").replace(" tip: ", "; ");
    Err(Trouble::Usage(what))
}

/// A whole number as people write it: `1000`, `1_000_000`, `1e9`, `2.5e3`.
fn whole(text: &str) -> Option<u64> {
    let digits = text.replace('_', "");
    let known = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+');
    if !text.starts_with(|c: char| c.is_ascii_digit()) || !digits.chars().all(known) {
        return None;
    }
    let (number, exponent) = digits.split_once(['e', 'E']).unwrap_or((&digits, "0"));
    let exponent: u32 = exponent.parse().ok()?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    // 2.50e3 is 25e2. No float is needed, which could not hold all numbers.
    let fraction = fraction.trim_end_matches('0');
    let places = exponent.checked_sub(u32::try_from(fraction.len()).ok()?)?;
    let value: u64 = (whole.to_owned() + fraction).parse().ok()?;
    value.checked_mul(10_u64.checked_pow(places)?)
}

/// `--points`: 1 to 10^12.
fn points(text: &str) -> Result<u64, String> {
    whole(text)
        .filter(|n| (1..=MOST_POINTS).contains(n))
        .ok_or_else(|| "expected a whole number from 1 to 1e12".to_owned())
}

/// `--seed`: any 64 bits.
fn seed(text: &str) -> Result<u64, String> {
    whole(text).ok_or_else(|| format!("expected a whole number from 0 to {}", u64::MAX))
}

/// `--threads`: 1 to 1024.
fn threads(text: &str) -> Result<u16, String> {
    let number = text.parse().ok().filter(|it| (1..=1024).contains(it));
    number.ok_or_else(|| "expected a whole number from 1 to 1024".to_owned())
}

/// `--max-bytes`: at least one.
fn bytes(text: &str) -> Result<u64, String> {
    whole(text)
        .filter(|n| *n > 0)
        .ok_or_else(|| "expected a whole number of bytes, 1 or more".to_owned())
}

/// `--timeout`: a fraction of a second to a day.
fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|s| (0.001..=86_400.0).contains(s))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "expected a number of seconds from 0.001 to 86400".to_owned())
}

/// A word of the command line without secrets. In `--flag=word`, the flag is not a part of it.
fn safe(word: &OsStr) -> OsString {
    let value = word.to_str().filter(|it| it.starts_with("--"));
    match value.and_then(|it| it.split_once('=')) {
        Some((flag, value)) if flag.chars().all(|c| c.is_ascii_alphabetic() || c == '-') => {
            format!("{flag}={}", text::safe(value.as_ref()).display()).into()
        }
        _ => text::safe(word).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory;
    use clap_complete::Shell;
    use snapbox::Data;
    use snapbox::data::DataFormat;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(points(text).ok(), expected, "{text}");
    }

    #[test]
    fn a_number_of_points_may_be_written_as_people_do() {
        check("1000", Some(1000));
        check("1_000_000", Some(1_000_000));
        check("1e9", Some(1_000_000_000));
        check("1E12", Some(MOST_POINTS));
        check("2.5e3", Some(2500));
        check("1e+3", Some(1000));
        check("2.50e1", Some(25));
        check("7.0", Some(7));
    }

    #[test]
    fn any_other_number_of_points_is_refused() {
        for text in [
            "0", "-1", "", "_", "e9", "1.5", "1e13", "1e-3", "nan", "inf", "0x10", "ten", "1 000",
            "+5", "1e999",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_seed_has_64_bits() {
        assert_eq!(seed("0").ok(), Some(0));
        assert_eq!(seed("18446744073709551615").ok(), Some(u64::MAX));
        assert_eq!(seed("1e16").ok(), Some(10_000_000_000_000_000));
        assert_eq!(seed("1.8446744073709551615e19").ok(), Some(u64::MAX));
        for text in [
            "-1",
            "18446744073709551616",
            "1e20",
            "1e99999999999",
            "1e1e1",
            "1.1.1e5",
            "1.e+-1",
            "0.5",
            "x",
            "",
        ] {
            let error = seed(text).unwrap_err();
            assert_eq!(
                error,
                "expected a whole number from 0 to 18446744073709551615"
            );
        }
    }

    #[test]
    fn a_timeout_is_a_positive_number_of_seconds() {
        assert_eq!(seconds("0.5").ok(), Some(Duration::from_millis(500)));
        for text in ["0", "-1", "nan", "inf", "1e9", "soon"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn clap_finds_no_mistake_in_the_flags() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_help_names_the_program_whatever_it_was_started_as() {
        for name in ["a\rb\nc", "a\u{202e}b", "-bash", ""] {
            match parse([name, "--help"].map(OsString::from).into_iter()) {
                Ok(Call::Show(text)) => assert!(text.contains("\nUsage: loading [OPTIONS]\n")),
                _ => panic!("no help for {name:?}"),
            }
        }
    }

    /// Compares a page with its file in `doc/`. `SNAPSHOTS=overwrite cargo test` writes the file.
    #[track_caller]
    fn check_page(name: &str, page: Vec<u8>) {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let page = String::from_utf8(page).unwrap();
        // A man page writes each hyphen with a backslash.
        let plain = page.replace(r"\-", "-");
        for flag in Args::command()
            .get_arguments()
            .filter_map(|it| it.get_long())
        {
            assert!(plain.contains(flag), "{name} lacks `--{flag}`:\n{page}");
        }
        // A student who does a task changes the flags, and need not write these files.
        if (1..=3).any(|task| here.join(format!("tests/task_{task}.rs")).exists()) {
            return;
        }
        let file = here.join("doc").join(name);
        snapbox::assert_data_eq!(page, Data::read_from(&file, Some(DataFormat::Text)).raw());
    }

    #[test]
    fn the_man_page_and_the_completions_follow_from_the_flags() {
        let mut command = Args::command();
        let mut page = Vec::new();
        clap_mangen::Man::new(command.clone())
            .render(&mut page)
            .unwrap();
        check_page("loading.1", page);
        for (shell, file) in [
            (Shell::Bash, "completions/loading.bash"),
            (Shell::Fish, "completions/loading.fish"),
            (Shell::Zsh, "completions/_loading"),
        ] {
            let mut page = Vec::new();
            clap_complete::generate(shell, &mut command, "loading", &mut page);
            check_page(file, page);
        }
    }
}
