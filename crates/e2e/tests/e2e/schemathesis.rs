//! The API against its own document: Schemathesis makes up requests from `openapi.json`, and no answer
//! may be a fault of the server's or one that the document does not have.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use weir_e2e::{TestApp, say};

use crate::generated;

/// How long requests are made up, in seconds; `WEIR_FUZZ_SECONDS` makes it longer.
const SECONDS: &str = "90";

/// What every answer is held against.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance";

fn program() -> Option<PathBuf> {
    let cache = env::var("WEIR_CACHE").ok()?;
    let program = PathBuf::from(cache).join("schemathesis/bin/schemathesis");
    program.exists().then_some(program)
}

#[test]
fn no_request_gets_an_answer_that_the_document_does_not_have() {
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
        // Streams end when their client leaves; they have tests of their own.
        .args(["--exclude-path-regex", "/sse/|/stream$"])
        .args(["--generation-database", "none", "--request-timeout", "30"])
        .current_dir(app.place().data())
        .stdin(Stdio::null())
        .output()
        .expect("Schemathesis can be run");
    let told = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{told}");
    assert_eq!(app.client().get("/readyz").send().status, 200);
}
