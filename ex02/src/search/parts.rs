//! Which texts does the search look for, so that it finds every anchor?
//!
//! Some anchors share a part: `dop_v1_`, `doo_v1_` and `dor_v1_` have `_v1_`. The search looks for this
//! part only, because fewer patterns need fewer passes.

use std::sync::LazyLock;

use super::shapes::SHAPES;

/// Parts that two or more anchors have, and that few other texts have.
const SHARED: &[&str] = &[
    "-us", "EAA", "Key=", "_v1_", "dckr_", "ecret", "eyJ", "fm1", "k_live_", "k_prod_", "k_test_",
    "key-", "pscale_", "shp", "sntry",
];

/// A text to look for.
pub struct AnchorPart {
    /// The text.
    pub text: &'static str,
    /// The shapes that have it in their anchors, as indices of [`SHAPES`], in order. Each with the number
    /// of bytes of its anchor before the text.
    pub shapes: Vec<(usize, usize)>,
}

/// The parts of all anchors, each once.
pub static PARTS: LazyLock<Vec<AnchorPart>> = LazyLock::new(|| {
    let mut parts: Vec<AnchorPart> = Vec::new();
    for (index, shape) in SHAPES.iter().enumerate() {
        let (text, before) = part_of(shape.anchor);
        match parts.iter_mut().find(|it| it.text == text) {
            Some(part) => part.shapes.push((index, before)),
            None => parts.push(AnchorPart {
                text,
                shapes: vec![(index, before)],
            }),
        }
    }
    parts
});

/// The part of this anchor, and the number of bytes before it.
fn part_of(anchor: &'static str) -> (&'static str, usize) {
    let shared = SHARED
        .iter()
        .find_map(|part| Some((*part, anchor.find(part)?)));
    shared.unwrap_or((anchor, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_anchor_has_one_part_and_every_shared_part_saves_a_pattern() {
        let mut shapes = BTreeSet::new();
        for part in PARTS.iter() {
            for (shape, before) in &part.shapes {
                let anchor = SHAPES[*shape].anchor;
                assert!(anchor[*before..].starts_with(part.text), "{anchor}");
                assert!(shapes.insert(*shape), "{anchor}");
            }
        }
        assert_eq!(shapes.len(), SHAPES.len());
        for text in SHARED {
            let part = PARTS.iter().find(|it| it.text == *text).unwrap();
            let anchors = part.shapes.iter().map(|(shape, _)| SHAPES[*shape].anchor);
            assert!(anchors.collect::<BTreeSet<_>>().len() > 1, "{text}");
        }
    }
}
