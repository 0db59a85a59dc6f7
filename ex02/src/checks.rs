//! Is this configuration safe? Three findings, each the outcome of looking.
//!
//! A finding is `[OK]` only when every fact behind it was looked at and is right. What could
//! not be looked at is `[SKIP]`, and a finding is as bad as the worst fact behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Serialize, Serializer};

use crate::config::{self, Config, Problem};
use crate::escape;
use crate::gate::Gate;
use crate::git::{Git, Repository};
use crate::history;
use crate::scan::{Found, Needles};
use crate::sources::{EXAMPLE, LayerFile, Sources, State};
use crate::spec::{self, Mode, SPECS, Status};

/// More places than this are counted, not listed.
const MOST_LISTED: usize = 20;

/// What a look at something showed. The order is from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Looked at and right.
    Ok,
    /// Not looked at, and why is said.
    Skip,
    /// Looked at, and to be mended.
    Warn,
    /// Looked at and wrong.
    Fail,
}

impl Verdict {
    /// As the report writes it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ok => "[OK]",
            Self::Skip => "[SKIP]",
            Self::Warn => "[WARN]",
            Self::Fail => "[FAIL]",
        }
    }

    /// As a fact behind a finding carries it: only the three findings have tags in brackets.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Skip => "skip",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One of the three findings.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What is claimed when it is `[OK]`; the same in every run.
    pub name: &'static str,
    /// The worst of the facts.
    pub status: Verdict,
    /// What the report says in the claim's place when it does not hold.
    #[serde(skip)]
    pub headline: String,
    /// The facts.
    pub evidence: Vec<Fact>,
    /// How to mend the worst of them.
    pub hint: Option<String>,
}

/// One fact behind a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What the look showed.
    pub verdict: Verdict,
    /// In words.
    pub text: String,
    /// How to mend it, where there is something to mend.
    pub fix: Option<String>,
}

impl fmt::Display for Fact {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}: {}", self.verdict.word(), self.text)
    }
}

