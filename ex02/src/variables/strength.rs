//! Is this a real secret, or only something that stands where one belongs?

use super::placeholder::is_placeholder;

/// Shorter keys can be guessed or were never keys. In characters.
pub const SHORTEST_KEY: usize = 16;

/// Fewer different characters than this, and the key is a pattern.
const FEWEST_DIFFERENT: usize = 6;

/// True for one character over and over, a repeated piece, `0123456789…`: no key is like that.
pub fn is_uniform(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let mut different = chars.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() < FEWEST_DIFFERENT {
        return true;
    }
    let repeats =
        (1..=chars.len() / 2).any(|step| chars.iter().zip(&chars[step..]).all(|(a, b)| a == b));
    let steps = chars
        .windows(2)
        .filter(|it| (it[1] as u32).abs_diff(it[0] as u32) == 1);
    repeats || steps.count() * 4 >= chars.len() * 3
}

/// True for what may be a key or password that somebody uses, in a place where examples stand.
pub fn is_real(text: &str) -> bool {
    text.len() >= 12 && !is_placeholder(text) && !is_uniform(text) && !is_common_word(text)
}

/// True for a short word, `prodution` or `information`: where a word is wanted, a typing error and no key.
pub fn is_word(text: &str) -> bool {
    text.len() < SHORTEST_KEY && text.bytes().all(|it| it.is_ascii_alphabetic())
}

/// Words that stand in every source tree: searching files for one would find nothing but noise.
pub fn is_common_word(text: &str) -> bool {
    const COMMON: &[&str] = &[
        "administrator",
        "database",
        "debugging",
        "default",
        "development",
        "localhost",
        "password",
        "postgres",
        "postgresql",
        "production",
        "security",
        "127.0.0.1",
    ];
    COMMON.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, placeholder: bool, uniform: bool) {
        assert_eq!(
            (is_placeholder(text), is_uniform(text)),
            (placeholder, uniform),
            "{text}"
        );
    }

    #[test]
    fn what_examples_write_is_a_placeholder() {
        check("your_api_key_here", true, false);
        check("replace-with-your-api-key", true, false);
        check("change-me", true, false);
        check("<your key>", true, false);
        check("${API_KEY}", true, false);
        check("password", true, false);
        check("my-secret-key", true, false);
        check("foobar", true, true);
        check("qwertyuiopasdfgh", true, false);
        check("AKIAIOSFODNN7EXAMPLE", true, false);
        check("xxxxxxxxxxxxxxxxxxxx", true, true);
        check("", true, true);
    }

    #[test]
    fn a_pattern_is_no_key() {
        check("aaaaaaaaaaaaaaaaaaaaaaaa", false, true);
        check("0123456789abcdef", false, true);
        check("Tr1n1tyTr1n1tyTr1n1ty", false, true);
        check("9876543210987654", false, true);
    }

    #[test]
    fn a_real_key_is_neither() {
        check("zk5f0c1b7e9a3d48266fbd01e7c9a4b8d2", false, false);
        check("zion-key-51HxQzT9bWmK", false, false);
        check("51HxQzT9bWmK3vLp8RyN4cD7e", false, false);
        check("correct horse battery staple", false, false);
    }
}
