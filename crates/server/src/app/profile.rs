//! Changes that people make to their own accounts.

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{Origin, Person, Principal};

use super::{App, AppError, ErrorCode, post, sessions::unknown_link, words};

/// What an authenticator app needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorOffer {
    /// The secret in base 32, for typing in.
    pub secret: String,
    /// The same as an `otpauth:` URI, for a QR code.
    pub uri: String,
}

/// Codes to log in with if the authenticator app is lost. Each works once. They are shown only once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    /// Ten codes.
    pub recovery_codes: Vec<String>,
}

/// A logged-in person, and where the request came from.
#[derive(Clone, Copy, Debug)]
pub struct Oneself<'a> {
    /// The session.
    pub principal: &'a Principal,
    /// The person.
    pub person: &'a Person,
    /// Where the request came from.
    pub origin: &'a Origin,
}

impl App {
    /// Changes a person's name. Fails if the name is invalid.
    pub async fn rename_person(&self, me: Oneself<'_>, name: &str) -> Result<(), AppError> {
        let name = words::name("name", name)?;
        let renamed = self
            .meta
            .rename_person(me.principal, me.person, name, me.origin);
        Ok(renamed.await?)
    }

    /// Changes a person's password and ends their other sessions. Fails if the current password is wrong or
    /// the new one is invalid.
    pub async fn change_password(
        &self,
        me: Oneself<'_>,
        current: &str,
        new: &str,
    ) -> Result<(), AppError> {
        let new = words::new_password("new", new)?;
        self.demand_proof(me.person, current, None, me.origin)
            .await?;
        let changed = self
            .meta
            .change_password(me.principal, me.person, new, me.origin);
        Ok(changed.await?)
    }

    /// Whether the person has a confirmed second factor. Fails if control data cannot be read.
    pub async fn has_second_factor(&self, person: &Person) -> Result<bool, AppError> {
        Ok(self.meta.has_second_factor(person).await?)
    }

    /// Starts to set up a second factor. Fails if the password is wrong, or if the account already has one.
    pub async fn begin_second_factor(
        &self,
        me: Oneself<'_>,
        password: &str,
    ) -> Result<SecondFactorOffer, AppError> {
        self.demand_proof(me.person, password, None, me.origin)
            .await?;
        let secret = self.meta.begin_second_factor(me.person).await?;
        let secret = secret.ok_or_else(|| {
            let detail = "Your account already has a second factor.";
            AppError::new(ErrorCode::SecondFactorActive, detail).fix("Remove it first.")
        })?;
        let account = escaped(&me.person.email);
        let uri = format!(
            "otpauth://totp/Weir:{account}?secret={secret}&issuer=Weir&algorithm=SHA1&digits=6&period=30"
        );
        Ok(SecondFactorOffer { secret, uri })
    }

    /// Activates the second factor that was set up. Fails with `invalid_code` if the code does not match.
    pub async fn confirm_second_factor(
        &self,
        me: Oneself<'_>,
        code: &str,
    ) -> Result<RecoveryCodes, AppError> {
        self.begin_attempt(&me.person.email, me.origin).await?;
        let actor = me.principal.actor(me.origin);
        let confirmed = self
            .meta
            .confirm_second_factor(me.principal, me.person, code, &actor);
        match confirmed.await? {
            Some(recovery_codes) => {
                self.attempts.succeeded(&me.person.email, me.origin.address);
                Ok(RecoveryCodes { recovery_codes })
            }
            None => Err(AppError::new(
                ErrorCode::InvalidCode,
                "The code does not match the second factor that you are setting up.",
            )
            .field("code")
            .fix("Check the clock of your device, or start again with POST.")),
        }
    }

    /// Removes a person's second factor. Fails if the password or the code is wrong.
    pub async fn end_second_factor(
        &self,
        me: Oneself<'_>,
        password: &str,
        code: &str,
    ) -> Result<(), AppError> {
        self.demand_proof(me.person, password, Some(code), me.origin)
            .await?;
        let actor = me.principal.actor(me.origin);
        Ok(self.meta.end_second_factor(me.person, &actor).await?)
    }

    /// Replaces the recovery codes. Fails if the password or the code is wrong.
    pub async fn renew_recovery_codes(
        &self,
        me: Oneself<'_>,
        password: &str,
        code: &str,
    ) -> Result<RecoveryCodes, AppError> {
        self.demand_proof(me.person, password, Some(code), me.origin)
            .await?;
        let actor = me.principal.actor(me.origin);
        let recovery_codes = self.meta.renew_recovery_codes(me.person, &actor).await?;
        Ok(RecoveryCodes { recovery_codes })
    }

    /// Fails with `too_many_attempts` if an address makes too many requests that need no account.
    fn bound_requests(&self, origin: &Origin) -> Result<(), AppError> {
        let begun = self.attempts.begin(None, origin.address, self.clock.now());
        begun.map_err(|early| early.error)
    }

    /// Sends a password reset link if an account has the address. The lookup happens after the answer, so
    /// that neither its content nor its timing reveals whether there is an account. Fails if the address is
    /// malformed or asks too often.
    pub fn ask_for_reset(
        self: &std::sync::Arc<Self>,
        email: &str,
        origin: &Origin,
    ) -> Result<(), AppError> {
        let email = words::email(email)?;
        self.bound_requests(origin)?;
        let app = std::sync::Arc::clone(self);
        tokio::spawn(async move {
            match app.meta.offer_reset(&email).await {
                Ok(Some((person, token))) => {
                    let link = app.post.link("reset", &token);
                    app.post.send(post::reset(&person.email, &link));
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "could not send a password reset link"),
            }
        });
        Ok(())
    }

    /// Sets a new password for the holder of a password reset link. Fails if the password is invalid, or if
    /// the link is unknown, used or expired.
    pub async fn redeem_reset(
        &self,
        token: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<(), AppError> {
        let password = words::new_password("password", password)?;
        self.bound_requests(origin)?;
        match self.meta.redeem_reset(token, password, origin).await? {
            true => Ok(()),
            false => Err(unknown_link()),
        }
    }
}

/// Percent-encodes a text for use in a URI.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let escape = |byte: u8| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_in_a_uri_is_escaped() {
        assert_eq!(escaped("ada+x@example.com"), "ada%2Bx%40example.com");
    }
}
