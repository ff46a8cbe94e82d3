//! The program with a certificate.

use std::{fs, path::Path, time::Duration};

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use weir_e2e::{Client, Options, TestApp, until};

fn made() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap()
}

fn write(folder: &Path, made: &CertifiedKey<KeyPair>) {
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
}

#[test]
fn https_uses_the_configured_certificate_and_its_replacement_after_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (first, second) = (made(), made());
    write(folder.path(), &first);
    let app = TestApp::with(Options {
        key: Some("weir_test_tls_3c1d9a".to_owned()),
        environment: vec![
            ("WEIR_TLS_CERT", path("cert.pem")),
            ("WEIR_TLS_KEY", path("key.pem")),
        ],
        certificate: Some(first.cert.der().to_vec()),
    });
    let url = app.server().url();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let answer = app.get("/healthz");
    assert!(
        answer
            .header("strict-transport-security")
            .starts_with("max-age=")
    );
    let session = app
        .client()
        .with_key(None)
        .call(ureq::http::Method::DELETE, "/api/v1/session")
        .send();
    let cookie = session.header("set-cookie");
    assert!(cookie.is_empty() || cookie.contains("; Secure"), "{cookie}");

    fs::write(folder.path().join("key.pem"), "nonsense").unwrap();
    app.server().hang_up();
    until(
        "the log to report the bad key",
        Duration::from_secs(30),
        || app.server().log().contains("no private key").then_some(()),
    );
    let new_client =
        |made: &CertifiedKey<KeyPair>| Client::with_certificate(url, None, made.cert.der());
    assert_eq!(new_client(&first).get("/healthz").send().status, 200);

    write(folder.path(), &second);
    app.server().hang_up();
    until("the new certificate", Duration::from_secs(30), || {
        new_client(&second)
            .get("/healthz")
            .try_send()
            .ok()
            .map(|_| ())
    });
    assert!(new_client(&first).get("/healthz").try_send().is_err());
    // A connection that was opened before stays open.
    assert_eq!(app.get("/healthz").status, 200);
}