impl Serialize for Fact {
    /// As the text shows it: `ok: .env is ignored by git (.gitignore:3)`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A fact that is right.
fn good(text: impl Into<String>) -> Fact {
    Fact {
        verdict: Verdict::Ok,
        text: text.into(),
        fix: None,
    }
}

/// A fact that is not, and how to mend it.
fn bad(verdict: Verdict, text: impl Into<String>, fix: impl Into<String>) -> Fact {
    Fact {
        verdict,
        text: text.into(),
        fix: Some(fix.into()),
    }
}

/// Puts facts under a claim.
fn check(name: &'static str, evidence: Vec<Fact>, otherwise: impl Fn(Verdict) -> String) -> Check {
    let status = evidence
        .iter()
        .map(|it| it.verdict)
        .max()
        .unwrap_or(Verdict::Skip);
    let hint = evidence
        .iter()
        .find(|it| it.verdict == status)
        .and_then(|it| it.fix.clone());
    let headline = match status {
        Verdict::Ok => name.to_owned(),
        other => otherwise(other),
    };
    Check {
        name,
        status,
        headline,
        evidence,
        hint,
    }
}

/// 1. Do tracked files hold secrets?
pub fn hardcoded(
    sources: &Sources,
    repository: &Repository,
    with_history: bool,
    gate: &Gate,
) -> Check {
    let mut facts = Vec::new();
    match Needles::new(&config::named_secrets(sources)) {
        Ok(needles) => {
            search_example(sources, &needles, gate, &mut facts);
            match repository {
                Repository::None => facts.push(bad(
                    Verdict::Skip,
                    "not a git repository: nothing is tracked, so no file was searched",
                    "git init",
                )),
                Repository::Unknown(why, fix) => facts.push(bad(
                    Verdict::Warn,
                    format!("tracked files not searched: {why}"),
                    fix,
                )),
                Repository::Known(git) => {
                    search_tracked(git, &needles, gate, &mut facts);
                    if with_history {
                        search_history(git, &needles, gate, &mut facts);
                    }
                }
            }
            facts.push(good(scope(&needles, with_history)));
        }
        Err(error) => facts.push(bad(
            Verdict::Warn,
            format!("not searched: {error}"),
            "shorten the longest value",
        )),
    }
    check(
        "No hardcoded secrets detected",
        facts,
        |verdict| match verdict {
            Verdict::Fail => "Hardcoded secrets detected".to_owned(),
            _ => "Hardcoded secrets: not all files were searched".to_owned(),
        },
    )
}

/// What was looked for, so that nobody takes `[OK]` for more than it is.
fn scope(needles: &Needles, with_history: bool) -> String {
    let mut scope = format!(
        "looked for {}, also percent-encoded and in base64, for well-known key shapes and passwords in URLs",
        count(needles.values, "value")
    );
    if !needles.left_out.is_empty() {
        scope.push_str("; not for ");
        scope.push_str(&needles.left_out.join(", "));
    }
    scope
        + if with_history {
            ""
        } else {
            "; past commits only with --history"
        }
}

/// `.env.example` is made to be published, so it is searched whether tracked or not.
fn search_example(sources: &Sources, needles: &Needles, gate: &Gate, facts: &mut Vec<Fact>) {
    if !sources.example.exists() {
        return;
    }
    let mut lines = BTreeSet::new();
    let file = crate::scan::open_file(&sources.example.path);
    let searched = file.and_then(|it| {
        needles.search_stream(it, &mut Vec::new(), |line, what| {
            // Its own values are in no other file: what counts is that they are real.
            lines.insert((line, what.to_owned()));
        })
    });
    if searched.is_err() {
        facts.push(bad(
            Verdict::Warn,
            format!("{EXAMPLE} could not be searched"),
            "make it a regular file",
        ));
    }
    for (line, what) in lines {
        facts.push(secret_at(
            &format!("{}:{line}", sources.example.shown),
            &what,
            gate,
        ));
    }
}

/// A place where a secret stands.
fn secret_at(place: &str, what: &str, gate: &Gate) -> Fact {
    let place = gate.hide(&escape::text(place));
    let what = gate.hide(what);
    bad(
        Verdict::Fail,
        format!("{place} holds {what}"),
        format!(
            "replace the secret: what was published is lost; then read it from the environment at {place}"
        ),
    )
}

/// Searches what git tracks, as it lies in the work tree.
fn search_tracked(git: &Git, needles: &Needles, gate: &Gate, facts: &mut Vec<Fact>) {
    let tracked = match &git.tracked {
        Ok(tracked) => tracked,
        Err(why) => return facts.push(bad(Verdict::Warn, why, "look at it with: git status")),
    };
    let found = needles.search_tracked(&git.top, tracked);
    let hits: Vec<Fact> = found
        .hits
        .iter()
        .map(|hit| {
            secret_at(
                &format!("{}:{}", escape::os(hit.path.as_os_str()), hit.line),
                &hit.what,
                gate,
            )
        })
        .collect();
    list(hits, facts);
    let kind = git.kind.map_or(String::new(), |kind| format!(", {kind}"));
    facts.push(good(format!(
        "searched {} in the repository{kind} ({})",
        count(found.files, "tracked file"),
        size(found.bytes)
    )));
    what_was_not_searched(git, needles, &found, gate, facts);
}

/// Files that are tracked but not there are searched in git's store; the rest is named.
fn what_was_not_searched(
    git: &Git,
    needles: &Needles,
    found: &Found,
    gate: &Gate,
    facts: &mut Vec<Fact>,
) {
    for path in found.unread.iter().take(MOST_LISTED) {
        let path = gate.hide(&escape::os(path.as_os_str()));
        facts.push(bad(
            Verdict::Warn,
            format!("{path} is tracked but could not be read"),
            "make it a regular file that you may read",
        ));
    }
    if found.submodules > 0 {
        facts.push(good(format!(
            "{} not entered: run this inside",
            count(found.submodules, "submodule")
        )));
    }
    if found.absent.is_empty() {
        return;
    }
    let blobs: Vec<&str> = found.absent.iter().map(|(_, blob)| blob.as_str()).collect();
    match history::search_blobs(git, needles, &blobs) {
        Ok(searched) if searched.lacking == 0 => {
            facts.push(good(format!(
                "searched {} that only git has, not the work tree",
                count(searched.objects, "tracked file")
            )));
            for hit in &searched.hits {
                let path = found
                    .absent
                    .iter()
                    .find(|(_, blob)| *blob == hit.object)
                    .map(|(path, _)| escape::os(path.as_os_str()));
                facts.push(secret_at(
                    &format!("{}:{}", path.unwrap_or_default(), hit.line),
                    &hit.what,
                    gate,
                ));
            }
        }
        _ => facts.push(bad(
            Verdict::Warn,
            format!(
                "{} not in the work tree could not be searched",
                count(blobs.len(), "tracked file")
            ),
            "git restore .",
        )),
    }
}

/// Searches every object in git's store.
fn search_history(git: &Git, needles: &Needles, gate: &Gate, facts: &mut Vec<Fact>) {
    let searched = match history::search_all(git, needles) {
        Ok(searched) => searched,
        Err(why) => {
            return facts.push(bad(
                Verdict::Warn,
                format!("history not searched: {why}"),
                "look at it with: git fsck",
            ));
        }
    };
    let objects = searched
        .hits
        .iter()
        .map(|hit| hit.object.clone())
        .collect::<BTreeSet<_>>();
    let entered = match objects.is_empty() {
        true => BTreeMap::default(),
        false => history::entered(git, &objects).unwrap_or_default(),
    };
    let hits = searched.hits.iter().map(|hit| {
        let place = match entered.get(&hit.object) {
            Some(it) => format!(
                "history: commit {} {}:{}",
                it.commit,
                escape::os(it.path.as_os_str()),
                hit.line
            ),
            None => format!(
                "history: object {}, line {}",
                hit.object.get(..10).unwrap_or_default(),
                hit.line
            ),
        };
        let place = gate.hide(&place);
        bad(
            Verdict::Fail,
            format!("{place} holds {}", gate.hide(&hit.what)),
            "replace the secret: whoever has a clone has it; deleting the file does not help",
        )
    });
    list(hits.collect(), facts);
    let shallow = if git.shallow {
        "; a shallow clone, what lies before it was not searched"
    } else {
        ""
    };
    facts.push(good(format!(
        "searched all {} of the history ({}){shallow}",
        count(searched.objects, "object"),
        size(searched.bytes)
    )));
}

/// Lists the first places and counts the others.
fn list(mut hits: Vec<Fact>, facts: &mut Vec<Fact>) {
    let more = hits.len().saturating_sub(MOST_LISTED);
    hits.truncate(MOST_LISTED);
    facts.extend(hits);
    if more > 0 {
        facts.push(bad(
            Verdict::Fail,
            format!("and {more} more places"),
            "mend those above, then run this again",
        ));
    }
}

/// `1 value`, `2 values`.
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// `812 bytes`, `3.4 MiB`.
fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let bytes_as_float = bytes as f64;
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KiB", bytes_as_float / 1024.0),
        _ => format!("{:.1} MiB", bytes_as_float / 1_048_576.0),
    }
}

