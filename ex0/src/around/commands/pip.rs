//! Which Python does `pip` install for, and does that Python start?

use bstr::ByteSlice;

use super::target::{Target, refusal, same_python, target};
use super::{Commands, Typed};
use crate::binary;
use crate::finding::{Cause, OwnPip, Warning};
use crate::support::{PyPath, World};
use crate::verdict::{Outcome, Running};

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
            self.needs_own_python(typed, &text);
        }
        self.compare("pip", python, same, typed);
    }

    /// pip starts only if its Python does, and has the module pip, if the script imports it: the one that the shell starts. Of another one no more is known than what
    /// exec and the loader do. Where `.pth` files and the user's packages add a pip, it is not looked for.
    fn needs_own_python(&mut self, typed: &Typed, script: &[u8]) {
        match &typed.answer.outcome {
            Outcome::Runs(it) => {
                let is_there =
                    !script.contains_str("from pip") || it.own_pip() == OwnPip::Installed;
                self.pip_starts = is_there.then_some(true);
            }
            Outcome::Broken(it) => self.pip_cannot_start(it.fault.cause.clone(), typed),
            Outcome::NoPython(_) | Outcome::Unknown(..) => self.doubt(),
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
