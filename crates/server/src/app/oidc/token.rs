//! ID tokens: signed statements of a provider about a person (OpenID Connect Core 1.0, section 3.1.3.7). Only
//! asymmetric algorithms from a fixed list are accepted, each only with keys of its type.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use weir_meta::Visitor;
use weir_model::Timestamp;

/// How far the provider's clock can be off, in seconds.
const SKEW: i64 = 60;
/// The maximum age of a token, in seconds since it was issued.
const OLDEST: i64 = 600;
/// The longest token, in bytes.
const TOKEN_BYTES: usize = 64 * 1024;

/// What a token must state.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub now: Timestamp,
}

/// The public keys of a provider (RFC 7517).
#[derive(Debug, Deserialize)]
pub struct KeySet {
    keys: Vec<Key>,
}

#[derive(Debug, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Whether these can contain the key that a token names.
    pub(super) fn may_have(&self, wanted: Option<&str>) -> bool {
        wanted.is_none() || self.keys.iter().any(|key| key.kid.as_deref() == wanted)
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood; none are.
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: String,
    #[serde(flatten)]
    person: PersonClaims,
}

/// The id of the key that a token names. Fails if the token is malformed.
pub fn key_id(token: &str) -> Result<Option<String>, String> {
    let (header, ..) = parts(token)?;
    Ok(header.kid)
}

/// The person that a token is about. Fails if none of the keys signed it, or if it does not state what is
/// expected.
pub fn verify(token: &str, keys: &KeySet, expected: &Expected<'_>) -> Result<Visitor, String> {
    let (header, signed, claims, signature) = parts(token)?;
    let by_name = |key: &&Key| header.kid.is_none() || key.kid == header.kid;
    let signing = |key: &&Key| {
        key.purpose
            .as_deref()
            .is_none_or(|purpose| purpose == "sig")
    };
    let by_algorithm = |key: &&Key| key.alg.as_deref().is_none_or(|alg| alg == header.alg);
    let mut fitting = keys
        .keys
        .iter()
        .filter(by_name)
        .filter(signing)
        .filter(by_algorithm);
    if !fitting.any(|key| key.signed(&header.alg, signed.as_bytes(), &signature)) {
        return Err(format!(
            "no key of the provider signed it ({:?})",
            header.alg
        ));
    }
    let claims: Claims =
        serde_json::from_slice(&claims).map_err(|error| format!("its claims: {error}"))?;
    check(&claims, expected)?;
    Ok(claims.person.visitor())
}

fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), String> {
    let now = (expected.now.0 / 1000) as f64;
    let skew = SKEW as f64;
    let audience: &[String] = match &claims.aud {
        Audience::One(one) => std::slice::from_ref(one),
        Audience::Many(many) => many,
    };
    let for_us = audience.iter().any(|one| one == expected.client_id);
    let asked_by_us = match &claims.azp {
        Some(party) => party == expected.client_id,
        None => audience.len() == 1,
    };
    let nonce = claims.nonce.as_bytes().ct_eq(expected.nonce.as_bytes());
    let rules = [
        (claims.iss == expected.issuer, "it is from another issuer"),
        (for_us && asked_by_us, "it is for another client"),
        (now < claims.exp + skew, "it has expired"),
        (claims.iat < now + skew, "it is from the future"),
        (now < claims.iat + OLDEST as f64 + skew, "it is too old"),
        (
            claims.nbf.is_none_or(|nbf| nbf < now + skew),
            "it is not valid yet",
        ),
        (bool::from(nonce), "it has another nonce"),
        (
            (1..=255).contains(&claims.person.sub.len()),
            "its subject has an invalid length",
        ),
    ];
    match rules.iter().find(|(holds, _)| !holds) {
        Some((_, why)) => Err((*why).to_owned()),
        None => Ok(()),
    }
}

/// What a provider states about a person, in a token or at its UserInfo endpoint.
#[derive(Debug, Deserialize)]
pub struct PersonClaims {
    sub: String,
    email: Option<String>,
    /// Some providers send it as text, which does not count.
    email_verified: Option<serde_json::Value>,
    name: Option<String>,
}

