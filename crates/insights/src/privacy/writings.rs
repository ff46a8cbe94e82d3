//! Tests: a table of ids in every way of writing them, and texts without mentions.

use std::time::{Duration, Instant};

use weir_meta::PseudonymKey;
use weir_model::Scope;

use super::{known::Ids, pseudonyms::Users, veil::text, viewer::Viewer};

const IDS: [&str; 21] = [
    "user-4711xyz",
    "4711",
    "bob",
    "ada.lovelace",
    "Ada Lovelace",
    "Jürgen",
    "Jürgen Müßig",
    "o'brien",
    "auth0|5f7c8ec7c33c6c004bbafe82",
    "a@b",
    "x",
    "ab",
    "DOMAIN\\bob2",
    "uid:77",
    "日本語",
    "u_1",
    "0001",
    "Bob.",
    "(carl)",
    "name,comma",
    "5f7c8ec7-c33c-4c00-4bba-fe8200000001",
];

/// A way to write an id into a text: name, surrounding text, and encoding.
type Writing = (&'static str, &'static str, fn(&str) -> String);

const WRITINGS: [Writing; 31] = [
    ("alone", "{}", str::to_owned),
    ("plain", "for {} end", str::to_owned),
    ("quoted", "'{}'", str::to_owned),
    ("in double quotes", "\"{}\"", str::to_owned),
    ("after a colon", "user:{}", str::to_owned),
    ("between colons", "login:{}:5", str::to_owned),
    ("after an equals sign", "user={}", str::to_owned),
    ("in a path", "/users/{}/x1", str::to_owned),
    ("between bars", "a1|{}|b1", str::to_owned),
    ("after a dash", "t-{}", str::to_owned),
    ("before a dash", "{}-t", str::to_owned),
    ("after an underscore", "s_{}", str::to_owned),
    ("glued", "xx{}yy", str::to_owned),
    ("in brackets", "({})", str::to_owned),
    ("in square brackets", "see [{}]", str::to_owned),
    ("before a dot", "{}.", str::to_owned),
    ("before a domain", "{}@corp.example", str::to_owned),
    ("after an at sign", "@{}", str::to_owned),
    ("after %3D", "user%3D{}", str::to_owned),
    ("in HTML", "<b>{}</b>", str::to_owned),
    ("between commas", "a,{},b", str::to_owned),
    ("in upper case", "FOR {}!", str::to_uppercase),
    ("in lower case", "for {} l", str::to_lowercase),
    ("in an address", "u={}", |id| percent(id, false)),
    ("in an address, all of it", "u={}&v=1", |id| {
        percent(id, true)
    }),
    ("in a form", "u={}", |id| {
        percent(id, false).replace("%20", "+")
    }),
    ("in an address twice", "u={}", |id| {
        percent(&percent(id, false), false)
    }),
    ("in JSON", r#"{"u":"{}"}"#, str::to_owned),
    ("in JSON, escaped", r#"{"u":"so {} here"}"#, escaped),
    ("in JSON, in ASCII", r#"failed: {"u":"{}"} twice"#, ascii),
    ("in JSON in JSON", r#"{"a":"{\"u\":\"{}\"}"}"#, |id| {
        escaped(&escaped(id))
    }),
];

/// What is not found: ids within a word, and short words joined to others.
fn is_excepted(id: &str, writing: &str) -> bool {
    let within = id.starts_with(char::is_alphanumeric) && id.ends_with(char::is_alphanumeric);
    let half = id == "Bob.";
    match writing {
        "glued" => within || half,
        "after a dash" | "before a dash" | "after an underscore" => {
            ["bob", "x", "ab"].contains(&id)
        }
        _ => false,
    }
}

fn percent(id: &str, all: bool) -> String {
    let written = id
        .bytes()
        .map(|byte| match byte.is_ascii_alphanumeric() && !all {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        });
    written.collect()
}

fn escaped(id: &str) -> String {
    let literal = serde_json::Value::from(id).to_string();
    literal[1..literal.len() - 1].to_owned()
}

fn ascii(id: &str) -> String {
    let units = id.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    units.collect()
}

fn viewer() -> Viewer {
    Viewer::veiled(Scope::new(1, 1), PseudonymKey([7; 32]))
}

fn users<'a>(ids: impl IntoIterator<Item = &'a str>) -> Users {
    let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
    Users::of(viewer(), &ids)
}

/// All ids, and one of the maximum length.
fn ids() -> Vec<String> {
    let long = format!("very {}", "long".repeat(60));
    let ids = IDS.map(str::to_owned).into_iter();
    ids.chain([long]).collect()
}

#[test]
fn an_id_is_found_in_every_writing_and_has_its_pseudonym() {
    for id in ids() {
        let (known, pseudonym) = (users([id.as_str()]), viewer().user(&id));
        for (name, around, change) in WRITINGS {
            let written = around.replace("{}", &change(&id));
            let shown = text(viewer(), &known, &written);
            let expected = match is_excepted(&id, name) {
                true => written.clone(),
                false => around.replace("{}", &pseudonym),
            };
            assert_eq!(shown, expected, "{id} {name}: {written}");
            assert_eq!(text(viewer(), &known, &shown), shown, "veiled twice");
        }
    }
}

#[test]
fn an_id_is_found_among_other_ids() {
    let all = ids();
    let known = users(all.iter().map(String::as_str));
    for id in &all {
        for (name, around, change) in WRITINGS {
            let written = around.replace("{}", &change(id));
            let shown = text(viewer(), &known, &written);
            assert_eq!(
                shown == written,
                is_excepted(id, name),
                "{id} {name}: {shown}"
            );
            assert_eq!(text(viewer(), &known, &shown), shown, "veiled twice");
        }
    }
}

#[test]
fn texts_without_mentions_stay_unchanged() {
    let all = ids();
    let known = users(all.iter().map(String::as_str));
    for innocent in [
        "adam wrote to xavier, abby and bobby",
        "bobsled, boxing, absolute, crabs",
        "x-axis, x86_64, x_max, max_x, ab-test, ab_test, test-ab",
        "14711, 47110, t4711, 4711ms, 0x00010, 10001, 000123",
        "user-4711xyzz, superuser-4711xyz",
        "u_12, menu_1, uid:770, fluid:77",
        "o'brienne, mo'brien, brien",
        "ada.lovelaces, ada and lovelace, Lovelace, ada_lovelace",
        "Jürgens, Müßig, Jurgen",
        "carl, name comma, DOMAIN/bob2, auth0|5f7c8ec7",
        "5f7c8ec7-c33c-4c00-4bba-fe8200000002",
        "100% of 5%, %zz %4, a%FFb",
        r"C:\temp\new \u12 \q",
        "u_0123456789abcdef0123456789abcdef",
        r#"{"rate":14711,"ok":true,"list":[1,2.5e3,-7],"none":null,"t":"a\nb"}"#,
        "",
    ] {
        assert_eq!(text(viewer(), &known, innocent), innocent);
    }
}

#[test]
fn json_stays_json() {
    let known = users(["4711", "bob", "a\"b", "true", "d"]);
    for (json, expected) in [
        (
            r#"{"by":4711, "n": [4711, 14711]}"#,
            r#"{"by":"<4711>", "n": ["<4711>", 14711]}"#,
        ),
        (r#"{"4711":1}"#, r#"{"<4711>":1}"#),
        (r#"["a\nbob", "a\"b"]"#, r#"["a\n<bob>", "<a"b>"]"#),
        (
            r#"{"ok":true,"d":{"d":[]}}"#,
            r#"{"ok":true,"<d>":{"<d>":[]}}"#,
        ),
        (r#" [ "\\" , "\u00e4" ] "#, r#" [ "\\" , "\u00e4" ] "#),
    ] {
        let mut shown = text(viewer(), &known, json);
        serde_json::from_str::<serde_json::Value>(&shown).unwrap();
        for id in ["4711", "bob", "a\"b", "d"] {
            shown = shown.replace(&viewer().user(id), &format!("<{id}>"));
        }
        assert_eq!(shown, expected);
    }
}

#[test]
fn of_ids_that_differ_in_case_the_one_with_the_same_spelling_is_meant() {
    let known = users(["Bob Ray", "bob ray", "Bob"]);
    for (said, meant) in [
        ("bob ray", "bob ray"),
        ("Bob Ray", "Bob Ray"),
        ("BOB RAY", "Bob Ray"),
        ("bob", "Bob"),
    ] {
        assert_eq!(text(viewer(), &known, said), viewer().user(meant), "{said}");
    }
}

/// Ids like those of three kinds of systems, of 20 to 37 bytes.
fn many(count: usize) -> Vec<String> {
    let id = |n: usize| match n % 3 {
        0 => format!(
            "{:08x}-c33c-4c00-4bba-{n:012x}",
            (n as u32).wrapping_mul(2_654_435_761)
        ),
        1 => format!(
            "auth0|{:024x}",
            (n as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c)
        ),
        _ => format!("customer.{n:07}@mail"),
    };
    (0..count).map(id).collect()
}

/// The cost of many users: the time to index them, their memory in bytes, and the time for the texts of a
/// page of a hundred executions.
fn measured(count: usize) -> (Duration, usize, Duration) {
    let ids = many(count);
    let began = Instant::now();
    let bytes = Ids::of(viewer(), ids.iter().map(String::as_str)).bytes();
    let built = began.elapsed();
    let known = Users::of(viewer(), &ids);
    let message =
        "connection to mail-gateway-7 refused after 3 attempts (timeout=30s): no mailbox of {}; ";
    let page = (0..100).flat_map(|row| {
        let user = &ids[row * 7 % count];
        let metadata =
            format!(r#"{{"by":"{user}","plan":"pro","amount":12.5,"tags":["a","b c"]}}"#);
        let short = [
            "order-intake",
            "production",
            "v1.24.0",
            "MailError",
            "send mail",
        ];
        let short = short.into_iter().map(str::to_owned);
        short.chain([
            format!("exec-{row}-{user}"),
            message.repeat(4).replace("{}", user),
            metadata,
        ])
    });
    let page: Vec<String> = page.collect();
    let began = Instant::now();
    let veiled = page
        .iter()
        .filter(|one| text(viewer(), &known, one) != **one)
        .count();
    let took = began.elapsed();
    assert_eq!(veiled, 300);
    (built, bytes, took)
}

#[test]
fn users_take_little_memory_and_a_page_is_veiled_quickly() {
    let count = 30_000;
    let (_, bytes, page) = measured(count);
    assert!(bytes < 90 * count, "{bytes} bytes for {count} users");
    assert!(page < Duration::from_secs(5), "{page:?}");
}

#[test]
#[ignore = "a benchmark; cargo test --release -- --ignored --nocapture a_million"]
fn a_million_users() {
    for count in [100_000, 1_000_000] {
        let (built, bytes, page) = measured(count);
        println!("{count} users: built in {built:?}, {bytes} bytes; a page in {page:?}");
    }
    // The longest text, and ids of every length that are hard to match.
    let hostile: Vec<String> = (1..250)
        .map(|length| format!("{}a", "-".repeat(length)))
        .collect();
    let known = Users::of(viewer(), &hostile);
    let began = Instant::now();
    text(viewer(), &known, &"-".repeat(64 * 1024));
    println!("64 KiB written against it: {:?}", began.elapsed());
}
