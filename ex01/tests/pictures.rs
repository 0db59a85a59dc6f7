//! Does a picture show what is in the data, for data of every kind?

// These tests need all programs. cli.rs makes and tests builds without some of them.
#![cfg(all(
    feature = "ndarray",
    feature = "plotters",
    feature = "polars",
    feature = "ureq"
))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/run.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod run;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use run::run;
use tempfile::tempdir;

/// The colour of lines and bars.
const BLUE: [u8; 3] = [31, 119, 180];

/// A table of risks, all of one activity.
fn table(risks: &[f64]) -> String {
    let mut text = "signal,agent_activity\n".to_owned();
    for risk in risks {
        writeln!(text, "{risk:?},0").unwrap();
    }
    text
}

/// Numbers without a pattern, from 0 to 1.
fn noise(count: u32) -> impl Iterator<Item = f64> {
    let mut state = 1_u64;
    (0..count).map(move |_| {
        state = state * 16807 % 2_147_483_647;
        f64::from(u32::try_from(state).unwrap()) / 2_147_483_647.0
    })
}

/// The picture of a table as an SVG document.
fn drawn(folder: &Path, text: &str) -> String {
    fs::write(folder.join("t.csv"), text).unwrap();
    let found = run(folder, "-q --source t.csv --output t.svg");
    assert_eq!(found.code, Some(0), "{found:?}");
    fs::read_to_string(folder.join("t.svg")).unwrap()
}

/// The same picture as rows of pixels.
fn pixels(folder: &Path, text: &str) -> Vec<Vec<[u8; 3]>> {
    fs::write(folder.join("t.csv"), text).unwrap();
    let found = run(folder, "-q --source t.csv --output t.png");
    assert_eq!(found.code, Some(0), "{found:?}");
    let bytes = fs::read(folder.join("t.png")).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let width = reader.next_frame(&mut pixels).unwrap().width as usize;
    let pixels = pixels.as_chunks::<3>().0;
    pixels.chunks(width).map(<[_]>::to_vec).collect()
}

/// A text of an SVG document, and its box in pixels.
#[derive(Debug)]
struct Lettering {
    text: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    is_upright: bool,
}

/// All texts of a picture.
fn lettering(svg: &str) -> Vec<Lettering> {
    let attribute = |tag: &str, name: &str| {
        let start = tag.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        tag[start..].split('"').next().unwrap().to_owned()
    };
    let number = |tag: &str, name: &str| attribute(tag, name).parse::<f64>().unwrap() / 4.0;
    let read = |element: &str| {
        let (tag, rest) = element.split_once(">\n").unwrap();
        let text = rest.split("\n</text>").next().unwrap().to_owned();
        let (x, y, height) = (number(tag, "x"), number(tag, "y"), number(tag, "font-size"));
        // A letter is about half an em wide. Parts of letters above or below the line do not count.
        let width = f64::from(u32::try_from(text.chars().count()).unwrap()) * height * 0.5;
        let left = match attribute(tag, "text-anchor").as_str() {
            "start" => 0.0,
            "middle" => -width / 2.0,
            _ => -width,
        };
        let top = match attribute(tag, "dy").as_str() {
            "0.76em" => 0.0,
            "0.5ex" => -height * 0.38,
            _ => -height * 0.76,
        };
        let is_upright = tag.contains("rotate(270");
        // The text is turned to the left, so its right end is at the top.
        let ((left, right), (top, bottom)) = if is_upright {
            ((top, top + height * 0.76), (-left - width, -left))
        } else {
            ((left, left + width), (top, top + height * 0.76))
        };
        Lettering {
            text,
            left: x + left,
            right: x + right,
            top: y + top,
            bottom: y + bottom,
            is_upright,
        }
    };
    svg.split("<text").skip(1).map(read).collect()
}

