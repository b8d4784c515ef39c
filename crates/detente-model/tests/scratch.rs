#[test]
fn three() {
    for name in ["ultimatum", "audience", "ladder"] {
        let mut files = indexmap::IndexMap::<String, String>::new();
        files.insert(
            name.into(),
            std::fs::read_to_string(format!("../../tests/elaborate/{name}.det")).unwrap(),
        );
        files.insert("refs.bib".into(), String::new());
        files.insert("lib/attitudes.det".into(), String::new());
        let l = detente_model::load(&files, name, Default::default());
        println!("{}", detente_diag::render_terminal_all(&l.sources, &l.diagnostics, false));
        if let Some(m) = l.model {
            println!("{name}: {} {:#?} {:#?}", m.game.nodes.len(), m.asks.len(), m.tests.len());
            println!("{:?} {:?}", m.claims, m.params.len());
        }
    }
}
