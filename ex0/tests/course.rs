//! The pages of the course: short, in one shape, and in step with the code of the three exercises that they lead through.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::path::{Path, PathBuf};

const EXERCISES: [&str; 3] = ["ex0", "ex01", "ex02"];

/// The sections of an exercise, in their order.
const SECTIONS: [&str; 10] = [
    "Goal",
    "Concept",
    "Run it",
    "Try this",
    "Your turn",
    "Read it",
    "Check yourself",
    "Figures",
    "Limits",
    "Sources",
];

/// How many lines of code a student reads in a minute.
const PACE: usize = 20;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| format!("{}: {error}", path.display()))
}

/// A section of a page, without its heading.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let start = page.find(&format!("\n## {heading}")).unwrap() + 1;
    let body = &page[start..];
    &body[..body[1..].find("\n## ").map_or(body.len(), |it| it + 1)]
}

/// What stands between backticks, outside of blocks.
fn spans(text: &str) -> Vec<String> {
    let outside = text.split("```").step_by(2);
    let spans = outside.flat_map(|it| it.split('`').skip(1).step_by(2));
    spans.map(str::to_owned).collect()
}

/// Does the name of a file end so?
fn is_a(path: impl AsRef<Path>, extension: &str) -> bool {
    path.as_ref().extension().is_some_and(|it| it == extension)
}

/// Every source file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() {
            files.extend(sources(&path));
        } else if is_a(&path, "rs") {
            files.push(path);
        }
    }
    files
}

/// The pages of an exercise: its README and its tasks.
fn pages(exercise: &str) -> Vec<(String, String)> {
    let mut names = vec![format!("{exercise}/README.md")];
    let tasks = fs::read_dir(root().join(exercise).join("tasks")).unwrap();
    let tasks = tasks.map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut tasks: Vec<_> = tasks.filter(|it| is_a(it, "md")).collect();
    tasks.sort();
    names.extend(tasks.iter().map(|it| format!("{exercise}/tasks/{it}")));
    let with_text = |name: String| {
        let text = read(&name);
        (name, text)
    };
    names.into_iter().map(with_text).collect()
}

#[test]
fn the_pages_are_short() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 120, "README.md has {lines} lines");
    for exercise in EXERCISES {
        for (name, page) in pages(exercise) {
            let most = if name.ends_with("README.md") { 300 } else { 90 };
            let lines = page.lines().count();
            assert!(lines <= most, "{name} has {lines} lines");
        }
    }
}

#[test]
fn the_exercises_have_one_shape() {
    for exercise in EXERCISES {
        let page = read(&format!("{exercise}/README.md"));
        let headings = page.lines().filter_map(|it| it.strip_prefix("## "));
        let headings = headings.map(|it| it.split(" (").next().unwrap());
        assert_eq!(headings.collect::<Vec<_>>(), SECTIONS, "{exercise}");
        // A question for the reader, then its answer folded away.
        let folds = |heading: &str| section(&page, heading).matches("<details>").count();
        assert!(folds("Try this") >= 5, "{exercise}");
        assert!(folds("Check yourself") >= 4, "{exercise}");
    }
}

/// The doors below a file, in the order of its `mod` lines, each followed by those below it.
fn doors(exercise: &str, file: &str) -> Vec<String> {
    let folder = match file.strip_suffix(".rs").unwrap() {
        "src/main" => "src".to_owned(),
        folder => folder.to_owned(),
    };
    let mut all = vec![file.to_owned()];
    for line in read(&format!("{exercise}/{file}")).lines() {
        let line = line.trim_start_matches("pub ");
        let Some((name, _)) = line.strip_prefix("mod ").and_then(|it| it.split_once(';')) else {
            continue;
        };
        let file = format!("{folder}/{name}.rs");
        if root().join(exercise).join(&file).exists() {
            all.extend(doors(exercise, &file));
        }
    }
    all
}

/// The rooms that an exercise asks to read, in the order of its table.
fn rooms(exercise: &str) -> Vec<String> {
    let page = read(&format!("{exercise}/README.md"));
    let rows = section(&page, "Read it").lines();
    let rooms = rows.filter_map(|it| it.strip_prefix("| `")?.split_once('`'));
    rooms.map(|(room, _)| room.to_owned()).collect()
}

#[test]
fn the_rooms_to_read_stand_in_the_order_of_the_code() {
    for exercise in EXERCISES {
        let rooms = rooms(exercise);
        assert!((5..=8).contains(&rooms.len()), "{exercise}: {rooms:?}");
        let mut doors = doors(exercise, "src/main.rs").into_iter();
        for room in rooms {
            assert!(
                doors.any(|it| it == room),
                "{exercise}: {room} is no door, or stands in another order"
            );
        }
    }
}

/// The question at the head of a file. It may have several lines.
fn question(file: &str) -> String {
    let text = read(file);
    let head = text.lines().map_while(|line| line.strip_prefix("//! "));
    let head = head.collect::<Vec<_>>().join(" ");
    let (question, _) = head.split_once('?').unwrap();
    // `1. Which file …`: the number is that of the step on the main path.
    let question = question.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{}?", question.trim_start_matches(". "))
}

