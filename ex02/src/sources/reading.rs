//! Did dotenvy give us the value that is written in the file, or another one?
//!
//! dotenvy substitutes `$NAME` everywhere except in single quotes, knows a few backslash escapes,
//! and drops quotes inside a value. It does all this silently, and a password with a `$` in it
//! becomes another password. So this module compares the text after `=` with the value.

use secrecy::zeroize::Zeroizing;

use super::literal::is_end;
use super::parsed::Cause;
use crate::secret::Secret;

/// What dotenvy finds for a name in a substitution.
pub enum Known {
    /// An entry above sets it, and dotenvy did not change that entry.
    Here(Secret),
    /// An entry above sets it, but dotenvy changed that entry.
    Unsound,
    /// The process environment sets it.
    Process,
    /// No place sets it.
    Unknown,
}

/// What dotenvy did with an entry.
#[derive(Default)]
pub struct Reading<'a> {
    /// Why the value differs from what is written in the file.
    pub change: Option<Cause>,
    /// The names whose values became parts of it. When dotenvy changed nothing, entries above set them all.
    pub names: Vec<&'a str>,
}

/// The names that dotenvy may have substituted in an entry. After a `$`, the name is letters and digits
/// (not `_`); in braces, it is everything.
pub fn substituted(written: &str) -> impl Iterator<Item = &str> {
    let after = written.split('$').skip(1);
    let names = after.map(|rest| {
        if let Some(braced) = rest.strip_prefix('{') {
            return braced.split('}').next().unwrap_or_default();
        }
        let end = rest.find(|c: char| !c.is_alphanumeric());
        &rest[..end.unwrap_or(rest.len())]
    });
    names.filter(|it| !it.is_empty())
}

/// Compares an entry as it is written (`NAME=value`, perhaps several lines) with dotenvy's value.
/// `look_up` knows the names.
pub fn reading<'a>(written: &'a str, value: &str, look_up: impl Fn(&str) -> Known) -> Reading<'a> {
    let raw = written.split_once('=').map_or("", |(_, raw)| raw);
    if says(raw, value) {
        return Reading::default();
    }
    let text = raw.trim();
    let mut walk = Walk {
        rest: text,
        within: None,
        made: Zeroizing::new(String::new()),
        found: Reading::default(),
        look_up,
    };
    if text.starts_with('#') {
        walk.found.change = Some(Cause::Hash);
    }
    while walk.step(text) && walk.made.len() <= value.len() {}
    let explained = walk.made.as_str() == value && !walk.found.names.is_empty();
    if walk.found.change.is_none() && !explained {
        walk.found.change = Some(Cause::Other);
    }
    walk.found
}

/// Goes through the text after `=`, as dotenvy does.
struct Walk<'a, F> {
    /// The rest of the text.
    rest: &'a str,
    /// The kind of quotes around the next character. In `'`, every character means itself.
    within: Option<char>,
    /// The value so far, as dotenvy should read it.
    made: Zeroizing<String>,
    /// What was noticed so far.
    found: Reading<'a>,
    /// Knows the names.
    look_up: F,
}

impl<'a, F: Fn(&str) -> Known> Walk<'a, F> {
    /// Looks at the next character. False: the value ends here.
    fn step(&mut self, all: &'a str) -> bool {
        let Some(c) = self.rest.chars().next() else {
            return false;
        };
        let first = self.rest.len() == all.len();
        self.rest = &self.rest[c.len_utf8()..];
        match (self.within, c) {
            (None, ' ' | '\t') => return false,
            (None, '\'' | '"') => self.quote(c, Some(c), first),
            (Some(quote), _) if c == quote => self.quote(c, None, is_end(self.rest)),
            (None | Some('"'), '$') => self.dollar(),
            (None | Some('"'), '\\') => self.escape(),
            _ => self.made.push(c),
        }
        true
    }

    /// The first cause counts. A line break that every parser reads hides no other cause.
    fn because(&mut self, cause: Cause) {
        let known = self.found.change;
        if known.is_none_or(|it| it == Cause::LineBreakInQuotes) {
            self.found.change = Some(cause);
        }
    }

    /// A quote opens or closes. When it is not around all of the value, dotenvy drops it.
    fn quote(&mut self, quote: char, within: Option<char>, around_all: bool) {
        self.within = within;
        match quote {
            _ if around_all => {}
            '"' => self.because(Cause::Quote),
            _ => self.because(Cause::Apostrophe),
        }
    }

