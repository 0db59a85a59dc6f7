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
        let Some((same, other)) = self.look_at(&python, typed, world) else {
            return;
        };
        let answer = other.as_ref().or(typed.answer_if(same));
        self.needs_python(answer, typed);
        if same == Some(true) {
            self.pip_needs_module(&text, typed, world);
        }
        let running = answer.and_then(Answer::running);
        let running = running.filter(|_| self.pip_starts == Some(true));
        match running.and_then(|it| it.pip_sent_to(world)) {
            None => self.compare("pip", python, same, typed),
            Some(Ok(python)) => self.pip_sent_to(python, typed, world),
            Some(Err(warning)) => {
                self.pip_starts = Some(false);
                self.agree = Some(false);
                // The verdict has this warning of its own Python's pip already.
                self.warnings.extend(other.map(|_| warning));
            }
        }
    }

    /// Compares the Python that a variable names.
    fn pip_sent_to(&mut self, python: PyPath, typed: &Typed, world: &World) {
        self.pip_python = Some(python.clone());
        if let Some((same, other)) = self.look_at(&python, typed, world) {
            self.needs_python(other.as_ref().or(typed.answer_if(same)), typed);
            self.compare("pip", python, same, typed);
        }
    }

    /// Is it the Python that the shell starts? If not, the verdict on it too, if it was asked for. `None` if that is not known, or if it cannot
    /// start.
    fn look_at(
        &mut self,
        python: &PyPath,
        typed: &Typed,
        world: &World,
    ) -> Option<(Option<bool>, Option<Answer>)> {
        if typed.is_plainly(python) {
            return Some((Some(true), None));
        }
        match target(python, typed.known.as_ref(), world) {
            Target::Program(it) => {
                let same = same_python(&it, &typed.own);
                let is_asked = same != Some(true) && may_be_special(python, typed, world);
                let decide = || verdict::decide(&Request::File(python.clone()), world);
                Some((same, is_asked.then(decide)))
            }
            Target::Nothing(why) => {
                self.pip_cannot_start(why, typed);
                None
            }
            Target::Script(..) | Target::Unknown => {
                self.doubt();
                None
            }
        }
    }

    /// pip starts only if its Python does.
    fn needs_python(&mut self, answer: Option<&Answer>, typed: &Typed) {
        match answer.map(|it| &it.outcome) {
            None | Some(Outcome::Runs(_)) => {}
            Some(Outcome::Broken(it)) => self.pip_cannot_start(it.fault.cause.clone(), typed),
            Some(Outcome::NoPython(_) | Outcome::Unknown(..)) => {
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

impl Typed<'_> {
    /// The verdict on the Python that starts, if it is the same one.
    fn answer_if(&self, same: Option<bool>) -> Option<&Answer> {
        Some(self.answer).filter(|_| same == Some(true))
    }
}

/// Could another Python stop, or its pip work for a third one, although what exec and the loader need is there? A verdict costs some 100
/// system calls, so none is asked for on a global Python if no variable speaks to it and the one that starts is well.
fn may_be_special(python: &PyPath, typed: &Typed, world: &World) -> bool {
    let variables = ["PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PIP_PYTHON"];
    let is_set = variables.iter().any(|it| world.non_empty(it).is_some());
    is_set || typed.answer.fault().is_some() || environment_of(python).is_some()
}
