//! How does the C library read letters? The locale decides, if it is installed: else a program stays in the C locale.
//!
//! Source: setlocale(3), locale(7); glibc's `locale/findlocale.c` and `locale/loadarchive.c`.

use super::files;
use super::{PyPath, World};

/// Where glibc keeps its locales: in folders, or all in one archive.
const FOLDER: &str = "/usr/lib/locale";

/// How much of the archive is read at most. Its names come first.
const CAP: usize = 1 << 20;

/// Which bytes are letters?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    /// In the C locale.
    Ascii,
    Utf8,
    /// In Latin 1 and its like.
    EachByte,
    NotKnown,
}

/// The letters of the locale of this name; without a name, those of the C locale.
pub fn letters(name: Option<&PyPath>, world: &World) -> Letters {
    let name = name.map(|it| it.lossy().into_owned()).unwrap_or_default();
    if matches!(name.as_str(), "" | "C" | "POSIX") {
        return Letters::Ascii;
    }
    match is_installed(&name, world) {
        None => Letters::NotKnown,
        Some(false) => Letters::Ascii,
        Some(true) => match codeset(&name).as_deref() {
            Some("utf8") => Letters::Utf8,
            Some("iso88591" | "iso885915") => Letters::EachByte,
            _ => Letters::NotKnown,
        },
    }
}

/// `utf8` in `de_DE.UTF-8@euro`.
fn codeset(name: &str) -> Option<String> {
    let (_, rest) = name.split_once('.')?;
    let letters = rest.split('@').next()?.chars();
    let plain: String = letters.filter(char::is_ascii_alphanumeric).collect();
    let iso = if plain.bytes().all(|it| it.is_ascii_digit()) {
        "iso"
    } else {
        ""
    };
    Some(format!("{iso}{}", plain.to_lowercase()))
}

/// Is it installed? `None` if that is not known: the name is an alias, or a less exact one may stand in for it.
fn is_installed(name: &str, world: &World) -> Option<bool> {
    if name.contains('/') || !name.contains(['_', '.', '-']) {
        return None;
    }
    let end = name.find('.').unwrap_or(name.len());
    let place = &name[..end];
    let mut spellings = vec![name.to_owned()];
    let modifier = name[end..].find('@').map_or("", |at| &name[end + at..]);
    spellings.extend(codeset(name).map(|it| format!("{place}.{it}{modifier}")));
    let own = world.non_empty("LOCPATH");
    let folders = own.iter().flat_map(|it| it.entries());
    for folder in folders.chain([FOLDER.into()]) {
        let has = |it: &str| files::is_file(&folder.os_join(format!("{it}/LC_CTYPE")));
        if spellings.iter().any(|it| has(it)) {
            return Some(true);
        }
        let language = place.split(['_', '@']).next().unwrap_or_default();
        if [place, language].iter().any(|it| has(it)) {
            return None;
        }
    }
    let archive = || names_in_archive().unwrap_or_default();
    let has = |all: &[u8]| {
        let mut names = all.split(|it| *it == 0);
        names.any(|it| spellings.iter().any(|name| name.as_bytes() == it))
    };
    Some(own.is_none() && has(&archive()))
}

/// The names in the archive, each with a NUL after it.
fn names_in_archive() -> Option<Vec<u8>> {
    let path = PyPath::from(FOLDER).os_join("locale-archive");
    let file = files::open(path.as_path()).ok()?;
    let head = files::read_some(&file, 28, 0).ok()?;
    let number = |at: usize| Some(u32::from_ne_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let size = usize::try_from(number(24)?).ok()?;
    files::read_some(&file, size.min(CAP), number(20)?.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn only_a_locale_that_is_installed_has_its_own_letters() {
        let folder = tempfile::tempdir().unwrap();
        let (path, name) = (folder.path().as_os_str(), "LOCPATH".into());
        let world = World::new([(name, path.to_owned())].into_iter(), "/".into());
        for name in ["zz_ZZ.utf8", "zz_ZZ.iso88591", "zz_YY", "zz_XX.big5"] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("LC_CTYPE"), "").unwrap();
        }
        for (name, expected) in [
            ("", Letters::Ascii),
            ("POSIX", Letters::Ascii),
            ("zz_ZZ.UTF-8", Letters::Utf8),
            ("zz_ZZ.utf8", Letters::Utf8),
            ("zz_ZZ.ISO-8859-1", Letters::EachByte),
            ("zz_ZZ.88591", Letters::EachByte),
            ("zz_ZZ.KOI8-R", Letters::Ascii),
            ("zz_ZZ.UTF-8@euro", Letters::Ascii),
            ("zz_ZZ", Letters::Ascii),
            ("UTF-8", Letters::Ascii),
            ("yy_YY.UTF-8", Letters::Ascii),
            // Which letters it has is in its file.
            ("zz_YY", Letters::NotKnown),
            ("zz_XX.BIG5", Letters::NotKnown),
            // The locale without a name for its letters may have these.
            ("zz_YY.UTF-8", Letters::NotKnown),
            // It may be another name of a locale.
            ("german", Letters::NotKnown),
            ("/usr/lib/locale/C.utf8", Letters::NotKnown),
        ] {
            let found = letters(Some(&name.into()), &world);
            assert_eq!(found, expected, "{name}");
        }
    }
}
