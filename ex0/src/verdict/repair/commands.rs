//! Which commands repair it? Each is complete and works in any folder.

use super::base::{self, Candidate};
use super::steps::absolute;
use super::{Advice, Effect, Patient, Repair, cfg, run};
use crate::lookup::has_command;
use crate::pyvenv_cfg::{self, Cfg};
use crate::support::access;
use crate::support::files;
use crate::support::shell::quoted;
use crate::support::{PyPath, World};
use crate::verdict::environment::{Kind, VenvModule};
use crate::verdict::{installer, maker};

pub fn reinstall(prefix: &PyPath, patient: &Patient) -> Repair {
    let (kind, _) = installer::kind_of_global(prefix, patient.world);
    let command = match kind {
        Kind::Pyenv => quoted(&prefix.basename()).map(|it| format!("pyenv install --force {it}")),
        Kind::Conda => {
            quoted(prefix).map(|it| format!("conda install --force-reinstall -p {it} python"))
        }
        Kind::System => debian_reinstall(patient).filter(|_| prefix.bytes() == b"/usr"),
        _ => None,
    };
    let prefix = prefix.clone();
    let advice = Repair::Advise(Advice::Reinstall(prefix));
    command.map_or(advice, |command| run(command, Effect::Reinstalls))
}

/// The command for Debian's own Python, if dpkg has a record of it.
fn debian_reinstall(patient: &Patient) -> Option<String> {
    let name = format!("python{}-minimal", patient.minor?);
    let record = PyPath::from(format!("/var/lib/dpkg/info/{name}.list").as_str());
    files::is_file(&record).then(|| {
        let sudo = if access::is_root() { "" } else { "sudo " };
        format!(
            "{sudo}apt-get install --reinstall {name} lib{name} libpython{}-stdlib",
            name[6..].trim_end_matches("-minimal")
        )
    })
}

/// Replaces a dead link, and changes `home` to fit.
pub fn relink(link: &PyPath, patient: &Patient) -> Option<Repair> {
    let link = absolute(link, patient);
    let folder = link.dirname().dirname();
    let cfg = maker::cfg_of(&folder);
    let minor = base::minor_of(&folder, &cfg).or(patient.minor)?;
    let Candidate { python, .. } = base::find(&folder, Some(minor), &cfg, patient.world)?;
    let mut command = format!("ln -sf {} {}", quoted(&python)?, quoted(&link)?);
    if !files::is_dir(&link.dirname()) {
        command = format!("mkdir -p {} && {command}", quoted(&link.dirname())?);
    }
    if let Some(edit) = cfg::home_edit(&cfg, &python.dirname()) {
        command = format!("{command} && {edit}");
    }
    Some(run(command, Effect::Relinks(python)))
}

/// Is this the name of an interpreter: `python`, `python3`, `python3.13t`? Not `python-argcomplete`: that is a package's script.
fn names_python(name: &[u8]) -> bool {
    let version = name.strip_prefix(b"python");
    let version = version.map(|it| it.strip_suffix(b"t").unwrap_or(it));
    version.is_some_and(|it| it.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.'))
}

/// The command of its maker that makes the environment again with this Python.
pub fn made_anew(
    folder: &PyPath,
    cfg: &Cfg,
    python: &PyPath,
    venv: VenvModule,
    world: &World,
) -> Option<String> {
    let (target, python) = (quoted(folder)?, quoted(python)?);
    let has = |tool| has_command(tool, world);
    let make = if cfg.record.uv.is_some() && has("uv") {
        format!("uv venv --allow-existing --python {python} {target}")
    } else if cfg.record.virtualenv.is_some() && has("virtualenv") {
        format!("virtualenv -p {python} {target}")
    } else {
        match venv {
            VenvModule::Complete => format!("{python} -m venv {target}"),
            VenvModule::WithoutPip => format!("{python} -m venv --without-pip {target}"),
            VenvModule::Missing => return None,
        }
    };
    let mark = folder.os_join(pyvenv_cfg::NAME);
    let blocks = !files::is_file(&mark) && (files::exists(&mark) || files::link(&mark).is_some());
    let mut first = String::new();
    if blocks {
        let kept = quoted(&mark.with_suffix(".off"))?;
        first = format!("mv {} {kept} && ", quoted(&mark)?);
    }
    // The makers do not replace an existing link, even if it is dead.
    let bin = folder.os_join("bin");
    let names = files::names(&bin, 1000).into_iter();
    let links = names
        .filter(|it| names_python(it.bytes()))
        .map(|it| bin.os_join(it))
        .filter(|it| files::link(it).is_some() || files::is_file(it));
    let links: Option<Vec<String>> = links.map(|it| quoted(&it)).collect();
    if let Some(links) = links.filter(|it| !it.is_empty()) {
        first = format!("{first}rm {} && ", links.join(" "));
    }
    Some(first + &make)
}
