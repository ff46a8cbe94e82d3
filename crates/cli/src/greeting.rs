//! What a start prints to standard output.

use std::{fmt::Write, net::SocketAddr};

use weir_meta::FirstStart;

/// The label in front of a setup link.
pub const SETUP_LINK: &str = "setup link";

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

/// The link with which the first person of an organisation creates an account.
pub fn setup_link(url: &str, token: &str) -> String {
    format!("{url}/setup#{token}")
}

/// How people can log in.
pub enum Access {
    /// No one has an account yet: with this setup link.
    Setup(String),
    /// With an account whose password was just generated.
    Password {
        /// The account's address.
        email: &'static str,
        /// Printed only once.
        password: String,
    },
    /// With their existing accounts.
    Existing,
}

/// The greeting of a start. `first` is present on the first start only: its keys can never be read again.
pub fn text(url: &str, access: &Access, first: Option<&FirstStart>) -> String {
    let mut text = format!("Weir is at {url}\n");
    match access {
        Access::Setup(link) => text.push_str(&format!(
            "\nNo one has an account yet. Open this link to create yours; it works once, within a day:\n\n\
             \x20 {SETUP_LINK:<12}{link}\n"
        )),
        Access::Password { email, password } => text.push_str(&format!(
            "\nLog in with this account. Save the password: it is shown only once.\n\n\
             \x20 e-mail      {email}\n\
             \x20 password    {password}\n"
        )),
        Access::Existing => text.push_str(
            "Log in with your account. `weir reset-password --email ADDRESS`, with the same --data-dir, sets a new \
             password.\n",
        ),
    }
    if let Some(first) = first {
        keys(&mut text, url, first).expect("a String takes everything");
    }
    text
}

fn keys(text: &mut String, url: &str, first: &FirstStart) -> std::fmt::Result {
    let created = [
        ("ingest key", &first.ingest_key),
        ("read key", &first.read_key),
    ];
    if created.iter().any(|(_, key)| key.is_some()) {
        writeln!(text, "\nSave these API keys: they are shown only once.\n")?;
    }
    for (name, key) in created {
        if let Some(key) = key {
            writeln!(text, "  {name:<12}{key}")?;
        }
    }
    let key = first
        .ingest_key
        .as_deref()
        .unwrap_or("$WEIR_BOOTSTRAP_API_KEY");
    write!(text, "\nSend your first event:\n\n{}\n", curl(url, key))
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

    const URL: &str = "http://127.0.0.1:8080";

    fn first() -> FirstStart {
        FirstStart {
            ingest_key: Some("weir_ing_x".to_owned()),
            read_key: Some("weir_read_y".to_owned()),
        }
    }

    #[test]
    fn the_first_start_says_how_to_get_in_and_how_to_send_events() {
        let access = Access::Setup(setup_link(URL, "abc"));
        let text = text(URL, &access, Some(&first()));
        for part in [
            "http://127.0.0.1:8080/setup#abc\n",
            "Bearer weir_ing_x",
            "weir_read_y",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn a_bootstrap_key_is_not_printed() {
        let given = FirstStart {
            ingest_key: None,
            read_key: None,
        };
        let text = text(URL, &Access::Setup(String::new()), Some(&given));
        assert!(text.contains("Bearer $WEIR_BOOTSTRAP_API_KEY"));
        assert!(!text.contains("shown only once"));
    }

    #[test]
    fn a_later_start_prints_no_secrets() {
        let text = text(URL, &Access::Existing, None);
        assert!(text.starts_with("Weir is at http://127.0.0.1:8080\n"));
        assert!(!text.contains('#') && !text.contains("weir_"));
    }

    #[test]
    fn the_url_of_an_unspecified_address_is_that_of_this_machine() {
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