/// Tables of every kind, each with a name.
fn tables() -> Vec<(&'static str, String)> {
    let around = |middle: f64, spread: f64| -> Vec<f64> {
        noise(3000).map(|it| middle + (it - 0.5) * spread).collect()
    };
    let activities = |risk: f64| {
        let mut text = "signal,agent_activity\n".to_owned();
        for (row, it) in noise(3000).enumerate() {
            writeln!(text, "{:?},{}", risk * (1.0 + 0.03 * it), row % 10).unwrap();
        }
        text
    };
    let ramp: Vec<f64> = (0..=1000).map(|it| f64::from(it) / 10.0).collect();
    let time: Vec<f64> = (0..3000).map(|it| 1.7e9 + 60.0 * f64::from(it)).collect();
    let tails: Vec<f64> = noise(3000).map(|it| 1.0 / (it + 1e-6)).collect();
    vec![
        ("a ramp", table(&ramp)),
        ("tiny", table(&around(1e-300, 1e-300))),
        ("the tiniest", table(&[5e-324])),
        ("huge", table(&around(5e149, 1e149))),
        ("one point", table(&[3.7])),
        ("two points", table(&[1.0, 2.2])),
        ("constant", table(&[7.0; 1000])),
        ("nothing", table(&[0.0; 1000])),
        ("kelvin", table(&around(293.15, 0.02))),
        ("pressure", table(&around(1013.25, 0.02))),
        ("mains", table(&around(50.0, 0.05))),
        ("Unix time", table(&time)),
        ("a billion", table(&around(1e9, 2.0))),
        ("heavy tails", table(&tails)),
        ("means close to each other", activities(1000.0)),
        ("means of millions", activities(2.5e6)),
        ("means of a ten-thousandth", activities(1e-4)),
    ]
}

#[test]
fn texts_do_not_touch_and_stay_inside_the_picture() {
    let folder = tempdir().unwrap();
    for (name, text) in tables() {
        let all = lettering(&drawn(folder.path(), &text));
        for (index, one) in all.iter().enumerate() {
            assert!(one.left >= 0.0 && one.right <= 950.0, "{name}: {one:?}");
            assert!(one.top >= 0.0 && one.bottom <= 660.0, "{name}: {one:?}");
            for other in &all[index + 1..] {
                let apart = one.right <= other.left
                    || other.right <= one.left
                    || one.bottom <= other.top
                    || other.bottom <= one.top;
                assert!(apart, "{name}: {one:?} {other:?}");
            }
        }
    }
}

#[test]
fn every_axis_has_different_ticks_and_its_name_beside_them() {
    let folder = tempdir().unwrap();
    for (name, text) in tables() {
        let all = lettering(&drawn(folder.path(), &text));
        let names: Vec<&Lettering> = all.iter().filter(|it| it.is_upright).collect();
        assert_eq!(names.len(), 3, "{name}");
        for upright in names {
            // The labels of the axis are to the right of its name, and end at the same place.
            let beside = |it: &&Lettering| {
                !it.is_upright && it.left > upright.left && it.right < upright.left + 110.0
            };
            let rows = |it: &&Lettering| {
                it.top > upright.bottom - 200.0 && it.bottom < upright.bottom + 200.0
            };
            let labels: Vec<&Lettering> = all.iter().filter(beside).filter(rows).collect();
            let end = labels
                .iter()
                .map(|it| it.right)
                .fold(0.0, f64::min)
                .max(0.0);
            let nearest = labels
                .iter()
                .map(|it| it.left)
                .fold(f64::INFINITY, f64::min);
            assert!(
                end <= 0.0 && nearest - upright.right < 20.0,
                "{name}: {upright:?} {labels:?}"
            );
            let mut texts: Vec<&str> = labels.iter().map(|it| it.text.as_str()).collect();
            texts.sort_unstable();
            texts.dedup();
            assert!(texts.len() >= 2, "{name}: {texts:?}");
        }
    }
}

