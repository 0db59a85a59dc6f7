//! How do 64 random bits become a number of the normal distribution?
//!
//! The method is the ziggurat: 1,024 layers of equal area cover the area below the bell curve. The bits pick a layer
//! and a point in it. In 995 of 1,000 cases, the point is clearly below the curve, and the curve need not be computed.
//! Sources: Marsaglia and Tsang, "The Ziggurat Method for Generating Random Variables" (2000); Doornik, "An Improved
//! Ziggurat Method to Generate Normal Random Samples" (2005), for the independent bits.
//!
//! `exp` and `ln` come from the crate `libm` and not from the system. On another processor, glibc picks another routine,
//! which may give another last bit. But the same seed must give the same data everywhere.

use libm::{exp, log, sqrt};
use rand_core::Rng;

/// Where the tail begins. With this value, the layers end at the top of the curve (Marsaglia and Tsang, section 2).
const TAIL: f64 = 4.038_849_846_109_504;
/// The area of a layer; the lowest one includes the tail.
const AREA: f64 = 0.001_226_324_646_353_088;
/// The number of layers; ten bits pick one. With 256 layers, the curve would be computed three times as often.
const LAYERS: usize = 1024;

/// The edges of the layers.
pub struct Ziggurat {
    /// Right edges, from the widest layer to zero.
    x: [f64; LAYERS + 1],
    /// The height of the curve at those edges.
    y: [f64; LAYERS + 1],
}

/// The bell curve without its factor.
fn curve(x: f64) -> f64 {
    exp(-0.5 * x * x)
}

impl Ziggurat {
    /// Computes the edges. Each layer follows from the one below it.
    pub fn new() -> Self {
        let mut x = [0.0; LAYERS + 1];
        // The lowest layer is as wide as a rectangle of its area. Points beyond TAIL are drawn again.
        x[0] = AREA / curve(TAIL);
        x[1] = TAIL;
        for layer in 1..LAYERS - 1 {
            x[layer + 1] = sqrt(-2.0 * log(AREA / x[layer] + curve(x[layer])));
        }
        Self { x, y: x.map(curve) }
    }

    /// Draws one number of the standard normal distribution.
    #[inline]
    pub fn draw<R: Rng + Clone>(&self, rng: &mut R) -> f64 {
        loop {
            let bits = rng.next_u64();
            let layer = (bits & 0x3ff) as usize;
            // The upper 52 bits make a fraction in [2, 4). The ten bits for the layer are not among them.
            let side = f64::from_bits((bits >> 12) | 0x4000_0000_0000_0000) - 3.0;
            let x = side * self.x[layer];
            if x.abs() < self.x[layer + 1] {
                return x;
            }
            // The copy stays in registers, because nobody takes its address.
            let mut copy = rng.clone();
            let edge = self.edge(layer, x, &mut copy);
            *rng = copy;
            if let Some(x) = edge {
                return x;
            }
        }
    }

    /// The rare case: a point above the next layer's edge, or in the tail. `None` means: draw again.
    #[cold]
    #[inline(never)]
    fn edge(&self, layer: usize, x: f64, rng: &mut impl Rng) -> Option<f64> {
        if layer == 0 {
            return Some(tail(rng).copysign(x));
        }
        let (low, high) = (self.y[layer], self.y[layer + 1]);
        (low + (high - low) * fraction(rng) < curve(x)).then_some(x)
    }
}

/// A number in the tail. Source: Marsaglia, "Generating a variable from the tail" (1964).
fn tail(rng: &mut impl Rng) -> f64 {
    loop {
        let beyond = -log(fraction(rng)) / TAIL;
        if -2.0 * log(fraction(rng)) > beyond * beyond {
            return TAIL + beyond;
        }
    }
}

/// A fraction in (0, 1). It is never 0, because 0 has no logarithm.
fn fraction(rng: &mut impl Rng) -> f64 {
    f64::from_bits((rng.next_u64() >> 12) | 0x3ff0_0000_0000_0000) - (1.0 - f64::EPSILON / 2.0)
}

/// A generator for tests.
#[cfg(test)]
pub mod fixed {
    /// It gives the same 64 bits again and again.
    pub struct Fixed(pub u64);

    impl rand_core::TryRng for Fixed {
        type Error = std::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(0)
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(self.0)
        }
        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Self::Error> {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fixed::Fixed;
    use super::*;
    use rand_core::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    #[test]
    fn the_layers_close_at_the_top_and_have_one_area() {
        let it = Ziggurat::new();
        for layer in 1..LAYERS - 1 {
            let area = it.x[layer] * (it.y[layer + 1] - it.y[layer]);
            assert!((area - AREA).abs() < 1e-14, "{layer}: {area}");
        }
        let top = it.x[LAYERS - 1] * (1.0 - it.y[LAYERS - 1]);
        assert!((top - AREA).abs() < 1e-9, "{top}");
    }

    fn float(count: usize) -> f64 {
        crate::analysis::statistics::float(count as u64)
    }

    #[test]
    fn shares_beyond_a_limit_agree_with_the_formula() {
        // P(|x| > limit) = erfc(limit / √2); five standard errors of slack.
        let n = 4_000_000;
        let (ziggurat, mut rng) = (Ziggurat::new(), Xoshiro256PlusPlus::seed_from_u64(1));
        let drawn: Vec<f64> = (0..n).map(|_| ziggurat.draw(&mut rng)).collect();
        for limit in [0.1, 0.5, 1.0, 2.0, 3.0, TAIL, 4.0] {
            let share = libm::erfc(limit / sqrt(2.0));
            let seen = float(drawn.iter().filter(|x| x.abs() > limit).count()) / f64::from(n);
            let slack = 5.0 * sqrt(share * (1.0 - share) / f64::from(n));
            assert!((seen - share).abs() < slack, "{limit}: {seen} for {share}");
        }
        let above = float(drawn.iter().filter(|x| **x > 0.0).count()) / f64::from(n);
        assert!((above - 0.5).abs() < 2.5 / sqrt(f64::from(n)), "{above}");
    }

    #[test]
    fn a_fraction_is_never_zero_nor_one() {
        assert!(fraction(&mut Fixed(0)) > 0.0);
        assert!(fraction(&mut Fixed(u64::MAX)) < 1.0);
    }
}
