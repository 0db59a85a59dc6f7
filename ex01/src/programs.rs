//! Which programs does the Matrix load, and what is each one for?

/// A third-party library: one Cargo feature, one line of the report.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// The crate, and the feature that brings it in.
    pub name: &'static str,
    /// What it does here, in the subject's words.
    pub purpose: &'static str,
    /// The Python library whose place it takes.
    pub python: &'static str,
    /// Whether this binary was compiled with it.
    pub enabled: bool,
}

/// The four of the subject, in its order.
pub const PROGRAMS: [Program; 4] = [
    Program {
        name: "polars",
        purpose: "Data manipulation",
        python: "pandas",
        enabled: cfg!(feature = "polars"),
    },
    Program {
        name: "ndarray",
        purpose: "Numerical computation",
        python: "numpy",
        enabled: cfg!(feature = "ndarray"),
    },
    Program {
        name: "plotters",
        purpose: "Visualization",
        python: "matplotlib",
        enabled: cfg!(feature = "plotters"),
    },
    Program {
        name: "ureq",
        purpose: "Network access",
        python: "requests",
        enabled: cfg!(feature = "ureq"),
    },
];
