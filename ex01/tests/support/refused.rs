//! What must be true of every run that cannot read its data?

use std::path::Path;

use crate::run::run;

/// A run that must fail with 2, name these things, give a hint, and claim nothing.
#[track_caller]
pub fn refused(folder: &Path, words: &str, named: &[&str]) {
    let found = run(folder, words);
    assert_eq!(found.code, Some(2), "{words}: {found:?}");
    for text in named.iter().chain(&["error: ", "\nhint: "]) {
        assert!(
            found.err.contains(text),
            "{words}: no {text:?} in {}",
            found.err
        );
    }
    for claim in ["complete", "saved", "exported"] {
        assert!(!found.out.contains(claim), "{words}: {}", found.out);
    }
    assert!(!folder.join("matrix_analysis.png").exists(), "{words}");
}

/// The same with `--or-simulate`: the run goes on, and every output says what the data is and why.
#[track_caller]
pub fn simulated(folder: &Path, words: &str, named: &str) {
    let words = format!("{words} --or-simulate --no-plot --points 70 --json");
    let found = run(folder, &words);
    assert_eq!(found.code, Some(0), "{words}: {found:?}");
    assert!(found.err.contains("warning: "), "{words}: {}", found.err);
    assert!(found.err.contains(named), "{words}: {}", found.err);
    let object: serde_json::Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!(object["n"], 70, "{words}");
    assert_eq!(object["source"], "simulated", "{words}");
    let fallback = object["fallback"].as_str().unwrap();
    assert!(fallback.contains(named), "{words}: {fallback}");
}
