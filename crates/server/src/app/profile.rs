//! What a person changes about their own account.

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{Origin, Person, Principal};

use super::{App, AppError, ErrorCode, post, sessions::unknown_link, words};

/// What an authenticator application needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorOffer {
    /// The secret in base 32, to be typed in.
    pub secret: String,
    /// The same as an address for a QR code (`otpauth:`).
    pub uri: String,
}

/// Codes for the day when the authenticator application is lost. Each is good once; they are shown once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    /// Ten of them.
    pub recovery_codes: Vec<String>,
}

/// A person who is logged in, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Oneself<'a> {
    /// The session.
    pub principal: &'a Principal,
    /// Who.
    pub person: &'a Person,
    /// From where.
    pub origin: &'a Origin,
}

impl App {
    /// Gives a person another name.
    pub async fn rename_person(&self, me: Oneself<'_>, name: &str) -> Result<(), AppError> {
        let name = words::name("name", name)?;
        let renamed = self
            .meta
            .rename_person(me.principal, me.person, name, me.origin);
        Ok(renamed.await?)
    }

    /// Gives a person another password; their other sessions end.
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

    /// Begins a second factor.
    pub async fn begin_second_factor(
        &self,
        me: Oneself<'_>,
        password: &str,
    ) -> Result<SecondFactorOffer, AppError> {
        self.demand_proof(me.person, password, None, me.origin)
            .await?;
        let secret = self.meta.begin_second_factor(me.person).await?;
        let secret = secret.ok_or_else(|| {
            let detail = "Your account has a second factor already.";
            AppError::new(ErrorCode::SecondFactorActive, detail).fix("Remove it first.")
        })?;
        let account = escaped(&me.person.email);
        let uri = format!(
            "otpauth://totp/Weir:{account}?secret={secret}&issuer=Weir&algorithm=SHA1&digits=6&period=30"
        );
        Ok(SecondFactorOffer { secret, uri })
    }

    /// Puts the second factor that was begun into force.
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
                "The code is not that of the second factor that was begun.",
            )
            .field("code")
            .fix("Check the clock of the device; POST begins anew.")),
        }
    }

    /// Takes a person's second factor away.
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

    /// New recovery codes in place of the old ones.
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

    /// Refuses an address that asks too often for what needs no account.
    fn bound_requests(&self, origin: &Origin) -> Result<(), AppError> {
        let begun = self.attempts.begin(None, origin.address, self.clock.now());
        begun.map_err(|early| early.error)
    }

    /// Sends a way to a new password, if somebody has the address. Whether anybody has takes no time and
    /// shows in no answer: it is found out afterwards.
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
                Err(error) => tracing::error!(%error, "a new password could not be offered"),
            }
        });
        Ok(())
    }

    /// Gives the holder of a link a new password.
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

/// A text as a part of an address.
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
    fn an_address_in_an_address_is_escaped() {
        assert_eq!(escaped("ada+x@example.com"), "ada%2Bx%40example.com");
    }
}
