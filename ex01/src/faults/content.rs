//! What is wrong with the content of a source, and where?

/// How many names of columns are shown at most.
pub const MOST_NAMES: usize = 12;

/// Where something is wrong; lines and rows are counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line of a text.
    pub line: Option<u64>,
    /// The row, without the header.
    pub row: Option<u64>,
    /// The column.
    pub column: Option<&'static str>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Not even a header is in it.
    Empty,
    NoRows,
    /// It has a format that is not read here.
    Foreign(Foreign),
    /// The header, or a row, opens a quote and never closes it.
    OpenQuote,
    /// A record has more bytes than this.
    LongRecord(usize),
    /// A record has more columns than this.
    ManyColumns(usize),
    /// A row has another number of fields than the header, and perhaps lacks this column.
    Fields {
        found: usize,
        expected: usize,
        missing: Option<&'static str>,
    },
    /// Two columns have this name.
    TwoColumns {
        name: &'static str,
        table: TableKind,
    },
    /// No column has this name, but others are there: at most one more than [`MOST_NAMES`].
    NoColumn {
        name: &'static str,
        /// As bytes, because a name need not be UTF-8.
        there: Vec<Vec<u8>>,
        table: TableKind,
    },
    Cell(Cell),
    Json(Json),
    Parquet(Parquet),
}

/// What a file is that is not read here, as it follows `it is`. Each kind has its remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// With this codec, and this program unpacks it.
    Compressed(&'static str, &'static str),
    /// It must be unpacked, with any program.
    Packed(&'static str),
    /// A text in this encoding.
    Encoding(&'static str),
    /// A Parquet file that is encrypted as a whole.
    Encrypted,
    /// Data that can be exported in this format.
    Data(&'static str, &'static str),
    /// No table is in it.
    NoTable(&'static str),
}

/// Which kind of table has the wrong columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// This character separates the two columns in its header, and a comma does not.
    Csv {
        delimiter: Option<char>,
    },
    Json,
    Parquet,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Null,
    /// This text is no number. It is bytes, because it need not be UTF-8.
    Text(Vec<u8>),
    /// This is NaN, infinity, or a number that is too large for a float.
    NotFinite(String),
    Array,
    Object,
    /// Its absolute value is larger than the limit.
    Beyond {
        value: f64,
        limit: f64,
    },
    /// An activity that is not a whole number from 0 to 9.
    NotDigit(f64),
}

/// What is wrong with a JSON text. An [`std::io::Error`] carries it through the parser, if a limit is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// Something else stands where a value must be.
    NotValue,
    /// A number is too large for a float.
    OutOfRange,
    /// Any other error, in the words of `serde_json`.
    Other(String),
    /// An object has this name twice.
    Twice(&'static str),
    /// A row lacks this column.
    Lacks(&'static str),
    /// There are rows in `data`, and columns beside it.
    RowsAndColumns,
    /// One column is a number, and the other is a whole column.
    NumberAndColumn,
    /// The columns have these lengths.
    Lengths { signal: usize, activity: usize },
    /// The two columns do not name the same rows in one order.
    OtherRows,
    /// A column has more values than this.
    LongColumn(usize),
    /// A string or number has more bytes than this.
    LongWord(usize),
    /// More brackets than this are open.
    DeepBrackets(usize),
    /// Within this many bytes, no line ends between two objects.
    NoLineEnd(usize),
}

impl std::error::Error for Json {}

/// What is wrong with a Parquet file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parquet {
    /// `PAR1` is missing at its start.
    NoStart,
    /// `PAR1` is missing at its end.
    NoEnd,
    /// This column is encrypted.
    Encrypted(&'static str),
    /// A column holds no numbers.
    NoNumbers {
        column: &'static str,
        kind: ColumnKind,
    },
    /// polars cannot read it, for this reason.
    Unsupported(String),
    /// It is damaged, as polars says.
    Damaged(String),
    /// polars panicked.
    Panicked,
    /// What stands at its end does not describe it.
    NoMetadata,
    /// A group of rows lacks this column, or has it where the file has no bytes.
    NoColumn(&'static str),
    /// This column has another number of values than rows, or than its pages say.
    WrongCount(&'static str),
    /// The header of a page is missing, or says something that cannot be.
    PageHeader,
    /// A column holds another type than it should.
    WrongType,
    /// More than this many bytes describe the file.
    LargeMetadata(usize),
    /// A dictionary is larger than the limit.
    LargeDictionary {
        column: &'static str,
        megabytes: usize,
        most_megabytes: usize,
    },
    /// A page is larger than the limits.
    LargePage {
        column: &'static str,
        values: u64,
        megabytes: usize,
        most_values: u64,
        most_megabytes: usize,
    },
}

/// What a column holds instead of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    /// Points in time.
    Time,
    Dates,
    TimesOfDay,
    /// Spans of time.
    Spans,
    /// Bytes that say nothing of what they mean.
    Bytes,
    /// Lists, or other columns within it.
    Nested,
    Other,
}

impl Content {
    /// The fault for a missing column.
    pub fn no_column(
        name: &'static str,
        there: impl Iterator<Item = impl Into<Vec<u8>>>,
        table: TableKind,
    ) -> Self {
        let there = there.map(Into::into).take(MOST_NAMES + 1).collect();
        Self::NoColumn { name, there, table }
    }
}

impl From<Cell> for Content {
    fn from(cell: Cell) -> Self {
        Self::Cell(cell)
    }
}

impl From<Json> for Content {
    fn from(json: Json) -> Self {
        Self::Json(json)
    }
}

impl From<Parquet> for Content {
    fn from(parquet: Parquet) -> Self {
        Self::Parquet(parquet)
    }
}