    /// A backslash, and what follows it.
    fn escape(&mut self) {
        let Some(c) = self.rest.chars().next() else {
            return self.because(Cause::Backslash);
        };
        self.rest = &self.rest[c.len_utf8()..];
        let (cause, made) = match (c, self.within) {
            ('n', Some(_)) => (Cause::LineBreakInQuotes, '\n'),
            ('n', _) => (Cause::LineBreak, '\n'),
            _ => (Cause::Backslash, c),
        };
        self.because(cause);
        self.made.push(made);
    }

    /// A `$`, and the name after it.
    fn dollar(&mut self) {
        if let Some((name, after)) = braced(self.rest) {
            self.rest = after;
            let usual = |c: char| c.is_alphanumeric() || "_.".contains(c);
            let begins_a_default = |it: &str| {
                [":-", "-", ":=", "="]
                    .iter()
                    .any(|sign| it.starts_with(sign))
            };
            let cause = match name.trim_start_matches(usual) {
                "" => Cause::UnknownName,
                rest if begins_a_default(rest) => Cause::Default,
                _ => Cause::ShellOnly,
            };
            return self.take(name, cause);
        }
        let until = |end: fn(char) -> bool| self.rest.find(end).unwrap_or(self.rest.len());
        let whole = &self.rest[..until(|c| !c.is_alphanumeric() && c != '_')];
        let (name, after) = self.rest.split_at(until(|c| !c.is_alphanumeric()));
        self.rest = after;
        let is_set = |it: &str| whole != name && !matches!((self.look_up)(it), Known::Unknown);
        let [short_is_set, whole_is_set] = [name, whole].map(is_set);
        if short_is_set {
            self.because(Cause::CutName);
        }
        let cause = if after.starts_with('(') && name.is_empty() {
            Cause::Command
        } else if whole_is_set {
            Cause::CutName
        } else if whole.contains('_') && whole.starts_with(char::is_alphabetic) {
            Cause::NoSuchName
        } else if whole.len() > 2 && whole.bytes().all(|it| it.is_ascii_uppercase()) {
            Cause::Capitals
        } else {
            Cause::Dollar
        };
        self.take(name, cause);
        // dotenvy takes the next character as it is, also a quote. But it cuts off a comment with the blanks before it.
        let ends = self.within.is_none() && is_end(after);
        if let Some(c) = after.chars().next().filter(|it| *it != '$' && !ends) {
            self.rest = &after[c.len_utf8()..];
            self.made.push(c);
        }
    }

    /// Puts in the value of this name, or nothing. Notes the cause.
    fn take(&mut self, name: &'a str, unknown: Cause) {
        match (self.look_up)(name) {
            Known::Here(value) => {
                self.made.push_str(value.expose());
                self.found.names.push(name);
            }
            Known::Unsound => self.because(Cause::Unsound),
            Known::Process => self.because(Cause::Process),
            Known::Unknown => self.because(unknown),
        }
    }
}

/// `{NAME}rest`
fn braced(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('{')?.split_once('}')
}

/// True when the text after `=` is the value, except for one pair of quotes and a comment.
fn says(raw: &str, value: &str) -> bool {
    ["", "'", "\""].iter().any(|quote| {
        let rest = raw.trim_start().strip_prefix(quote);
        let rest = rest.and_then(|it| it.strip_prefix(value));
        rest.and_then(|it| it.strip_prefix(quote))
            .is_some_and(|rest| {
                // `A= # note` is an empty value with a comment; `A=#secret` lost its value.
                let empty = value.is_empty() && quote.is_empty() && rest.len() < raw.len();
                is_end(rest) || (empty && rest.starts_with('#'))
            })
    })
}

