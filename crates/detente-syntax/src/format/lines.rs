//! Lines before they become text, and the columns they share.
//!
//! The one idea: neighbouring lines of the same kind have the same cells, and
//! each cell is as wide as the widest of its column.

/// Aligned lines that would be wider than this are not aligned.
const MAX_WIDTH: usize = 120;

/// Which lines may share columns: the kind of entry and the list it stands in.
pub(super) type Key = (crate::tree::NodeKind, u32);

/// One line.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub indent: usize,
    /// At least one; only the first, unless the line may share columns.
    pub cells: Vec<String>,
    pub key: Option<Key>,
    pub comment: Option<String>,
    pub blank_before: bool,
}

impl Line {
    pub fn new(indent: usize, blank_before: bool) -> Line {
        Line { indent, cells: vec![String::new()], key: None, comment: None, blank_before }
    }

    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty) && self.comment.is_none()
    }
}

/// The text of all lines.
pub(super) fn join(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < lines.len() {
        let length = run_length(&lines[at..]);
        write_run(&mut text, &lines[at..at + length]);
        at += length;
    }
    text
}

/// How many lines from the first on share their columns; at least one.
fn run_length(lines: &[Line]) -> usize {
    let Some(key) = lines[0].key else {
        return 1;
    };
    let more = lines[1..].iter().take_while(|line| line.key == Some(key) && !line.blank_before).count();
    1 + more
}

fn write_run(text: &mut String, run: &[Line]) {
    let columns = run.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    let mut widths = vec![0; columns];
    for line in run {
        // The last cell that holds something needs no padding.
        let last = line.cells.iter().rposition(|cell| !cell.is_empty()).unwrap_or(0);
        for (at, cell) in line.cells.iter().enumerate().take(last) {
            widths[at] = widths[at].max(width(cell));
        }
    }
    // A cell that is last in its own line still pushes what stands after it elsewhere.
    let used: Vec<bool> = (0..columns)
        .map(|at| run.iter().any(|line| line.cells.get(at).is_some_and(|c| !c.is_empty())))
        .collect();
    let aligned: Vec<String> = run.iter().map(|line| padded(line, &widths, &used)).collect();
    // Comments after neighbouring lines begin in one column.
    let commented = run.iter().zip(&aligned).filter(|(line, _)| line.comment.is_some());
    let edge = commented.map(|(_, body)| width(body)).max().unwrap_or(0);
    let too_wide = aligned.iter().any(|line| width(line) > MAX_WIDTH);
    for (line, aligned) in run.iter().zip(aligned) {
        if line.blank_before {
            text.push('\n');
        }
        let body = if too_wide { plain(line) } else { aligned };
        text.push_str(&body);
        if let Some(comment) = &line.comment {
            let bare = body.trim().is_empty();
            if !bare {
                let fill = if too_wide { 0 } else { edge - width(&body) };
                text.push_str(&" ".repeat(fill + 2));
            }
            text.push_str(comment);
        }
        text.push('\n');
    }
}

fn padded(line: &Line, widths: &[usize], used: &[bool]) -> String {
    let mut text = " ".repeat(line.indent);
    let last = line.cells.iter().rposition(|cell| !cell.is_empty()).unwrap_or(0);
    for (at, cell) in line.cells.iter().enumerate().take(last + 1) {
        if !used[at] {
            continue;
        }
        text.push_str(cell);
        if at < last {
            let fill = widths[at].saturating_sub(width(cell)) + 1;
            text.push_str(&" ".repeat(fill));
        }
    }
    // A line with only a comment keeps its indent.
    if line.comment.is_none() || last > 0 || !line.cells[0].is_empty() {
        text.truncate(text.trim_end().len());
    }
    text
}

fn plain(line: &Line) -> String {
    let cells: Vec<&str> = line.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    format!("{}{}", " ".repeat(line.indent), cells.join(" "))
}

/// Columns are counted in characters.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}