#[test]
fn numbers_far_from_zero_are_short_and_the_same_in_every_panel() {
    let folder = tempdir().unwrap();
    let names = |wanted: &str| {
        let text = tables().into_iter().find(|it| it.0 == wanted).unwrap().1;
        let all = lettering(&drawn(folder.path(), &text));
        let named = all.into_iter().map(|it| it.text);
        let named: Vec<String> = named
            .filter(|it| it.contains("risk") && !it.contains(" of "))
            .collect();
        named
            .into_iter()
            .filter(|it| !it.contains("Mean") && !it.contains("over"))
            .collect::<Vec<_>>()
    };
    for (wanted, expected) in [
        ("Unix time", "risk − 1.7e9"),
        ("a billion", "risk − 1e9"),
        ("pressure", "risk − 1013.25"),
        ("tiny", "risk (× 1e-300)"),
        ("kelvin", "risk"),
    ] {
        let found = names(wanted);
        assert_eq!(found.len(), 3, "{found:?}");
        for name in &found {
            assert_eq!(name.trim_start_matches("mean "), expected, "{found:?}");
        }
    }
}

#[test]
fn an_extreme_has_full_ink_at_any_place() {
    let folder = tempdir().unwrap();
    for place in [0, 40_000, 99_999] {
        let mut risks: Vec<f64> = noise(100_000).map(|it| 1.0 + 0.01 * it).collect();
        risks[place] = 50.0;
        let rows = pixels(folder.path(), &table(&risks));
        let inked = |x: usize| rows[70..320].iter().filter(|row| row[x] == BLUE).count();
        let tallest = (0..950).map(inked).max().unwrap();
        assert!(tallest > 150, "{place}: {tallest}");
        // The bin of the extreme has one of 100,000 points: a mark above the axis, near its end.
        let inked = |x: usize| rows[360..640].iter().filter(|row| row[x] == BLUE).count();
        assert!((380..460).any(|x| inked(x) > 0), "{place}");
    }
}

#[test]
fn a_single_value_has_its_own_bar_and_tick() {
    let folder = tempdir().unwrap();
    let ticks = |svg: &str| {
        let all = lettering(svg).into_iter();
        let below = all.filter(|it| it.top > 610.0 && it.right < 470.0 && it.bottom < 632.0);
        below.map(|it| it.text).collect::<Vec<_>>()
    };
    let answers: Vec<f64> = noise(5000)
        .map(|it| if it < 0.6 { 0.0 } else { 1.0 })
        .collect();
    assert_eq!(ticks(&drawn(folder.path(), &table(&answers))), ["0", "1"]);
    let fifths: Vec<f64> = (0..500).map(|it| 0.2 * f64::from(it % 5)).collect();
    let expected = ["0.0", "0.2", "0.4", "0.6", "0.8"];
    assert_eq!(ticks(&drawn(folder.path(), &table(&fifths))), expected);
    assert_eq!(ticks(&drawn(folder.path(), &table(&[7.0; 10]))), ["7"]);
    // The bar of the mean has the same number as that of the histogram.
    let svg = drawn(folder.path(), &table(&[7.25; 10]));
    assert_eq!(ticks(&svg), ["7.25"]);
    let bars = lettering(&svg).into_iter();
    assert_eq!(bars.filter(|it| it.text == "7.25").count(), 2);
    // Points are counted in whole numbers, on the axis of time and in the histogram.
    let svg = drawn(folder.path(), &table(&[1.0, 2.0]));
    for it in lettering(&svg) {
        let is_time = it.top > 310.0 && it.bottom < 330.0;
        let is_count = it.top > 370.0 && it.right < 60.0;
        assert!(!(is_time || is_count) || !it.text.contains('.'), "{it:?}");
    }
    assert!(svg.contains("2 points from t.csv"));
    assert!(drawn(folder.path(), &table(&[1.0])).contains("1 point from t.csv"));
}

