//! How far is it, and how long will it take? Told on a terminal, to those who wait longer than a moment.

use std::cell::Cell;
use std::fmt::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Who waits less than this sees nothing.
const MOMENT: Duration = Duration::from_millis(500);

/// A bar on stderr; without a terminal there indicatif draws nothing.
pub struct Progress {
    /// Counts from the start, so that the first rate it shows is a true one.
    bar: ProgressBar,
    /// When the waiting began.
    start: Instant,
    /// Whether a moment has passed.
    shown: Cell<bool>,
}

impl Progress {
    /// For so many points, or for bytes whose number is not known.
    pub fn new(points: Option<u64>) -> Self {
        let template = match points {
            Some(_) => "{percent:>3} % [{bar:30}] {human_pos} points, {rate}, {eta} left",
            None => "{binary_bytes} read, {binary_bytes_per_sec}",
        };
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(points, ProgressDrawTarget::hidden());
        Self {
            // Only ASCII: a bar that every terminal can show.
            bar: bar.with_style(style.progress_chars("=> ").with_key("rate", rate)),
            start: Instant::now(),
            shown: Cell::new(false),
        }
    }

    /// So much is done.
    pub fn at(&self, done: u64) {
        self.bar.set_position(done);
        if self.start.elapsed() > MOMENT && !self.shown.replace(true) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

/// Points a second; indicatif's own words have four digits behind the point.
fn rate(state: &ProgressState, text: &mut dyn Write) {
    // What cannot be written is not shown.
    let _ = write!(text, "{:.1} million/s", state.per_sec() / 1e6);
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
