//! Which names are in the folders of git's store?

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, Read};

/// No file system has longer names. In bytes.
const LONGEST: u64 = 64 * 1024;

/// So many names are remembered at most.
const MOST: usize = 1024 * 1024;

/// The names that were seen before, each as a number. Most folders of a history have the same names.
#[derive(Default)]
pub struct Names {
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl Names {
    /// Calls `look` with the new names in a tree object, each with the number of its entry. An entry is
    /// `<mode> <name>\0`, and then the name of an object with so many bytes. False: a name is too long, and those
    /// after it were not looked at.
    pub fn look_at_new(
        &mut self,
        mut tree: impl BufRead,
        of_object: u64,
        mut look: impl FnMut(usize, &[u8]) -> io::Result<()>,
    ) -> io::Result<bool> {
        let mut entry = Vec::new();
        for number in 1.. {
            entry.clear();
            if tree.by_ref().take(LONGEST).read_until(0, &mut entry)? == 0 {
                break;
            }
            let is_whole = entry.pop() == Some(0);
            if !is_whole {
                return Ok(false);
            }
            let name = entry.splitn(2, |byte| *byte == b' ').last();
            let name = name.unwrap_or_default();
            if self.seen.len() == MOST {
                self.seen.clear();
            }
            if self.seen.insert(self.hasher.hash_one(name)) {
                look(number, name)?;
            }
            io::copy(&mut tree.by_ref().take(of_object), &mut io::sink())?;
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_looked_at_once() {
        let mut names = Names::default();
        let mut look = |tree: &[u8]| {
            let mut seen = Vec::new();
            let mut add = |number, name: &[u8]| {
                seen.push(format!("{number} {}", String::from_utf8_lossy(name)));
                Ok(())
            };
            let is_whole = names.look_at_new(tree, 4, &mut add).unwrap();
            (seen, is_whole)
        };
        let tree = b"100644 a b\0\0 \xff!40000 neo\x000123";
        assert_eq!(
            look(tree),
            (vec!["1 a b".to_owned(), "2 neo".to_owned()], true)
        );
        assert_eq!(
            look(b"100644 a b\0....100644 c\0...."),
            (vec!["2 c".to_owned()], true)
        );
        assert_eq!(look(b""), (vec![], true));
        assert_eq!(look(b"100644 trinity"), (vec![], false));
    }
}
