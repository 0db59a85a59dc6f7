//! Which format is it?

use super::rows::SIGNAL;

/// The byte order mark of UTF-8. Programs on Windows write it at the start of a text.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// The first bytes of files that are not read here, and what to do with them.
const OTHERS: [(&[u8], &str); 39] = [
    (
        b"BZh",
        "it is compressed with bzip2: unpack it first, with `bunzip2`",
    ),
    (
        b"\xfd7zXZ\0",
        "it is compressed with xz: unpack it first, with `unxz`",
    ),
    (
        b"\x04\x22\x4d\x18",
        "it is compressed with lz4: unpack it first, with `unlz4`",
    ),
    (
        b"\x1f\x8b",
        "it is compressed with gzip twice: unpack it first, with `gunzip`",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "it is compressed with zstd twice: unpack it first, with `unzstd`",
    ),
    (
        b"LZIP",
        "it is compressed with lzip: unpack it first, with `lunzip`",
    ),
    (
        b"\x5d\0\0",
        "it is compressed with lzma: unpack it first, with `unlzma`",
    ),
    (
        b"\x1f\x9d",
        "it is compressed with compress: unpack it first, with `uncompress`",
    ),
    (b"Rar!", "it is a rar archive: unpack it first"),
    (
        b"\xff\x06\x00\x00sNaPpY",
        "it is compressed with snappy: unpack it first",
    ),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive: unpack it first"),
    (
        b"PK\x03\x04",
        "it is a zip archive or a spreadsheet: export it as CSV first",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "it is an old spreadsheet: export it as CSV first",
    ),
    (b"\xff\xfe\0\0", "it is UTF-32: save it as UTF-8 first"),
    (b"\0\0\xfe\xff", "it is UTF-32: save it as UTF-8 first"),
    (b"\xff\xfe", "it is UTF-16: save it as UTF-8 first"),
    (b"\xfe\xff", "it is UTF-16: save it as UTF-8 first"),
    (b"PARE", "it is an encrypted Parquet file: decrypt it first"),
    (
        b"SQLite format 3\0",
        "it is an SQLite database: export a table as CSV first",
    ),
    (b"ARROW1", "it is an Arrow file: write it as Parquet first"),
    (b"FEA1", "it is a Feather file: write it as Parquet first"),
    (b"ORC", "it is an ORC file: write it as Parquet first"),
    (b"Obj\x01", "it is an Avro file: write it as Parquet first"),
    (b"\x89HDF", "it is an HDF5 file: write it as Parquet first"),
    (b"CDF", "it is a NetCDF file: write it as CSV first"),
    (b"MATLAB 5", "it is a MATLAB file: write it as CSV first"),
    (b"RDX", "it is an R data file: write it as CSV first"),
    (b"\x93NUMPY", "it is a NumPy array: write it as CSV first"),
    (b"<stata", "it is a Stata file: write it as CSV first"),
    (b"$FL2@", "it is an SPSS file: write it as CSV first"),
    (b"X\n\0\0", "it is an R data file: write it as CSV first"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"GIF8", "it is a picture"),
    (b"%PDF", "it is a PDF document"),
    (b"<!DOCTYPE", "it is a web page and has no column `signal`"),
    (b"<!doctype", "it is a web page and has no column `signal`"),
    (b"<html", "it is a web page and has no column `signal`"),
    (b"<?xml", "it is XML: write it as CSV first"),
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
    /// Begins like a format that is not read here. This text says so.
    Other(&'static str),
}

/// Looks at the first bytes.
pub fn of(head: &[u8]) -> Format {
    if is_header(head) {
        return Format::Csv;
    }
    if head.starts_with(b"PAR1") {
        return Format::Parquet;
    }
    if let Some((_, what)) = OTHERS.iter().find(|it| head.starts_with(it.0)) {
        return Format::Other(what);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Format::Other("it is a tar archive: unpack it first, with `tar -xf`");
    }
    if zeros(head, 4) == 3 {
        return Format::Other("it is UTF-32: save it as UTF-8 first");
    }
    if zeros(head, 2) == 1 {
        return Format::Other("it is UTF-16: save it as UTF-8 first");
    }
    let text = head.strip_prefix(MARK).unwrap_or(head);
    match text.trim_ascii_start() {
        [b'{' | b'[', ..] => Format::Json,
        text if text.starts_with(b"<") && !first_line(text).contains(&b',') => {
            Format::Other("it is HTML or XML: write it as CSV first")
        }
        // A mark, and the version of the protocol.
        [0x80, 2..=5, ..] => Format::Other("it is a Python pickle: write it as Parquet first"),
        // A mark, and the length of the rest.
        _ if head.starts_with(b"\xff\xff\xff\xff") && head.get(7) == Some(&0) => {
            Format::Other("it is an Arrow stream: write it as Parquet first")
        }
        _ if head.get(8..12) == Some(b"DUCK") => {
            Format::Other("it is a DuckDB database: export a table as Parquet first")
        }
        // No text has a zero.
        _ if first_line(head).contains(&0) => {
            Format::Other("it is a binary file of another format: write it as Parquet first")
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
        for (start, what) in OTHERS {
            let text = [start, b" and more"].concat();
            assert_eq!(of(&text), Format::Other(what));
        }
        let text = "signal,agent_activity\n";
        let wide: Vec<u8> = text.bytes().flat_map(|it| [it, 0]).collect();
        for wide in [&wide[..], &wide[1..]] {
            assert!(matches!(of(wide), Format::Other(what) if what.contains("UTF-16")));
        }
        let wide: Vec<u8> = text.bytes().flat_map(|it| [it, 0, 0, 0]).collect();
        for wide in [&wide[..], &wide[1..], &wide[3..]] {
            assert!(matches!(of(wide), Format::Other(what) if what.contains("UTF-32")));
        }
        for (start, named) in [
            (&b"<table border=\"1\">\n"[..], "HTML"),
            (b"<data><row/></data>", "XML"),
            (b"\x7fELF\x02\x01\x01\0", "binary"),
            (&[0; 512], "binary"),
        ] {
            assert!(
                matches!(of(start), Format::Other(what) if what.contains(named)),
                "{named}"
            );
        }
        let mut tar = [0; 512];
        tar[0] = b'x';
        tar[257..262].copy_from_slice(b"ustar");
        assert!(matches!(of(&tar), Format::Other(what) if what.contains("tar archive")));
        let duck = of(b"\x9f\x99\x2a\xc5\xec\x32\xd6\x88DUCK\x40\0\0\0");
        assert!(matches!(duck, Format::Other(what) if what.contains("DuckDB")));
        assert_eq!(of(text.as_bytes()), Format::Csv);
        for name in ["PARENT", "ORC", "BZh", "PAR1", "Rar!"] {
            let header = format!("{name},signal,agent_activity\r\n");
            assert_eq!(of(header.as_bytes()), Format::Csv, "{name}");
        }
        assert_eq!(of(b""), Format::Csv);
    }
}