#[test]
fn the_caption_cuts_a_long_name_and_the_title_does_not() {
    let folder = tempdir().unwrap();
    let name = "matrix-".repeat(30);
    let deep = folder.path().join(&name);
    fs::create_dir(&deep).unwrap();
    fs::write(deep.join("neo.csv"), table(&[1.0, 2.0])).unwrap();
    run(
        folder.path(),
        &format!("-q --source {name}/neo.csv --output t.svg"),
    );
    let svg = fs::read_to_string(folder.path().join("t.svg")).unwrap();
    let all = lettering(&svg);
    let caption = all
        .iter()
        .find(|it| it.text.starts_with("2 points from"))
        .unwrap();
    assert!(caption.left > 0.0 && caption.right < 950.0, "{caption:?}");
    assert!(caption.text.contains('…') && caption.text.ends_with("/neo.csv"));
    assert!(svg.contains(&format!(
        "<title>Matrix analysis: 2 points from {name}/neo.csv</title>"
    )));
}

#[test]
fn an_svg_describes_the_picture_in_words() {
    let folder = tempdir().unwrap();
    run(folder.path(), "-q --output t.svg");
    let svg = fs::read_to_string(folder.path().join("t.svg")).unwrap();
    let desc = svg
        .split("<desc>")
        .nth(1)
        .unwrap()
        .split("</desc>")
        .next()
        .unwrap();
    assert_eq!(
        desc,
        "Risk over time: mean 1.678, from 0.003 to 5.420. The fullest of 26 bins holds 113 points, from 1.253 to \
         1.461. Mean risk by agent activity: 0.820 at 0, 0.866 at 1, 1.186 at 2, 1.476 at 3, 1.643 at 4, 1.734 at 5, \
         1.894 at 6, 2.315 at 7, 2.293 at 8, 2.585 at 9."
    );
    let told = drawn(folder.path(), &table(&[1.0, 1.0, 0.0]));
    assert!(
        told.contains("The most frequent value is 1.000, with 2 points."),
        "{told}"
    );
    // Beside a huge value, others are not zero.
    let usual: Vec<f64> = noise(995).map(|it| 10.0 + 10.0 * it).collect();
    let told = drawn(folder.path(), &table(&[usual, vec![1e20; 5]].concat()));
    assert!(told.contains("bins holds 995 points, from 1."), "{told}");
    let told = drawn(folder.path(), &table(&[[5.0; 7], [1e20; 7]].concat()[..10]));
    assert!(
        told.contains("The most frequent value is 5.000e0, with 7 points."),
        "{told}"
    );
}

/// The commands of the reference page that draw pictures, with the file that each one draws.
fn commands() -> Vec<(String, String)> {
    let blocks = include_str!("../doc/reference.md")
        .split("```console\n$ ")
        .skip(1);
    let blocks = blocks.filter_map(|it| it.split("\n```").next());
    let drawing = blocks.filter_map(|block| {
        let (_, name) = block.split_once(" -o ")?;
        Some((block.replace("\n$ ", "\n"), name.to_owned()))
    });
    drawing.collect()
}

#[test]
fn the_commands_of_the_reference_page_draw_its_pictures() {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("doc");
    let folder = tempdir().unwrap();
    let commands = commands();
    assert_eq!(commands.len(), 4);
    for (line, name) in commands {
        let line = line.replace("cargo run -q -p ex01 --", "\"$LOADING\"");
        let mut shell = Command::new("sh");
        let status = shell
            .arg("-c")
            .arg(line)
            .env("LOADING", env!("CARGO_BIN_EXE_loading"))
            .current_dir(folder.path())
            .status();
        assert!(status.unwrap().success(), "{name}");
        let drawn = fs::read(folder.path().join(&name)).unwrap();
        assert!(drawn == fs::read(documents.join(&name)).unwrap(), "{name}");
    }
    run(folder.path(), "-q");
    let drawn = fs::read(folder.path().join("matrix_analysis.png")).unwrap();
    assert!(drawn == fs::read(documents.join("1e3.png")).unwrap());
}
