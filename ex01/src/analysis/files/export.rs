//! How does the data get to other programs?
//!
//! polars writes it as Parquet, one row group at a time. A folder gets numbered parts of a fixed size: other programs
//! can read them in parallel, and every machine makes the same bytes.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{DataFrame, PolarsError, PolarsResult, df};
use polars_io::parquet::write::{
    BatchedWriter, KeyValueMetadata, ParquetCompression, ParquetWriter,
};

use super::draft::{Draft, Folder, ends_in, refuse_source};
use super::interrupt;
use super::watched::{Refused, Watched};
use crate::analysis::statistics::{BLOCK, Partial, Rows};
use crate::faults::TargetFault;
use crate::results::Exported;
use crate::text;

/// Rows in a part, about 25 MB: four row groups of a block each.
const ROWS_PER_PART: u64 = 4 * BLOCK as u64;

/// An export that is not finished.
pub struct Export {
    /// The path on the command line.
    path: PathBuf,
    /// The files so far. The last one is still open, and all before it are full.
    drafts: Vec<Draft>,
    /// The folder of the parts. It comes after the files, because they must be gone before it can be removed.
    folder: Option<Folder>,
    /// Writes the last file.
    writer: Option<BatchedWriter<Watched>>,
    /// Why the system refused to write, if it did.
    refused: Refused,
    /// Names and values for each file's metadata.
    about: Vec<(String, String)>,
    /// Rows in all files together.
    rows: u64,
    /// The files of the source. Nothing may overwrite them.
    sources: Vec<PathBuf>,
    /// The folder, locked from the last check until the parts have their names: runs that export into it at the same time take
    /// turns, and it holds the parts of one run.
    turn: Option<File>,
}

impl Export {
    /// Begins an export, or says why it cannot be written. `about` goes into the metadata of every file.
    pub fn new(
        path: &Path,
        about: Vec<(String, String)>,
        sources: Vec<PathBuf>,
    ) -> Result<Self, TargetFault> {
        let parts = has_parts(path);
        if !parts && !ends_in(path, "parquet") {
            return Err(TargetFault::NotParquet(path.to_owned()));
        }
        if parts && text::safe(path.as_os_str()) != path.as_os_str() {
            return Err(TargetFault::Login(path.to_owned()));
        }
        let mut export = Self {
            path: path.to_owned(),
            drafts: Vec::new(),
            folder: parts.then(|| Folder::new(path)).transpose()?,
            writer: None,
            refused: Refused::default(),
            about,
            rows: 0,
            sources,
            turn: None,
        };
        if parts && let Ok(ours) = path.canonicalize() {
            // In the folder of the source, old and new parts would be mixed.
            let is_beside = |source: &Path| source.parent() == Some(&ours);
            refuse_source(&export.sources, "--export", path, is_beside)?;
        }
        export.open()?;
        Ok(export)
    }

    /// The first file of an export into this path.
    pub fn first(path: &Path) -> PathBuf {
        if has_parts(path) {
            part(path, 0)
        } else {
            path.to_owned()
        }
    }

    /// Begins the next file.
    fn open(&mut self) -> Result<(), TargetFault> {
        let target = match self.folder {
            Some(_) => part(&self.path, self.drafts.len()),
            None => self.path.clone(),
        };
        let (draft, file) = Draft::new(&target)?;
        let is_target = |source: &Path| source == draft.target;
        refuse_source(&self.sources, "--export", &self.path, is_target)?;
        let about = KeyValueMetadata::from_static(self.about.clone());
        let refused = Arc::clone(&self.refused);
        let writer = ParquetWriter::new(Watched { file, refused })
            .with_compression(ParquetCompression::Snappy)
            .with_key_value_metadata(Some(about));
        let writer = frame(&Rows::default(), 0).and_then(|it| writer.batched(it.schema()));
        self.writer = Some(writer.map_err(|error| self.failed(&error))?);
        self.drafts.push(draft);
        Ok(())
    }

