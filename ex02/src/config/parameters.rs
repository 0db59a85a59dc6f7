//! Which parameters of a URL only set something, and are no secrets?

use secrecy::zeroize::Zeroizing;

use crate::secret::Secret;
use crate::variables::{decode, looks_like_chance, promises_secret};

/// The values of a URL's parameters, as they are written and decoded, each once and in order. For each:
/// does a name say "secret"?
pub struct Parameters(Vec<(Zeroizing<String>, bool)>);

impl Parameters {
    /// Reads the parameters.
    pub fn of(url: &str) -> Self {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut values = Vec::new();
        // Some databases write them behind the path: `/m;user=neo`, and Db2 `/m:user=neo;`.
        let in_path = path.split([';', '&', '#', ':']);
        let all = query.split(['&', ';']).chain(in_path);
        for (name, written) in all.filter_map(|it| it.split_once('=')) {
            let is_secret = promises_secret(name);
            let written_so = Zeroizing::new(written.to_owned());
            let both = [written_so].into_iter().chain(decode(written));
            values.extend(both.map(|it| (it, is_secret)));
        }
        values.sort_unstable_by(|(a, _), (b, _)| a.as_str().cmp(b));
        values.dedup_by(|(value, is_secret), kept| {
            let same = *value == kept.0;
            kept.1 |= same && *is_secret;
            same
        });
        Self(values)
    }

    /// True for a value that only sets something: `?options=-csearch_path%3Dzion`. No name says "secret",
    /// and it does not look like one.
    pub fn only_set(&self, value: &Secret) -> bool {
        let known = self
            .0
            .binary_search_by(|(it, _)| it.as_str().cmp(value.expose()));
        known.is_ok_and(|it| !self.0[it].1) && !looks_like_chance(value.expose())
    }
}
