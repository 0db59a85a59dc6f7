//! Which Python does `pip` install for, and does that Python start?

use bstr::ByteSlice;

use super::target::{Target, refusal, same_python, target};
use super::{Commands, Typed};
use crate::binary;
use crate::finding::{Cause, Warning};
use crate::lookup::Request;
use crate::pyvenv_cfg::environment_of;
use crate::support::{PyPath, World};
use crate::verdict::{self, Answer, Outcome, Running};

impl Commands {
    /// Compares the Python that `pip` installs for.
    pub(super) fn compare_pip(&mut self, pip: &PyPath, typed: &Typed, world: &World) {
        let (script, text) = match target(pip, None, world) {
            Target::Script(file, text) => (file, text),
            Target::Nothing(why) => return self.pip_cannot_start(why, typed),
            Target::Program(_) | Target::Unknown => return self.pip_names_none(pip, typed),
        };
        self.pip_python = binary::python_of(&text, &script, world);
        // What the shell starts is known to start.
        if let Some(why) = refusal(&text, self.pip_python.as_ref(), &typed.started, world) {
            return self.pip_cannot_start(Cause::not_loadable(&script, why), typed);
        }
        let Some(python) = self.pip_python.clone() else {
            return self.pip_names_none(pip, typed);
        };
        self.pip_starts = Some(true);
        let same = if typed.is_plainly(&python) {
            Some(true)
        } else {
            match target(&python, typed.known.as_ref(), world) {
                Target::Program(it) => same_python(&it, &typed.own),
                Target::Nothing(why) => return self.pip_cannot_start(why, typed),
                Target::Script(..) | Target::Unknown => return self.doubt(),
            }
        };
        if same == Some(true) {
            self.needs_python(typed.answer, typed);
            self.pip_needs_module(&text, typed, world);
        } else if may_be_special(&python, typed, world) {
            let answer = verdict::decide(&Request::File(python.clone()), world);
            self.needs_python(&answer, typed);
        }
        self.compare("pip", python, same, typed);
    }

    /// pip starts only if its Python does.
    fn needs_python(&mut self, answer: &Answer, typed: &Typed) {
        match &answer.outcome {
            Outcome::Runs(_) => {}
            Outcome::Broken(it) => self.pip_cannot_start(it.fault.cause.clone(), typed),
            Outcome::NoPython(_) | Outcome::Unknown(..) => {
                self.pip_starts = None;
                self.doubt();
            }
        }
    }

    fn pip_cannot_start(&mut self, why: Cause, typed: &Typed) {
        self.pip_starts = Some(false);
        self.agree = Some(false);
        self.warnings.push(Warning::PipCannotStart {
            why,
            typed: typed.started.basename(),
            own: typed.isolated().map(Running::own_pip),
        });
    }

    /// pip's script for the Python that starts imports the module pip. Does this Python see one?
    fn pip_needs_module(&mut self, script: &[u8], typed: &Typed, world: &World) {
        let imports = script.contains_str("from pip") || script.contains_str("import pip");
        let running = typed.answer.running().filter(|_| imports);
        let Some(sees) = running.map(|it| it.sees_pip(world)) else {
            return;
        };
        self.pip_starts = sees;
        match sees {
            Some(true) => {}
            None => self.doubt(),
            Some(false) => {
                self.agree = Some(false);
                self.warnings.push(Warning::PipWithoutModule {
                    typed: typed.started.basename(),
                    own: typed.isolated().map(Running::own_pip),
                });
            }
        }
    }

    fn pip_names_none(&mut self, pip: &PyPath, typed: &Typed) {
        self.doubt();
        if let Some(running) = typed.isolated()
            && pip.dirname() != typed.started.dirname()
        {
            self.warnings.push(Warning::PipElsewhere {
                pip: pip.clone(),
                typed: typed.started.basename(),
                own: running.own_pip(),
            });
        }
    }
}

/// Could another Python stop, although what exec and the loader need is there? A verdict costs some 100 system calls, so none is asked for
/// on a global Python if no variable speaks to it and the one that starts is well.
fn may_be_special(python: &PyPath, typed: &Typed, world: &World) -> bool {
    let variables = ["PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR"];
    let is_set = variables.iter().any(|it| world.non_empty(it).is_some());
    is_set || typed.answer.fault().is_some() || environment_of(python).is_some()
}
