//! A hostile situation: the places of a secret, and what no output may show.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::chance::Chance;
use crate::server::Server;
use crate::world::{NAMES, World, example, forms, leak};

/// The ways in which a situation is looked at. After them, every variable is explained.
const WAYS: &[&[&str]] = &[
    &[],
    &["--json"],
    &["--check", "--history"],
    &["-q"],
    &["--probe", "--timeout", "0.5"],
    &["--probe", "--timeout", "0.5", "--color", "always"],
    &["--probe", "--timeout", "0.5", "--json", "--history"],
];

/// The parts of a list.
pub fn list(text: &str) -> Vec<&str> {
    text.split(" | ").map(str::trim).collect()
}

/// Characters that control a terminal, or that change what a reader sees.
const UNRULY: &[&str] = &[
    "\u{1b}[31m",
    "\u{1b}]0;",
    "\u{7}",
    "\u{9b}31m",
    "\u{85}",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{61c}",
    "\u{200b}",
    "\u{200d}",
    "\u{2063}",
    "\u{feff}",
    "\u{e0041}",
    "\t",
    "\r",
];

impl Chance {
    /// True once in this many times, on average.
    pub fn once_in(&self, times: usize) -> bool {
        self.number(times) == 0
    }

    /// A text that occurs nowhere else, in one of the alphabets of keys.
    fn secret(&self) -> String {
        let mixed = "ABCDEFGHJKMNPQRSTVWYZabcdefghjkmnpqrstvwyz23456789";
        let upper = "ABCDEFGHJKMNPQRSTVWYZ23456789_";
        let signs = "abcdefghjkmnp23456789-.+=~!%é密";
        let alphabet = self.one(&[mixed, mixed, "0123456789abcdef", upper, signs]);
        let letters: Vec<char> = alphabet.chars().collect();
        let rest = (0..24 + self.number(16)).map(|_| self.one(&letters));
        // A letter comes first, so that it can be a name. A digit makes sure that it is not a word.
        "K7".chars().chain(rest).collect()
    }
}

/// A situation.
pub struct Scene {
    /// How many situations of its kind came before.
    pub lap: usize,
    /// Decides what `lap` does not decide.
    pub chance: Chance,
    /// The folder and the environment.
    pub world: World,
    /// The folder in which the oracle runs.
    pub folder: PathBuf,
    /// The secret, which no output may have in it.
    pub secret: String,
    /// Arguments before the arguments of the way.
    pub words: Vec<OsString>,
    /// More variables of the environment.
    pub env: Vec<(OsString, OsString)>,
    /// Servers that must not get the secret.
    pub deaf: Vec<Server>,
    /// Servers that must not be asked at all.
    pub mute: Vec<Server>,
    /// Servers that should get the secret.
    pub meant: Vec<Server>,
}

impl Scene {
    /// An empty folder, and a secret to plant.
    pub fn new(number: usize, lap: usize) -> Self {
        let world = World::new();
        let chance = Chance::new(number as u64);
        Self {
            lap,
            folder: world.path(""),
            secret: chance.secret(),
            chance,
            world,
            words: Vec::new(),
            env: Vec::new(),
            deaf: Vec::new(),
            mute: Vec::new(),
            meant: Vec::new(),
        }
    }

