//! What if there is no Python? What was asked for is named, and what would bring it.

use super::answer::{Answer, Status};
use super::maker;
use super::repair;
use crate::lookup;
use crate::support::PyPath;
use crate::support::World;
use crate::support::files;
use crate::support::notes::{Notes, Problem};
use crate::support::shell;

/// There is no Python, or the one that was asked for is a dead link in an environment.
pub fn answer(wanted: Option<&PyPath>, world: &World, notes: Notes) -> Answer {
    let named = wanted.map_or_else(|| "python3 or python".to_owned(), PyPath::shown);
    let candidates = wanted.into_iter().flat_map(|it| {
        let inside = lookup::IN_ENVIRONMENT.iter().map(|name| it.os_join(name));
        std::iter::once(it.clone()).chain(inside)
    });
    let dead = candidates
        .into_iter()
        .find(|it| it.bytes().contains(&b'/') && files::link(it).is_some() && !files::exists(it));
    let Some(dead) = dead else {
        if let Some(folder) = wanted.filter(|it| files::is_dir(it)) {
            let what = format!(
                "there is no {} in {named}",
                lookup::IN_ENVIRONMENT.join(" or ")
            );
            let repair = match repair::is_environment(folder) {
                true => repair::recreate(folder, world),
                false => "construct --python .venv names an environment's folder".to_owned(),
            };
            let problem = Problem::new(what, folder, repair);
            return Answer::of(Status::NoPython, Some(problem), notes);
        }
        let problem = Problem {
            what: format!("there is no {named} that could be started"),
            path: world.variable("PATH").filter(|_| wanted.is_none()).cloned(),
            repair: "install Python, or put the folder that holds it on PATH".to_owned(),
        };
        return Answer::of(Status::NoPython, Some(problem), notes);
    };
    let target = files::link(&dead).unwrap_or_default();
    let what = format!(
        "{} is a link to {}, which is not there",
        dead.shown(),
        target.shown()
    );
    let folder = Some(dead.dirname().dirname()).filter(repair::is_environment);
    let repair = match &folder {
        Some(folder) => repair::recreate(folder, world),
        None => shell::remove(&dead),
    };
    let problem = Problem::new(what, &dead, repair);
    Answer {
        environment: folder.map(|it| maker::of_folder(&it)),
        file: Some(dead.clone()),
        executable: Some(dead),
        ..Answer::of(Status::Broken, Some(problem), notes)
    }
}
