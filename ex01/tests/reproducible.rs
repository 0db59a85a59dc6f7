//! Does the same seed give the same data on every machine, and are the figures true?

// These tests need all programs. cli.rs makes and tests builds without some of them.
#![cfg(all(
    feature = "ndarray",
    feature = "plotters",
    feature = "polars",
    feature = "ureq"
))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/python.rs"]
mod python;
#[path = "support/run.rs"]
mod run;
#[path = "support/skip.rs"]
mod skip;

use std::fs;
use std::path::PathBuf;

use python::{python, script};
use run::{command, json, run};
use serde_json::Value;
use tempfile::tempdir;

/// A number of the JSON.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = tempdir().unwrap();
    let result = |threads: u32| {
        let words = format!("--points 1_000_000 --seed 7 --output same.png --threads {threads}");
        let mut object = json(folder.path(), &words);
        object.as_object_mut().unwrap().remove("output");
        (object, fs::read(folder.path().join("same.png")).unwrap())
    };
    let one = result(1);
    for threads in [2, 3, 7] {
        assert!(one == result(threads), "{threads} threads");
    }
}

#[test]
fn another_processor_gives_the_same_bytes() {
    // glibc chooses routines for the processor. Here it is told that this processor can do little.
    let folder = tempdir().unwrap();
    let result = |tunables: &str| {
        let mut command = command(folder.path(), "--points 200000 --json --output same.svg");
        let output = command.env("GLIBC_TUNABLES", tunables).output().unwrap();
        let mut object: Value = serde_json::from_slice(&output.stdout).unwrap();
        object.as_object_mut().unwrap().remove("timing");
        (object, fs::read(folder.path().join("same.svg")).unwrap())
    };
    let poor = "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX,-BMI2,-AVX2_Usable,-FMA_Usable";
    assert!(result("") == result(poor));
}

#[test]
fn the_first_thousand_points_of_the_default_seed_never_change() {
    let folder = tempdir().unwrap();
    let found = json(folder.path(), "--no-plot");
    let expected = include_str!("support/seed-42.json");
    let expected: Value = serde_json::from_str(expected).unwrap();
    for part in ["signal", "risk", "groups", "histogram"] {
        assert_eq!(found[part], expected[part], "{part}");
    }
    let other = json(folder.path(), "--no-plot --seed 43");
    assert_ne!(found["signal"], other["signal"]);
}

/// Larger runs: points, seed, and some of their figures, each to its last digit.
const LARGER: [(u64, u64, &str); 4] = [
    (
        16_385,
        5,
        "0.011456996849565592 1.0065979561974254 2.3228091992437943 0.8439352182416882 0.11794135791819663 \
         2.2479740741247274 4.489828425924317",
    ),
    (
        65_537,
        u64::MAX,
        "-0.003121730795746291 0.9947219743912925 2.3278733605976867 0.8307066581848378 0.12614642270660129 \
         2.1926607383788896 5.01252197961496",
    ),
    (
        1_000_000,
        7,
        "-0.0016516148684492947 0.9994213515232329 2.321206260941407 0.83222234348248 0.12411201653597495 \
         2.1969447872704357 5.737299988069427",
    ),
    (
        3_000_001,
        42,
        "-0.0003429747021968526 1.000493410378014 2.327181646417241 0.832603377332957 0.12641159742745703 \
         2.1968304467262576 6.258724357869362",
    ),
];

#[test]
fn the_figures_of_larger_runs_never_change() {
    let folder = tempdir().unwrap();
    for (points, seed, expected) in LARGER {
        let words = format!("--no-plot --points {points} --seed {seed}");
        let found = json(folder.path(), &words);
        let (signal, risk, group) = (&found["signal"], &found["risk"], &found["groups"][7]);
        let figures = [
            &signal["mean"],
            &signal["std"],
            &signal["quantiles"]["0.99"],
            &risk["std"],
            &risk["quantiles"]["0.01"],
            &group["mean"],
            &group["max"],
        ];
        let figures = figures.map(Value::to_string).join(" ");
        assert_eq!(figures, expected, "{points} {seed}");
    }
}

/// Sizes around the borders of tiles, chunks and blocks, and seeds at the ends of their range.
const CASES: [(u64, u64); 14] = [
    (1, 0),
    (2, 1),
    (3, 42),
    (9, 1 << 63),
    (10, u64::MAX),
    (100, 0),
    (2047, 4),
    (16_385, 5),
    (65_535, 42),
    (65_536, 1 << 63),
    (65_537, u64::MAX),
    (262_145, 1),
    (1_000_000, u64::MAX),
    (3_000_001, 42),
];

