//! How far is the work, and how long will it take? A terminal shows this if the work takes longer than a moment.

use std::cell::Cell;
use std::fmt::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Shorter work shows no bar.
const MOMENT: Duration = Duration::from_millis(500);

/// A bar on stderr. If stderr is no terminal, indicatif draws nothing.
pub struct Progress {
    /// It counts from the start, so the first rate that it shows is true.
    bar: ProgressBar,
    start: Instant,
    /// Whether the bar is shown already.
    shown: Cell<bool>,
}

impl Progress {
    /// For this many points, or for bytes if their number is not known.
    pub fn new(points: Option<u64>) -> Self {
        let template = match points {
            Some(_) => "{percent:>3} % [{wide_bar}] {human_pos} points, {rate}, {eta} left",
            None => "{binary_bytes} read, {binary_bytes_per_sec}",
        };
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(points, ProgressDrawTarget::hidden());
        Self {
            // Every terminal can show these ASCII characters.
            bar: bar.with_style(style.progress_chars("=> ").with_key("rate", rate)),
            start: Instant::now(),
            shown: Cell::new(false),
        }
    }

    /// Sets how many points or bytes are done.
    pub fn at(&self, done: u64) {
        self.bar.set_position(done);
        if self.start.elapsed() > MOMENT && !self.shown.replace(true) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

/// Points per second. indicatif's own format has four digits after the point.
fn rate(state: &ProgressState, text: &mut dyn Write) {
    // An error while writing to this text loses the rate only.
    let _ = write!(text, "{:.1} million/s", state.per_sec() / 1e6);
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
