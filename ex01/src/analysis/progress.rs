//! How far is it, and how long will it take? Told on a terminal, to those who wait longer than a moment.

use std::cell::OnceCell;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Who waits less than this sees nothing.
const MOMENT: Duration = Duration::from_millis(500);

/// A bar on stderr; without a terminal there indicatif draws nothing.
pub struct Progress {
    /// Points, where the number is known; bytes are counted up.
    total: Option<u64>,
    /// When the waiting began.
    start: Instant,
    /// Appears after a moment.
    bar: OnceCell<ProgressBar>,
}

impl Progress {
    /// For so many points, or for bytes whose number is not known.
    pub fn new(total: Option<u64>) -> Self {
        Self {
            total,
            start: Instant::now(),
            bar: OnceCell::new(),
        }
    }

    /// So much is done.
    pub fn at(&self, done: u64) {
        if self.start.elapsed() > MOMENT {
            self.bar.get_or_init(|| self.bar()).set_position(done);
        }
    }

    /// Draws the bar for the first time.
    fn bar(&self) -> ProgressBar {
        let (bar, template) = match self.total {
            Some(total) => (
                ProgressBar::new(total),
                "{percent:>3} % [{bar:30}] {human_pos} points, {per_sec}, {eta} left",
            ),
            None => (
                ProgressBar::no_length(),
                "{binary_bytes} read, {binary_bytes_per_sec}",
            ),
        };
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        // Only ASCII: a bar that every terminal can show.
        bar.with_style(style.progress_chars("=> "))
            .with_elapsed(self.start.elapsed())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