impl PersonClaims {
    fn visitor(self) -> Visitor {
        let verified = self.email_verified == Some(serde_json::Value::Bool(true));
        let short = |text: &String| !text.trim().is_empty() && text.len() <= 254;
        Visitor {
            subject: self.sub,
            email: self.email.filter(|email| verified && short(email)),
            name: self.name.filter(short),
        }
    }

    /// Adds this to what a token states. Fails if it is about another person.
    pub(super) fn about(self, visitor: Visitor) -> Result<Visitor, String> {
        if self.sub != visitor.subject {
            return Err("the UserInfo endpoint describes another person".to_owned());
        }
        let stated = self.visitor();
        Ok(Visitor {
            email: visitor.email.or(stated.email),
            name: visitor.name.or(stated.name),
            subject: visitor.subject,
        })
    }
}

type Parts<'a> = (Header, &'a str, Vec<u8>, Vec<u8>);

/// Header, signed text, claims and signature.
fn parts(token: &str) -> Result<Parts<'_>, String> {
    if token.len() > TOKEN_BYTES {
        return Err("it is too long".to_owned());
    }
    let (signed, signature) = token.rsplit_once('.').ok_or("it is not a JWT")?;
    let (header, claims) = signed.split_once('.').ok_or("it is not a JWT")?;
    let header: Header = serde_json::from_slice(&decoded(header)?)
        .map_err(|error| format!("its header: {error}"))?;
    if header.crit.is_some() {
        return Err("it has critical extensions".to_owned());
    }
    Ok((header, signed, decoded(claims)?, decoded(signature)?))
}

fn decoded(text: &str) -> Result<Vec<u8>, String> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| "it is not base64url".to_owned())
}

impl Key {
    /// Whether this key, of the algorithm's kind, signed the text.
    fn signed(&self, algorithm: &str, text: &[u8], signature: &[u8]) -> bool {
        let rsa = |algorithm| self.rsa_signed(algorithm, text, signature);
        let curve = |name, algorithm| self.curve_signed(name, algorithm, text, signature);
        match algorithm {
            "RS256" => rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
            "RS384" => rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
            "RS512" => rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
            "PS256" => rsa(&signature::RSA_PSS_2048_8192_SHA256),
            "PS384" => rsa(&signature::RSA_PSS_2048_8192_SHA384),
            "PS512" => rsa(&signature::RSA_PSS_2048_8192_SHA512),
            "ES256" => curve("P-256", &signature::ECDSA_P256_SHA256_FIXED),
            "ES384" => curve("P-384", &signature::ECDSA_P384_SHA384_FIXED),
            "EdDSA" | "Ed25519" => self.edwards_signed(text, signature),
            _ => false,
        }
    }

    fn rsa_signed(
        &self,
        algorithm: &'static signature::RsaParameters,
        text: &[u8],
        signature: &[u8],
    ) -> bool {
        let (Some(n), Some(e)) = (number(self.n.as_ref()), number(self.e.as_ref())) else {
            return false;
        };
        let key = RsaPublicKeyComponents { n, e };
        self.kty == "RSA" && key.verify(algorithm, text, signature).is_ok()
    }

    fn curve_signed(
        &self,
        name: &str,
        algorithm: &'static dyn signature::VerificationAlgorithm,
        text: &[u8],
        signature: &[u8],
    ) -> bool {
        let (Some(x), Some(y)) = (number(self.x.as_ref()), number(self.y.as_ref())) else {
            return false;
        };
        // An uncompressed point (SEC 1).
        let point = [&[4], &x[..], &y[..]].concat();
        let fits = self.kty == "EC" && self.crv.as_deref() == Some(name);
        fits && UnparsedPublicKey::new(algorithm, point)
            .verify(text, signature)
            .is_ok()
    }

    fn edwards_signed(&self, text: &[u8], signature: &[u8]) -> bool {
        let Some(x) = number(self.x.as_ref()) else {
            return false;
        };
        let fits = self.kty == "OKP" && self.crv.as_deref() == Some("Ed25519");
        fits && UnparsedPublicKey::new(&signature::ED25519, x)
            .verify(text, signature)
            .is_ok()
    }
}

fn number(text: Option<&String>) -> Option<Vec<u8>> {
    decoded(text?).ok()
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
