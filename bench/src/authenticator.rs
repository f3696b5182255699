//! An authenticator app: RFC 6238 with SHA-1, six digits, 30 seconds.

use totp_rs::{Algorithm, Secret, TOTP};

pub const STEP_SECONDS: u64 = 30;

pub struct Authenticator {
    app: TOTP,
}

impl Authenticator {
    /// The same number has the same secret, of 160 bits, in every run.
    pub fn numbered(number: usize) -> Self {
        let secret = format!("bench member {number:07}").into_bytes();
        Self { app: TOTP::new_unchecked(Algorithm::SHA1, 6, 1, STEP_SECONDS, secret, None, String::new()) }
    }

    pub fn base32(&self) -> String {
        Secret::Raw(self.app.secret.clone()).to_encoded().to_string()
    }

    pub fn code(&self, step: u64) -> String {
        self.app.generate(step * STEP_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_has_160_bits() {
        assert_eq!(Authenticator::numbered(12).base32().len(), 32);
    }

    #[test]
    fn a_step_has_one_code() {
        let app = Authenticator::numbered(12);
        assert_eq!(app.code(7), app.code(7));
        assert_ne!(app.code(7), app.code(8));
    }
}
