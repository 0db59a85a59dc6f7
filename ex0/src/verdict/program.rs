//! What is noted about the program itself?

use crate::binary::{Binary, LoadOutcome};
use crate::finding::{Notes, Reader, Said, Warning};
use crate::lookup::Found;
use crate::support::version::Minor;

/// The newest version whose rules are known.
const NEWEST: Minor = Minor(3, 15);

/// Notes the version, and where it was read.
pub fn say_version(found: &Found, binary: &Binary, notes: &mut Notes) {
    if let Some(version) = binary.version.clone() {
        let said = Said::VersionIs {
            version,
            from: binary.source,
        };
        notes.say(
            Reader::Binary,
            binary.library.as_ref().unwrap_or(&found.file),
            said,
        );
    }
    if binary.minor > NEWEST {
        notes.warn(Warning::NewerThanRules {
            minor: binary.minor,
        });
    }
}

/// Notes what the kernel and the loader do with the file.
pub fn say_program(found: &Found, binary: &Binary, notes: &mut Notes) {
    if binary.file != found.file {
        let said = Said::LeadsTo(binary.file.clone());
        notes.say(Reader::Kernel, &found.file, said);
    }
    match &binary.outcome {
        LoadOutcome::Loads => {
            let said = Said::Loads {
                libraries: binary.libraries,
            };
            notes.say(Reader::Loader, &binary.file, said);
        }
        LoadOutcome::NotChecked(why) => {
            notes.say(Reader::Loader, &binary.file, Said::LoadNotChecked(*why));
        }
        LoadOutcome::Fails(_) => {}
    }
    if let Some(library) = &binary.library {
        notes.say(Reader::Loader, library, Said::HoldsInterpreter);
    }
}
