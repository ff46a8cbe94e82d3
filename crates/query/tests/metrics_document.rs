//! The committed page of metrics is the one that the catalogue describes.

use std::{env, fs, path::Path};

#[test]
fn the_committed_page_is_what_the_catalogue_says() {
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
