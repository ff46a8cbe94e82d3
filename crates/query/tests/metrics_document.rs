//! The committed page of metrics matches the catalogue.

use std::{env, fs, path::Path};

#[test]
fn the_committed_page_matches_the_catalogue() {
    let path = Path::new("../../docs/metrics.md");
    let described = weir_query::catalogue::document();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, &described).expect("the page can be written");
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == described,
        "docs/metrics.md is out of date: run `make docs` and commit the result"
    );
}
