//! Which format is it?

use super::rows::SIGNAL;
use crate::faults::Foreign;
use crate::faults::Remedy::{
    self, Decrypt, Export, ExportTable, NoSignal, Nothing, Save, Unpack, UnpackWith, Write,
};

/// The byte order mark of UTF-8. Programs on Windows write it at the start of a text.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// The first bytes of files that are not read here, what they are, and what to do with them.
const OTHERS: [(&[u8], Foreign); 39] = [
    (b"BZh", is("compressed with bzip2", UnpackWith("bunzip2"))),
    (b"\xfd7zXZ\0", is("compressed with xz", UnpackWith("unxz"))),
    (
        b"\x04\x22\x4d\x18",
        is("compressed with lz4", UnpackWith("unlz4")),
    ),
    (
        b"\x1f\x8b",
        is("compressed with gzip twice", UnpackWith("gunzip")),
    ),
    (
        b"\x28\xb5\x2f\xfd",
        is("compressed with zstd twice", UnpackWith("unzstd")),
    ),
    (b"LZIP", is("compressed with lzip", UnpackWith("lunzip"))),
    (
        b"\x5d\0\0",
        is("compressed with lzma", UnpackWith("unlzma")),
    ),
    (
        b"\x1f\x9d",
        is("compressed with compress", UnpackWith("uncompress")),
    ),
    (b"Rar!", is("a rar archive", Unpack)),
    (
        b"\xff\x06\x00\x00sNaPpY",
        is("compressed with snappy", Unpack),
    ),
    (b"7z\xbc\xaf\x27\x1c", is("a 7z archive", Unpack)),
    (
        b"PK\x03\x04",
        is("a zip archive or a spreadsheet", Export("CSV")),
    ),
    (b"\xd0\xcf\x11\xe0", is("an old spreadsheet", Export("CSV"))),
    (b"\xff\xfe\0\0", is("UTF-32", Save("UTF-8"))),
    (b"\0\0\xfe\xff", is("UTF-32", Save("UTF-8"))),
    (b"\xff\xfe", is("UTF-16", Save("UTF-8"))),
    (b"\xfe\xff", is("UTF-16", Save("UTF-8"))),
    (b"PARE", ENCRYPTED),
    (
        b"SQLite format 3\0",
        is("an SQLite database", ExportTable("CSV")),
    ),
    (b"ARROW1", is("an Arrow file", Write("Parquet"))),
    (b"FEA1", is("a Feather file", Write("Parquet"))),
    (b"ORC", is("an ORC file", Write("Parquet"))),
    (b"Obj\x01", is("an Avro file", Write("Parquet"))),
    (b"\x89HDF", is("an HDF5 file", Write("Parquet"))),
    (b"CDF", is("a NetCDF file", Write("CSV"))),
    (b"MATLAB 5", is("a MATLAB file", Write("CSV"))),
    (b"RDX", is("an R data file", Write("CSV"))),
    (b"\x93NUMPY", is("a NumPy array", Write("CSV"))),
    (b"<stata", is("a Stata file", Write("CSV"))),
    (b"$FL2@", is("an SPSS file", Write("CSV"))),
    (b"X\n\0\0", is("an R data file", Write("CSV"))),
    (b"\x89PNG", is("a picture", Nothing)),
    (b"\xff\xd8\xff", is("a picture", Nothing)),
    (b"GIF8", is("a picture", Nothing)),
    (b"%PDF", is("a PDF document", Nothing)),
    (b"<!DOCTYPE", is("a web page", NoSignal)),
    (b"<!doctype", is("a web page", NoSignal)),
    (b"<html", is("a web page", NoSignal)),
    (b"<?xml", is("XML", Write("CSV"))),
];

/// A Parquet file that is encrypted as a whole.
pub const ENCRYPTED: Foreign = is("an encrypted Parquet file", Decrypt);

