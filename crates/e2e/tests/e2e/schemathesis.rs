//! The API against its own document: Schemathesis generates requests from `openapi.json`, and no response
//! may be a server error or missing from the document.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use weir_e2e::{TestApp, say};

use crate::generated;

/// How long requests are generated, in seconds; `WEIR_FUZZ_SECONDS` changes it.
const SECONDS: &str = "90";

/// The checks of every response.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance";

fn program() -> Option<PathBuf> {
    let cache = env::var("WEIR_CACHE").ok()?;
    let program = PathBuf::from(cache).join("schemathesis/bin/schemathesis");
    program.exists().then_some(program)
}

#[test]
fn every_response_is_in_the_document() {
    let Some(program) = program() else {
        say("SKIPPED: Schemathesis is not in WEIR_CACHE (`make test` puts it there)");
        return;
    };
    let app = TestApp::start();
    generated::send(&app, &generated::runs(11, 300));
    let url = format!("{}/openapi.json", app.server().url());
    let key = format!("Authorization: Bearer {}", app.key());
    let seconds = env::var("WEIR_FUZZ_SECONDS").unwrap_or_else(|_| SECONDS.to_owned());
    let ended = Command::new(program)
        .args(["run", &url, "--header", &key, "--checks", CHECKS])
        .args([
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            "25",
        ])
        .args([
            "--max-time",
            &seconds,
            "--seed",
            "7",
            "--continue-on-failure",
            "--no-color",
            "--warnings",
            "off",
        ])
        // Streams end when their client disconnects; they have their own tests.
        .args(["--exclude-path-regex", "/sse/|/stream$"])
        .args(["--generation-database", "none", "--request-timeout", "30"])
        .current_dir(app.place().data())
        .stdin(Stdio::null())
        .output()
        .expect("Schemathesis can be run");
    let output = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{output}");
    assert_eq!(app.client().get("/readyz").send().status, 200);
}
