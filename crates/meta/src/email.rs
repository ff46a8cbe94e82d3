//! E-mail addresses: the form in which they are stored and compared.

/// The form in which an address is stored: trimmed and in lower case.
pub(crate) fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The domain of an address, in lower case; `None` if the text before or after the last `@` is empty.
pub(crate) fn domain_of(email: &str) -> Option<String> {
    let (name, domain) = email.trim().rsplit_once('@')?;
    let whole = !name.is_empty() && !domain.is_empty();
    whole.then(|| domain.to_lowercase())
}
