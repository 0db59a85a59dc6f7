//! How does the oracle keep its memory off the disk?

/// Asks the system to write no core dump of this process. During a probe, a dump would have the key in
/// it.
///
/// A limit of 0 prevents dumps to a file. A dump to a program (`|…` in `core_pattern`) is prevented only
/// for a process that is not "dumpable". Then other processes of the same user cannot read our memory
/// either.
#[cfg(unix)]
pub fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // When the system refuses, there is nothing else to do. The README promises no more.
    let _ = setrlimit(Resource::Core, nothing);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// The oracle does not know how to do it on this system.
#[cfg(not(unix))]
pub fn forbid_core_dumps() {}
