//! The committed OpenAPI document matches the code.

use std::{env, fs, path::Path};

#[test]
fn the_committed_document_matches_the_code() {
    let path = Path::new("../../openapi.json");
    let described = serde_json::to_string_pretty(&weir_server::openapi()).unwrap() + "\n";
    if env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(path, &described).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == described,
        "openapi.json is out of date: run this test with UPDATE_OPENAPI=1 and commit the result"
    );
}

#[test]
fn every_operation_states_who_can_call_it_and_how_it_fails() {
    let document = serde_json::to_value(weir_server::openapi()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(
                operation["security"].is_array(),
                "{name} does not state its security"
            );
            assert!(
                operation["operationId"].is_string(),
                "{name} has no operation id"
            );
            assert!(operation["summary"].is_string(), "{name} has no summary");
            let open = operation["security"] == serde_json::json!([{}]);
            let refuses = operation["responses"].get("401").is_some() || method == "delete";
            assert!(
                open || refuses,
                "{name} does not state how it refuses unauthenticated callers"
            );
        }
    }
}

#[test]
fn every_reference_resolves_to_a_schema() {
    let document = serde_json::to_value(weir_server::openapi()).unwrap();
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{pointer} does not resolve"
        );
    }
}
