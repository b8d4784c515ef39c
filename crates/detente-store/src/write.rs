//! Writes a table, group by group. The same cells in the same groups give the same bytes.

use crate::error::StoreError;
use crate::table::{Column, Field, schema};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use std::io::Write;
use std::sync::Arc;

/// A table being written.
pub struct Writer<W: Write + Send> {
    fields: Vec<Field>,
    file: SerializedFileWriter<W>,
}

fn failed(error: ParquetError) -> StoreError {
    StoreError::Write(error.to_string())
}

impl<W: Write + Send> Writer<W> {
    /// Begins a table.
    ///
    /// # Errors
    /// Names that Parquet cannot hold, or an output that fails.
    pub fn new(out: W, fields: &[Field]) -> Result<Writer<W>, StoreError> {
        // Snappy is written in Rust alone; it costs some size against zstd and spares a C compiler.
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_created_by("detente".into())
            .build();
        let file = SerializedFileWriter::new(out, schema(fields)?, Arc::new(properties)).map_err(failed)?;
        Ok(Writer { fields: fields.to_vec(), file })
    }

    /// Writes one group of rows: all columns, in the order of the fields.
    ///
    /// # Errors
    /// Columns that do not fit the fields or each other, or an output that fails.
    pub fn group(&mut self, columns: &[Column]) -> Result<(), StoreError> {
        let rows = columns.first().map_or(0, Column::len);
        let fit = columns.len() == self.fields.len()
            && columns.iter().zip(&self.fields).all(|(c, f)| c.kind() == f.kind && c.len() == rows);
        if !fit {
            return Err(StoreError::Shape("lengths or kinds differ".into()));
        }
        let mut group = self.file.next_row_group().map_err(failed)?;
        for column in columns {
            match column {
                Column::Whole(list) => {
                    let values: Vec<i64> = list.iter().map(|x| *x as i64).collect();
                    write::<Int64Type, W>(&mut group, &values, None)?;
                }
                Column::Number(list) => {
                    let values: Vec<f64> = list.iter().flatten().copied().collect();
                    let levels: Vec<i16> = list.iter().map(|x| i16::from(x.is_some())).collect();
                    write::<DoubleType, W>(&mut group, &values, Some(&levels))?;
                }
                Column::Word(names, list) => {
                    let names: Vec<ByteArray> = names.iter().map(|n| ByteArray::from(n.as_str())).collect();
                    let word = |code: &u16| {
                        let known = names.get(usize::from(*code)).cloned();
                        known.ok_or_else(|| StoreError::Shape("a word without a name".into()))
                    };
                    let values: Vec<ByteArray> = list.iter().flatten().map(word).collect::<Result<_, _>>()?;
                    let levels: Vec<i16> = list.iter().map(|x| i16::from(x.is_some())).collect();
                    write::<ByteArrayType, W>(&mut group, &values, Some(&levels))?;
                }
            }
        }
        group.close().map_err(failed)?;
        Ok(())
    }

    /// Ends the table with what is known of it, as pairs of name and text.
    ///
    /// # Errors
    /// An output that fails.
    pub fn finish(mut self, known: &[(String, String)]) -> Result<W, StoreError> {
        for (name, text) in known {
            self.file.append_key_value_metadata(KeyValue::new(name.clone(), text.clone()));
        }
        self.file.into_inner().map_err(failed)
    }
}

fn write<T: parquet::data_type::DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), StoreError> {
    let missing = || StoreError::Shape("more columns than fields".into());
    let mut column = group.next_column().map_err(failed)?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, levels, None).map_err(failed)?;
    column.close().map_err(failed)
}
