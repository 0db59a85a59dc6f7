//! How does the data leave for other programs?
//!
//! As Parquet, written by polars one row group at a time. A folder gets numbered parts of fixed size: an engine reads
//! them in parallel, and a part is the same bytes whichever machine made it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, PolarsError, PolarsResult, df};
use polars_io::parquet::write::{
    BatchedWriter, KeyValueMetadata, ParquetCompression, ParquetWriter,
};

use super::draft::{self, Draft, Folder};
use crate::analysis::statistics::{BLOCK, Partial, Rows};
use crate::exit::Trouble;
use crate::results::Exported;
use crate::text;

/// Row groups in a part: 1,048,576 rows, some 25 MB.
const GROUPS_PER_PART: usize = 4;

/// An export on its way.
pub struct Export {
    /// As given on the command line.
    path: PathBuf,
    /// The files so far, the last one still open.
    drafts: Vec<(Draft, u64)>,
    /// The folder, where it is one of parts; below the files, which must be gone before it can be removed.
    folder: Option<Folder>,
    /// Writes to the last file.
    writer: Option<BatchedWriter<File>>,
    /// Row groups in the last file.
    groups: usize,
    /// Rows so far.
    rows: u64,
    /// Names and values among a file's metadata.
    about: Vec<(String, String)>,
    /// What is read, and not written over.
    sources: Vec<PathBuf>,
}

impl Export {
    /// Begins, or says why it cannot be; every file will say this about itself, and none takes a source's place.
    pub fn new(
        path: &Path,
        about: Vec<(String, String)>,
        sources: Vec<PathBuf>,
    ) -> Result<Self, Trouble> {
        let text = path.as_os_str().as_encoded_bytes();
        let parts = text.ends_with(b"/") || path.is_dir();
        if !parts && !draft::ends_in(path, "parquet") {
            return Err(Trouble::new(
                format_args!(
                    "`--export {}` is no Parquet file",
                    text::os(path.as_os_str())
                ),
                "end the name in `.parquet`, or in `/` for a folder of parts",
            ));
        }
        let mut export = Self {
            path: path.to_owned(),
            drafts: Vec::new(),
            folder: parts.then(|| Folder::new(path)).transpose()?,
            writer: None,
            groups: 0,
            rows: 0,
            about,
            sources,
        };
        export.spare_folder()?;
        export.open()?;
        Ok(export)
    }

    /// Begins the next file.
    fn open(&mut self) -> Result<(), Trouble> {
        let part = format!("part-{:06}.parquet", self.drafts.len());
        let target = match self.folder {
            Some(_) => self.path.join(part),
            None => self.path.clone(),
        };
        self.groups = 0;
        let draft = Draft::new(&target)?;
        draft.spare(&self.sources, "--export", &self.path)?;
        self.drafts.push((draft, 0));
        Ok(())
    }

    /// Writes a block as a row group.
    pub fn add(&mut self, block: &Partial) -> Result<(), Trouble> {
        let Some(rows) = &block.rows else {
            return Ok(());
        };
        if self.folder.is_some() && self.groups == GROUPS_PER_PART {
            self.close()?;
            self.open()?;
        }
        let failed = |error: PolarsError| self.failed(&error);
        let frame = frame(rows, self.rows).map_err(failed)?;
        let Some((draft, written)) = self.drafts.last_mut() else {
            return Ok(());
        };
        *written += frame.height() as u64;
        if self.writer.is_none() {
            let writer = ParquetWriter::new(draft.take()?)
                .with_compression(ParquetCompression::Snappy)
                .with_row_group_size(Some(BLOCK))
                .with_key_value_metadata(Some(KeyValueMetadata::from_static(self.about.clone())))
                .batched(frame.schema());
            self.writer = Some(writer.map_err(|error| self.failed(&error))?);
        }
        if let Some(writer) = &mut self.writer {
            let written = writer.write_batch(&frame);
            written.map_err(|error| self.failed(&error))?;
        }
        self.groups += 1;
        self.rows += frame.height() as u64;
        Ok(())
    }

    /// Ends the last file and reads its own account of itself.
    fn close(&mut self) -> Result<(), Trouble> {
        if let Some(writer) = self.writer.take() {
            writer.finish().map_err(|error| self.failed(&error))?;
        }
        let Some((draft, rows)) = self.drafts.last() else {
            return Ok(());
        };
        let file = File::open(draft.path());
        let file = file.map_err(|error| draft::failed(&self.path, &error))?;
        let found = polars_parquet::read::read_metadata(&mut { file }).map(|it| it.num_rows);
        match found.map_err(|error| self.failed(&error))? {
            found if found as u64 == *rows => Ok(()),
            found => Err(Trouble::new(
                format_args!(
                    "failed to write `{}`: {rows} rows were written, {found} are in it",
                    text::os(self.path.as_os_str())
                ),
                "check the disk; run again",
            )),
        }
    }

    /// Ends the writing: what can still be refused is refused here, before anything has its name.
    pub fn finish(&mut self) -> Result<(), Trouble> {
        self.close()?;
        match self.folder {
            Some(_) => self.refuse_strangers(),
            None => Ok(()),
        }
    }

    /// Gives all files their names: from here on the export is there.
    pub fn publish(mut self) -> Result<Exported, Trouble> {
        let parts = self.drafts.len();
        for (draft, _) in self.drafts.drain(..) {
            draft.publish()?;
        }
        Ok(Exported {
            path: self.path.clone(),
            rows: self.rows,
            files: parts,
        })
    }

    /// A folder of parts is not written into the folder that it is read from: its parts would be mixed.
    fn spare_folder(&self) -> Result<(), Trouble> {
        let place = |path: &Path| path.canonicalize().ok();
        let ours = place(&self.path);
        let same = |source: &&PathBuf| {
            let source = place(source);
            ours.is_some() && source.as_deref().and_then(Path::parent) == ours.as_deref()
        };
        match self.sources.iter().find(same) {
            Some(source) if self.folder.is_some() => {
                Err(draft::over_the_source("--export", &self.path, source))
            }
            _ => Ok(()),
        }
    }

    /// A part of an older, larger export would be read along with ours.
    fn refuse_strangers(&self) -> Result<(), Trouble> {
        let failed = |error: std::io::Error| draft::failed(&self.path, &error);
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let part = name.to_str().and_then(|name| {
                let number = name.strip_prefix("part-")?.strip_suffix(".parquet")?;
                number.parse().ok()
            });
            if part.is_some_and(|part: usize| part >= self.drafts.len()) {
                return Err(Trouble::new(
                    format_args!(
                        "`{}` holds `{}` of a larger export",
                        text::os(self.path.as_os_str()),
                        text::os(&name)
                    ),
                    "remove it, or export into another folder",
                ));
            }
        }
        Ok(())
    }

    /// polars' refusal as an error of ours.
    fn failed(&self, error: &PolarsError) -> Trouble {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        // What the system said stands behind what each layer of polars said about it.
        let why = line.rsplit("IO error: ").next().unwrap_or(line);
        draft::failed(&self.path, &io::Error::other(why))
    }
}

/// A block as a table; `t` counts the points from 0, so that the order survives any engine.
fn frame(rows: &Rows, first: u64) -> PolarsResult<DataFrame> {
    let first = i64::try_from(first).unwrap_or(i64::MAX);
    let t: Vec<i64> = (first..).take(rows.signal.len()).collect();
    df!(
        "t" => t,
        "signal" => &rows.signal,
        "agent_activity" => &rows.activity,
        "risk" => &rows.risk,
    )
}
