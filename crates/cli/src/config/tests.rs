use std::path::PathBuf;

use weir_model::time::{DAY, HOUR, Retention};
use weir_server::app::settings::Settings;

use super::{
    Config, DEFAULT,
    declaration::{Kept, Networks},
    unknown_variables,
};

fn unset(_: &str) -> Option<String> {
    None
}

#[test]
fn the_default_file_matches_the_defaults_of_the_crates() {
    let config = Config::load(None, unset).unwrap();
    let settings = config.settings();
    let defaults = Settings::default();
    assert_eq!(format!("{settings:?}"), format!("{defaults:?}"));
    assert_eq!(config.retention(), Retention::default());
    let store = weir_store_duckdb::Options::default();
    assert_eq!(config.store.memory_limit, store.memory_limit);
    assert_eq!(config.store.readers, store.readers);
    assert_eq!(config.store.queued_events, store.most_queued_events);
    assert_eq!(config.store.answer_bytes, store.most_answer_bytes);
    assert_eq!(config.store.reserved_bytes, store.reserved_bytes);
    assert_eq!(config.clock_jump(), store.clock_jump);
}

#[test]
fn every_key_of_the_default_file_has_a_comment() {
    let mut commented = false;
    for line in DEFAULT.lines() {
        let is_key = line.contains(" = ") && !line.starts_with(['#', ' ']);
        assert!(!is_key || commented, "{line}");
        // Related keys share a comment.
        commented = line.starts_with('#') || (commented && !line.is_empty());
    }
}

#[test]
fn a_file_changes_the_keys_it_sets_and_the_environment_overrides_it() {
    let file = "listen = \"0.0.0.0:80\"\n[query]\nconcurrent = 3\ndeadline_seconds = 5\n";
    let environment = |name: &str| match name {
        "WEIR_QUERY_CONCURRENT" => Some("4".to_owned()),
        "WEIR_DATA_DIR" => Some("/srv/weir".to_owned()),
        "WEIR_RETENTION_MINUTE" => Some("2d".to_owned()),
        _ => None,
    };
    let config = Config::load(Some(file), environment).unwrap();
    assert_eq!(config.listen, "0.0.0.0:80");
    assert_eq!(config.data_dir, PathBuf::from("/srv/weir"));
    assert_eq!(
        (config.query.concurrent, config.query.deadline_seconds),
        (4, 5)
    );
    assert_eq!(config.retention.minute, Kept(Some(2 * DAY)));
    assert_eq!(config.query.cache_bytes, 32 << 20);
}

#[test]
fn a_list_in_a_variable_is_comma_separated_or_toml() {
    let allowed = |text: &'static str| {
        let environment =
            move |name: &str| (name == "WEIR_OUTGOING_ALLOWED").then(|| text.to_owned());
        Config::load(None, environment).map(|config| config.outgoing.allowed)
    };
    let networks = |texts: &[&str]| {
        let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        Networks::try_from(texts).unwrap()
    };
    let two = networks(&["127.0.0.0/8", "10.0.0.0/8"]);
    for text in [
        "127.0.0.0/8,10.0.0.0/8",
        " 127.0.0.0/8 , 10.0.0.0/8, ",
        "[\"127.0.0.0/8\", \"10.0.0.0/8\"]",
    ] {
        assert_eq!(allowed(text).unwrap(), two, "{text}");
    }
    assert_eq!(allowed("::1").unwrap(), networks(&["::1"]));
    assert_eq!(allowed("[]").unwrap(), networks(&[]));
    let error = format!("{:#}", allowed("127.0.0.0/8;10.0.0.0/8").unwrap_err());
    assert!(error.contains("127.0.0.0/8;10.0.0.0/8"), "{error}");
}

#[test]
fn an_unknown_variable_is_reported_with_a_suggestion() {
    let set = [
        "WEIR_LISTEN",
        "WEIR_INTAKE_BODY_BYTE",
        "WEIR_MASTER_KEY",
        "WEIRD_THING",
        "HOME",
    ];
    let set = set.into_iter().map(str::to_owned);
    let found = unknown_variables(set, &["WEIR_MASTER_KEY".to_owned()]);
    let suggestion = Some("WEIR_INTAKE_BODY_BYTES".to_owned());
    assert_eq!(found, [("WEIR_INTAKE_BODY_BYTE".to_owned(), suggestion)]);
}

#[test]
fn a_wrong_key_or_value_is_named() {
    let error = |file: &str| format!("{:#}", Config::load(Some(file), unset).unwrap_err());
    assert!(error("[query]\nconcurent = 3").contains("query.concurent"));
    assert!(error("query = 3").contains("query is a section"));
    assert!(error("[query]\nconcurrent = \"many\"").contains("many"));
    assert!(error("[query]\nconcurrent = 0").contains("query.concurrent"));
    assert!(error("[retention]\nhour = \"5 weeks\"").contains("5 weeks"));
    assert!(error("tls_cert = \"a.pem\"").contains("tls_key"));
    for origin in ["app.example.com", "https://a.example/x", "https://", "*"] {
        assert!(error(&format!("cors_origins = [\"{origin}\"]")).contains("cors_origins"));
    }
    assert!(error("listen = ").contains("not valid TOML"));
}

#[test]
fn a_retention_is_hours_days_or_forever() {
    let kept = |text: &str| Kept::try_from(text.to_owned());
    assert_eq!(kept("48h"), Ok(Kept(Some(48 * HOUR))));
    assert_eq!(kept("forever"), Ok(Kept(None)));
    for bad in ["", "h", "-1d", "0d", "1.5d", "10", "10é"] {
        assert!(kept(bad).is_err(), "{bad}");
    }
}
