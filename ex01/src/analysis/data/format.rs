//! Which format is it?

use super::rows::SIGNAL;
use crate::faults::Foreign::{self, Compressed, Data, Encoding, Encrypted, NoTable, Packed};

/// The byte order mark of UTF-8. Programs on Windows write it at the start of a text.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// The first bytes of files that are not read here, and what they are.
const OTHERS: [(&[u8], Foreign); 39] = [
    (b"BZh", Compressed("bzip2", "bunzip2")),
    (b"\xfd7zXZ\0", Compressed("xz", "unxz")),
    (b"\x04\x22\x4d\x18", Compressed("lz4", "unlz4")),
    // What is around these was unpacked.
    (b"\x1f\x8b", Packed("compressed twice")),
    (b"\x28\xb5\x2f\xfd", Packed("compressed twice")),
    (b"LZIP", Compressed("lzip", "lunzip")),
    (b"\x5d\0\0", Compressed("lzma", "unlzma")),
    (b"\x1f\x9d", Compressed("compress", "uncompress")),
    (b"Rar!", Packed("a rar archive")),
    (b"\xff\x06\x00\x00sNaPpY", Packed("compressed with snappy")),
    (b"7z\xbc\xaf\x27\x1c", Packed("a 7z archive")),
    (b"PK\x03\x04", Data("a zip archive or a spreadsheet", "CSV")),
    (b"\xd0\xcf\x11\xe0", Data("an old spreadsheet", "CSV")),
    (b"\xff\xfe\0\0", Encoding("UTF-32")),
    (b"\0\0\xfe\xff", Encoding("UTF-32")),
    (b"\xff\xfe", Encoding("UTF-16")),
    (b"\xfe\xff", Encoding("UTF-16")),
    (b"PARE", Encrypted),
    (b"SQLite format 3\0", Data("an SQLite database", "CSV")),
    (b"ARROW1", Data("an Arrow file", "Parquet")),
    (b"FEA1", Data("a Feather file", "Parquet")),
    (b"ORC", Data("an ORC file", "Parquet")),
    (b"Obj\x01", Data("an Avro file", "Parquet")),
    (b"\x89HDF", Data("an HDF5 file", "Parquet")),
    (b"CDF", Data("a NetCDF file", "CSV")),
    (b"MATLAB 5", Data("a MATLAB file", "CSV")),
    (b"RDX", Data("an R data file", "CSV")),
    (b"\x93NUMPY", Data("a NumPy array", "CSV")),
    (b"<stata", Data("a Stata file", "CSV")),
    (b"$FL2@", Data("an SPSS file", "CSV")),
    (b"X\n\0\0", Data("an R data file", "CSV")),
    (b"\x89PNG", NoTable("a picture")),
    (b"\xff\xd8\xff", NoTable("a picture")),
    (b"GIF8", NoTable("a picture")),
    (b"%PDF", NoTable("a PDF document")),
    (b"<!DOCTYPE", NoTable("a web page")),
    (b"<!doctype", NoTable("a web page")),
    (b"<html", NoTable("a web page")),
    (b"<?xml", Data("XML", "CSV")),
];

/// The formats that the program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Anything else.
    Csv,
    /// Begins with a brace or a bracket.
    Json,
    /// Begins with `PAR1`.
    Parquet,
    /// Begins like a format that is not read here.
    Other(Foreign),
}

/// Looks at the first bytes.
pub fn recognize(head: &[u8]) -> Format {
    if is_header(head) {
        return Format::Csv;
    }
    if head.starts_with(b"PAR1") {
        return Format::Parquet;
    }
    if let Some((_, foreign)) = OTHERS.iter().find(|it| head.starts_with(it.0)) {
        return Format::Other(*foreign);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Format::Other(Packed("a tar archive"));
    }
    if zeros(head, 4) == 3 {
        return Format::Other(Encoding("UTF-32"));
    }
    if zeros(head, 2) == 1 {
        return Format::Other(Encoding("UTF-16"));
    }
    let text = head.strip_prefix(MARK).unwrap_or(head);
    match text.trim_ascii_start() {
        [b'{' | b'[', ..] => Format::Json,
        text if text.starts_with(b"<") && !first_line(text).contains(&b',') => {
            Format::Other(Data("HTML or XML", "CSV"))
        }
        // A mark, and the version of the protocol.
        [0x80, 2..=5, ..] => Format::Other(Data("a Python pickle", "Parquet")),
        // A mark, and the length of the rest.
        _ if head.starts_with(b"\xff\xff\xff\xff") && head.get(7) == Some(&0) => {
            Format::Other(Data("an Arrow stream", "Parquet"))
        }
        _ if head.get(8..12) == Some(b"DUCK") => {
            Format::Other(Data("a DuckDB database", "Parquet"))
        }
        // No text has a zero.
        _ if first_line(head).contains(&0) => {
            Format::Other(Data("a binary file of another format", "Parquet"))
        }
        _ => Format::Csv,
    }
}

