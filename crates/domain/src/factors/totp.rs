//! Authenticator apps: RFC 6238 with SHA-1, six digits, 30 seconds.

use super::sms_otp::is_six_digits;
use crate::{Refusal, Timestamp, email::EmailAddress, factors::recovery_codes, time::Span};
use base64::{Engine, engine::general_purpose::STANDARD};
use data_encoding::BASE32_NOPAD;
use qrcode::QrCode;
use rand::RngCore;
use std::fmt;
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, TOTP};
use zeroize::Zeroizing;

/// Minutes a registration waits for its confirming code, unless the caller says otherwise.
pub const CONFIRMATION_MINUTES: (i64, i64, i64) = (5, 60, 1440);

const STEP_SECONDS: u64 = 30;
const STEP: i64 = STEP_SECONDS.cast_signed();
const SECRET_BYTES: usize = 20;
/// Steps accepted before and after the current one (RFC 6238, section 5.2).
const SKEW: i64 = 1;

/// The shared secret of one registration; prints as nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(Zeroizing<Vec<u8>>);

/// Six decimal digits, exactly as received.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpCode(String);

impl TotpCode {
    /// # Errors
    /// `RecoveryCodeUsedAsTotpCode` for what looks like one, `InvalidTotpCode` otherwise.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        match text {
            digits if is_six_digits(digits) => Ok(Self(digits.to_owned())),
            other if recovery_codes::looks_like_one(other) => Err(Refusal::RecoveryCodeUsedAsTotpCode),
            _ => Err(Refusal::InvalidTotpCode),
        }
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl TotpSecret {
    /// 160 random bits (RFC 4226, section 4).
    pub fn random(rng: &mut impl RngCore) -> Self {
        let mut bytes = Zeroizing::new(vec![0; SECRET_BYTES]);
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// An imported secret, base32 in either case, with or without padding.
    ///
    /// # Errors
    /// `InvalidTotpSecret` outside 16 to 64 bytes.
    pub fn parse(base32: &str) -> Result<Self, Refusal> {
        let upper = Zeroizing::new(base32.trim_end_matches('=').to_ascii_uppercase());
        let bytes = BASE32_NOPAD.decode(upper.as_bytes()).map_err(|_| Refusal::InvalidTotpSecret)?;
        Self::from_bytes(bytes)
    }

    /// # Errors
    /// `InvalidTotpSecret` outside 16 to 64 bytes.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Refusal> {
        if (16..=64).contains(&bytes.len()) {
            Ok(Self(Zeroizing::new(bytes)))
        } else {
            Err(Refusal::InvalidTotpSecret)
        }
    }

    pub fn expose_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Base32 without padding; 32 characters for a secret of our own.
    pub fn expose_base32(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The step that the code belongs to, of the current one and its
    /// neighbours. Every candidate is compared, in constant time. The caller
    /// must spend the step, so that no code is taken twice.
    pub fn matching_step(&self, code: &TotpCode, now: Timestamp) -> Option<i64> {
        let current = step_at(now);
        let totp = self.totp(None);
        let mut matched = None;
        for step in current - SKEW..=current + SKEW {
            let expected = totp.generate(step.max(0).cast_unsigned() * STEP_SECONDS);
            if bool::from(expected.as_bytes().ct_eq(code.0.as_bytes())) {
                matched = Some(step);
            }
        }
        matched
    }

    /// What the authenticator app shows.
    pub fn code_at(&self, now: Timestamp) -> TotpCode {
        TotpCode(self.totp(None).generate(step_at(now).max(0).cast_unsigned() * STEP_SECONDS))
    }

    /// What an authenticator app scans: a 200 × 200 PNG as a data URI.
    pub fn qr_code(&self, issuer: &str, account: &EmailAddress) -> String {
        let url = self.totp(Some((issuer, account))).get_url();
        format!("data:image/png;base64,{}", STANDARD.encode(png_of(&url)))
    }

    fn totp(&self, label: Option<(&str, &EmailAddress)>) -> TOTP {
        let (issuer, account) = label.map_or((None, String::new()), |(issuer, account)| {
            (Some(issuer.replace(':', " ")), account.to_string())
        });
        TOTP::new_unchecked(Algorithm::SHA1, 6, 1, STEP_SECONDS, self.0.to_vec(), issuer, account)
    }
}

/// How long the code of this moment is still shown: 1 to 30 seconds.
pub fn seconds_left(now: Timestamp) -> i64 {
    STEP - now.seconds().rem_euclid(STEP)
}

/// The last step whose code is taken now.
pub fn last_step_taken(now: Timestamp) -> i64 {
    step_at(now) + SKEW
}

/// The step that begins at or before a time.
pub fn step_at(now: Timestamp) -> i64 {
    now.seconds().div_euclid(STEP)
}

/// The span a registration waits for confirmation.
///
/// # Errors
/// `InvalidExpiration` outside 5 to 1440 minutes.
pub fn confirmation_span(minutes: Option<i64>) -> Result<Span, Refusal> {
    let (least, default, most) = CONFIRMATION_MINUTES;
    let minutes = minutes.unwrap_or(default);
    if (least..=most).contains(&minutes) {
        Ok(Span::minutes(minutes))
    } else {
        Err(Refusal::InvalidExpiration)
    }
}

fn png_of(text: &str) -> Vec<u8> {
    const SIDE: usize = 200;
    const QUIET_ZONE: usize = 4;
    let code = QrCode::new(text.as_bytes()).expect("an otpauth URL fits into a QR code");
    let modules = code.width() + 2 * QUIET_ZONE;
    let scale = (SIDE / modules).max(1);
    let margin = SIDE.saturating_sub(scale * code.width()) / 2;
    let side = SIDE.max(scale * code.width());
    let dark = |x: usize, y: usize| {
        let (x, y) = (x.checked_sub(margin).map(|it| it / scale), y.checked_sub(margin).map(|it| it / scale));
        matches!((x, y), (Some(x), Some(y)) if x < code.width() && y < code.width() && code[(x, y)] == qrcode::Color::Dark)
    };
    let pixels: Vec<u8> =
        (0..side * side).map(|at| if dark(at % side, at / side) { 0 } else { 255 }).collect();
    let side = u32::try_from(side).expect("a QR code of at most 177 modules is small");
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    written.expect("writing a PNG into memory cannot fail");
    bytes
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(hidden)")
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpCode(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    /// RFC 6238, appendix B, SHA-1, cut to six digits.
    #[test]
    fn the_vectors_of_the_rfc_match() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890".to_vec()).unwrap();
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            let now = Timestamp::from_milliseconds(seconds * 1000);
            assert_eq!(
                secret.matching_step(&TotpCode::parse(code).unwrap(), now),
                Some(seconds / 30),
                "{code}"
            );
        }
    }

    #[test]
    fn a_code_is_good_for_one_step_either_side() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890".to_vec()).unwrap();
        let code = TotpCode::parse("287082").unwrap(); // step 1, seconds 30 to 59
        let good = |seconds: i64| {
            secret.matching_step(&code, Timestamp::from_milliseconds(seconds * 1000)).is_some()
        };
        assert_eq!([good(0), good(59), good(89), good(90)], [true, true, true, false]);
    }

    #[test]
    fn the_code_of_a_moment_is_shown_until_the_next_step() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890".to_vec()).unwrap();
        let shown = |seconds: i64| {
            let now = Timestamp::from_milliseconds(seconds * 1000);
            (secret.code_at(now).expose() == "287082", seconds_left(now))
        };
        assert_eq!(
            [shown(29), shown(30), shown(59), shown(60)],
            [(false, 1), (true, 30), (true, 1), (false, 30)]
        );
    }

    #[test]
    fn only_six_ascii_digits_are_a_code() {
        assert_eq!(TotpCode::parse(" 287082"), Err(Refusal::InvalidTotpCode));
        assert_eq!(TotpCode::parse("28708２"), Err(Refusal::InvalidTotpCode));
        assert_eq!(TotpCode::parse("abcd-ef01-2345"), Err(Refusal::RecoveryCodeUsedAsTotpCode));
    }

    #[test]
    fn a_secret_is_160_bits_and_its_image_200_pixels() {
        let secret = TotpSecret::random(&mut ChaCha20Rng::seed_from_u64(1));
        assert_eq!(secret.expose_base32().len(), 32);
        assert_eq!(TotpSecret::parse(&secret.expose_base32().to_lowercase()), Ok(secret.clone()));
        let image = secret.qr_code("Acme: Inc", &EmailAddress::parse("ada@acme.com").unwrap());
        let png = STANDARD.decode(image.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
        assert_eq!(png[16..24], [0, 0, 0, 200, 0, 0, 0, 200]);
    }
}
