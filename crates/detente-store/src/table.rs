//! A table in memory: fields that say what columns hold, and columns of one group of rows.

use crate::error::StoreError;
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::schema::types::{Type, TypePtr};
use std::sync::Arc;

/// What a column holds. The Arrow types are `UInt64`, `Float64` and `Utf8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Counts and numbers of draws.
    Whole,
    /// Floats; a cell may be empty.
    Number,
    /// One of a few words; a cell may be empty.
    Word,
}

/// A column's name and kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name, unique in its table.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

impl Field {
    /// Names a column.
    pub fn new(name: impl Into<String>, kind: Kind) -> Field {
        Field { name: name.into(), kind }
    }
}

/// The cells of one column in one group of rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Never empty.
    Whole(Vec<u64>),
    /// `None` is an empty cell.
    Number(Vec<Option<f64>>),
    /// Positions in a list of words; `None` is an empty cell.
    Word(Vec<String>, Vec<Option<u16>>),
}

impl Column {
    /// The number of cells.
    pub fn len(&self) -> usize {
        match self {
            Column::Whole(list) => list.len(),
            Column::Number(list) => list.len(),
            Column::Word(_, list) => list.len(),
        }
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the first cells out, as many as there are up to `count`.
    pub fn take(&mut self, count: usize) -> Column {
        let count = count.min(self.len());
        match self {
            Column::Whole(list) => Column::Whole(list.drain(..count).collect()),
            Column::Number(list) => Column::Number(list.drain(..count).collect()),
            Column::Word(names, list) => Column::Word(names.clone(), list.drain(..count).collect()),
        }
    }

    /// Adds the cells of another column of the same kind.
    ///
    /// # Errors
    /// Another kind, or more different words than a group can hold.
    pub fn append(&mut self, other: Column) -> Result<(), StoreError> {
        match (self, other) {
            (Column::Whole(own), Column::Whole(others)) => own.extend(others),
            (Column::Number(own), Column::Number(others)) => own.extend(others),
            (Column::Word(names, own), Column::Word(others, codes)) => {
                let mut places = vec![];
                for word in others {
                    let known = names.iter().position(|n| *n == word);
                    let place = known.unwrap_or_else(|| {
                        names.push(word);
                        names.len() - 1
                    });
                    let few = |_| StoreError::Shape("too many different words".into());
                    places.push(u16::try_from(place).map_err(few)?);
                }
                own.extend(codes.into_iter().map(|code| places.get(usize::from(code?)).copied()));
            }
            _ => return Err(StoreError::Shape("kinds differ".into())),
        }
        Ok(())
    }

    /// What it holds.
    pub fn kind(&self) -> Kind {
        match self {
            Column::Whole(_) => Kind::Whole,
            Column::Number(_) => Kind::Number,
            Column::Word(..) => Kind::Word,
        }
    }
}

/// The schema of a table.
///
/// # Errors
/// Names that Parquet cannot hold.
pub(crate) fn schema(fields: &[Field]) -> Result<TypePtr, StoreError> {
    let damaged = |e: parquet::errors::ParquetError| StoreError::Shape(e.to_string());
    let mut list = vec![];
    for field in fields {
        let (physical, logical, repetition) = match field.kind {
            Kind::Whole => {
                let unsigned = LogicalType::integer(64, false);
                (Physical::INT64, Some(unsigned), Repetition::REQUIRED)
            }
            Kind::Number => (Physical::DOUBLE, None, Repetition::OPTIONAL),
            Kind::Word => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL),
        };
        let column = Type::primitive_type_builder(&field.name, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()
            .map_err(damaged)?;
        list.push(Arc::new(column));
    }
    Ok(Arc::new(Type::group_type_builder("table").with_fields(list).build().map_err(damaged)?))
}

/// The fields of a schema.
///
/// # Errors
/// A column of another kind.
pub(crate) fn fields(schema: &Type) -> Result<Vec<Field>, StoreError> {
    let field = |column: &TypePtr| {
        let other = || StoreError::Column(column.name().to_string());
        if !column.is_primitive() {
            return Err(other());
        }
        let kind = match (column.get_physical_type(), column.get_basic_info().repetition()) {
            (Physical::INT64, Repetition::REQUIRED) => Kind::Whole,
            (Physical::DOUBLE, Repetition::OPTIONAL) => Kind::Number,
            (Physical::BYTE_ARRAY, Repetition::OPTIONAL) => Kind::Word,
            _ => return Err(other()),
        };
        Ok(Field::new(column.name(), kind))
    };
    schema.get_fields().iter().map(field).collect()
}