    /// The part of a list whose turn it is. When the list is not longer than the number of laps, each part
    /// gets a turn.
    pub fn turn(&self, text: &'static str) -> &'static str {
        let parts = list(text);
        parts[self.lap % parts.len()]
    }

    /// Any part of a list.
    pub fn any(&self, text: &'static str) -> &'static str {
        self.chance.one(&list(text))
    }

    /// The text with the secret instead of every `{}`.
    pub fn fill(&self, template: &str) -> String {
        template.replace("{}", &self.secret)
    }

    /// From now on, the secret has only letters and digits.
    pub fn plain(&mut self) {
        self.secret.retain(|it| it.is_ascii_alphanumeric());
    }

    /// The same, and the secret is the key: in a file or in the process environment.
    pub fn key(&mut self) {
        self.plain();
        let layer = self.any("process | .env | .env.local");
        self.put(layer, "API_KEY", &self.secret);
    }

    /// Sets a variable in a layer file, or in the process environment.
    pub fn put(&self, layer: &str, name: &str, value: &str) {
        match layer {
            "process" => drop(self.world.set(name, value)),
            _ => self.add(layer, &format!("{name}='{value}'\n")),
        }
    }

    /// Adds text to a private file.
    pub fn add(&self, file: &str, text: &str) {
        let before = fs::read_to_string(self.world.path(file)).unwrap_or_default();
        self.world.private(file, before + text);
    }

    /// Makes the folder a repository with everything in it committed.
    pub fn repository(&self) {
        let ignored = ".env\n.env.*\n!.env.example\n";
        self.world.file(".gitignore", ignored);
        if !self.world.path(".env.example").exists() {
            self.world.file(".env.example", example());
        }
        self.add(".env", "LOG_LEVEL=DEBUG\n");
        self.world.repository();
    }

    /// Any form of the secret.
    pub fn form(&self) -> String {
        let mut forms = forms(&self.secret);
        forms.swap_remove(self.chance.number(forms.len()))
    }

    /// A form of the secret or a piece of one, perhaps with control characters around it.
    pub fn shape(&self) -> String {
        let shape = match self.chance.number(16) {
            0 => self.secret.repeat(2),
            1 => self.secret.chars().skip(3).take(9).collect(),
            2 => format!("neo:{}", self.secret),
            3 => self
                .secret
                .replacen(&self.secret[9..10], self.chance.one(UNRULY), 1),
            _ => self.form(),
        };
        let around = if self.chance.once_in(2) {
            [self.chance.one(UNRULY), self.chance.one(UNRULY)]
        } else {
            [""; 2]
        };
        around.join(&shape)
    }

    /// Runs the oracle in every way and asks the servers what they got. Returns everything that is wrong.
    pub fn faults(&self) -> Vec<String> {
        let explained = NAMES.map(|it| ["--explain", it]);
        let explained = explained.iter().map(|it| &it[..]);
        let mut faults: Vec<String> = WAYS
            .iter()
            .copied()
            .chain(explained)
            .flat_map(|way| {
                self.run(way)
                    .into_iter()
                    .map(move |it| format!("{way:?} {it}"))
            })
            .collect();
        let heard = |it: &Server| it.seen.lock().unwrap().join(" ");
        for text in self.deaf.iter().map(heard) {
            faults.extend(leak(&self.secret, &text).map(|it| format!("a server hears {it:?}")));
        }
        if self.mute.iter().any(|it| !heard(it).is_empty()) {
            faults.push("a server is asked that nobody may ask".to_owned());
        }
        if !self.meant.iter().all(|it| heard(it).contains(&self.secret)) {
            faults.push("the key does not arrive where it should".to_owned());
        }
        faults
    }

    /// Runs the oracle once. Returns what is wrong.
    fn run(&self, way: &[&str]) -> Vec<String> {
        let mut files = [tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap()];
        let [out, err] = files.each_ref().map(|it: &File| it.try_clone().unwrap());
        let mut command = self.world.command(&self.folder);
        command.args(&self.words).args(way);
        command.envs(self.env.iter().cloned());
        let mut child = command.stdout(out).stderr(err).spawn().unwrap();
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if start.elapsed() > Duration::from_mins(1) {
                child.kill().unwrap();
                child.wait().unwrap();
                return vec!["does not end".to_owned()];
            }
            thread::sleep(Duration::from_millis(1));
        };
        let [out, err] = files.each_mut().map(|it| {
            let mut bytes = Vec::new();
            it.rewind().unwrap();
            it.read_to_end(&mut bytes).unwrap();
            String::from_utf8(bytes)
        });
        match (out, err) {
            (Ok(out), Ok(err)) => self.judge(way, status.code().unwrap_or(-1), &out, &err),
            _ => vec!["prints what is no UTF-8".to_owned()],
        }
    }

    /// What is wrong with this output.
    fn judge(&self, way: &[&str], code: i32, out: &str, err: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let all = format!("{out}{err}");
        if ![0, 1, 2, 78].contains(&code) || all.contains("panicked") {
            faults.push(format!("ends with {code}: {err}"));
        }
        let plain = if way.contains(&"always") {
            without_colors(&all)
        } else {
            all.clone()
        };
        if let Some(c) = plain.chars().find(|it| is_unruly(*it)) {
            let line = plain.lines().find(|it| it.contains(c)).unwrap_or_default();
            faults.push(format!("prints {c:?}: {line:?}"));
        }
        let mut read = String::new();
        if way.contains(&"--json") && !(code == 2 && out.is_empty()) {
            match serde_json::from_str(out) {
                Ok(value @ Value::Object(_)) => texts(&value, &mut read),
                _ => faults.push(format!("prints no JSON object: {out}")),
            }
        }
        if way.contains(&"-q") != out.is_empty() && self.words.is_empty() {
            faults.push(format!("prints too much or nothing: {out}{err}"));
        }
        let asks_for_report = !["-q", "--json", "--explain"]
            .iter()
            .any(|it| way.contains(it));
        let whole = plain.lines().any(|it| it == "Environment security check:");
        if asks_for_report && self.words.is_empty() && !out.is_empty() && !whole {
            faults.push("prints half a report".to_owned());
        }
        for text in [&all, &read] {
            if let Some(piece) = leak(&self.secret, text) {
                let line = text.lines().find(|it| it.contains(&piece));
                faults.push(format!("shows {piece:?}: {}", line.unwrap_or(text).trim()));
            }
        }
        faults
    }
}

/// The text without our own colours, when the run asked for them.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|it: char| it.is_ascii_digit() || it == ';');
        match rest.strip_prefix('m') {
            Some(rest) => plain += rest,
            None => plain.extend(["\u{1b}[", part]),
        }
    }
    plain
}

/// True for characters that must be escaped: control, C1, bidi, zero-width and tag characters.
fn is_unruly(c: char) -> bool {
    let invisible = matches!(c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    invisible || (c.is_control() && c != '\n')
}

/// Every text of a JSON value, as a script reads it.
fn texts(value: &Value, into: &mut String) {
    match value {
        Value::String(text) => into.extend([text, "\n"]),
        Value::Array(values) => values.iter().for_each(|it| texts(it, into)),
        Value::Object(fields) => {
            for (name, value) in fields {
                into.extend([name, "\n"]);
                texts(value, into);
            }
        }
        _ => {}
    }
}
