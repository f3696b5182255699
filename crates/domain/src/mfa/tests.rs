//! The policy as a table, and what must hold for every input there is.

use super::*;

/// A change of policy is a change of these lines.
///
///   required  `none`, `all` (the organization requires) or `own` (the member enrolled); `!` marks break-glass
///   allowed   `s` SMS, `t` authenticator app
///   member    phone: `V` verified, `a` set by an administrator, `l` named at login, `h` on hold; app: `t`; `*` after the preferred one
///   proof     `p` primary, `s` SMS, `t` app or recovery code
const TABLE: &[(&str, &str, &str, &str, &str)] = &[
    // required allowed member  proof  verdict
    ("none", "st", "", "", "primary"),
    ("all", "st", "V", "", "primary, then s"),
    ("all", "st", "", "", "primary, then -"),
    ("all", "st", "V", "s", "primary"), // a second factor alone is no login
    ("none", "st", "", "p", "in"),
    ("none", "st", "Vt", "p", "in"), // a registration alone demands nothing
    ("own", "st", "V", "ps", "in"),
    ("all", "st", "V", "ps", "in"),
    ("all", "st", "t", "pt", "in"),
    ("own", "st", "", "p", "second -"), // enrolled without a factor: enrol, never in
    ("all", "st", "", "p", "second -"),
    ("own", "st", "V", "p", "second s, text"),
    ("own", "st", "a", "p", "second s, text"), // the backend vouches for the number
    ("own", "st", "l", "p", "second -"),       // whoever logs in does not
    ("own", "st", "t", "p", "second t"),
    ("own", "st", "at", "p", "second t"), // an unverified number is no way around the app
    ("own", "st", "lt", "p", "second t"),
    ("own", "st", "V*t", "p", "second st, text"),
    ("own", "st", "Vt*", "p", "second st"),
    ("own", "st", "Vt", "p", "second st, text"),
    ("own", "s", "Vt*", "p", "second s, text"), // a preference that is not allowed is none
    ("own", "t", "V", "p", "second -"),         // must enrol an app
    ("own", "t", "Vt", "ps", "second t"),       // proved, but not accepted here
    ("all", "t", "V", "p", "second -"),
    ("all", "", "Vt", "pst", "second -"), // a dead end, but not a way in
    ("all", "s", "at", "p", "second -"),  // the app, though not allowed, still guards
    ("all!", "t", "V", "p", "second s, text"), // break-glass lifts methods
    ("all!", "", "V", "ps", "in"),
    ("none!", "st", "", "p", "in"),
    ("all!", "st", "", "p", "second -"),  // but not the policy
    ("own", "st", "h", "p", "second -"),  // a number on hold is not offered and not texted
    ("own", "st", "ht", "p", "second t"), // and shuts nobody out who has another factor
    ("own", "st", "ht", "pt", "in"),
    ("none", "st", "h", "p", "in"),
];

#[test]
fn the_policy_is_the_table() {
    for (required, allowed, member, proof, verdict) in TABLE {
        let (policy, enrollment, proof) =
            (policy(required, allowed), enrollment(required, member), proved(proof));
        assert_eq!(
            shown(decide(policy, enrollment, proof)),
            *verdict,
            "{required} {allowed} {member} {proof:?}"
        );
    }
}

