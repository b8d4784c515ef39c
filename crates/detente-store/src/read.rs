//! Reads a table, group by group.

use crate::error::StoreError;
use crate::table::{Column, Field, Kind, fields};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, Length, RowGroupReader, SerializedFileReader};
use std::io::Read as _;
use std::panic::AssertUnwindSafe;

/// The four bytes at both ends of every Parquet file.
const MAGIC: &[u8] = b"PAR1";

/// A table that can be read.
pub struct Reader<R: ChunkReader + 'static> {
    fields: Vec<Field>,
    known: Vec<(String, String)>,
    file: SerializedFileReader<R>,
}

fn damaged(error: ParquetError) -> StoreError {
    StoreError::Damaged(error.to_string())
}

impl<R: ChunkReader + Length + 'static> Reader<R> {
    /// Opens a table: an open file, or `bytes::Bytes`.
    ///
    /// # Errors
    /// A file that is not Parquet, is cut short or damaged, or has columns of other kinds.
    pub fn new(input: R) -> Result<Reader<R>, StoreError> {
        let end = |at: u64| -> Option<[u8; 4]> {
            let mut bytes = [0; 4];
            input.get_read(at).ok()?.read_exact(&mut bytes).ok()?;
            Some(bytes)
        };
        if end(0).is_none_or(|bytes| bytes != MAGIC) {
            return Err(StoreError::Foreign);
        }
        if input.len().checked_sub(4).and_then(end).is_none_or(|bytes| bytes != MAGIC) || input.len() < 12 {
            return Err(StoreError::CutShort);
        }
        let length = input.len();
        let file = sound(|| SerializedFileReader::new(input).map_err(damaged))?;
        let chunks = file.metadata().row_groups().iter().flat_map(|g| g.columns());
        for chunk in chunks {
            let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
            let end = start.checked_add(chunk.compressed_size());
            let inside = end.and_then(|e| u64::try_from(e).ok()).is_some_and(|e| e <= length);
            if start < 4 || chunk.data_page_offset() < 4 || chunk.compressed_size() < 0 || !inside {
                return Err(StoreError::Damaged("a column lies outside of the file".into()));
            }
        }
        let about = file.metadata().file_metadata();
        let fields = fields(about.schema())?;
        let pairs = about.key_value_metadata().into_iter().flatten();
        let known = pairs.filter_map(|kv| Some((kv.key.clone(), kv.value.clone()?))).collect();
        Ok(Reader { fields, known, file })
    }

    /// The columns.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// What is known of the table under this name.
    pub fn known(&self, name: &str) -> Option<&str> {
        self.known.iter().find(|(n, _)| n == name).map(|(_, text)| text.as_str())
    }

    /// The number of groups of rows.
    pub fn groups(&self) -> usize {
        self.file.num_row_groups()
    }

    /// The number of rows of all groups.
    pub fn rows(&self) -> u64 {
        self.file.metadata().row_groups().iter().map(|g| g.num_rows().max(0) as u64).sum()
    }

    /// Reads some columns of a group, by position.
    ///
    /// # Errors
    /// A damaged file.
    pub fn columns(&self, group: usize, chosen: &[usize]) -> Result<Vec<Column>, StoreError> {
        let group = sound(|| self.file.get_row_group(group).map_err(damaged))?;
        sound(|| chosen.iter().map(|k| self.column(group.as_ref(), *k)).collect())
    }

    /// Reads a whole group.
    ///
    /// # Errors
    /// A damaged file.
    pub fn group(&self, group: usize) -> Result<Vec<Column>, StoreError> {
        let all: Vec<usize> = (0..self.fields.len()).collect();
        self.columns(group, &all)
    }

    fn column(&self, group: &dyn RowGroupReader, k: usize) -> Result<Column, StoreError> {
        let rows = usize::try_from(group.metadata().num_rows())
            .map_err(|_| StoreError::Damaged("a group with less than no rows".into()))?;
        let field = self.fields.get(k).ok_or_else(|| StoreError::Shape("no such column".into()))?;
        let other = || StoreError::Column(field.name.clone());
        match (field.kind, group.get_column_reader(k).map_err(damaged)?) {
            (Kind::Whole, ColumnReader::Int64ColumnReader(reader)) => {
                let (values, _) = cells(reader, rows, false)?;
                Ok(Column::Whole(values.into_iter().map(|x| x as u64).collect()))
            }
            (Kind::Number, ColumnReader::DoubleColumnReader(reader)) => {
                let (values, levels) = cells(reader, rows, true)?;
                spread(values, &levels).map(Column::Number)
            }
            (Kind::Word, ColumnReader::ByteArrayColumnReader(reader)) => {
                let (values, levels) = cells(reader, rows, true)?;
                let mut names: Vec<String> = vec![];
                let mut codes = Vec::with_capacity(values.len());
                for value in &values {
                    let word = value.as_utf8().map_err(damaged)?;
                    let place = names.iter().position(|n| n == word).unwrap_or_else(|| {
                        names.push(word.to_string());
                        names.len() - 1
                    });
                    let few = |_| StoreError::Damaged(format!("too many words in `{}`", field.name));
                    codes.push(u16::try_from(place).map_err(few)?);
                }
                Ok(Column::Word(names, spread(codes, &levels)?))
            }
            _ => Err(other()),
        }
    }
}

/// Reads with a library that, on some damaged files, breaks down instead of returning an error.
fn sound<T>(read: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let broken = |_| Err(StoreError::Damaged("its pages cannot be read".into()));
    std::panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(broken)
}

/// The values of a column that are there, and for each cell whether it is.
fn cells<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    rows: usize,
    optional: bool,
) -> Result<(Vec<T::T>, Vec<i16>), StoreError> {
    let (mut values, mut levels) = (vec![], vec![]);
    let wanted = optional.then_some(&mut levels);
    let (records, ..) = reader.read_records(rows, wanted, None, &mut values).map_err(damaged)?;
    if records != rows || (!optional && values.len() != rows) {
        return Err(StoreError::Damaged("a column is shorter than its group".into()));
    }
    Ok((values, levels))
}

/// Puts values where their cells are.
fn spread<T>(values: Vec<T>, levels: &[i16]) -> Result<Vec<Option<T>>, StoreError> {
    let mut values = values.into_iter();
    let list: Vec<Option<T>> = levels.iter().map(|l| if *l > 0 { values.next() } else { None }).collect();
    let full = levels.iter().zip(&list).all(|(l, cell)| (*l > 0) == cell.is_some());
    match full && values.next().is_none() {
        true => Ok(list),
        false => Err(StoreError::Damaged("values and empty cells do not add up".into())),
    }
}
