//! Which texts does the search look for, so that it finds every anchor?
//!
//! Some anchors share a part: `dop_v1_`, `doo_v1_` and `dor_v1_` have `_v1_`. The search looks for this
//! part only, because fewer patterns need fewer passes.

use std::sync::LazyLock;

use super::shapes::SHAPES;

/// Parts that two or more anchors have, and that few other texts have.
const SHARED: &[&str] = &[
    "-us", "EAA", "KEY", "Key", "_v1_", "dckr_", "ecret", "eyJ", "fm1", "k_live_", "k_prod_",
    "k_test_", "key-", "pscale_", "shp", "sntry",
];

/// A text to look for.
pub struct AnchorPart {
    /// The text.
    pub text: &'static str,
    /// The anchors that have it in them, in the order of [`SHAPES`].
    pub anchors: Vec<Anchor>,
}

/// An anchor of a shape.
pub struct Anchor {
    /// Its text.
    pub text: &'static str,
    /// The index of the shape in [`SHAPES`].
    pub shape: usize,
    /// The number of its bytes before the part.
    pub before: usize,
}

/// The parts of all anchors, each once.
pub static PARTS: LazyLock<Vec<AnchorPart>> = LazyLock::new(|| {
    let mut parts: Vec<AnchorPart> = Vec::new();
    let shapes = SHAPES.iter().enumerate();
    let anchors = shapes.flat_map(|(shape, it)| it.anchors.split('|').map(move |it| (shape, it)));
    for (shape, anchor) in anchors {
        let (text, before) = part_of(anchor);
        let anchor = Anchor {
            text: anchor,
            shape,
            before,
        };
        match parts.iter_mut().find(|it| it.text == text) {
            Some(part) => part.anchors.push(anchor),
            None => parts.push(AnchorPart {
                text,
                anchors: vec![anchor],
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
        let mut anchors = BTreeSet::new();
        for part in PARTS.iter() {
            for Anchor {
                text,
                shape,
                before,
            } in &part.anchors
            {
                assert!(text[*before..].starts_with(part.text), "{text}");
                assert!(anchors.insert((*shape, *text)), "{text}");
            }
        }
        let all = SHAPES.iter().map(|it| it.anchors.split('|').count());
        assert_eq!(anchors.len(), all.sum::<usize>());
        for text in SHARED {
            let part = PARTS.iter().find(|it| it.text == *text).unwrap();
            let anchors = part.anchors.iter().map(|it| it.text);
            assert!(anchors.collect::<BTreeSet<_>>().len() > 1, "{text}");
        }
    }
}
