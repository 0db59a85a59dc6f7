//! How does a finding become a value in JSON?

use std::fmt::Display;

use serde::Serializer;

/// In JSON a finding is its sentence. Only the report writes sentences.
pub fn in_words<S: Serializer>(finding: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(finding)
}

/// The same for what may be missing.
#[expect(clippy::ref_option, reason = "serde passes the field")]
pub fn perhaps_in_words<S: Serializer>(
    finding: &Option<impl Display>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match finding {
        Some(it) => in_words(it, serializer),
        None => serializer.serialize_none(),
    }
}

/// The same for a list.
pub fn each_in_words<S: Serializer>(
    findings: &[impl Display],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings.iter().map(ToString::to_string))
}
