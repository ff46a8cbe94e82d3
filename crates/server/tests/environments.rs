//! What the security document says about API keys that are bound to an environment.

use std::{collections::BTreeSet, fs};

/// The operations that keys bound to an environment can read through, such as `GET /api/v1/executions`: those
/// whose handlers say `Read<OneEnvironment>`.
fn readable() -> BTreeSet<String> {
    let files = fs::read_dir("src/http/routes").expect("the folder exists");
    let mut found = BTreeSet::new();
    for file in files {
        let path = file.expect("the folder can be read").path();
        let source = fs::read_to_string(path).expect("every entry is a file of text");
        // What precedes the first operation are imports.
        for operation in source.split("#[utoipa::path(").skip(1) {
            if operation.contains("Read<OneEnvironment>") {
                let (method, rest) = operation
                    .split_once(", path = \"")
                    .expect("an operation has a method and a path");
                let (path, _) = rest.split_once('"').expect("a path is quoted");
                found.insert(format!("{} {path}", method.trim().to_uppercase()));
            }
        }
    }
    found
}

#[test]
fn the_security_document_lists_what_a_bound_key_can_read() {
    let document = fs::read_to_string("../../docs/SECURITY.md").unwrap();
    let (_, list) = document.split_once("and only through:").unwrap();
    let (list, _) = list.split_once("Weir refuses everything else").unwrap();
    let listed: BTreeSet<String> = list
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    assert!(!listed.is_empty());
    assert_eq!(listed, readable());
}