/// True when a bare name comes right before a double quote: `"http://$HOST"`.
pub fn has_name_before_quote(line: &str) -> bool {
    line.split('$').skip(1).any(|rest| {
        let after = rest.trim_start_matches(char::is_alphanumeric);
        after.len() < rest.len() && after.starts_with('"')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, value: &str, expected: Option<Cause>) {
        let found = reading(written, value, |name| match name {
            "NEO" => Known::Here(Secret::new("the-one")),
            "DB_HOST" => Known::Here(Secret::new("zion")),
            "NOTHING" => Known::Here(Secret::new("")),
            "CHANGED" => Known::Unsound,
            "HOME" => Known::Process,
            _ => Known::Unknown,
        });
        assert_eq!(found.change, expected, "{written}");
    }

    #[test]
    fn an_unchanged_value_has_no_finding() {
        check("A=1", "1", None);
        check("export A = 1  # one", "1", None);
        check("A='pa$word'", "pa$word", None);
        check("A=\"two words\" # note", "two words", None);
        check("A='two\nlines'", "two\nlines", None);
        check("A=", "", None);
        check("A=''", "", None);
        check("A= # nothing", "", None);
        check("A=b#c", "b#c", None);
    }

    #[test]
    fn a_changed_value_is_noticed_with_its_cause() {
        check("A=pa$word", "pa", Some(Cause::Dollar));
        check("A=pass$", "pass", Some(Cause::Dollar));
        check("A=\"${HOME}\"", "/root", Some(Cause::Process));
        check("A=pass\\", "pass", Some(Cause::Backslash));
        check("A=a\\nb", "a\nb", Some(Cause::LineBreak));
        check("A=\"a\\nb\"", "a\nb", Some(Cause::LineBreakInQuotes));
        check("A=\"a\\nb$x\"", "a\nb", Some(Cause::Dollar));
        for escape in ['\\', '\'', '"', '$', ' '] {
            let value = format!("a{escape}b");
            check(&format!("A=a\\{escape}b"), &value, Some(Cause::Backslash));
        }
        check("A=rock'n'roll", "rocknroll", Some(Cause::Apostrophe));
        check("A={\"k\":1}", "{k:1}", Some(Cause::Quote));
        check("A=#secret", "", Some(Cause::Hash));
    }

    #[test]
    fn a_reference_to_an_entry_above_is_not_a_change() {
        check("A=http://${NEO}:1", "http://the-one:1", None);
        check("A=\"$NEO/${DB_HOST}\" # $5", "the-one/zion", None);
        check("A=x${NOTHING}${NOTHING}", "x", None);
        check("A=$NEO$NEO", "the-onethe-one", None);
        check("A=$NEO # note", "the-one", None);
        check("A=x/$NEO\t # note", "x/the-one", None);
        check("A=\"$NEO # note\"", "the-one # note", None);
        check("A=${NEO}$NEO", "the-onetrinity", Some(Cause::Other));
        check("A=${NEO}$x", "the-one", Some(Cause::Dollar));
        check("A=${NEO}#x", "the-one#x", None);
    }

    #[test]
    fn the_cause_is_the_first_thing_that_changed_the_value() {
        check("A=http://${NONE}:1", "http://:1", Some(Cause::UnknownName));
        check("A=${CHANGED}", "x", Some(Cause::Unsound));
        check("A=$DB_HOST", "_HOST", Some(Cause::CutName));
        // Another parser takes the whole name, also when a line above sets the short one.
        check("A=$NEO_HOST:1", "the-one_HOST:1", Some(Cause::CutName));
        check("A=\"x/$NEO_\"", "x/the-one_", Some(Cause::CutName));
        check("A=$HOME_DIR", "/root_DIR", Some(Cause::CutName));
        check("A=${NEO}_HOST", "the-one_HOST", None);
        check("A=$DB_NAME", "_NAME", Some(Cause::NoSuchName));
        check("A=http://$NONE:1", "http://:1", Some(Cause::Capitals));
        check("A=pa$Wd", "pa", Some(Cause::Dollar));
        check("A=${NEO:-x}", "", Some(Cause::Default));
        check("A=${NEO-x}", "", Some(Cause::Default));
        check("A=${NEO:?x}/y", "/y", Some(Cause::ShellOnly));
        check("A=${NEO%.*}", "", Some(Cause::ShellOnly));
        check("A=${#NEO}", "", Some(Cause::ShellOnly));
        check("A=$(pwd)/x", "(pwd)/x", Some(Cause::Command));
        check("A=\"it's \\$5\"", "it's $5", Some(Cause::Backslash));
        check("A=it's\\ $5'", "its\\ $5", Some(Cause::Apostrophe));
        check("A='$5'\"$x\"", "$5", Some(Cause::Apostrophe));
        check("A=#$x", "", Some(Cause::Hash));
    }

    #[test]
    fn the_names_that_dotenvy_substitutes_are_found() {
        let names: Vec<&str> = substituted("A=x$NEO_1${TRI_NITY}-$$x\\$y$").collect();
        assert_eq!(names, ["NEO", "TRI_NITY", "x", "y"]);
    }
}
