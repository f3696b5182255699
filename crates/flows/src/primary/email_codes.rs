//! What all codes by e-mail share: sending one, and counting the guesses.

use crate::{Call, Result, sending};
use domain::{
    Refusal,
    digest::Digest,
    email::EmailAddress,
    factors::{email_otp::Purpose, sms_otp::Passcode},
    time::Span,
};
use store::{
    Tx,
    email_code_guard::{self, Reserved},
    email_codes::{self, EmailCode},
    messages,
    passcodes::Guess,
};

/// A code that is kept, to be mailed.
pub(crate) struct Issued {
    pub code: Passcode,
    pub digest: Digest,
}

/// Counts the mail and keeps a new code for the address, in place of any
/// earlier one, whatever that one was for. No counter falls.
///
/// # Errors
/// `TooManyRequests`; `UserLockLimitReached` while the address is locked.
pub(crate) async fn issue(
    call: &mut Call,
    tx: &mut Tx,
    (address, purpose): (&EmailAddress, Purpose<'_>),
    lifetime: Span,
) -> Result<Issued> {
    let project = call.project.project_id.clone();
    sending::count_mail(call, tx, address).await?;
    if !email_code_guard::begin(tx, &project, address, call.now).await? {
        return Err(Refusal::UserLockLimitReached.into());
    }
    let code = Passcode::random(&mut call.rng);
    let digest = purpose.digest(&call.app.server_key, (&project, address), &code);
    let kept =
        EmailCode { address, member: purpose.member(), digest: &digest, expires_at: call.now.plus(lifetime) };
    email_codes::replace(tx, &project, kept, call.now).await?;
    Ok(Issued { code, digest })
}

/// A guess that failed, and whether it closed the lock.
pub(crate) struct Failed {
    pub refusal: Refusal,
    pub locks: bool,
}

/// Counts the guess, compares and spends. A failure is committed by the
/// caller, who writes it down.
///
/// # Errors
/// `UserLockLimitReached`, and `OtpCodeNotFound` where no code was ever sent;
/// nothing was counted then.
pub(crate) async fn check(
    call: &Call,
    tx: &mut Tx,
    (address, purpose): (&EmailAddress, Purpose<'_>),
    code: &Passcode,
) -> Result<std::result::Result<(), Failed>> {
    let project = &call.project.project_id;
    let policy = call.project.settings.lock;
    let locks = match email_code_guard::reserve(tx, project, address, policy, call.now).await? {
        Reserved::Counted { closes } => closes,
        Reserved::Locked => return Err(Refusal::UserLockLimitReached.into()),
        Reserved::NothingSent => return Err(Refusal::OtpCodeNotFound.into()),
    };
    let version = email_codes::key_version(tx, project, address).await?;
    let version = version.unwrap_or_else(|| call.app.server_key.sealing());
    let digest = purpose.digest_of((&call.app.server_key, version), (project, address), code);
    let refusal = match email_codes::guess(tx, project, (address, &digest), call.now).await? {
        Guess::Right => {
            email_code_guard::clear(tx, project, address).await?;
            messages::verified(tx, project, &digest, call.now).await?;
            return Ok(Ok(()));
        }
        Guess::Wrong => Refusal::OtpCodeNotFound,
        Guess::Dead => Refusal::UnableToAuthOtpCode,
    };
    messages::wrong_email_code(tx, project, address).await?;
    Ok(Err(Failed { refusal, locks }))
}