/// Whether the first line is a good header: `PARENT,signal` begins like an encrypted Parquet file, `[id],signal` like JSON.
fn is_header(head: &[u8]) -> bool {
    let line = first_line(head.strip_prefix(MARK).unwrap_or(head));
    let name = match line.split(|it| *it == b',').next() {
        Some([b'[', name @ .., b']'] | [b'{', name @ .., b'}']) => name,
        other => other.unwrap_or_default(),
    };
    name.first().is_some_and(u8::is_ascii_alphanumeric)
        && memchr::memmem::find(line, SIGNAL.as_bytes()).is_some()
        && !line.iter().any(|it| it.is_ascii_control() && *it != b'\t')
}

fn first_line(text: &[u8]) -> &[u8] {
    let line = text.split(|it| matches!(it, b'\n' | b'\r')).next();
    line.unwrap_or_default()
}

/// At how many places of a character with this many bytes there is always a zero, as in UTF-16 without a mark.
fn zeros(head: &[u8], width: usize) -> usize {
    let start = head.get(..8 * width).unwrap_or_default();
    let all_zero = |place: &usize| start.iter().skip(*place).step_by(width).all(|it| *it == 0);
    if start.is_empty() {
        return 0;
    }
    (0..width).filter(all_zero).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_the_format() {
        assert_eq!(recognize(b"PAR1\x15"), Format::Parquet);
        assert_eq!(recognize(b"\xef\xbb\xbf \n[1"), Format::Json);
        assert_eq!(recognize(b"{}"), Format::Json);
        for (start, foreign) in OTHERS {
            let text = [start, b" and more"].concat();
            assert_eq!(recognize(&text), Format::Other(foreign));
        }
        let text = "signal,agent_activity\n";
        let wide: Vec<u8> = text.bytes().flat_map(|it| [it, 0]).collect();
        for wide in [&wide[..], &wide[1..]] {
            assert_eq!(recognize(wide), Format::Other(Encoding("UTF-16")));
        }
        let wide: Vec<u8> = text.bytes().flat_map(|it| [it, 0, 0, 0]).collect();
        for wide in [&wide[..], &wide[1..], &wide[3..]] {
            assert_eq!(recognize(wide), Format::Other(Encoding("UTF-32")));
        }
        for (start, named) in [
            (&b"<table border=\"1\">\n"[..], "HTML"),
            (b"<data><row/></data>", "XML"),
            (b"\x7fELF\x02\x01\x01\0", "binary"),
            (&[0; 512], "binary"),
        ] {
            assert!(
                matches!(recognize(start), Format::Other(Data(what, _)) if what.contains(named)),
                "{named}"
            );
        }
        let mut tar = [0; 512];
        tar[0] = b'x';
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(recognize(&tar), Format::Other(Packed("a tar archive")));
        let duck = recognize(b"\x9f\x99\x2a\xc5\xec\x32\xd6\x88DUCK\x40\0\0\0");
        assert_eq!(duck, Format::Other(Data("a DuckDB database", "Parquet")));
        assert_eq!(recognize(text.as_bytes()), Format::Csv);
        for name in [
            "PARENT",
            "ORC",
            "BZh",
            "PAR1",
            "Rar!",
            "[id]",
            "{id}",
            "\u{feff}[1]",
        ] {
            let header = format!("{name},signal,agent_activity\r\n");
            assert_eq!(recognize(header.as_bytes()), Format::Csv, "{name}");
        }
        assert_eq!(recognize(b"{signal: 1, agent_activity: 2}"), Format::Json);
        assert_eq!(recognize(b"[{\"signal\": 1}, {}]"), Format::Json);
        assert_eq!(recognize(b""), Format::Csv);
    }
}
