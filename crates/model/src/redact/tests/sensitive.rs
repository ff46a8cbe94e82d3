//! Values that must not be stored, in the places where they occur. None is a real secret: random
//! parts are generated here and assembled when the test runs.

use super::table::{Case, random};

/// Texts, with `{}` in place of the secret.
const AROUND: &[&str] = &[
    "{}",
    "request with {} failed: 401",
    "401 Unauthorized ({})",
    "rejected key '{}'.",
    "using {}, which is revoked",
    "https://api.example.com/v1/x?k={}&page=2",
    "{\"note\":\"{}\"}",
    "first line\n{}\nlast line",
];

/// Test card numbers that networks and payment providers publish.
const CARDS: &[&str] = &[
    "4111111111111111",
    "4012888888881881",
    "4242424242424242",
    "4000056655665556",
    "5555555555554444",
    "5105105105105100",
    "2223003122003222",
    "5200828282828210",
    "378282246310005",
    "371449635398431",
    "378734493671000",
    "6011111111111117",
    "6011000990139424",
    "3056930009020004",
    "36227206271667",
    "30569309025904",
    "38520000023237",
    "3530111333300000",
    "3566002020360505",
    "6205500000000000004",
    "6200000000000005",
    "6759649826438453",
    "2200000000000004",
    "6521111111111110",
    "4111 1111 1111 1111",
    "4242-4242-4242-4242",
    "5555 5555 5555 4444",
    "3782 822463 10005",
    "3714-496353-98431",
    "6011 1111 1111 1117",
    "3056 930902 5904",
    "2223 0031 2200 3222",
    "4111.1111.1111.1111",
    "4242  4242  4242  4242",
    "5555\u{a0}5555\u{a0}5555\u{a0}4444",
    "6011\u{2013}1111\u{2013}1111\u{2013}1117",
    "3782\u{202f}822463\u{202f}10005",
    "4012\u{2011}8888\u{2011}8888\u{2011}1881",
    "5105 - 1051 - 0510 - 5100",
    "4000.0566.5566.5556",
];

