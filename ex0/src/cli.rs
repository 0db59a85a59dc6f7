//! Which flags are there?

use std::ffi::OsString;

use clap::Parser;
use clap::builder::TypedValueParser;

use crate::support::PyPath;
use crate::support::exit::Trouble;

/// Shown below the flags by `--help`.
const EXAMPLE: &str = "\
Example:
  construct --check && python3 -m pip install requests

Exit codes: 0 yes or done, 1 the answer is no, 2 could not find out";

/// Am I in a virtual environment? Finds the answer in files, without running Python
#[derive(Debug, Default, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(name = "construct", bin_name = "construct", version, after_help = EXAMPLE)]
pub struct Args {
    /// Ask about this Python: a name on PATH, a file, or an environment's folder
    #[arg(long, value_name = "NAME|PATH", value_parser = clap::builder::OsStringValueParser::new().map(|it| PyPath::from_os(&it)))]
    pub python: Option<PyPath>,

    /// Run that Python, without the environment's own code, and compare its answers with ours
    #[arg(long)]
    pub verify: bool,

    /// Exit with 0 inside an environment that can start, with 1 otherwise
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

/// What the command line asks for.
pub enum Call {
    /// A run with these flags.
    Run(Args),
    /// Only a text: `--help` or `--version`.
    Show(String),
}

/// Reads the command line; an error says which flag is wrong.
pub fn parse(words: impl Iterator<Item = OsString>) -> Result<Call, Trouble> {
    let mut words = words.peekable();
    let name = words.next();
    // Without a flag there is nothing to parse. clap would build all its tables to find that out: a tenth of the whole run.
    if words.peek().is_none() {
        return Ok(Call::Run(Args::default()));
    }
    let words = name.into_iter().chain(words);
    let hint = "`construct --help` lists the flags, with an example";
    let error = match Args::try_parse_from(words) {
        Ok(args) if args.python.as_ref().is_some_and(PyPath::is_empty) => {
            return Err(Trouble::new(
                "the value of '--python <NAME|PATH>' is empty",
                hint,
            ));
        }
        Ok(args) => return Ok(Call::Run(args)),
        Err(error) => error,
    };
    let text = error.render().to_string();
    if !error.use_stderr() {
        return Ok(Call::Show(text));
    }
    // clap's message ends with the usage and a pointer to --help. Our hint already says both.
    let mut what = text.trim_start_matches("error: ");
    for end in ["\n\nUsage:", "\n\nFor more information"] {
        what = what.split(end).next().unwrap_or(what);
    }
    Err(Trouble::new(what.trim_end(), hint))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory;
    use clap_complete::Shell;
    use snapbox::Data;
    use snapbox::data::DataFormat;

    use super::*;

    #[test]
    fn the_help_names_the_program_whatever_it_was_started_as() {
        for name in ["a\rb\nc", "a\u{202e}b", "-bash", ""] {
            match parse([name, "--help"].map(OsString::from).into_iter()) {
                Ok(Call::Show(text)) => assert!(text.contains("\nUsage: construct [OPTIONS]\n")),
                _ => panic!("no help for {name:?}"),
            }
        }
    }

    /// Compares a page with its file in `doc/`. `SNAPSHOTS=overwrite cargo test` writes the file again.
    #[track_caller]
    fn check(name: &str, page: Vec<u8>) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("doc").join(name);
        let page = String::from_utf8(page).unwrap();
        snapbox::assert_data_eq!(page, Data::read_from(&file, Some(DataFormat::Text)).raw());
    }

    #[test]
    fn the_man_page_and_the_completions_have_the_same_flags() {
        let mut command = Args::command();
        let mut page = Vec::new();
        clap_mangen::Man::new(command.clone())
            .render(&mut page)
            .unwrap();
        check("construct.1", page);
        for (shell, file) in [
            (Shell::Bash, "completions/construct.bash"),
            (Shell::Fish, "completions/construct.fish"),
            (Shell::Zsh, "completions/_construct"),
        ] {
            let mut page = Vec::new();
            clap_complete::generate(shell, &mut command, "construct", &mut page);
            check(file, page);
        }
    }
}
