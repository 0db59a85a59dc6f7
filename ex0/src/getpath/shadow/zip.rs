//! Which names are in a zip file?

use bstr::ByteSlice;

use crate::support::PyPath;
use crate::support::files;

/// How many bytes of the directory of a zip file are read at most. A name takes some 80.
const DIRECTORY_CAP: usize = 16 << 20;

/// The sorted names in a zip file. Each is in a header of the directory at its end. How large that is, the last record of the file says.
///
/// Source: PKWARE's APPNOTE.TXT, 4.3.12 and 4.3.16.
pub fn members(zip: &PyPath) -> Vec<PyPath> {
    let number = |bytes: &[u8]| -> Option<usize> {
        let bytes = bytes.first_chunk()?;
        usize::try_from(u32::from_le_bytes(*bytes)).ok()
    };
    // A comment of at most 64 kB may come after the record.
    let end = files::tail(zip, 0, (64 << 10) + 22).unwrap_or_default();
    let record = end.rfind("PK\x05\x06").map(|at| end.split_at(at));
    let directory = record.and_then(|(_, record)| {
        let size = number(record.get(12..)?).filter(|it| *it <= DIRECTORY_CAP)?;
        files::tail(zip, record.len(), size)
    });
    let directory = directory.unwrap_or_default();
    let name = |at: usize| {
        let length = directory.get(at + 28..)?.first_chunk()?;
        let length = usize::from(u16::from_le_bytes(*length));
        Some(PyPath::new(directory.get(at + 46..)?.get(..length)?))
    };
    let headers = directory.find_iter("PK\x01\x02");
    let mut names: Vec<PyPath> = headers.filter_map(name).collect();
    names.sort();
    names
}