const AROUND_CARDS: &[&str] = &[
    "card {} declined",
    "{}",
    "pan={};exp=12/29",
    "charge of {} refused: insufficient funds",
    "payment with ({}) failed",
    "card: {}, cvc missing",
];

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &str = "0123456789abcdef";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/// The parts of a prefix, which are joined, and the characters and length of what follows.
const TOKENS: &[(&[&str], &str, usize)] = &[
    (&["AK", "IA"], UPPER, 16),
    (&["AS", "IA"], UPPER, 16),
    (&["AI", "za"], URL, 35),
    (&["ya", "29."], URL, 120),
    (&["GOC", "SPX-"], URL, 28),
    (&["LT", "AI"], ALNUM, 20),
    (&["dop", "_v1_"], HEX, 64),
    (&["HR", "KU-AA"], URL, 58),
    (&["fo", "1_"], URL, 43),
    (&["da", "pi"], HEX, 32),
    (&["hv", "s."], URL, 95),
    (&["pscale", "_tkn_"], URL, 43),
    (&["sb", "p_"], HEX, 40),
    (&["dp.", "pt."], ALNUM, 43),
    (&["pu", "l-"], HEX, 40),
    (&["gl", "sa_"], ALNUM, 41),
    (&["NR", "AK-"], UPPER, 27),
    (&["sntr", "yu_"], HEX, 64),
    (&["sk", "-ant-", "api03-"], URL, 95),
    (&["sk", "-or-v1-"], HEX, 64),
    (&["sk", "-proj-"], URL, 120),
    (&["sk", "-"], ALNUM, 48),
    (&["sk", "-"], HEX, 32),
    (&["h", "f_"], ALNUM, 34),
    (&["gs", "k_"], ALNUM, 52),
    (&["x", "ai-"], ALNUM, 80),
    (&["r", "8_"], ALNUM, 37),
    (&["pp", "lx-"], ALNUM, 48),
    (&["nv", "api-"], URL, 64),
    (&["pc", "sk_"], URL, 70),
    (&["lsv2", "_pt_"], HEX, 43),
    (&["tv", "ly-"], ALNUM, 32),
    (&["f", "c-"], HEX, 32),
    (&["gh", "p_"], ALNUM, 36),
    (&["gh", "s_"], ALNUM, 36),
    (&["gith", "ub_pat_"], ALNUM, 82),
    (&["gl", "pat-"], URL, 20),
    (&["gl", "dt-"], URL, 20),
    (&["AT", "ATT3"], URL, 180),
    (&["AT", "BB"], ALNUM, 32),
    (&["np", "m_"], ALNUM, 36),
    (&["py", "pi-AgEI"], URL, 100),
    (&["ruby", "gems_"], HEX, 48),
    (&["dckr", "_pat_"], URL, 27),
    (&["sq", "u_"], HEX, 40),
    (&["PM", "AK-"], HEX, 59),
    (&["sk", "_live_"], ALNUM, 24),
    (&["sk", "_test_"], ALNUM, 99),
    (&["rk", "_live_"], ALNUM, 24),
    (&["wh", "sec_"], ALNUM, 32),
    (&["sq0", "atp-"], URL, 22),
    (&["EA", "AA"], URL, 60),
    (&["te", "st_"], ALNUM, 30),
    (&["FLW", "SECK_TEST-"], HEX, 32),
    (&["shp", "at_"], HEX, 32),
    (&["access", "_token$", "production$"], HEX, 49),
    (&["duffel", "_live_"], URL, 43),
    (&["xo", "xb-", "1234567890-1234567890-"], ALNUM, 24),
    (&["xo", "xp-", "1234567890-1234567890-1234567890-"], HEX, 32),
    (&["xa", "pp-1-", "A012345678-1234567890-"], HEX, 64),
    (&["S", "K"], HEX, 32),
    (&["S", "G.", "ngeVfQFYQlKU0ufo8x5d1A."], URL, 43),
    (&["ke", "y-"], HEX, 32),
    (&["xkey", "sib-"], HEX, 64),
    (&["r", "e_"], ALNUM, 32),
    (&["EA", "AC"], ALNUM, 120),
    (&["pat-", "na1-", "0f8fad5b-d9cb-469f-a165-"], HEX, 12),
    (&["nt", "n_"], ALNUM, 46),
    (&["lin", "_api_"], ALNUM, 40),
    (&["fi", "gd_"], URL, 40),
    (&["ph", "x_"], ALNUM, 43),
    (&["n8n", "_api_"], HEX, 40),
    (&["weir", "_ing_"], LOWER, 32),
    (&["Q1W", "8Q~"], ALNUM, 34),
    (&["ey", "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0."], URL, 43),
    (
        &["ey", "JhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJhIn0."],
        URL,
        86,
    ),
    (&["110201543", ":AA"], URL, 33),
    (&["MTE3NDgyOTAzMTAwNDUyMzEx", ".GaBcDe."], URL, 38),
];

