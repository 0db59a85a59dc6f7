//! Which flags are there?

use std::ffi::OsString;
use std::time::Duration;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::config::misspelt;
use crate::exit::Trouble;
use crate::variables::table::{self, Spec};

/// Shown below the flags by `--help`.
fn example() -> String {
    let names = table::SPECS.each_ref().map(|it| it.name);
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
#[command(name = "oracle", version, after_help = example())]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that a person types, in any combination"
)]
pub struct Args {
    /// Exit with 1 on any warning or failure (78 when production refuses)
    #[arg(long)]
    pub check: bool,

    /// Contact the database and the endpoint beyond this machine too
    #[arg(long)]
    pub probe: bool,

    /// How long all connections together may take
    #[arg(long, value_name = "SECONDS", default_value = "3", value_parser = seconds)]
    pub timeout: Duration,

    /// Show every layer of one variable, and which one wins
    #[arg(long, value_name = "NAME", value_parser = known)]
    pub explain: Option<&'static Spec>,

    /// Search every object of the repository for secrets, not only today's files
    #[arg(long)]
    pub history: bool,

    /// Print one JSON object in place of the report
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

/// Reads the command line; an error says which flag is wrong.
pub fn parse(words: impl Iterator<Item = OsString>) -> Result<Call, Trouble> {
    let error = match Args::try_parse_from(words) {
        Ok(args) => return Ok(Call::Run(args)),
        Err(error) => error,
    };
    let text = error.render().to_string();
    if !error.use_stderr() {
        return Ok(Call::Show(text));
    }
    // A key typed as NAME, or beside it, must not come back in the message.
    if let ErrorKind::InvalidValue
    | ErrorKind::TooManyValues
    | ErrorKind::UnknownArgument
    | ErrorKind::ValueValidation = error.kind()
    {
        return Err(without_the_word(&error));
    }
    // clap ends its message with the usage and a pointer to --help; our hint says both.
    let what = text.trim_start_matches("error: ");
    let what = what.split("\n\nUsage:").next().unwrap_or(what);
    let what = what
        .split("\n\nFor more information")
        .next()
        .unwrap_or(what);
    Err(Trouble::new(what.trim_end(), HELP))
}

/// The hint of every usage error.
const HELP: &str = "`oracle --help` lists the flags, with an example";

/// A usage error that names the flag at most, never the word that was typed for it.
fn without_the_word(error: &clap::Error) -> Trouble {
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(flag)) => flag.as_str(),
        _ => "",
    };
    if error.kind() == ErrorKind::UnknownArgument {
        // `--jsno` is repeated, for it helps; a bare word may be anything.
        let short = flag.starts_with('-') && flag.len() <= 12;
        let hint = match error.get(ContextKind::SuggestedArg) {
            Some(ContextValue::String(flag)) => format!("did you mean `{flag}`? {HELP}"),
            _ => HELP.to_owned(),
        };
        return match short {
            true => Trouble::new(format_args!("unexpected argument `{flag}`"), hint),
            false => Trouble::new(
                "unexpected argument (not repeated: it may be a secret)",
                hint,
            ),
        };
    }
    let possible = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) => values.join(", "),
        _ => String::new(),
    };
    let reason = match (std::error::Error::source(error), possible.is_empty()) {
        (Some(reason), _) => reason.to_string(),
        (None, false) => format!("expected one of {possible}"),
        (None, true) if error.kind() == ErrorKind::TooManyValues => "takes no value".to_owned(),
        (None, true) => "a value must follow".to_owned(),
    };
    Trouble::new(format_args!("`{flag}`: {reason}"), HELP)
}

/// A number of seconds, `0.5` too: more than nothing, ten minutes at most.
fn seconds(word: &str) -> Result<Duration, String> {
    match word.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 600.0 => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("expected a number of seconds above 0, 600 at most".to_owned()),
    }
}

/// One of the five variables by its exact name.
fn known(word: &str) -> Result<&'static Spec, String> {
    if let Some(spec) = table::named(word) {
        return Ok(spec);
    }
    let names: Vec<&str> = table::SPECS.iter().map(|it| it.name).collect();
    Err(match misspelt::resembling(word) {
        Some(near) => format!("no such variable; did you mean `{}`?", near.name),
        None => format!("no such variable; expected one of {}", names.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message for a command line that is wrong.
    #[track_caller]
    fn check(words: &[&str], expected: &str) {
        let words = ["oracle"].iter().chain(words).map(OsString::from);
        match parse(words) {
            Err(trouble) => assert_eq!(trouble.what, expected),
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
        check(&["--jsno"], "unexpected argument `--jsno`");
        check(
            &["--timeout", "never"],
            "`--timeout <SECONDS>`: expected a number of seconds above 0, 600 at most",
        );
    }
}