#[test]
fn no_input_breaks_the_invariants() {
    let mut inputs = 0;
    for (policy, member, proof) in every_input() {
        inputs += 1;
        let verdict = decide(policy, member, proof);
        let required = policy.required_for_all || member.enrolled;
        let accepted = proof.second.and(if member.is_breakglass { Methods::ALL } else { policy.allowed });
        let inside = verdict == Verdict::Authenticated;
        assert_eq!(inside, proof.primary && (!required || !accepted.is_empty()));
        assert_eq!(matches!(verdict, Verdict::PrimaryRequired { .. }), !proof.primary);
        let offered = match verdict {
            Verdict::SecondFactorRequired { usable, .. }
            | Verdict::PrimaryRequired { second: Some(usable) } => usable,
            Verdict::PrimaryRequired { second: None } | Verdict::Authenticated => Methods::NONE,
        };
        assert!(offered.and(allowed(policy, member.is_breakglass)) == offered, "offered, but not allowed");
        assert!(!offered.totp || member.totp, "offered, but not registered");
        assert!(!offered.sms_otp || matches!(member.phone, Phone::Verified | Phone::SetByAdmin));
        assert!(!(offered.sms_otp && member.phone != Phone::Verified && member.totp), "a way around the app");
        if let Verdict::SecondFactorRequired { usable, send_sms: true } = verdict {
            assert!(usable.sms_otp, "texted a number that is not offered");
        }
    }
    assert_eq!(inputs, 2 * 4 * 2 * 2 * 5 * 2 * 3 * 2 * 4);
}

#[test]
fn adding_a_factor_wants_the_proof_of_an_active_one() {
    for (_, member, proof) in every_input() {
        let active = member.active();
        let proved = proof.second.and(active);
        assert_eq!(may_add_factor(member, proof.second), active.is_empty() || !proved.is_empty());
    }
}

fn policy(required: &str, allowed: &str) -> Policy {
    Policy { required_for_all: required.starts_with("all"), allowed: methods(allowed) }
}

fn enrollment(required: &str, member: &str) -> Enrollment {
    let phone = match member.chars().next() {
        Some('V') => Phone::Verified,
        Some('a') => Phone::SetByAdmin,
        Some('l') => Phone::NamedAtLogin,
        Some('h') => Phone::OnHold,
        _ => Phone::None,
    };
    let preferred = match member {
        it if it.contains("t*") => Some(Method::Totp),
        it if it.contains('*') => Some(Method::SmsOtp),
        _ => None,
    };
    Enrollment {
        enrolled: required.starts_with("own"),
        is_breakglass: required.ends_with('!'),
        phone,
        totp: member.contains('t'),
        preferred,
    }
}

fn proved(proof: &str) -> Proof {
    Proof { primary: proof.contains('p'), second: methods(proof) }
}

fn methods(letters: &str) -> Methods {
    Methods { sms_otp: letters.contains('s'), totp: letters.contains('t') }
}

fn shown(verdict: Verdict) -> String {
    let letters = |it: Methods| match (it.sms_otp, it.totp) {
        (false, false) => "-",
        (true, false) => "s",
        (false, true) => "t",
        (true, true) => "st",
    };
    match verdict {
        Verdict::PrimaryRequired { second: None } => "primary".to_owned(),
        Verdict::PrimaryRequired { second: Some(usable) } => format!("primary, then {}", letters(usable)),
        Verdict::SecondFactorRequired { usable, send_sms: false } => format!("second {}", letters(usable)),
        Verdict::SecondFactorRequired { usable, send_sms: true } => {
            format!("second {}, text", letters(usable))
        }
        Verdict::Authenticated => "in".to_owned(),
    }
}

fn every_input() -> Vec<(Policy, Enrollment, Proof)> {
    const BOTH: [bool; 2] = [false, true];
    let sets: Vec<Methods> =
        BOTH.iter().flat_map(|&sms_otp| BOTH.iter().map(move |&totp| Methods { sms_otp, totp })).collect();
    let phones = [Phone::None, Phone::NamedAtLogin, Phone::SetByAdmin, Phone::Verified, Phone::OnHold];
    let preferences = [None, Some(Method::SmsOtp), Some(Method::Totp)];
    let mut inputs = Vec::new();
    for required_for_all in BOTH {
        for &allowed in &sets {
            for (enrolled, is_breakglass) in [(false, false), (false, true), (true, false), (true, true)] {
                for phone in phones {
                    for totp in BOTH {
                        for preferred in preferences {
                            for primary in BOTH {
                                for &second in &sets {
                                    inputs.push((
                                        Policy { required_for_all, allowed },
                                        Enrollment { enrolled, is_breakglass, phone, totp, preferred },
                                        Proof { primary, second },
                                    ));
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    inputs
}
