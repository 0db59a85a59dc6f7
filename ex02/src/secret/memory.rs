//! How is our memory kept from being written to a disk?

/// Asks the system for no core dump of this process: with a probe under way one would hold the key.
///
/// A limit of 0 is heeded for files; a dump that goes to a program (`|…` in `core_pattern`) is only
/// forbidden to a process that is not "dumpable". That also keeps other processes of the same user
/// from reading our memory.
#[cfg(unix)]
pub fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // Where the system refuses, there is nothing else to be done; the README promises no more.
    let _ = setrlimit(Resource::Core, nothing);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Not known how on this system.
#[cfg(not(unix))]
pub fn forbid_core_dumps() {}