    /// Whether its first file takes the place of this one.
    pub fn replaces(&self, other: &Draft) -> bool {
        let first = self.drafts.first();
        first.is_some_and(|it| it.target == other.target)
    }

    /// Writes a block as a row group.
    pub fn add(&mut self, block: &Partial) -> Result<(), TargetFault> {
        let Some(rows) = &block.rows else {
            return Ok(());
        };
        if self.folder.is_some() && self.rows == self.drafts.len() as u64 * ROWS_PER_PART {
            self.close()?;
            self.open()?;
        }
        let frame = frame(rows, self.rows).map_err(|error| self.failed(&error))?;
        self.rows += frame.height() as u64;
        if let Some(writer) = &mut self.writer {
            let written = writer.write_batch(&frame);
            written.map_err(|error| self.failed(&error))?;
        }
        Ok(())
    }

    /// Ends the last file, and reads from it how many rows it has.
    fn close(&mut self) -> Result<(), TargetFault> {
        if let Some(writer) = self.writer.take() {
            writer.finish().map_err(|error| self.failed(&error))?;
        }
        let Some((draft, full)) = self.drafts.split_last() else {
            return Ok(());
        };
        let file = File::open(&draft.path);
        let file = file.map_err(|error| TargetFault::io(&self.path, error))?;
        let found = polars_parquet::read::read_metadata(&mut { file }).map(|it| it.num_rows);
        let found = found.map_err(|error| self.failed(&error))? as u64;
        if found + full.len() as u64 * ROWS_PER_PART == self.rows {
            return Ok(());
        }
        Err(TargetFault::Changed(self.path.clone()))
    }

    /// Ends the writing. Every error must come here, before any file has its final name.
    pub fn finish(&mut self) -> Result<(), TargetFault> {
        self.close()?;
        if self.folder.is_none() {
            return Ok(());
        }
        // Where a folder cannot be locked, runs that export into it at the same time are not kept apart.
        self.turn = File::open(&self.path).ok();
        if let Some(turn) = &self.turn {
            let _ = turn.lock();
        }
        self.refuse_old_parts()
    }

    /// Gives all files their final names. After this, the export is there.
    pub fn publish(self) -> Result<Exported, TargetFault> {
        interrupt::naming(|unfinished| {
            for draft in &self.drafts {
                draft.rename()?;
            }
            if let Some(folder) = &self.folder {
                folder.keep(unfinished);
            }
            Ok(())
        })?;
        Ok(Exported {
            path: self.path.clone(),
            rows: self.rows,
            files: self.drafts.len(),
        })
    }

    /// A part of an older, larger export would be read together with ours.
    fn refuse_old_parts(&self) -> Result<(), TargetFault> {
        let failed = |error| TargetFault::io(&self.path, error);
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let part = name.to_str().and_then(|name| {
                let number = name.strip_prefix("part-")?.strip_suffix(".parquet")?;
                number.parse().ok()
            });
            if part.is_some_and(|part: usize| part >= self.drafts.len()) {
                return Err(TargetFault::OldPart {
                    folder: self.path.clone(),
                    part: name,
                });
            }
        }
        Ok(())
    }

    /// The error for a refusal of polars, or of the system.
    fn failed(&self, error: &PolarsError) -> TargetFault {
        let refused = self.refused.lock().ok().and_then(|mut it| it.take());
        if let Some(error) = refused {
            return TargetFault::io(&self.path, error);
        }
        let text = error.to_string();
        let why = text.lines().next().unwrap_or_default();
        TargetFault::io(&self.path, io::Error::other(why))
    }
}

/// Whether the path of an export is a folder of parts.
fn has_parts(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b"/") || path.is_dir()
}

/// The path of a part in a folder.
fn part(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("part-{number:06}.parquet"))
}

/// A block as a table. The column `t` counts the points from 0, so every program can restore the order.
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
