//! How are numbers, lists and the system's reasons put into words?

use std::io::ErrorKind;
use std::time::Duration;

use super::sentence::Words;

/// A longer list is cut, and the rest is counted.
pub const MOST_LISTED: usize = 20;

/// A longer list is cut in JSON too. No list that a person writes by hand is so long.
pub const MOST_KEPT: usize = 1000;

/// `1 value`, `2 values`.
pub fn counted(number: usize, what: &'static str) -> Words {
    Words::from(number) + " " + what + if number == 1 { "" } else { "s" }
}

/// `812 bytes`, `3.4 MiB`.
pub fn size(bytes: u64) -> Words {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let bytes_as_float = bytes as f64;
    Words::ours(match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KiB", bytes_as_float / 1024.0),
        _ => format!("{:.1} MiB", bytes_as_float / 1_048_576.0),
    })
}

/// `a, b, c`. A long list is cut: `and 7 more`.
pub fn listed<T: Into<Words>>(things: impl IntoIterator<Item = T>) -> Words {
    let mut things = things.into_iter();
    let first = things.by_ref().take(MOST_LISTED);
    let listed = Words::joined(first, ", ");
    match things.count() {
        0 => listed,
        more => listed + " and " + more + " more",
    }
}

/// `0644`.
pub fn bits(permissions: u32) -> Words {
    Words::ours(format!("{permissions:04o}"))
}

/// `0.5 s`.
pub fn seconds(time: Duration) -> Words {
    Words::ours(format!("{} s", time.as_secs_f64()))
}

/// Why the system could not do it. The system's own sentence depends on the language, this one does not.
pub fn reason(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "no such file or directory",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::NotADirectory => "not a directory",
        ErrorKind::IsADirectory => "is a directory",
        ErrorKind::StorageFull => "no space left on device",
        ErrorKind::QuotaExceeded => "disk quota exceeded",
        ErrorKind::FileTooLarge => "file too large",
        ErrorKind::ReadOnlyFilesystem => "read-only file system",
        ErrorKind::InvalidFilename => "file name too long",
        ErrorKind::BrokenPipe => "broken pipe",
        ErrorKind::ConnectionReset => "connection reset by peer",
        ErrorKind::ConnectionAborted => "connection aborted",
        ErrorKind::HostUnreachable => "no route to host",
        ErrorKind::NetworkUnreachable => "network is unreachable",
        ErrorKind::AddrNotAvailable => "address not available",
        ErrorKind::OutOfMemory => "out of memory",
        ErrorKind::WouldBlock => "resource temporarily unavailable",
        _ => "the system reports an error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_read_as_sentences_do() {
        assert_eq!(
            [counted(1, "value"), counted(2, "value")].map(|it| it.plain()),
            ["1 value", "2 values"]
        );
        assert_eq!(
            [size(812), size(1536), size(3 << 20)].map(|it| it.plain()),
            ["812 bytes", "1.5 KiB", "3.0 MiB"]
        );
        assert_eq!(listed(1..=3_usize).plain(), "1, 2, 3");
        assert!(listed(1..=25_usize).plain().ends_with("19, 20 and 5 more"));
        assert_eq!(bits(0o644).plain(), "0644");
        assert_eq!(seconds(Duration::from_millis(500)).plain(), "0.5 s");
    }
}
