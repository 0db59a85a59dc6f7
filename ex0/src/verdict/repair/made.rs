//! Which command makes an environment again in its folder?
//!
//! uv and virtualenv replace the Pythons that they find, so nothing is deleted before they succeed. (Only some releases of virtualenv stop
//! at a dead link.) `python -m venv` keeps what is there: its Pythons are deleted first, and only for a base that would start.

use bstr::ByteSlice;

use super::base::Candidate;
use super::commands::blocking;
use super::steps::moved;
use super::tool::{Tool, find_tool};
use crate::pyvenv_cfg::Cfg;
use crate::support::files;
use crate::support::shell::quoted;
use crate::support::version::Flavour;
use crate::support::{PyPath, World};
use crate::verdict::environment::VenvModule;
use crate::verdict::named::pythons;

/// Do the tools make an environment in this folder? Most refuse a path that no script of theirs could write.
pub fn may_be_made(folder: &PyPath) -> bool {
    folder.text().is_some_and(|it| !it.contains(':'))
}

/// How the environment is made again.
enum Maker {
    Uv(Tool),
    Virtualenv(Tool),
    Venv,
}

/// The command of its maker that makes the environment again with this Python and the same settings.
pub fn made_anew(folder: &PyPath, cfg: &Cfg, base: &Candidate, world: &World) -> Option<String> {
    let maker = maker(folder, cfg, base, world);
    let make = make(&maker, folder, cfg, base)?;
    let blocks = blocking(folder, world);
    let mut steps = moved(&blocks)?;
    let mut links = pythons(folder);
    links.retain(|it| !blocks.contains(it) && (files::link(it).is_some() || files::is_file(it)));
    // What was of another version stays only until the new environment is there.
    let (before, after): (Vec<PyPath>, Vec<PyPath>) = match maker {
        Maker::Uv(_) => (Vec::new(), links),
        Maker::Virtualenv(_) => links.into_iter().partition(|it| !files::exists(it)),
        Maker::Venv => (links, Vec::new()),
    };
    let names = new_names(base.flavour);
    let is_old = |it: &PyPath| !names.contains(&it.basename().to_string());
    let after: Vec<PyPath> = after.into_iter().filter(is_old).collect();
    steps.extend(removed(&before)?);
    steps.push(make);
    steps.extend(removed(&after)?);
    Some(steps.join(" && "))
}

/// The command that deletes these files, if there are any; `None` if a shell cannot spell a path.
fn removed(files: &[PyPath]) -> Option<Vec<String>> {
    let words: Option<Vec<String>> = files.iter().map(quoted).collect();
    let command = format!("rm {}", words?.join(" "));
    let command = Some(command).filter(|_| !files.is_empty());
    Some(command.into_iter().collect())
}

/// The names that a new environment has for its Python.
fn new_names(of: Flavour) -> Vec<String> {
    let minor = of.minor.map(|it| it.to_string()).unwrap_or_default();
    let versions = ["", "3", &minor].map(str::to_owned).into_iter();
    let versions = versions.chain([format!("{minor}t")]);
    versions
        .flat_map(|it| ["python", "pypy"].map(|name| format!("{name}{it}")))
        .collect()
}

/// The tool in its pyvenv.cfg, if it could start and makes environments for this Python.
fn maker(folder: &PyPath, cfg: &Cfg, base: &Candidate, world: &World) -> Maker {
    let find = |name| find_tool(name, Some(folder), world);
    let fits = |it: &Tool| base.flavour.minor.is_some_and(|minor| it.makes_for(minor));
    let record = &cfg.record;
    let uv = record.uv.as_ref().and_then(|_| find("uv"));
    let virtualenv = || record.virtualenv.as_ref().and_then(|_| find("virtualenv"));
    if let Some(tool) = uv {
        Maker::Uv(tool)
    } else if let Some(tool) = virtualenv().filter(fits) {
        Maker::Virtualenv(tool)
    } else {
        Maker::Venv
    }
}

/// The command that makes it.
fn make(maker: &Maker, folder: &PyPath, cfg: &Cfg, base: &Candidate) -> Option<String> {
    let (target, python) = (quoted(folder)?, quoted(&base.python)?);
    let options = options(cfg)?;
    let record = &cfg.record;
    Some(match maker {
        Maker::Uv(Tool { word, .. }) => {
            let keys = record.uv.as_ref();
            let option = |is_set: bool, text: &'static str| if is_set { text } else { "" };
            let seed = option(keys.is_some_and(|it| it.seed), " --seed");
            let relocatable = option(keys.is_some_and(|it| it.relocatable), " --relocatable");
            format!(
                "{word} venv --allow-existing{seed}{relocatable}{options} --python {python} {target}"
            )
        }
        Maker::Virtualenv(Tool { word, .. }) => format!("{word}{options} -p {python} {target}"),
        Maker::Venv => {
            let mut words = record.command.iter().flat_map(|it| it.split(' '));
            let without_pip = match base.venv {
                VenvModule::Complete => words.any(|it| it == "--without-pip"),
                VenvModule::WithoutPip => true,
                VenvModule::Missing => return None,
            };
            let more = if without_pip { " --without-pip" } else { "" };
            format!("{python} -m venv{more}{options} {target}")
        }
    })
}

/// The options that every maker has, as the environment was made with them. (If pyvenv.cfg does not say that the global packages are
/// visible, its maker did not write it.)
fn options(cfg: &Cfg) -> Option<String> {
    let text = cfg.bytes.to_str_lossy().into_owned().into_bytes();
    let site = Cfg::parse(cfg.path.clone(), text).site;
    let sees_all = site.is_ok_and(|it| it.system_site.as_deref() == Some("true"));
    let global = if sees_all {
        " --system-site-packages"
    } else {
        ""
    };
    let prompt = match &cfg.record.prompt {
        Some(prompt) => format!(" --prompt={}", quoted(&prompt.as_str().into())?),
        None => String::new(),
    };
    Some(format!("{global}{prompt}"))
}
