//! Forecasts, scores, sources and the lint, as a user meets them.

mod support;

use support::{Folder, code, detente, err, out, root};

fn example() -> String {
    root().join("docs/forecast.det").display().to_string()
}

#[test]
fn a_forecast_says_what_it_rests_on() {
    let output = detente(&["forecast", &example(), "--draws", "20"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    for words in [
        "likely (66.7 %)",
        "made 2031-03-10, by 2031-12-31",
        "base rate: 0.1, assumed: one crisis in ten",
        "evidence used: 2031-03-02 The ultimatum\n",
        "left out, not known before that day: 2031-03-09 Rival stands firm",
        "resolved talks on 2031-04-01",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn scores_stand_beside_the_base_rate() {
    let text = out(&detente(&["score", &example(), "--draws", "20"]));
    for words in [
        "Brier of 2 yes-or-no forecasts",
        "of the base rate; skill",
        "ranked probability",
        "calibration by word",
        "1 void",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("more than noise"), "two questions prove nothing: {text}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let with = |n: &str| {
        out(&detente(&["forecast", &example(), "--draws", "40", "--threads", n, "--format", "json"]))
    };
    assert_eq!(with("1"), with("3"));
}

#[test]
fn a_case_is_a_folder_and_a_case_without_forecasts_says_so() {
    let folder = Folder::new("forecasts");
    let text = std::fs::read(root().join("docs/forecast.det")).expect("the example");
    folder.write("one.det", &text);
    folder.write("two.det", &text);
    let all = detente(&["score", &folder.path("."), "--draws", "5"]);
    assert!(out(&all).contains("Brier of 4 yes-or-no forecasts"), "{}{}", out(&all), err(&all));
    let none = detente(&["forecast", "models/classics/beer-quiche.det"]);
    assert_eq!(code(&none), 2);
    let beer = root().join("models/classics/beer-quiche.det").display().to_string();
    let none = detente(&["score", &beer]);
    assert_eq!(code(&none), 2);
    assert!(err(&none).contains("forecasts nothing"), "{}", err(&none));
}

fn case() -> String {
    root().join("tests/sources/case.det").display().to_string()
}

#[test]
fn sources_are_listed_with_grade_and_chain() {
    let text = out(&detente(&["sources", &case()]));
    for words in [
        "3 sources",
        "A. Reporter, What was seen, 2031-03-04 (article)",
        "B2: usually reliable source, information probably true",
        "at second hand, via wire",
        "nothing cites it",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn locators_and_digests_are_checked_against_a_text() {
    let text = |name: &str| format!("report={}", root().join("tests/sources").join(name).display());
    let good = detente(&["sources", "verify", &case(), "--text", &text("report.txt"), "--digests"]);
    assert_eq!(code(&good), 0, "{}{}", out(&good), err(&good));
    assert!(out(&good).contains("confirmed  report digest of ¶2"), "{}", out(&good));
    assert!(out(&good).contains("no text of `history` was given"), "{}", out(&good));
    let bad = detente(&["sources", "verify", &case(), "--text", &text("wrong.txt")]);
    assert_eq!(code(&bad), 1);
    assert!(out(&bad).contains("wrong  report ¶3: the text has 2 paragraphs"), "{}", out(&bad));
    assert!(out(&bad).contains("other words stand there"), "{}", out(&bad));
    let whose = detente(&["sources", "verify", &case(), "--text", "reprt=x.txt"]);
    assert!(err(&whose).contains("did you mean `report`?"), "{}", err(&whose));
}

#[test]
fn without_a_source_what_hangs_on_it_goes() {
    let output = detente(&["sources", "drop", "report", &case(), "--draws", "200"]);
    let text = out(&output);
    assert_eq!(code(&output), 0, "{}", err(&output));
    for words in [
        "flips  claim strong; nothing else supports the statement",
        "stands  claim costly",
        "loses its evidence  question now",
        "loses its evidence  forecast fights",
        "observations removed: The troops move",
        "q 0.5 to 0.6 -> 0.45 to 0.65",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // The range of `d` is an assumption, which does not fall with the source beside it.
    assert!(text.contains("stand on their assumption alone (--widen gives them up): d"), "{text}");
    let widened = out(&detente(&["sources", "drop", "report", &case(), "--draws", "20", "--widen"]));
    assert!(widened.contains("d 0 to 0.1 -> 0 to 0.15"), "{widened}");
    // `c` has another source as well.
    assert!(!text.contains("c 0.1"), "{text}");
    // What reaches us only through the wire falls with it.
    let relayed = out(&detente(&["sources", "drop", "wire", &case(), "--draws", "20"]));
    assert!(relayed.contains("with it falls what it relays: report"), "{relayed}");
    let none = detente(&["sources", "drop", "reprt", &case()]);
    assert!(err(&none).contains("did you mean `report`?"), "{}", err(&none));
}

#[test]
fn each_standard_is_met_or_says_what_is_missing_and_where() {
    let output = detente(&["check", "--icd203", &case()]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    for words in [
        "of 9 tradecraft standards of ICD 203 are met",
        "`wire` has no `note` on what affects its quality",
        "case.md: there is no case.md: no bottom line stands first",
        "forecast `fights` does not say how it is decided",
        "outcome `peace` has no label for the pictures",
        "case.det:20:1",
        "missing  4 Alternatives are analysed",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(code(&detente(&["check", "--icd203", "--strict", &case()])), 1);
}

#[test]
fn the_report_holds_forecasts_scores_and_standards() {
    let folder = Folder::new("foresight-report");
    let page = folder.path("page.html");
    let output = detente(&["report", &example(), "--draws", "8", "-o", &page]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("forecasts\n"), "{}", out(&output));
    assert!(out(&output).contains("of 9 standards met"), "{}", out(&output));
    let page = std::fs::read_to_string(page).expect("the page");
    for words in ["Forecasts, and how good they were", "likely (66.7", "Calibration by word", "Tradecraft"] {
        assert!(page.contains(words), "{words}");
    }
}
