//! A client's secret: made here, or brought along.
//!
//! Every secret is kept as an HMAC under the server key, bound to its client.
//! One construction for both kinds: an imported secret may be guessable, and
//! what the database holds must not help guessing; a slow hash would cost each
//! token call what only a login should.

use super::{Client, client_id::ClientId};
use crate::{
    Refusal,
    digest::Digest,
    id::ProjectId,
    passwords::strength,
    server_key::{Pepper, ServerKey},
    token::Token,
};
use rand::RngCore;
use subtle::ConstantTimeEq;

/// How hard a secret is to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 256 random bits.
    Generated,
    Imported,
}

const SHORTEST: usize = 8;
const LONGEST: usize = 256;

/// A new secret of 256 random bits.
pub fn random(rng: &mut impl RngCore) -> Token {
    Token::random("m2m-secret-", rng)
}

/// A secret from elsewhere: 8 to 256 bytes of printable text that take more
/// than 10⁸ guesses (a zxcvbn score of 3).
///
/// # Errors
/// `InsecureM2mClientSecret`, `ClientSecretTooLong`, `M2mClientInvalidClientSecret`.
pub fn imported(text: String) -> Result<Token, Refusal> {
    match text.len() {
        ..SHORTEST => Err(Refusal::InsecureM2mClientSecret),
        SHORTEST..=LONGEST if text.chars().any(char::is_control) => {
            Err(Refusal::M2mClientInvalidClientSecret)
        }
        SHORTEST..=LONGEST if !strength::is_hard_to_guess(&text) => Err(Refusal::InsecureM2mClientSecret),
        SHORTEST..=LONGEST => Ok(Token::received(text)),
        _ => Err(Refusal::ClientSecretTooLong),
    }
}

/// What is kept of a client's secret.
pub fn digest(key: &ServerKey, project: &ProjectId, client: &ClientId, secret: &Token) -> Digest {
    digest_under(key.client_secret_key(), project, client.as_str(), secret)
}

/// What is shown of a secret after its creation.
pub fn last_four(secret: &Token) -> String {
    let text = secret.expose();
    let start = text.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    text[start..].to_owned()
}

/// Which of the client's secrets was shown, if any. The work is the same
/// whether there is such a client or not, and whichever secret it was.
pub fn recognized(
    key: &ServerKey,
    (project, client_id): (&ProjectId, &str),
    client: Option<&Client>,
    shown: &[Token],
) -> Option<Kind> {
    let nobody = Digest::of(b"");
    let current = client.map_or(&nobody, |it| &it.secret_digest);
    let next = client.and_then(|it| it.next_secret_digest.as_ref()).unwrap_or(&nobody);
    let (mut is_current, mut is_next) = (0_u8, 0_u8);
    for secret in shown {
        for pepper in key.client_secret_keys() {
            let digest = digest_under(pepper, project, client_id, secret);
            is_current |= same(&digest, current);
            is_next |= same(&digest, next);
        }
    }
    let imported = client.is_some_and(|it| it.secret_is_imported);
    match (is_next, is_current) {
        (1, _) => Some(Kind::Generated),
        (_, 1) if imported => Some(Kind::Imported),
        (_, 1) => Some(Kind::Generated),
        _ => None,
    }
}

/// The kept digest of a secret that was shown, and the one that takes its
/// place: under the version that seals now, where an older one was used. Only
/// forward: a node that has not changed over yet does not undo what others did.
pub fn under_present(key: &ServerKey, client: &Client, shown: &[Token]) -> Option<(Digest, Digest)> {
    let (project, id) = (&client.project_id, &client.client_id);
    let kept: Vec<&Digest> = [Some(&client.secret_digest), client.next_secret_digest.as_ref()]
        .into_iter()
        .flatten()
        .filter(|it| it.key_version() < key.sealing())
        .collect();
    let mut tried = shown.iter().flat_map(|secret| {
        let under = move |pepper| (digest_under(pepper, project, id.as_str(), secret), secret);
        key.client_secret_keys().into_iter().map(under)
    });
    let (before, secret) = tried.find(|(digest, _)| kept.iter().any(|it| same(digest, it) == 1))?;
    Some((before, digest(key, project, id, secret)))
}

fn same(one: &Digest, other: &Digest) -> u8 {
    one.as_str().as_bytes().ct_eq(other.as_str().as_bytes()).unwrap_u8()
}

fn digest_under(pepper: Pepper, project: &ProjectId, client: &str, secret: &Token) -> Digest {
    Digest::keyed(pepper, &["m2m_client", project.as_str(), client, secret.expose()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn an_imported_secret_is_long_enough_and_hard_to_guess() {
        let refused = |text: &str| imported(text.to_owned()).map(|_| ());
        assert_eq!(refused("k3#Qz9!"), Err(Refusal::InsecureM2mClientSecret));
        assert_eq!(refused("password1234"), Err(Refusal::InsecureM2mClientSecret));
        assert_eq!(refused("k3#Qz9!pW\u{7}x"), Err(Refusal::M2mClientInvalidClientSecret));
        assert_eq!(refused(&"k3#Qz9!p".repeat(33)), Err(Refusal::ClientSecretTooLong));
        assert_eq!(refused("k3#Qz9!pW"), Ok(()));
    }

    #[test]
    fn a_digest_belongs_to_one_client_of_one_project() {
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        let key = ServerKey::parse(&ServerKey::generate(rng)).unwrap();
        let project =
            |number| format!("project-test-00000000-0000-4000-8000-00000000000{number}").parse().unwrap();
        let secret = random(rng);
        let of = |number, client: &str| digest(&key, &project(number), &client.parse().unwrap(), &secret);
        assert_eq!(of(1, "a"), of(1, "a"));
        assert_ne!(of(1, "a"), of(1, "b"));
        assert_ne!(of(1, "a"), of(2, "a"));
    }

    #[test]
    fn the_last_four_characters_are_shown() {
        assert_eq!(last_four(&Token::received("abcdefgh".to_owned())), "efgh");
        assert_eq!(last_four(&Token::received("äöüßéà12".to_owned())), "éà12");
    }
}