#[test]
fn figures_are_consistent_at_every_size() {
    let folder = tempdir().unwrap();
    for (points, seed) in CASES {
        let found = json(
            folder.path(),
            &format!("--no-plot --points {points} --seed {seed}"),
        );
        assert_eq!(found["n"], points);
        for name in ["signal", "risk"] {
            let column = &found[name];
            assert_eq!(column["count"], points);
            let mut ladder = vec![number(&column["min"])];
            let quantiles = column["quantiles"].as_object().unwrap();
            assert_eq!(quantiles.len(), 7);
            for q in ["0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99"] {
                ladder.push(number(&quantiles[q]));
            }
            ladder.push(number(&column["max"]));
            assert!(ladder.is_sorted(), "{points} {name}: {ladder:?}");
            let mean = number(&column["mean"]);
            assert!(ladder[0] <= mean && mean <= ladder[8], "{points} {name}");
            assert_eq!(column["std"].is_null(), points == 1, "{points} {name}");
        }
        let groups = found["groups"].as_array().unwrap();
        let counts: u64 = groups.iter().map(|it| it["count"].as_u64().unwrap()).sum();
        assert_eq!(counts, points);
        let mean = |it: &Value| number(&it["mean"]) * number(&it["count"]);
        let total: f64 = groups.iter().map(mean).sum();
        let points_float = number(&found["n"]);
        assert!((total / points_float - number(&found["risk"]["mean"])).abs() < 1e-12);
        let top = groups
            .iter()
            .map(|it| number(&it["max"]))
            .fold(0.0, f64::max);
        assert_eq!(top.to_bits(), number(&found["risk"]["max"]).to_bits());
        let histogram = &found["histogram"];
        let bins = histogram["counts"].as_array().unwrap();
        let counted: u64 = bins.iter().map(|it| it.as_u64().unwrap()).sum();
        let outside =
            histogram["underflow"].as_u64().unwrap() + histogram["overflow"].as_u64().unwrap();
        assert_eq!(counted + outside, points);
    }
}

#[test]
fn two_million_points_agree_with_the_formulas() {
    let folder = tempdir().unwrap();
    let found = json(folder.path(), "--no-plot --points 2e6 --seed 11");
    let near = |value: &Value, expected: f64, slack: f64| {
        let value = number(value);
        assert!((value - expected).abs() < slack, "{value} for {expected}");
    };
    // The tolerance is five standard errors, and for a quantile its bound: 2^-10 of its value.
    near(&found["signal"]["mean"], 0.0, 0.0036);
    near(&found["signal"]["std"], 1.0, 0.0026);
    for (q, expected) in [
        ("0.01", -2.326_348),
        ("0.25", -0.674_490),
        ("0.5", 0.0),
        ("0.99", 2.326_348),
    ] {
        near(
            &found["signal"]["quantiles"][q],
            expected,
            0.0135 + expected.abs() / 1024.0,
        );
    }
    // |N(0,1)| has mean √(2/π) and variance 1 - 2/π; 0.2 × a digit has mean 0.9 and variance 0.04 × 8.25.
    let mean = (2.0 / std::f64::consts::PI).sqrt();
    near(&found["risk"]["mean"], mean + 0.9, 0.003);
    near(
        &found["risk"]["std"],
        (1.0 - mean * mean + 0.33_f64).sqrt(),
        0.002,
    );
    for (activity, group) in found["groups"].as_array().unwrap().iter().enumerate() {
        assert_eq!(group["agent_activity"], activity);
        near(&group["count"], 200_000.0, 2200.0);
        near(
            &group["mean"],
            mean + 0.2 * number(&group["agent_activity"]),
            0.007,
        );
    }
}

#[test]
fn an_export_gives_the_same_figures_when_read_again() {
    let folder = tempdir().unwrap();
    let words = "--no-plot --points 300000 --seed 9 --export data.parquet";
    let (made, read) = (
        json(folder.path(), words),
        json(folder.path(), "--no-plot --source data.parquet"),
    );
    for part in ["n", "signal", "risk", "groups", "histogram"] {
        assert_eq!(made[part], read[part], "{part}");
    }
    assert_eq!(read["source"], "data.parquet");
    assert!(read["seed"].is_null());
}

#[test]
fn an_exported_part_has_the_same_bytes_on_any_number_of_threads() {
    let folder = tempdir().unwrap();
    let export = |name: &str, threads: u32| {
        let words = format!("-q --no-plot --points 1.2e6 --export {name}/ --threads {threads}");
        assert_eq!(run(folder.path(), &words).code, Some(0));
        ["part-000000.parquet", "part-000001.parquet"]
            .map(|part| fs::read(folder.path().join(name).join(part)).unwrap())
    };
    assert!(export("a", 1) == export("b", 3));
    // Other programs would read a smaller export together with the part of a larger one.
    let found = run(folder.path(), "--points 1000 --export a/");
    assert_eq!(found.code, Some(2), "{found:?}");
    assert!(found.err.contains("part-000001.parquet"), "{}", found.err);
    assert!(!folder.path().join("matrix_analysis.png").exists());
}

#[test]
fn other_programs_read_the_export_and_compute_the_same() {
    let Some(python) = python() else {
        return;
    };
    let folder = tempdir().unwrap();
    for (points, seed) in CASES {
        let words =
            format!("--no-plot --points {points} --seed {seed} --json --export {points}/out/");
        let object = run(folder.path(), &words);
        assert_eq!(object.code, Some(0), "{points}: {object:?}");
        fs::write(folder.path().join(format!("{points}/out.json")), object.out).unwrap();
    }
    let folders = CASES.map(|(points, _)| folder.path().join(points.to_string()));
    let folders = folders.each_ref().map(PathBuf::as_path);
    script(&python, "agree.py", &folders);
}
