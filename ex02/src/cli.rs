//! Which flags are there?

use std::ffi::OsString;
use std::time::Duration;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::exit::{Misuse, Trouble};
use crate::variables::{SPECS, Spec, named, resembling};

/// Shown below the flags by `--help`.
fn example() -> String {
    let names = SPECS.each_ref().map(|it| it.name);
    format!(
        "\
Example:
  oracle --check && ./start-the-service

Variables:  {}
Exit codes: 0 done, 1 --check found a problem, 2 could not find out,
            78 configuration refused (production)",
        names.join(", ")
    )
}

/// Loads, validates, explains and guards configuration; secrets never leak
#[derive(Debug, Parser)]
#[command(name = "oracle", bin_name = "oracle", version, after_help = example())]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that a person types, in any combination"
)]
pub struct Args {
    /// Exit with 1 on any warning or failure (78 when production refuses)
    #[arg(long)]
    pub check: bool,

    /// Also contact a database and an endpoint on another machine
    #[arg(long)]
    pub probe: bool,

    /// How long all connections together may take
    #[arg(long, value_name = "SECONDS", default_value = "3", value_parser = seconds)]
    pub timeout: Duration,

    /// Show every place that can set this variable, and which one wins
    #[arg(long, value_name = "NAME", value_parser = known)]
    pub explain: Option<&'static Spec>,

    /// Search every object of the repository for secrets, not only today's files
    #[arg(long)]
    pub history: bool,

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

/// What the command line asks for.
pub enum Call {
    /// The job, with these flags.
    Run(Args),
    /// Only a text: `--help` or `--version`.
    Show(String),
}

/// Reads the command line. An error says which flag is wrong.
pub fn parse(words: impl Iterator<Item = OsString>) -> Result<Call, Trouble> {
    match Args::try_parse_from(words) {
        Ok(args) => Ok(Call::Run(args)),
        Err(error) if !error.use_stderr() => Ok(Call::Show(error.render().to_string())),
        Err(error) => Err(usage(&error)),
    }
}

/// The flags, as clap names them.
const FLAGS: [&str; 8] = [
    "--check",
    "--probe",
    "--timeout <SECONDS>",
    "--explain <NAME>",
    "--history",
    "--json",
    "--quiet",
    "--color <WHEN>",
];

/// What is wrong with the command line. It repeats nothing that the user typed: somebody may type a
/// key where a flag or its value belongs.
fn usage(error: &clap::Error) -> Trouble {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let ours = |text: &str| FLAGS.into_iter().find(|it| *it == text);
    // A word after `--` is no flag, though it looks like one.
    let is_flag = error.kind() != ErrorKind::UnknownArgument;
    let flag = context(ContextKind::InvalidArg).filter(|_| is_flag);
    let Some(flag) = flag.and_then(ours) else {
        let meant = context(ContextKind::SuggestedArg);
        let meant = meant.and_then(|text| FLAGS.into_iter().find(|it| it.starts_with(text)));
        let meant = meant.and_then(|it| it.split(' ').next());
        return Trouble::UnknownArgument(meant);
    };
    let misuse = match error.kind() {
        ErrorKind::ArgumentConflict => Misuse::Twice,
        ErrorKind::TooManyValues => Misuse::TakesNoValue,
        ErrorKind::ValueValidation if flag.starts_with("--timeout") => Misuse::NoSeconds,
        ErrorKind::ValueValidation => {
            let typed = context(ContextKind::InvalidValue).unwrap_or_default();
            Misuse::UnknownName(resembling(typed).map(|it| it.name))
        }
        ErrorKind::InvalidValue if flag.starts_with("--color") => Misuse::NoColor,
        _ => Misuse::ValueMissing,
    };
    Trouble::Flag(flag, misuse)
}

/// A number of seconds, such as `0.5`: more than 0, at most ten minutes.
fn seconds(word: &str) -> Result<Duration, &'static str> {
    match word.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 600.0 => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("no number of seconds"),
    }
}

