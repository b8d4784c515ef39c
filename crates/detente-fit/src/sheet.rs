//! A table of text cells, read from CSV, each row with its line in the file.
//!
//! The one idea: whatever held the data, an error must name the row as the user sees it.

/// A table as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub columns: Vec<String>,
    pub rows: Vec<SheetRow>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetRow {
    /// The line of the file, from 1, or the number of the row where there are no lines.
    pub line: usize,
    pub cells: Vec<String>,
}

/// Why a text is no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    #[error("the file is empty; its first line must name the columns")]
    Empty,
    #[error("line {line}: a quotation mark is never closed")]
    OpenQuote { line: usize },
    #[error("line {line} has {found} cells, the heading has {wanted}")]
    Width { line: usize, found: usize, wanted: usize },
    #[error("the column `{name}` is there twice")]
    Twice { name: String },
    #[error("column {place} has no name in the heading")]
    Nameless { place: usize },
}

/// Reads comma-separated values with a heading (RFC 4180; spaces around cells and blank lines do
/// not count).
///
/// # Errors
/// What keeps the text from being a table, with its line.
pub fn read_csv(text: &str) -> Result<Sheet, SheetError> {
    let mut rows = records(text.trim_start_matches('\u{feff}'))?.into_iter();
    let heading = rows.next().ok_or(SheetError::Empty)?;
    for (k, name) in heading.cells.iter().enumerate() {
        if name.is_empty() {
            return Err(SheetError::Nameless { place: k + 1 });
        }
        if heading.cells[..k].contains(name) {
            return Err(SheetError::Twice { name: name.clone() });
        }
    }
    let wanted = heading.cells.len();
    let rows: Vec<SheetRow> = rows.collect();
    if let Some(row) = rows.iter().find(|r| r.cells.len() != wanted) {
        return Err(SheetError::Width { line: row.line, found: row.cells.len(), wanted });
    }
    Ok(Sheet { columns: heading.cells, rows })
}

fn records(text: &str) -> Result<Vec<SheetRow>, SheetError> {
    let mut list = vec![];
    let (mut cells, mut cell) = (vec![], String::new());
    let (mut line, mut start) = (1, 1);
    let (mut quoted, mut was_quoted, mut opened) = (false, false, 1);
    let mut chars = text.chars().peekable();
    let finish = |cell: &mut String, was_quoted: &mut bool| {
        let text = if *was_quoted { cell.clone() } else { cell.trim().to_string() };
        cell.clear();
        *was_quoted = false;
        text
    };
    loop {
        let next = chars.next();
        match next {
            Some('"') if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            Some('"') if quoted => quoted = false,
            Some('"') if cell.trim().is_empty() && !was_quoted => {
                cell.clear();
                (quoted, was_quoted, opened) = (true, true, line);
            }
            Some(',') if !quoted => cells.push(finish(&mut cell, &mut was_quoted)),
            Some('\n') | None if !quoted => {
                let blank = cells.is_empty() && cell.trim().is_empty() && !was_quoted;
                cells.push(finish(&mut cell, &mut was_quoted));
                let row = SheetRow { line: start, cells: std::mem::take(&mut cells) };
                if !blank {
                    list.push(row);
                }
                line += 1;
                start = line;
                if next.is_none() {
                    return Ok(list);
                }
            }
            None => return Err(SheetError::OpenQuote { line: opened }),
            Some('\r') if !quoted => {}
            // Spaces after a closing quotation mark.
            Some(c) if was_quoted && !quoted && c.is_whitespace() => {}
            Some(c) => {
                line += usize::from(c == '\n');
                cell.push(c);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lines_and_quotes() {
        let sheet = read_csv("\u{feff}a, b ,c\r\n1,\"x, \"\"y\"\"\" ,\n\n\"two\nlines\",,3\n").unwrap();
        assert_eq!(sheet.columns, ["a", "b", "c"]);
        assert_eq!(
            sheet.rows[0],
            SheetRow { line: 2, cells: vec!["1".into(), "x, \"y\"".into(), "".into()] }
        );
        assert_eq!((sheet.rows[1].line, sheet.rows[1].cells[0].as_str()), (4, "two\nlines"));
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(read_csv(" \n"), Err(SheetError::Empty));
        assert_eq!(read_csv("a,b\n1,2\n3\n"), Err(SheetError::Width { line: 3, found: 1, wanted: 2 }));
        assert_eq!(read_csv("a\n\"x\n\n"), Err(SheetError::OpenQuote { line: 2 }));
        assert_eq!(read_csv("a,a\n"), Err(SheetError::Twice { name: "a".into() }));
        assert_eq!(read_csv("a,\n"), Err(SheetError::Nameless { place: 2 }));
    }
}