#[test]
fn a_room_begins_with_the_question_that_the_readme_asks() {
    for exercise in EXERCISES {
        let page = read(&format!("{exercise}/README.md"));
        for room in rooms(exercise) {
            let row = format!("| `{room}` | {}", question(&format!("{exercise}/{room}")));
            assert!(page.contains(&row), "{exercise} has no row {row:?}");
        }
    }
}

#[test]
fn the_root_readme_names_every_exercise() {
    let page = read("README.md");
    for exercise in EXERCISES {
        assert!(page.contains(&format!("`cargo run -p {exercise}`")));
        assert!(page.contains(&format!("[{exercise}]({exercise}/README.md)")));
    }
}

/// Lines that are read: before the tests, and not blank.
fn lines_to_read(exercise: &str) -> usize {
    let lines = rooms(exercise).into_iter().map(|room| {
        let text = read(&format!("{exercise}/{room}"));
        let code = text.split("\n#[cfg(test)]\nmod tests").next().unwrap();
        code.lines().filter(|it| !it.trim().is_empty()).count()
    });
    lines.sum()
}

#[test]
fn the_minutes_follow_from_the_lines() {
    let course = read("README.md");
    for exercise in EXERCISES {
        let minutes = lines_to_read(exercise).div_ceil(PACE).next_multiple_of(5);
        let page = read(&format!("{exercise}/README.md"));
        let heading = format!("\n## Read it ({minutes} minutes)\n");
        assert!(page.contains(&heading), "{exercise} wants {heading:?}");
        let row = format!("| [{exercise}](");
        let row = course.lines().find(|it| it.starts_with(&row)).unwrap();
        assert!(
            row.contains(&format!("| {minutes} min |")),
            "{minutes}: {row}"
        );
    }
}

/// Is this a file of the exercise, written as the pages write it?
fn names_a_file(exercise: &str, span: &str) -> bool {
    let folders = ["", "src/", "src/analysis/"];
    let folder = root().join(exercise);
    let mut places = folders.iter().map(|it| folder.join(it).join(span));
    places.any(|it| it.is_file()) || root().join(span).is_file()
}

#[test]
fn every_file_that_a_page_names_is_there() {
    for exercise in EXERCISES {
        for (name, page) in pages(exercise) {
            let files = spans(&page).into_iter().filter(|it| {
                is_a(it, "rs") && it.bytes().all(|it| it.is_ascii_graphic()) && *it != "room.rs"
            });
            for file in files {
                assert!(names_a_file(exercise, &file), "{name} names {file}");
            }
        }
    }
}

/// A word of Rust's, perhaps with the type that it belongs to.
fn is_name(span: &str) -> bool {
    let word = |it: &str| {
        let mut bytes = it.bytes();
        bytes.next().is_some_and(|it| it.is_ascii_alphabetic())
            && bytes.all(|it| it.is_ascii_alphanumeric() || it == b'_')
    };
    span.split("::").all(word)
}

/// Does a text have each part of a name as a word of its own?
fn has_name(text: &str, name: &str) -> bool {
    let words = |text: &str, wanted: &str| {
        text.split(|it: char| !it.is_alphanumeric() && it != '_')
            .any(|it| it == wanted)
    };
    name.split("::").all(|it| words(text, it))
}

#[test]
fn every_name_in_a_file_is_in_that_file() {
    let mut found = 0;
    for exercise in EXERCISES {
        for (name, page) in pages(exercise) {
            // `name` in `file.rs`
            let parts: Vec<_> = page.split('`').collect();
            for window in parts.windows(3) {
                let [span, " in ", file] = window else {
                    continue;
                };
                if !is_a(file, "rs") || !is_name(span) {
                    continue;
                }
                let text = read(&format!("{exercise}/{file}"));
                assert!(has_name(&text, span), "{name}: {span} is not in {file}");
                found += 1;
            }
        }
    }
    assert!(found >= 30, "only {found} names were looked up");
}

#[test]
fn every_name_in_a_task_is_in_the_code() {
    for exercise in EXERCISES {
        let code = sources(&root().join(exercise).join("src"));
        let code: String = code
            .iter()
            .map(|it| fs::read_to_string(it).unwrap())
            .collect();
        for (name, page) in pages(exercise).into_iter().skip(1) {
            for span in spans(section(&page, "Where")) {
                assert!(
                    !is_name(&span) || has_name(&code, &span),
                    "{name}: {span} is not in the code"
                );
            }
        }
    }
}

#[test]
fn every_task_has_its_page_its_test_and_its_solution() {
    for exercise in EXERCISES {
        let page = read(&format!("{exercise}/README.md"));
        let tasks = pages(exercise).into_iter().skip(1);
        let mut count = 0;
        for (at, (name, task)) in tasks.enumerate() {
            let number = at + 1;
            let file = name.rsplit('/').next().unwrap();
            assert!(file.starts_with(&format!("{number}-")), "{name}");
            assert!(
                page.contains(&format!("](tasks/{file})")),
                "no link to {name}"
            );
            assert!(
                task.contains("\n```red\n"),
                "{name} does not show why its test is red"
            );
            for patch in ["test", "solution"] {
                let patch = read(&format!("{exercise}/tasks/{number}-{patch}.patch"));
                assert!(patch.starts_with("diff --git "), "{name}: {patch}");
            }
            assert_eq!(
                task.matches("<details>").count(),
                3,
                "{name} has three hints"
            );
            count += 1;
        }
        assert_eq!(count, 3, "{exercise}");
    }
}
