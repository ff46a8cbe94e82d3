//! What a start says on standard output.

use std::{fmt::Write, net::SocketAddr};

use weir_meta::FirstStart;

/// The address to open in a browser.
pub fn url(address: SocketAddr, tls: bool) -> String {
    let scheme = if tls { "https" } else { "http" };
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => {
            format!("{scheme}://127.0.0.1:{}", v4.port())
        }
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => format!("{scheme}://[::1]:{}", v6.port()),
        other => format!("{scheme}://{other}"),
    }
}

/// What is said at a start; on the first one, what can never be read again.
pub fn text(url: &str, first: Option<&FirstStart>) -> String {
    let Some(first) = first else {
        return format!(
            "Weir is at {url}\n\
             Log in as before. `weir reset-password` with the same --data-dir makes a new password.\n"
        );
    };
    let mut text = format!(
        "Weir is at {url}\n\n\
         This is the first start. Keep what follows: it is shown once.\n\n\
         \x20 e-mail      {}\n\
         \x20 password    {}\n",
        first.email, first.password
    );
    for (name, key) in [
        ("ingest key", &first.ingest_key),
        ("read key", &first.read_key),
    ] {
        if let Some(key) = key {
            writeln!(text, "  {name:<12}{key}").expect("a String takes everything");
        }
    }
    let key = first
        .ingest_key
        .as_deref()
        .unwrap_or("$WEIR_BOOTSTRAP_API_KEY");
    write!(text, "\nThe first event:\n\n{}\n", curl(url, key)).expect("a String takes everything");
    text
}

fn curl(url: &str, key: &str) -> String {
    format!(
        "  curl {url}/api/v1/events -H \"Authorization: Bearer {key}\" \\\n    \
         -H 'Content-Type: application/json' \\\n    \
         -d '{{\"type\":\"execution\",\"workflowId\":\"hello\",\"executionId\":\"1\",\"status\":\"completed\",\
         \"duration\":840,\"timestamp\":\"'$(date -u +%FT%TZ)'\"}}'\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first() -> FirstStart {
        FirstStart {
            email: "owner@localhost".to_owned(),
            password: "aaaaa-bbbbb".to_owned(),
            ingest_key: Some("weir_ing_x".to_owned()),
            read_key: Some("weir_read_y".to_owned()),
        }
    }

    #[test]
    fn the_first_start_says_how_to_log_in_and_how_to_send() {
        let text = text("http://127.0.0.1:8080", Some(&first()));
        for part in [
            "http://127.0.0.1:8080",
            "owner@localhost",
            "aaaaa-bbbbb",
            "Bearer weir_ing_x",
            "weir_read_y",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn a_given_key_is_not_repeated() {
        let given = FirstStart {
            ingest_key: None,
            read_key: None,
            ..first()
        };
        let text = text("http://127.0.0.1:8080", Some(&given));
        assert!(text.contains("Bearer $WEIR_BOOTSTRAP_API_KEY"));
    }

    #[test]
    fn an_address_that_means_every_interface_is_opened_on_this_machine() {
        assert_eq!(
            url("0.0.0.0:80".parse().unwrap(), false),
            "http://127.0.0.1:80"
        );
        assert_eq!(url("[::]:80".parse().unwrap(), false), "http://[::1]:80");
        assert_eq!(
            url("10.0.0.1:80".parse().unwrap(), false),
            "http://10.0.0.1:80"
        );
        assert_eq!(url("[::]:443".parse().unwrap(), true), "https://[::1]:443");
    }
}
