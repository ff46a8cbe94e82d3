//! Verification of tokens that are valid, and invalid in every way.

use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_800_000_000;

struct Issuer {
    pair: EcdsaKeyPair,
}

impl Issuer {
    fn new() -> Self {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        Self { pair }
    }

    fn key(&self, kid: &str) -> Value {
        let point = self.pair.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "kid": kid, "use": "sig",
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..])})
    }

    fn keys(&self) -> KeySet {
        serde_json::from_value(json!({"keys": [self.key("one")]})).unwrap()
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(header), part(claims));
        let signature = self
            .pair
            .sign(&SystemRandom::new(), text.as_bytes())
            .unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn header() -> Value {
    json!({"alg": "ES256", "kid": "one"})
}

fn claims() -> Value {
    json!({"iss": "https://id.example.com", "sub": "248289761001", "aud": "weir", "nonce": "n",
        "exp": NOW + 300, "iat": NOW, "email": "ada@example.com", "email_verified": true, "name": "Ada"})
}

fn with(mut value: Value, field: &str, to: Value) -> Value {
    value[field] = to;
    value
}

fn expected() -> Expected<'static> {
    Expected {
        issuer: "https://id.example.com",
        client_id: "weir",
        nonce: "n",
        now: Timestamp(NOW * 1000),
    }
}

#[test]
fn a_token_that_states_what_is_expected_is_accepted() {
    let issuer = Issuer::new();
    let verified = |claims: Value| {
        verify(
            &issuer.sign(&header(), &claims),
            &issuer.keys(),
            &expected(),
        )
    };
    let visitor = verified(claims()).unwrap();
    assert_eq!(visitor.subject, "248289761001");
    assert_eq!(visitor.email.as_deref(), Some("ada@example.com"));
    assert_eq!(visitor.name.as_deref(), Some("Ada"));
    let several = with(claims(), "aud", json!(["other", "weir"]));
    assert!(verified(several.clone()).is_err());
    assert!(verified(with(several, "azp", json!("weir"))).is_ok());
    // An address that the provider has not verified may belong to anyone.
    for unverified in [json!(false), json!("true"), json!(null), json!(1)] {
        let visitor = verified(with(claims(), "email_verified", unverified)).unwrap();
        assert_eq!(visitor.email, None);
    }
}

#[test]
fn every_invalid_claim_is_refused() {
    let issuer = Issuer::new();
    for (field, value) in [
        ("iss", json!("https://id.example.com/")),
        ("aud", json!("other")),
        ("aud", json!([])),
        ("azp", json!("other")),
        ("nonce", json!("m")),
        ("nonce", json!("")),
        ("nonce", json!(null)),
        ("exp", json!(NOW - 61)),
        ("exp", json!("never")),
        ("exp", json!(null)),
        ("iat", json!(NOW + 61)),
        ("iat", json!(NOW - 700)),
        ("nbf", json!(NOW + 61)),
        ("nbf", json!("now")),
        ("sub", json!("")),
        ("sub", json!("x".repeat(256))),
    ] {
        let token = issuer.sign(&header(), &with(claims(), field, value.clone()));
        let found = verify(&token, &issuer.keys(), &expected());
        assert!(found.is_err(), "{field} = {value}: {found:?}");
    }
}

#[test]
fn only_a_key_of_the_provider_and_of_the_matching_type_is_accepted() {
    let (issuer, other) = (Issuer::new(), Issuer::new());
    let keys = issuer.keys();
    let refused = |token: &str| verify(token, &keys, &expected()).unwrap_err();
    refused(&other.sign(&header(), &claims()));
    for alg in ["none", "HS256", "RS256", "ES384", "EdDSA", "es256", ""] {
        refused(&issuer.sign(&with(header(), "alg", json!(alg)), &claims()));
    }
    refused(&issuer.sign(&with(header(), "kid", json!("two")), &claims()));
    refused(&issuer.sign(&with(header(), "crit", json!(["exp"])), &claims()));
    let good = issuer.sign(&header(), &claims());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    for bad in [
        format!("{signed}."),
        signed.to_owned(),
        format!("{good}x"),
        format!("{signed}.{}", &signature[1..]),
        good.replacen('.', "..", 1),
        String::new(),
        "a.b.c".to_owned(),
        "x".repeat(TOKEN_BYTES + 1),
    ] {
        refused(&bad);
    }
    let encrypting: KeySet =
        serde_json::from_value(json!({"keys": [with(issuer.key("one"), "use", json!("enc"))]}))
            .unwrap();
    assert!(verify(&good, &encrypting, &expected()).is_err());
    assert!(verify(&good, &keys, &expected()).is_ok());
}

#[test]
fn a_token_names_its_key() {
    let issuer = Issuer::new();
    let token = issuer.sign(&header(), &claims());
    assert_eq!(key_id(&token).unwrap().as_deref(), Some("one"));
    assert!(issuer.keys().may_have(Some("one")) && !issuer.keys().may_have(Some("two")));
}

#[test]
fn damaged_tokens_are_refused_without_a_panic() {
    let issuer = Issuer::new();
    let good = issuer.sign(&header(), &claims());
    weir_hostile::withstands(vec![good.clone().into_bytes()], |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return;
        };
        let accepted = verify(text, &issuer.keys(), &expected()).is_ok();
        assert!(!accepted || text == good, "{text}");
    });
}
