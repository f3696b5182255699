//! Cookies that no script reads, for pages that share a domain with this server.
//!
//! Their names are the SDK's own; where they are on, tokens leave in them and
//! no longer in answers.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::{token::Token, webotp::Host};
use serde_json::{Map, Value};

pub const SESSION: &str = "stytch_session";
pub const INTERMEDIATE: &str = "stytch_intermediate_session_token";

/// The field of an answer, its cookie, and how long that lives: seconds.
const KEPT: [(&str, &str, i64); 3] = [
    ("session_token", SESSION, LONGEST),
    ("session_jwt", "stytch_session_jwt", LONGEST),
    ("intermediate_session_token", INTERMEDIATE, 600),
];

/// No session lives longer than 366 days; its own end is what counts.
const LONGEST: i64 = 366 * 24 * 60 * 60;

/// The value of a cookie. One that is sent twice is none: somebody else may have set one of them.
pub fn read(headers: &HeaderMap, name: &str) -> Option<Token> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|it| it.trim().split_once('='));
    let mut values = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
    let first = values.next().filter(|it| !it.is_empty())?;
    values.next().is_none().then(|| Token::received(first.to_owned()))
}

/// Moves the tokens of an answer into cookies. A session takes the place of
/// the intermediate one; where every token is empty, all are laid down.
pub fn take(answer: &mut Map<String, Value>, domain: &Host) -> Vec<HeaderValue> {
    let tokens: Vec<(&str, String, i64)> = KEPT
        .into_iter()
        .filter_map(|(field, cookie, seconds)| {
            let Value::String(token) = answer.get_mut(field)? else { return None };
            Some((cookie, std::mem::take(token), seconds))
        })
        .collect();
    let is_inside = tokens.iter().any(|(cookie, token, _)| *cookie == SESSION && !token.is_empty());
    let is_over = tokens.len() == KEPT.len() && tokens.iter().all(|(_, token, _)| token.is_empty());
    let mut set: Vec<_> = tokens
        .into_iter()
        .filter(|(_, token, _)| !token.is_empty() || is_over)
        .map(|(cookie, token, seconds)| line(cookie, &token, domain, seconds))
        .collect();
    if is_inside {
        set.push(line(INTERMEDIATE, "", domain, 0));
    }
    set.into_iter().flatten().collect()
}

fn line(name: &str, token: &str, domain: &Host, seconds: i64) -> Option<HeaderValue> {
    let seconds = if token.is_empty() { 0 } else { seconds };
    let text =
        format!("{name}={token}; Domain={domain}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax");
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(answer: &Value) -> Vec<String> {
        let mut answer = answer.as_object().unwrap().clone();
        let lines = take(&mut answer, &"example.com".parse().unwrap());
        assert!(answer.values().all(|it| it == ""), "no token is left in the answer");
        lines.iter().map(|it| it.to_str().unwrap().split("; Path").next().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_session_takes_the_place_of_the_intermediate_one() {
        let inside = json!({ "session_token": "s", "session_jwt": "j", "intermediate_session_token": "" });
        let domain = "; Domain=example.com";
        let expected = ["stytch_session=s", "stytch_session_jwt=j", "stytch_intermediate_session_token="];
        assert_eq!(set(&inside), expected.map(|it| format!("{it}{domain}")));
    }

    #[test]
    fn an_intermediate_session_leaves_a_session_where_it_is() {
        let waiting = json!({ "session_token": "", "session_jwt": "", "intermediate_session_token": "i" });
        assert_eq!(set(&waiting), ["stytch_intermediate_session_token=i; Domain=example.com"]);
    }

    #[test]
    fn all_are_laid_down_together() {
        let over = json!({ "session_token": "", "session_jwt": "", "intermediate_session_token": "" });
        assert_eq!(set(&over).len(), 3);
    }

    #[test]
    fn a_cookie_that_comes_twice_is_nobodys() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; stytch_session=x".parse().unwrap());
        assert_eq!(read(&headers, SESSION).unwrap().expose(), "x");
        headers.append(header::COOKIE, "stytch_session=y".parse().unwrap());
        assert!(read(&headers, SESSION).is_none());
    }
}
