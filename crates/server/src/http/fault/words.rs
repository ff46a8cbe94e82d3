//! Plain English for the types and values in serde's messages.

/// What is expected, for the name of a type.
pub(super) fn wanted(expected: &str) -> &str {
    let starts = |start: &str| expected.starts_with(start);
    match expected {
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "a whole number, 0 or greater",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "bool" | "a boolean" => "true or false",
        "a string" | "a borrowed string" | "str" | "string" => "text",
        "a sequence" => "a list",
        "a map" | "unit" | "string or map" => "an object",
        "option" => "a value, or null",
        _ if starts("struct ") || expected.contains(" enum ") || starts("enum ") => {
            "an object as described in GET /openapi.json"
        }
        _ if starts("a tuple") || starts("tuple ") || starts("an array of length") => {
            "a list of the right length"
        }
        _ if expected.contains("Value") || expected.contains("::") => "any JSON value",
        _ => expected,
    }
}

/// What was sent, for serde's description of it: `string "x"`, ``integer `5` ``, `map`.
pub(super) fn given(sent: &str) -> String {
    let value = |start: &str| sent.strip_prefix(start).map(|rest| rest.trim_matches('`'));
    let kinds = [
        ("integer ", "The number"),
        ("floating point ", "The number"),
        ("boolean ", "The value"),
        ("string ", "The text"),
    ];
    if let Some((what, value)) = kinds
        .iter()
        .find_map(|(start, what)| Some((what, value(start)?)))
    {
        return format!("{what} {value}");
    }
    match sent {
        "null" | "unit value" | "Option value" => "Null".to_owned(),
        "map" => "An object".to_owned(),
        "sequence" => "A list".to_owned(),
        length if length.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("A list of length {length}")
        }
        _ => "The value".to_owned(),
    }
}

/// What is expected, for the message of a parser of text.
pub(super) fn parsed(message: &str) -> Option<&'static str> {
    let starts = |start: &str| message.starts_with(start);
    Some(match message {
        "provided string was not `true` or `false`" => "true or false",
        _ if starts("number too large") => "a smaller whole number",
        _ if starts("number too small") => "a larger whole number",
        _ if starts("invalid digit") || starts("cannot parse integer") => "a whole number",
        _ if starts("invalid float") || starts("cannot parse float") => "a number",
        _ => return None,
    })
}
