//! Whose certificates are trusted? `SSL_CERT_FILE` may name a file of authorities, and anything may be there.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use ureq::tls::{PemItem, parse_pem};

use crate::faults::{Failure, RootsFault};

/// The largest file that is read. All authorities of a Linux system need a quarter of a megabyte.
const MOST: u64 = 16 << 20;

/// Checks the file before rustls reads it. rustls would wait for a FIFO, read a device without end, and not say that the
/// file is missing.
pub fn check(path: &OsStr) -> Result<(), Failure> {
    let path = Path::new(path);
    let refused = |why| Failure::Roots {
        path: path.to_owned(),
        why,
    };
    let io = |error: io::Error| refused(RootsFault::Io(error));
    // To open a FIFO would wait already.
    if !fs::metadata(path).map_err(io)?.is_file() {
        return Err(refused(RootsFault::NotRegular));
    }
    let (file, mut pem) = (File::open(path).map_err(io)?, Vec::new());
    file.take(MOST + 1).read_to_end(&mut pem).map_err(io)?;
    if pem.len() as u64 > MOST {
        return Err(refused(RootsFault::TooLarge(MOST)));
    }
    // rustls finds a section only at the start of a line, and would trust the others without a word.
    if pem.starts_with(b"\xEF\xBB\xBF-----BEGIN") {
        return Err(refused(RootsFault::ByteOrderMark));
    }
    let is_certificate = |it| matches!(it, Ok(PemItem::Certificate(_)));
    if !parse_pem(&pem).any(is_certificate) {
        return Err(refused(RootsFault::NoCertificate));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn why(path: &Path) -> RootsFault {
        match check(path.as_os_str()) {
            Err(Failure::Roots { path: named, why }) => {
                assert_eq!(named, path);
                why
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_without_certificates_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        assert!(matches!(why(&file), RootsFault::Io(_)));
        assert!(matches!(why(Path::new("")), RootsFault::Io(_)));
        assert!(matches!(why(folder.path()), RootsFault::NotRegular));
        fs::write(&file, "junk\n").unwrap();
        assert!(matches!(why(&file), RootsFault::NoCertificate));
        File::create(&file).unwrap().set_len(MOST + 1).unwrap();
        assert!(matches!(why(&file), RootsFault::TooLarge(MOST)));
        let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        fs::write(&file, format!("a comment\n{pem}")).unwrap();
        assert!(check(file.as_os_str()).is_ok());
        fs::write(&file, format!("\u{feff}# a comment\n{pem}")).unwrap();
        assert!(check(file.as_os_str()).is_ok());
        for more in ["", pem] {
            fs::write(&file, format!("\u{feff}{pem}{more}")).unwrap();
            assert!(matches!(why(&file), RootsFault::ByteOrderMark));
        }
    }
}