/// 2. Is `.env` there, complete, private, and unknown to git?
pub fn env_file(sources: &Sources, config: &Config, repository: &Repository) -> Check {
    let mut facts = Vec::new();
    let dotenv = &sources.files[0];
    let set: Vec<_> = config
        .variables
        .iter()
        .filter(|it| it.origin.as_ref().is_some_and(|it| it.layer != "default"))
        .collect();
    let from_process = set.len() == SPECS.len() && set.iter().all(|it| it.status == Status::Ok);
    if !dotenv.exists() {
        facts.push(match from_process {
            true => bad(
                Verdict::Skip,
                "no .env here, and none is needed: all five variables are set elsewhere",
                "nothing to do; for a machine of your own: cp .env.example .env && chmod 600 .env",
            ),
            false => bad(
                Verdict::Warn,
                "no .env here",
                "cp .env.example .env && chmod 600 .env",
            ),
        });
    }
    for file in sources.files.iter().filter(|it| it.exists()) {
        facts.push(readable(file));
        if is_private(file) {
            facts.extend(permissions(file));
            ask_git(file, repository, &mut facts);
        }
    }
    if !dotenv.exists()
        && let Repository::Known(git) = repository
    {
        facts.extend(history_of(dotenv, git).filter(|it| it.verdict == Verdict::Fail));
    }
    facts.push(all_five(config, set.len()));
    facts.extend(example_in_step(sources, dotenv.exists() || !from_process));
    check(
        ".env file properly configured",
        facts,
        |verdict| match verdict {
            Verdict::Skip => ".env file: not everything could be checked".to_owned(),
            _ if !dotenv.exists() => ".env file not found".to_owned(),
            _ => ".env file not properly configured".to_owned(),
        },
    )
}

/// `.env` and `*.local` always belong to one machine; a `.env.<mode>` does when it holds a secret.
fn is_private(file: &LayerFile) -> bool {
    let of_one_machine = file.name == ".env" || file.name.contains(".local");
    of_one_machine
        || file.entries().iter().any(|it| {
            spec::named(&it.name).is_some_and(|spec| !(spec.secrets)(it.value.expose()).is_empty())
        })
}

