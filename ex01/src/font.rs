//! Which font does the picture use? Noto Sans, which is inside the binary. No system font is needed.

use plotters::style::{FontStyle, register_font};

/// Makes the font known to plotters; a second time changes nothing.
pub fn register() -> Result<(), String> {
    register_font("sans-serif", FontStyle::Normal, ttf_noto_sans::REGULAR)
        .map_err(|_| "the embedded font is damaged".to_owned())
}