/// One of the five variables by its exact name.
fn known(word: &str) -> Result<&'static Spec, &'static str> {
    named(word).ok_or("no such variable")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory;
    use clap_complete::Shell;
    use snapbox::Data;
    use snapbox::data::DataFormat;

    use super::*;
    use crate::report::said_of_trouble;

    /// A wrong command line gives this message.
    #[track_caller]
    fn check(words: &[&str], expected: &str) {
        let words = ["oracle"].iter().chain(words).map(OsString::from);
        match parse(words) {
            Err(trouble) => assert_eq!(said_of_trouble(&trouble).0.plain(), expected),
            Ok(_) => panic!("accepted"),
        }
    }

    #[test]
    fn a_usage_error_never_repeats_a_word_that_may_be_a_secret() {
        let names = "MATRIX_MODE, DATABASE_URL, API_KEY, LOG_LEVEL, ZION_ENDPOINT";
        check(
            &["--explain", "51HxQzT9bWmK3vLp8RyN4cD7e"],
            &format!("`--explain <NAME>`: no such variable; expected one of {names}"),
        );
        check(
            &["--explain", "API_KEYS"],
            "`--explain <NAME>`: no such variable; did you mean `API_KEY`?",
        );
        check(
            &["51HxQzT9bWmK3vLp8RyN4cD7e"],
            "unexpected argument (not repeated: it may be a secret)",
        );
        check(&["--explain"], "`--explain <NAME>`: a value must follow");
        check(&["--json=51HxQzT9bWmK"], "`--json`: takes no value");
        check(
            &["--color", "51HxQzT9bWmK"],
            "`--color <WHEN>`: expected one of auto, always, never",
        );
        let unexpected = "unexpected argument (not repeated: it may be a secret)";
        for word in ["--jsno", "--Wh1teR4bb1t", "-W", "--Wh1teR4bb1t=x", "--=x"] {
            check(&[word], unexpected);
        }
        // After `--`, nothing is a flag.
        for word in ["--json", "--check", "--history", "--help", "--timeout", "x"] {
            check(&["--", word], unexpected);
        }
        check(&["--check", "--check"], "`--check`: given twice");
        check(&["--timeout"], "`--timeout <SECONDS>`: a value must follow");
        check(
            &["--timeout", "never"],
            "`--timeout <SECONDS>`: expected a number of seconds above 0, 600 at most",
        );
    }

    #[test]
    fn every_flag_is_known_by_the_name_that_clap_gives_it() {
        let mut command = Args::command();
        command.build();
        let names: Vec<String> = command.get_arguments().map(ToString::to_string).collect();
        // `--help` and `--version` take no value, so they are never wrong.
        assert_eq!(names[..FLAGS.len()], FLAGS);
    }

    #[test]
    fn the_help_names_the_program_whatever_it_was_started_as() {
        for name in ["a\rb\nc", "a\u{202e}b", "-bash", ""] {
            match parse([name, "--help"].map(OsString::from).into_iter()) {
                Ok(Call::Show(text)) => assert!(text.contains("\nUsage: oracle [OPTIONS]\n")),
                _ => panic!("no help for {name:?}"),
            }
        }
    }

    #[test]
    fn a_flag_with_a_typing_error_is_guessed() {
        let words = ["oracle", "--jsno"].map(OsString::from);
        let trouble = parse(words.into_iter()).err().unwrap();
        let hint = "did you mean `--json`? `oracle --help` lists the flags, with an example";
        assert_eq!(said_of_trouble(&trouble).1.plain(), hint);
    }

    /// Compares a page with its file in `doc/`. `SNAPSHOTS=overwrite cargo test` writes the file.
    #[track_caller]
    fn check_page(name: &str, page: Vec<u8>) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("doc").join(name);
        let page = String::from_utf8(page).unwrap();
        snapbox::assert_data_eq!(page, Data::read_from(&file, Some(DataFormat::Text)).raw());
    }

    #[test]
    fn the_man_page_and_the_completions_follow_from_the_flags() {
        let mut command = Args::command();
        let mut page = Vec::new();
        clap_mangen::Man::new(command.clone())
            .render(&mut page)
            .unwrap();
        check_page("oracle.1", page);
        for (shell, file) in [
            (Shell::Bash, "completions/oracle.bash"),
            (Shell::Fish, "completions/oracle.fish"),
            (Shell::Zsh, "completions/_oracle"),
        ] {
            let mut page = Vec::new();
            clap_complete::generate(shell, &mut command, "oracle", &mut page);
            check_page(file, page);
        }
    }
}