/// Could it be read, every line of it?
fn readable(file: &LayerFile) -> Fact {
    match &file.state {
        State::Absent => bad(Verdict::Skip, format!("no {}", file.shown), "nothing to do"),
        State::Unreadable(why, fix) => bad(Verdict::Fail, format!("{}: {why}", file.shown), fix),
        State::Read { parsed, .. } => match parsed.flaws.first() {
            None => good(format!(
                "{}: a regular file, every line understood",
                file.shown
            )),
            Some((line, flaw)) => {
                let (what, fix) = flaw.words();
                bad(Verdict::Fail, format!("{}:{line}: {what}", file.shown), fix)
            }
        },
    }
}

/// The lowest six permission bits are those of the group and of everybody else.
const OTHERS: u32 = 6;

/// May others on this machine read it?
fn permissions(file: &LayerFile) -> Option<Fact> {
    let State::Read { permissions, .. } = &file.state else {
        return None;
    };
    Some(match permissions {
        Some(bits) if bits.trailing_zeros() >= OTHERS => good(format!(
            "{}: only its owner can read it ({bits:04o})",
            file.shown
        )),
        Some(bits) => bad(
            Verdict::Warn,
            format!(
                "{}: others on this machine can read or change it ({bits:04o})",
                file.shown
            ),
            format!("chmod 600 {}", file.shown),
        ),
        None => bad(
            Verdict::Skip,
            format!(
                "{}: who may read it was not checked on this system",
                file.shown
            ),
            "look at its properties",
        ),
    })
}

/// Does git ignore it, track it, or remember it?
fn ask_git(file: &LayerFile, repository: &Repository, facts: &mut Vec<Fact>) {
    let shown = &file.shown;
    let git = match repository {
        Repository::None => {
            return facts.push(bad(
                Verdict::Skip,
                format!("{shown}: not a git repository, so git was not asked"),
                "git init",
            ));
        }
        Repository::Unknown(why, fix) => {
            return facts.push(bad(
                Verdict::Warn,
                format!("{shown}: ignored, tracked, committed? {why}"),
                fix,
            ));
        }
        Repository::Known(git) => git,
    };
    facts.push(match git.ignored_by(&file.path) {
        Ok(Some(rule)) => good(format!("{shown}: ignored by git ({})", escape::text(&rule))),
        Ok(None) => bad(
            Verdict::Fail,
            format!("{shown}: not ignored by git, the next `git add` may take it"),
            format!("echo '{}' >> .gitignore", file.name),
        ),
        Err(why) => bad(
            Verdict::Warn,
            format!("{shown}: {why}"),
            "look at it with: git status",
        ),
    });
    facts.push(match &git.tracked {
        Ok(tracked) if tracked.iter().any(|it| git.top.join(&it.path) == file.path) => bad(
            Verdict::Fail,
            format!("{shown}: tracked by git, whoever clones the repository gets it"),
            format!("git rm --cached {shown}, commit, and replace every secret in it"),
        ),
        Ok(_) => good(format!("{shown}: not tracked by git")),
        Err(why) => bad(
            Verdict::Warn,
            format!("{shown}: {why}"),
            "look at it with: git status",
        ),
    });
    facts.extend(history_of(file, git));
}

/// Was it ever committed?
fn history_of(file: &LayerFile, git: &Git) -> impl Iterator<Item = Fact> + use<> {
    let shown = &file.shown;
    let shallow = git.shallow.then(|| {
        bad(
            Verdict::Skip,
            format!("{shown}: a shallow clone, earlier history is not here"),
            "git fetch --unshallow",
        )
    });
    let fact = match git.first_commit_with(&file.path) {
        Ok(Some(commit)) => bad(
            Verdict::Fail,
            format!("{shown}: was committed (history: {commit}), it is in every clone"),
            "replace every secret in it: deleting the file does not take it out of the history",
        ),
        Ok(None) => good(format!(
            "{shown}: never committed in the history that is here"
        )),
        Err(why) => bad(
            Verdict::Warn,
            format!("{shown}: {why}"),
            "look at it with: git fsck",
        ),
    };
    [Some(fact), shallow].into_iter().flatten()
}

/// Are all five set, and right?
fn all_five(config: &Config, set: usize) -> Fact {
    let wrong: Vec<&str> = config
        .variables
        .iter()
        .filter(|it| it.status != Status::Ok)
        .map(|it| it.name)
        .collect();
    let unset: Vec<&str> = config
        .variables
        .iter()
        .filter(|it| it.origin.as_ref().is_some_and(|it| it.layer == "default"))
        .map(|it| it.name)
        .collect();
    match (wrong.is_empty(), unset.is_empty()) {
        (true, true) => good(format!("all {set} variables set and valid")),
        (true, false) => bad(
            Verdict::Warn,
            format!("not set, so the default counts: {}", unset.join(", ")),
            format!("set {} in .env", unset.join(" and ")),
        ),
        (false, _) => bad(
            Verdict::Warn,
            format!("not set or not valid: {}", wrong.join(", ")),
            "mend what is listed under each variable",
        ),
    }
}

