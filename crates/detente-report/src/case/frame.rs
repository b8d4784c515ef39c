//! The pieces that every part of the page is made of: text, tables, citations, headings.
//!
//! The one idea: no text reaches the page except through [`esc`].

use super::{Citation, Grid, Range};
use crate::number::significant;
use crate::svg::escape;
use std::fmt::Write;

/// Returns text safe for the page.
pub fn esc(text: &str) -> String {
    // No line ends between a number and its percent sign.
    escape(text).replace(" %", "\u{202f}%")
}

/// A section with its heading; `id` is a plain word.
pub fn section(out: &mut String, id: &str, heading: &str, body: &str) {
    let _ = writeln!(
        out,
        "<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{}</h2>\n{body}</section>",
        esc(heading)
    );
}

/// Paragraphs of plain text; what stands between backticks is code.
pub fn paragraphs(texts: &[String]) -> String {
    texts.iter().map(|t| format!("<p>{}</p>\n", with_code(t))).collect()
}

/// Plain text in which what stands between backticks is code.
pub fn with_code(text: &str) -> String {
    let pieces: Vec<_> = text.split('`').collect();
    if pieces.len() % 2 == 0 {
        // A backtick without its partner stays what it is.
        return esc(text);
    }
    let odd = |(k, piece): (usize, &&str)| match k % 2 {
        0 => esc(piece),
        _ => format!("<code>{}</code>", esc(piece)),
    };
    pieces.iter().enumerate().map(odd).collect()
}

/// What a reader of the screen may open; on paper it is open, because a sheet cannot be clicked.
/// A closed `details` cannot be printed by style rules alone in every browser, so paper has a copy.
pub fn folded(summary: &str, body: &str) -> String {
    let summary = esc(summary);
    format!(
        "<details class=\"on-screen\"><summary>{summary}</summary>{body}</details>\n\
         <div class=\"on-paper\"><p class=\"small\"><strong>{summary}</strong></p>{body}</div>\n"
    )
}

/// What a reader of the screen may open, and what no sheet needs: the model file or a command says it too.
pub fn shut(summary: &str, body: &str) -> String {
    format!("<details class=\"on-screen\"><summary>{}</summary>{body}</details>\n", esc(summary))
}

/// Citations as links to the list of sources: `[1, ¶4]`.
pub fn citations(cited: &[Citation]) -> String {
    let one = |c: &Citation| {
        let place = c.locator.as_deref().map(|l| format!(", {}", esc(l))).unwrap_or_default();
        format!(
            " <a class=\"cite\" href=\"#source-{n}\" aria-label=\"source {n}{place}\">[{n}{place}]</a>",
            n = c.source
        )
    };
    cited.iter().map(one).collect()
}

/// Text in which no line ends inside of a day such as 2022-02-24.
pub fn with_dates(text: &str) -> String {
    let day = |word: &str| {
        let shape = |(k, c): (usize, char)| if k == 4 || k == 7 { c == '-' } else { c.is_ascii_digit() };
        word.len() == 10 && word.char_indices().all(shape)
    };
    let words = text.split(' ').map(|word| {
        let bare = word.trim_end_matches([',', ';', ':', '.']);
        match day(bare) {
            true => format!("<span class=\"date\">{bare}</span>{}", &word[bare.len()..]),
            false => esc(word),
        }
    });
    // What stands before a percent sign stays with it.
    words.collect::<Vec<_>>().join(" ").replace(" %", "\u{202f}%")
}

/// Rows of a table that no end of a sheet parts.
const KEPT: usize = 6;

/// A table whose first column heads its rows; empty grids give nothing.
pub fn grid(table: &Grid) -> String {
    if table.rows.is_empty() {
        return String::new();
    }
    // A short table stays on one sheet.
    let kept = if table.rows.len() <= KEPT { " kept" } else { "" };
    let mut out = format!("<div class=\"wide{kept}\"><table>");
    if !table.caption.is_empty() {
        let _ = write!(out, "<caption>{}</caption>", esc(&table.caption));
    }
    out.push_str("<thead><tr>");
    for column in &table.columns {
        let _ = write!(out, "<th scope=\"col\">{}</th>", esc(column));
    }
    out.push_str("</tr></thead>\n<tbody>");
    for row in &table.rows {
        out.push_str("<tr>");
        for (k, cell) in row.iter().enumerate() {
            let _ = match k {
                0 => write!(out, "<th scope=\"row\">{}</th>", with_dates(cell)),
                _ => write!(out, "<td>{}</td>", with_dates(cell)),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// A share as a whole percentage that never rounds to certainty.
pub fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    if share > 0.0 && rounded == 0.0 {
        "<1\u{202f}%".into()
    } else if share < 1.0 && rounded == 100.0 {
        ">99\u{202f}%".into()
    } else {
        format!("{rounded}\u{202f}%")
    }
}

/// A range of probabilities, one number where both ends are shown alike.
pub fn percent_range(range: &Range) -> String {
    let (low, high) = (percent(range.low), percent(range.high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// A range of numbers.
pub fn number_range(range: &Range) -> String {
    let shown = |x: f64| if x.is_infinite() { "unbounded".to_string() } else { significant(x) };
    let (low, high) = (shown(range.low), shown(range.high));
    if low == high { low } else { format!("{low} to {high}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_stay_on_one_line() {
        let text = "2022-02-02; 2022-03-31 by <10 %";
        let day = |d: &str| format!("<span class=\"date\">{d}</span>");
        let wanted = format!("{}; {} by &lt;10\u{202f}%", day("2022-02-02"), day("2022-03-31"));
        assert_eq!(with_dates(text), wanted);
    }

    #[test]
    fn backticks_mark_code_and_nothing_escapes() {
        assert_eq!(paragraphs(&["a `b<c` d".into()]), "<p>a <code>b&lt;c</code> d</p>\n");
        assert_eq!(paragraphs(&["a ` d".into()]), "<p>a ` d</p>\n");
    }
}