/// What a file is, as it follows `it is`, and what to do with it.
const fn is(what: &'static str, remedy: Remedy) -> Foreign {
    Foreign { what, remedy }
}

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
pub fn of(head: &[u8]) -> Format {
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
        return Format::Other(is("a tar archive", UnpackWith("tar -xf")));
    }
    if zeros(head, 4) == 3 {
        return Format::Other(is("UTF-32", Save("UTF-8")));
    }
    if zeros(head, 2) == 1 {
        return Format::Other(is("UTF-16", Save("UTF-8")));
    }
    let text = head.strip_prefix(MARK).unwrap_or(head);
    match text.trim_ascii_start() {
        [b'{' | b'[', ..] => Format::Json,
        text if text.starts_with(b"<") && !first_line(text).contains(&b',') => {
            Format::Other(is("HTML or XML", Write("CSV")))
        }
        // A mark, and the version of the protocol.
        [0x80, 2..=5, ..] => Format::Other(is("a Python pickle", Write("Parquet"))),
        // A mark, and the length of the rest.
        _ if head.starts_with(b"\xff\xff\xff\xff") && head.get(7) == Some(&0) => {
            Format::Other(is("an Arrow stream", Write("Parquet")))
        }
        _ if head.get(8..12) == Some(b"DUCK") => {
            Format::Other(is("a DuckDB database", ExportTable("Parquet")))
        }
        // No text has a zero.
        _ if first_line(head).contains(&0) => {
            Format::Other(is("a binary file of another format", Write("Parquet")))
        }
        _ => Format::Csv,
    }
}

/// Whether the first line is a good header: `PARENT,signal` begins like an encrypted Parquet file.
fn is_header(head: &[u8]) -> bool {
    let line = first_line(head);
    line.first().is_some_and(u8::is_ascii_alphanumeric)
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
        assert_eq!(of(b"PAR1\x15"), Format::Parquet);
        assert_eq!(of(b"\xef\xbb\xbf \n[1"), Format::Json);
        assert_eq!(of(b"{}"), Format::Json);
        for (start, foreign) in OTHERS {
            let text = [start, b" and more"].concat();
            assert_eq!(of(&text), Format::Other(foreign));
        }
        let text = "signal,agent_activity\n";
        let wide: Vec<u8> = text.bytes().flat_map(|it| [it, 0]).collect();
        for wide in [&wide[..], &wide[1..]] {
            assert!(matches!(of(wide), Format::Other(it) if it.what.contains("UTF-16")));
        }
        let wide: Vec<u8> = text.bytes().flat_map(|it| [it, 0, 0, 0]).collect();
        for wide in [&wide[..], &wide[1..], &wide[3..]] {
            assert!(matches!(of(wide), Format::Other(it) if it.what.contains("UTF-32")));
        }
        for (start, named) in [
            (&b"<table border=\"1\">\n"[..], "HTML"),
            (b"<data><row/></data>", "XML"),
            (b"\x7fELF\x02\x01\x01\0", "binary"),
            (&[0; 512], "binary"),
        ] {
            assert!(
                matches!(of(start), Format::Other(it) if it.what.contains(named)),
                "{named}"
            );
        }
        let mut tar = [0; 512];
        tar[0] = b'x';
        tar[257..262].copy_from_slice(b"ustar");
        assert!(matches!(of(&tar), Format::Other(it) if it.what.contains("tar archive")));
        let duck = of(b"\x9f\x99\x2a\xc5\xec\x32\xd6\x88DUCK\x40\0\0\0");
        assert!(matches!(duck, Format::Other(it) if it.what.contains("DuckDB")));
        assert_eq!(of(text.as_bytes()), Format::Csv);
        for name in ["PARENT", "ORC", "BZh", "PAR1", "Rar!"] {
            let header = format!("{name},signal,agent_activity\r\n");
            assert_eq!(of(header.as_bytes()), Format::Csv, "{name}");
        }
        assert_eq!(of(b""), Format::Csv);
    }
}
