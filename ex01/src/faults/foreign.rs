//! Which formats are not read here, and what is there to do with such a file?

/// A format that is not read here, and what to do with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What the file is, as it follows `it is`.
    pub what: &'static str,
    pub remedy: Remedy,
}

/// What to do with a file of another format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Unpack it, with any program.
    Unpack,
    /// Unpack it with this program.
    UnpackWith(&'static str),
    Decrypt,
    /// Save it in this encoding.
    Save(&'static str),
    /// Export it in this format.
    Export(&'static str),
    /// Export a table of it in this format.
    ExportTable(&'static str),
    /// Write it in this format.
    Write(&'static str),
    /// It holds no table.
    Nothing,
    /// It is a page without a column `signal`.
    NoSignal,
}
