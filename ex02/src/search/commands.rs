//! Is there a password in a command?
//!
//! `curl -u name:password`, `mysql -ppassword`, `sshpass -p password`, `docker login -p password`.

use super::by_hand::is_template;
use super::closely::ascii;
use crate::variables::{is_placeholder, looks_like_chance};

/// The options of curl for the name and the password, with a `|` between.
const OF_CURL: &str = "-u |-u|--user |--user=|-U |--proxy-user |--proxy-user=";

/// The place and length of a random password after one of these options. One that ends with a blank has the
/// password as its next word, another one in the same word.
pub fn password_in_command(rest: &[u8], options: &[&str]) -> Option<(usize, usize)> {
    let command = command(rest)?;
    let mut places = options.iter().filter_map(|it| place_of_value(command, it));
    places.find_map(|at| random_at(command, at))
}

/// The place and length of a random password after `-u name:`.
pub fn curl_user(rest: &[u8]) -> Option<(usize, usize)> {
    let command = command(rest)?;
    let mut places = OF_CURL
        .split('|')
        .filter_map(|it| place_of_value(command, it));
    places.find_map(|at| {
        let name = command[at..].find(|it: char| it == ':' || it.is_ascii_whitespace())?;
        let is_pair = name > 0 && command[at + name..].starts_with(':');
        random_at(command, at + name + 1).filter(|_| is_pair)
    })
}

/// The place and length of the text at this place, perhaps in quotes, if it is random.
fn random_at(command: &str, at: usize) -> Option<(usize, usize)> {
    let quote = command[at..]
        .chars()
        .next()
        .filter(|it| ['"', '\''].contains(it));
    let start = at + usize::from(quote.is_some());
    let ends = |it: char| match quote {
        Some(quote) => it == quote,
        None => it.is_ascii_whitespace() || "\"'`\\;|&)".contains(it),
    };
    let text = command[start..].split(ends).next()?;
    is_random(text).then_some((start, text.len()))
}

/// A command after the first letters of a program's name: `dump -u …`. It may have several lines with a `\` at
/// their ends, or be a list: `dump", "-u", "…"]`.
fn command(rest: &[u8]) -> Option<&str> {
    let text = ascii(rest, |_| true);
    let mut lines = text.match_indices('\n').map(|(at, _)| &text[..at]);
    let command = lines.find(|it| !it.ends_with('\\')).unwrap_or(text);
    let name = ascii(rest, |it| it.is_ascii_alphanumeric() || it == b'-');
    let goes_on = command[name.len()..].starts_with([' ', '"', '\'']);
    goes_on.then_some(command)
}

/// The place of the value of an option in a command.
fn place_of_value(command: &str, option: &str) -> Option<usize> {
    let in_list = command
        .find(['"', '\'', ' '])
        .is_some_and(|at| !command[at..].starts_with(' '));
    let mut end = 0;
    let ends =
        |it: char| it.is_ascii_whitespace() || it == '\\' || (in_list && "\"',".contains(it));
    let words = command.split(ends).map(|word| {
        let start = end;
        end = start + word.len() + 1;
        (start, word)
    });
    let mut words = words.filter(|(_, word)| !word.is_empty());
    if let Some(option) = option.strip_suffix(' ') {
        words.find(|(_, word)| is_option(word, option))?;
        return Some(words.next()?.0);
    }
    let (start, _) =
        words.find(|(_, word)| word.len() > option.len() && word.starts_with(option))?;
    Some(start + option.len())
}

/// True for this option, also as the last of several letters: `-sSu`.
fn is_option(word: &str, option: &str) -> bool {
    let letters = word.strip_prefix('-').unwrap_or_default();
    let is_last = option.len() == 2 && letters.ends_with(&option[1..]);
    word == option || (is_last && letters.bytes().all(|it| it.is_ascii_alphabetic()))
}

/// True for a password that no person chose and no program fills in.
pub fn is_random(password: &str) -> bool {
    looks_like_chance(password) && !is_template(password) && !is_placeholder(password)
}
