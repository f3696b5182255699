//! Second factors: enrolling, sending, proving, removing.

pub mod completion;
pub mod guard;
pub mod recovery_codes;
pub mod removal;
pub mod sms_otp;
pub mod totp;