/// A text, and the part of it that must be redacted.
const TEXTS: &[(&str, &str)] = &[
    // E-mail addresses.
    ("mail to ada.l@example.co.uk failed", "ada.l@example.co.uk"),
    (
        "<grace+list@example.org>: user unknown",
        "grace+list@example.org",
    ),
    ("To: Ada Lovelace <ada@example.com>", "ada@example.com"),
    ("jörg@müller.example is no member", "jörg@müller.example"),
    ("invite?to=ada%40example.com&x=1", "ada%40example.com"),
    ("mailto:o'neil@example.ie", "o'neil@example.ie"),
    (
        "no account of ada_l@mail.internal.example.",
        "ada_l@mail.internal.example",
    ),
    // Credentials in URLs.
    ("https://bob:pw1234@h/x", "pw1234"),
    ("connect postgres://app:hunter2@db:5432/x failed", "hunter2"),
    ("mongodb+srv://u:p@ss@cluster0.example.net/db?w=1", "p@ss"),
    ("redis://:s3cr3t@cache:6379/0", "s3cr3t"),
    ("amqps://svc:a%2Fb%40c@mq.example.com/v", "a%2Fb%40c"),
    ("ftp://anonymous:guest@ftp.example.com/pub", "guest"),
    ("mysql2://root:Tr0ub4dor&3@10.0.0.5/app", "Tr0ub4dor&3"),
    (
        "https://0123456789abcdef0123456789abcdef@git.example.com/x",
        "0123456789abcdef0123456789abcdef",
    ),
    (
        "proxy http://bob:correct-horse@proxy:3128 refused",
        "correct-horse",
    ),
    // Keys with values.
    ("login?token=abc123&x=1", "abc123"),
    ("GET /v1?api_key=9f8a7b6c&sort=asc", "9f8a7b6c"),
    ("password=hunter2", "hunter2"),
    (
        "Server=db;User Id=sa;Password=Passw0rd!;Encrypt=yes",
        "Passw0rd!",
    ),
    (
        "AccountName=acme;AccountKey=b64Key+/aaaa0123==;x",
        "b64Key+/aaaa0123==",
    ),
    ("{\"password\":\"hunter two\"}", "hunter two"),
    (
        "body: {\\\"client_secret\\\":\\\"abcDEF123\\\"}",
        "abcDEF123",
    ),
    ("'api_key' => 'q1w2e3r4'", "q1w2e3r4"),
    ("secret: q1w2-e3r4", "q1w2-e3r4"),
    ("password: 'correct horse'", "correct horse"),
    ("API key: 9f8a7b6c5d", "9f8a7b6c5d"),
    ("X-Api-Key: 9f8a7b6c5d", "9f8a7b6c5d"),
    ("x-auth-token: 4fc9a0b2c7d14", "4fc9a0b2c7d14"),
    ("env DB_PASSWORD=s3cr3t node app.js", "s3cr3t"),
    ("env OPENAI_KEY=abcd-1234 node app.js", "abcd-1234"),
    ("export SMTP_PASS='qwertz1'", "qwertz1"),
    (
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCY",
    ),
    (
        "refresh_token=1//0gFU7abcDEF-123&grant_type=refresh_token",
        "1//0gFU7abcDEF-123",
    ),
    (
        "https://x.blob.example.net/a?sv=2024&sig=Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg%3D%3D",
        "Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg%3D%3D",
    ),
    (
        "?X-Amz-Signature=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c&x=1",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
    ),
    ("mysql --user root --password hunter2 -h db", "hunter2"),
    ("deploy --token=abc123def --force", "abc123def"),
    ("curl -u bob:hunter2 https://h/x", "hunter2"),
    ("<wsse:Password>hunter2</wsse:Password>", "hunter2"),
    ("<apiKey>abc123def</apiKey>", "abc123def"),
    ("otp=123456 was refused", "123456"),
    ("pin: 4921", "4921"),
    (
        "headers[\"authorization\"] = \"abc123def456\"",
        "abc123def456",
    ),
    // Authentication schemes and headers.
    ("Authorization: Bearer abcdef123456.x", "abcdef123456.x"),
    ("authorization: Basic Ym9iOmh1bnRlcjI=", "Ym9iOmh1bnRlcjI="),
    ("Bearer 0123456789abcdef rejected", "0123456789abcdef"),
    ("sent 'Bearer AbCdEfGhIjKlMnOpQrSt'", "AbCdEfGhIjKlMnOpQrSt"),
    ("\"Authorization\":\"Token 9f8a7b6c5d4e\"", "9f8a7b6c5d4e"),
    (
        "Authorization: Digest username=\"bob\", response=\"6629fae4\"",
        "username=\"bob\", response=\"6629fae4\"",
    ),
    ("Cookie: sid=abc123; theme=dark", "sid=abc123; theme=dark"),
    (
        "Set-Cookie: session=9f8a; Path=/; HttpOnly",
        "session=9f8a; Path=/; HttpOnly",
    ),
    ("\"cookie\": \"PHPSESSID=1234abcd\"", "PHPSESSID=1234abcd"),
    // Private keys.
    (
        "key -----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY----- refused",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----",
    ),
    (
        "-----BEGIN RSA PRIVATE KEY----- MIIEowIBAAKC",
        "-----BEGIN RSA PRIVATE KEY----- MIIEowIBAAKC",
    ),
    (
        "-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaC1r\\n-----END OPENSSH PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaC1r\\n-----END OPENSSH PRIVATE KEY-----",
    ),
    // Passwords in sentences.
    ("the password is hunter2", "hunter2"),
    ("Your password was hunter2!, change it", "hunter2!"),
    ("pwd: s3cr3t-7 was refused", "s3cr3t-7"),
    ("pwd is Qwertz12", "Qwertz12"),
    ("passphrase tr0ub4dor&3 was refused", "tr0ub4dor&3"),
    (
        "passphrase correct-horse-battery-staple does not match",
        "correct-horse-battery-staple",
    ),
    (
        "The passphrase is \"correct horse battery staple\".",
        "correct horse battery staple",
    ),
    ("password for bob is hunter2", "hunter2"),
    ("password of the user bob was set to Tr0ub4dor", "Tr0ub4dor"),
    ("login failed with password Summer2026", "Summer2026"),
    ("wrong password (hunter2) for bob", "hunter2"),
    ("Password changed to P@ssw0rd.", "P@ssw0rd"),
    ("the passcode is 4921", "4921"),
    ("password is 123456, which everyone has", "123456"),
    ("Das Passwort lautet geheim77", "geheim77"),
    // Account numbers and social security numbers.
    (
        "transfer to DE89 3704 0044 0532 0130 00",
        "DE89 3704 0044 0532 0130 00",
    ),
    (
        "from FR14 2004 1010 0505 0001 3M02 606",
        "FR14 2004 1010 0505 0001 3M02 606",
    ),
    (
        "from GB82 WEST 1234 5698 7654 32",
        "GB82 WEST 1234 5698 7654 32",
    ),
    ("payee NL91ABNA0417164300 is blocked", "NL91ABNA0417164300"),
    ("iban=BE68539007547034&x=1", "BE68539007547034"),
    ("(CH93-0076-2011-6238-5295-7)", "CH93-0076-2011-6238-5295-7"),
    (
        "NO93\u{a0}8601\u{a0}1117\u{a0}947 was closed",
        "NO93\u{a0}8601\u{a0}1117\u{a0}947",
    ),
    ("applicant 078-05-1120 is unknown", "078-05-1120"),
    ("ssn 219-09-9999, born 1980", "219-09-9999"),
    ("no match for (457-55-5462)", "457-55-5462"),
    // What only a person recognises, by the meaning.
    ("the password is correcthorse", "correcthorse"),
    ("logged in as bob with hunter2", "hunter2"),
];

