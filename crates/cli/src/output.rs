//! What commands print.

use std::{
    error::Error,
    io::{self, Write},
};

use anyhow::Result;

/// Writes to standard output and flushes it, so that text in a pipe arrives immediately. Fails if standard output
/// is closed.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// An error with its causes, each stated once: many messages already end with that of their cause.
pub fn described<'e>(chain: impl Iterator<Item = &'e (dyn Error + 'static)>) -> String {
    chain.fold(String::new(), |mut text, error| {
        let message = error.to_string();
        if !text.contains(&message) {
            text.push_str(if text.is_empty() { "" } else { ": " });
            text.push_str(&message);
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, anyhow};

    use super::described;

    #[test]
    fn a_cause_that_the_message_already_contains_is_not_repeated() {
        let path = "missing.csv".into();
        let source = std::io::Error::other("no such file");
        let error = anyhow::Error::from(weir_import::ImportError::File { path, source });
        assert_eq!(described(error.chain()), "missing.csv: no such file");
        let error = Err::<(), _>(anyhow!("no such file")).context("reading it");
        let text = described(error.unwrap_err().chain());
        assert_eq!(text, "reading it: no such file");
    }
}
