//! Does git ignore a layer file, track it, or remember it?

use std::io::{self, Read, Seek};
use std::path::Path;

use super::check::{Fact, Verdict, fact_of};
use super::repositories::Repositories;
use super::seen::{OfFile, OfGit, Rules, Seen};
use crate::git::{Git, Repository};
use crate::sources::{EnvFile, Written};
use crate::words::{Place, open_regular};

/// A file that git is asked about.
struct Asked<'a> {
    path: &'a Path,
    written: Written,
    /// True when it is in another repository than the current folder.
    elsewhere: bool,
}

/// Does git ignore it, track it, or remember it? For a link, also: does git do so with its target?
pub fn ask_git(file: &EnvFile, repositories: &Repositories) -> Vec<Fact> {
    let current = &repositories.current;
    let mut facts = Asked::new(file).ask(current);
    let target = file.target.as_ref();
    let Some((path, written)) = target.and_then(|it| Some((&it.path, it.written.as_ref()?))) else {
        return facts;
    };
    let other = repositories.other(path);
    if other.is_none() && !matches!(current, Ok(Some(_))) {
        return facts;
    }
    let asked = Asked {
        path,
        written: written.clone(),
        elsewhere: other.is_some(),
    };
    let shown = written.folder.clone() + &written.name;
    facts.push(fact_of(file.whole(), Verdict::Ok, OfFile::LeadsTo(shown)));
    facts.extend(asked.ask(other.as_ref().unwrap_or(current)));
    // Of a folder that became a repository, the one around it may still track the files.
    let around = current.as_ref().ok().and_then(Option::as_ref);
    if asked.elsewhere && around.is_some_and(|it| it.tracks(path) == Ok(true)) {
        facts.push(asked.fact(Verdict::Fail, OfGit::Tracked(None)));
    }
    facts
}

/// Does git remember a file that is not here?
pub fn was_committed(file: &EnvFile, repositories: &Repositories) -> Option<Fact> {
    let git = repositories.current.as_ref().ok()?.as_ref()?;
    let committed = Asked::new(file).history(git);
    committed.into_iter().find(|it| it.verdict == Verdict::Fail)
}

impl<'a> Asked<'a> {
    /// A layer file.
    fn new(file: &'a EnvFile) -> Self {
        Self {
            path: &file.path,
            written: Written {
                folder: file.folder.clone(),
                name: file.name.into(),
            },
            elsewhere: false,
        }
    }

    /// A fact about it.
    fn fact(&self, verdict: Verdict, seen: OfGit) -> Fact {
        let shown = self.written.folder.clone() + &self.written.name;
        fact_of(Place::new(shown, None), verdict, Seen::OfGit(seen))
    }

    /// What git says about it.
    fn ask(&self, repository: &Repository) -> Vec<Fact> {
        let git = match repository {
            Ok(None) => return vec![self.fact(Verdict::Skip, OfGit::NotAsked)],
            Err(why) => return vec![self.fact(Verdict::Warn, OfGit::Silent(*why))],
            Ok(Some(git)) => git,
        };
        let ignored = match git.ignored_by(self.path) {
            Ok(Some(rule)) => self.fact(Verdict::Ok, OfGit::Ignored(rule)),
            Ok(None) => {
                let rules = rules(&self.path.with_file_name(".gitignore"));
                let rule = OfGit::NotIgnored(self.written.clone(), rules);
                self.fact(Verdict::Fail, rule)
            }
            Err(why) => self.fact(Verdict::Warn, OfGit::Unsure(why)),
        };
        let elsewhere = || self.elsewhere.then(|| self.written.clone());
        let tracked = match git.tracks(self.path) {
            Ok(true) => self.fact(Verdict::Fail, OfGit::Tracked(elsewhere())),
            Ok(false) => self.fact(Verdict::Ok, OfGit::NotTracked),
            Err(why) => self.fact(Verdict::Warn, OfGit::Unsure(why)),
        };
        let mut facts = vec![ignored, tracked];
        facts.extend(self.history(git));
        facts
    }

    /// Was it ever committed?
    fn history(&self, git: &Git) -> Vec<Fact> {
        let folder = self.elsewhere.then(|| self.written.folder.clone());
        let shallow = git
            .shallow
            .then(|| self.fact(Verdict::Skip, OfGit::Shallow(folder)));
        let committed = match git.first_commit_with(self.path) {
            Ok(Some(commit)) => self.fact(Verdict::Fail, OfGit::Committed(commit)),
            Ok(None) => self.fact(Verdict::Ok, OfGit::NeverCommitted),
            Err(why) => self.fact(Verdict::Warn, OfGit::Unsure(why)),
        };
        [Some(committed), shallow].into_iter().flatten().collect()
    }
}

/// Where a new rule goes in this `.gitignore`.
fn rules(path: &Path) -> Rules {
    if path.is_symlink() {
        Rules::InALink
    } else if path.exists() && !path.is_file() {
        Rules::InNoFile
    } else if ends_in_an_open_line(path).unwrap_or(false) {
        Rules::AfterOpenLine
    } else {
        Rules::AtTheEnd
    }
}

/// True for a file whose last line has no line break.
fn ends_in_an_open_line(path: &Path) -> io::Result<bool> {
    let (mut file, length) = open_regular(path)?;
    if length == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(io::SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}