/// Metadata, and the part of it that must be redacted.
const METADATA: &[(&str, &str)] = &[
    (r#"{"OPENAI_KEY":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"stripeKey":"q1w2e3"}"#, "q1w2e3"),
    (
        r#"{"password":"correct horse battery staple"}"#,
        "correct horse battery staple",
    ),
    (r#"{"dbPassword":"hunter2"}"#, "hunter2"),
    (r#"{"DB_PASSWORD_PROD":"hunter2"}"#, "hunter2"),
    (r#"{"dbpassword":"hunter2"}"#, "hunter2"),
    (r#"{"user":{"Pass_Word":"hunter2"}}"#, "hunter2"),
    (r#"{"newPassword2":"hunter2"}"#, "hunter2"),
    (r#"{"passwordHash":"$2b$10$abc"}"#, "$2b$10$abc"),
    (r#"{"x-api-key":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"apikey":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"APIKey":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"accessToken":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"access_token_value":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"authtoken":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"client-secret":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"clientSecret":{"value":"q1w2e3"}}"#, "q1w2e3"),
    (r#"{"credentials":["bob","hunter2"]}"#, "hunter2"),
    (r#"{"headers":{"Authorization":"abc"}}"#, "\"abc\""),
    (r#"{"headers":{"Cookie":"theme=dark"}}"#, "theme=dark"),
    (
        r#"{"headers":[{"name":"X-Api-Key","value":"q1w2e3"}]}"#,
        "q1w2e3",
    ),
    (r#"{"privateKey":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"aws":{"secretAccessKey":"q1w2e3"}}"#, "q1w2e3"),
    (r#"{"signingKey":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"ENCRYPTION_KEY":"q1w2e3"}"#, "q1w2e3"),
    (r#"{"storage":{"accountKey":"q1w2e3"}}"#, "q1w2e3"),
    (
        r#"{"weatherKey":"9f8a7b6c5d4e3f2a1b0c9f8a7b6c5d4e"}"#,
        "9f8a7b6c5d4e3f2a1b0c9f8a7b6c5d4e",
    ),
    (
        r#"{"X-Auth":"AbC123dEf456GhI789jK"}"#,
        "AbC123dEf456GhI789jK",
    ),
    (r#"{"smtp_pass":"qwertz"}"#, "qwertz"),
    (r#"{"MYSQL_PWD":"qwertz"}"#, "qwertz"),
    (r#"{"jwt":"abc.def.ghi"}"#, "abc.def.ghi"),
    (r#"{"pin":4921}"#, "4921"),
    (r#"{"cvv2":"123"}"#, "\"123\""),
    (r#"{"otp":"123456"}"#, "123456"),
    (r#"{"ssn":"078-05-1120"}"#, "078-05-1120"),
    (
        r#"{"IBAN":"DE89370400440532013000"}"#,
        "DE89370400440532013000",
    ),
    (r#"{"cardNumber":"4111 1111"}"#, "4111 1111"),
    (
        r#"{"payment":{"number":4242424242424242}}"#,
        "4242424242424242",
    ),
    (
        r#"{"payment":{"number":378282246310005}}"#,
        "378282246310005",
    ),
    (r#"{"userEmail":"ada"}"#, "\"ada\""),
    (r#"{"contact":"Ada <ada@example.com>"}"#, "ada@example.com"),
    (r#"{"url":"https://bob:pw1234@h/x"}"#, "pw1234"),
    (r#"{"args":["--password","hunter2"]}"#, "hunter2"),
    (r#"{"log":"{\"token\":\"q1w2e3\"}"}"#, "q1w2e3"),
    (r#"{"passphrase":"open sesame"}"#, "open sesame"),
    (r#"{"masterKey":"q1w2e3"}"#, "q1w2e3"),
    (
        r#"{"note":"payee ES9121000418450200051332"}"#,
        "ES9121000418450200051332",
    ),
    (r#"{"applicant":"078-05-1120"}"#, "078-05-1120"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (position, card) in CARDS.iter().enumerate() {
        let around = AROUND_CARDS[position % AROUND_CARDS.len()];
        cases.push(Case::text(around.replace("{}", card), card));
    }
    for (position, (prefix, letters, length)) in TOKENS.iter().enumerate() {
        let secret = prefix.concat() + &random(letters, *length, position);
        let around = AROUND[position % AROUND.len()];
        cases.push(Case::text(around.replace("{}", &secret), &secret));
    }
    let hooks = [
        (
            "https://hooks.sla",
            "ck.com/services/",
            "T01234567/B01234567/",
        ),
        (
            "https://discord.c",
            "om/api/webhooks/",
            "117482903100452311/",
        ),
    ];
    for (position, (host, path, ids)) in hooks.into_iter().enumerate() {
        let secret = ids.to_owned() + &random(ALNUM, 40, position);
        cases.push(Case::text(
            format!("POST {host}{path}{secret} 404"),
            &secret,
        ));
    }
    let mailchimp = random(HEX, 32, 5) + "-us14";
    cases.push(Case::text(
        format!("key {mailchimp} is disabled"),
        &mailchimp,
    ));
    let secret_of_aws = random(ALNUM, 40, 6);
    cases.push(Case::text(
        format!("signed by {secret_of_aws}"),
        &secret_of_aws,
    ));
    let texts = TEXTS
        .iter()
        .map(|(text, secret)| Case::text((*text).to_owned(), secret));
    let metadata = METADATA
        .iter()
        .map(|(text, secret)| Case::metadata((*text).to_owned(), secret));
    cases.extend(texts.chain(metadata));
    cases
}