/// Do `.env` and `.env.example` speak of the same variables? (A container needs neither.)
fn example_in_step(sources: &Sources, files_needed: bool) -> Vec<Fact> {
    let example = &sources.example;
    let shown = &example.shown;
    match &example.state {
        State::Absent if !files_needed => return Vec::new(),
        State::Absent => {
            return vec![bad(
                Verdict::Warn,
                format!("no {EXAMPLE}: nobody knows which variables to set"),
                format!("write {EXAMPLE} with all names and placeholders, and commit it"),
            )];
        }
        State::Unreadable(why, fix) => {
            return vec![bad(Verdict::Fail, format!("{shown}: {why}"), fix)];
        }
        State::Read { parsed, .. } => {
            if let Some((line, flaw)) = parsed.flaws.first() {
                let (what, fix) = flaw.words();
                return vec![bad(Verdict::Warn, format!("{shown}:{line}: {what}"), fix)];
            }
        }
    }
    let names = |file: &LayerFile| {
        file.entries()
            .iter()
            .map(|it| (it.name.clone(), format!("{}:{}", file.shown, it.line)))
            .collect::<Vec<_>>()
    };
    let in_example = names(example);
    let in_files: Vec<_> = sources.files.iter().flat_map(names).collect();
    let mut facts = Vec::new();
    let knows = |list: &[(String, String)], name: &str| list.iter().any(|(it, _)| it == name);
    let set_by_process = |name: &str| sources.process.iter().any(|(it, _)| it == name);
    for spec in SPECS.iter().filter(|it| !knows(&in_example, it.name)) {
        facts.push(bad(
            Verdict::Warn,
            format!("{shown} does not mention {}", spec.name),
            format!("add {}= with a placeholder to it", spec.name),
        ));
    }
    for (name, place) in in_files
        .iter()
        .filter(|(name, _)| spec::named(name).is_none() && !knows(&in_example, name))
    {
        facts.push(bad(
            Verdict::Warn,
            format!("{shown} does not mention {}", printable(name, place)),
            "add its name with a placeholder there, or delete the entry",
        ));
    }
    if !in_files.is_empty() {
        for (name, place) in in_example
            .iter()
            .filter(|(name, _)| !knows(&in_files, name) && !set_by_process(name))
        {
            facts.push(bad(
                Verdict::Warn,
                format!(
                    "{} stands in {shown} and is set nowhere",
                    printable(name, place)
                ),
                "set it in .env, or delete it from the example",
            ));
        }
    }
    if facts.is_empty() {
        facts.push(good(format!("{shown}: in step, both ways")));
    }
    facts
}

/// A name as people write them; of anything else only the place, for it may be part of a secret.
fn printable(name: &str, place: &str) -> String {
    let usual = name.len() <= 40
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    match usual && name.contains('_') {
        true => format!("{name} ({place})"),
        false => format!("the entry in {place}"),
    }
}

/// 3. Would production start with what is here?
pub fn production(sources: &Sources, mode: Mode, gate: &Gate) -> Check {
    let dry_run = config::judge(sources, Mode::Production, gate);
    let refusals: Vec<Problem> = dry_run.refusals();
    let verdict = if mode == Mode::Development {
        Verdict::Warn
    } else {
        Verdict::Fail
    };
    let mut facts: Vec<Fact> = refusals
        .into_iter()
        .map(|it| bad(verdict, it.what, it.fix))
        .collect();
    if mode == Mode::Unknown {
        facts.push(bad(
            verdict,
            "MATRIX_MODE: invalid, so production does not start",
            SPECS[0].fix,
        ));
    }
    facts.dedup();
    if facts.is_empty() {
        let overriding = dry_run.variables.iter().filter(|it| {
            it.origin
                .as_ref()
                .is_some_and(|it| it.layer == "process" || it.layer.starts_with(".env.production"))
        });
        let names: Vec<&str> = overriding.map(|it| it.name).collect();
        facts.push(good("dry run with MATRIX_MODE=production: it would start"));
        facts.push(good(match names.is_empty() {
            true => "nothing is overridden: the same values as in development".to_owned(),
            false => format!(
                "from the process environment or .env.production: {}",
                names.join(", ")
            ),
        }));
    }
    check("Production overrides available", facts, |_| {
        "Production overrides not available: it would not start".to_owned()
    })
}
