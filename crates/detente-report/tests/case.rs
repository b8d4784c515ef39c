//! The report page: complete, escaped, nothing from outside.

#[path = "support/case.rs"]
mod case;
#[path = "support/games.rs"]
mod games;

use detente_report::{CaseReport, case_html, case_text};

#[test]
fn the_bottom_line_comes_first_and_every_part_is_there() {
    let page = case_html(&case::example());
    let parts = [
        "bottom-line",
        "claims",
        "game",
        "basis",
        "evidence",
        "forecasts",
        "left-out",
        "sources",
        "tradecraft",
        "annex",
    ];
    let places: Vec<usize> = parts
        .iter()
        .map(|p| page.find(&format!("<section id=\"{p}\"")).unwrap_or_else(|| panic!("{p}")))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    for part in parts {
        assert!(page.contains(&format!("href=\"#{part}\"")), "{part} is in the contents");
    }
}

#[test]
fn the_page_asks_nothing_from_outside() {
    let page = case_html(&case::example());
    for word in ["src=", "<script", "<link", "@import", "url(", "<iframe", "javascript:", "fetch"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn text_is_escaped_and_elements_are_closed() {
    let page = case_html(&case::example());
    assert!(page.contains("Public threats &amp; &lt;costs&gt; at home") && !page.contains("<costs>"));
    let mut open: Vec<&str> = Vec::new();
    for part in page.split('<').skip(2) {
        let (tag, _) = part.split_once('>').expect("every tag ends");
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().expect("a name");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "near {part}");
        } else if !tag.ends_with('/') && !matches!(name, "meta" | "br") {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn names_of_places_in_the_page_are_unique_and_every_link_arrives() {
    let page = case_html(&case::example());
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|p| p.split('"').next()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for target in page.split("href=\"#").skip(1).filter_map(|p| p.split('"').next()) {
        assert!(ids.binary_search(&target).is_ok(), "#{target}");
    }
}

#[test]
fn headings_go_down_one_step_at_a_time() {
    let page = case_html(&case::example());
    let levels: Vec<u32> = page
        .split("<h")
        .skip(1)
        .filter_map(|p| p.chars().next()?.to_digit(10).filter(|d| (1..=6).contains(d)))
        .collect();
    assert_eq!(levels.iter().filter(|l| **l == 1).count(), 1);
    assert!(levels.windows(2).all(|w| w[1] <= w[0] + 1), "{levels:?}");
}

#[test]
fn an_empty_case_is_still_a_page() {
    let page = case_html(&CaseReport::default());
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
}

#[test]
fn the_text_names_each_claim_with_its_verdict() {
    let text = case_text(&case::example(), false);
    for words in
        ["speaks", "holds over 2000 draws (true in 96 %)", "never_war", "fails", "false at the base values"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn what_does_not_follow_stands_below_the_table_with_what_would_rescue_it() {
    let page = case_html(&case::example());
    let table = page.find("<table class=\"claims\">").expect("a table");
    let list = page.find("id=\"not-following\"").expect("a list");
    assert!(table < list);
    let end = list + page[list..].find("</ul>").expect("an end");
    let said = &page[list..end];
    for words in
        ["One claim does", "href=\"#claim-threats-never_war\"", "97\u{202f}% of the draws", "a above 0.9"]
    {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn what_the_model_file_holds_needs_no_paper() {
    let page = case_html(&case::example());
    // Folded on the screen only: a sheet names where they stand.
    assert_eq!(page.matches("parameters: the analyst’s doubt").count(), 1);
    assert!(page.contains("The parameters stand in the model files"));
    // A claim's formal text can be opened, once.
    let formal = "prob(win do Home.message == threat)";
    assert_eq!(page.matches(formal).count(), 1, "{formal}");
}

/// One row says verdict, share, drivers and nearest flip; what a doubter asks stands below it and on paper.
#[test]
fn a_row_of_the_table_answers_for_its_claim() {
    let page = case_html(&case::example());
    let start = page.find("<tr id=\"claim-threats-speaks\">").expect("a row");
    let row = &page[start..start + page[start..].find("</tr>").expect("an end")];
    for words in ["holds", "true 96\u{202f}%", "raises it strongly", "staying above 0.12", "(0.9 SD away)"] {
        assert!(row.contains(words), "{words} in {row}");
    }
    let fold = &page[start + row.len()..];
    assert!(
        fold.trim_start_matches("</tr>\n").starts_with("<tr class=\"more on-screen\">"),
        "{}",
        &fold[..80]
    );
    let paper = page.find("<div class=\"on-paper dense\">").expect("a copy for a sheet");
    assert!(page[paper..].contains("It breaks at a = 0.11"));
}
