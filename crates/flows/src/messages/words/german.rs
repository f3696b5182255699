//! German.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "de-DE",
    direction: "ltr",
    your_organization: "Ihre Organisation",
    times: Times { minutes: "{n} Minuten", hours: "{n} Stunden", days: "{n} Tage" },
    login: link("Anmelden bei {name}", "Mit diesem Link melden Sie sich bei {name} an:", "Anmelden"),
    signup: link(
        "Registrieren bei {name}",
        "Mit diesem Link schließen Sie Ihre Registrierung bei {name} ab:",
        "Registrieren",
    ),
    invite: link(
        "Einladung zu {name}",
        "Sie sind zu {name} eingeladen. Mit diesem Link nehmen Sie an:",
        "Einladung annehmen",
    ),
    new_address: link(
        "Neue Adresse bestätigen für {name}",
        "Mit diesem Link wird dies Ihre E-Mail-Adresse bei {name}:",
        "Adresse bestätigen",
    ),
    login_code: code("Ihr Code für {name}", "Mit diesem Code melden Sie sich bei {name} an:"),
    signup_code: code(
        "Ihr Code für {name}",
        "Mit diesem Code schließen Sie Ihre Registrierung bei {name} ab:",
    ),
    new_address_code: code(
        "Neue Adresse bestätigen für {name}",
        "Mit diesem Code wird dies Ihre E-Mail-Adresse bei {name}:",
    ),
    reset: link(
        "Passwort zurücksetzen für {name}",
        "Mit diesem Link wählen Sie Ihr Passwort für {name}:",
        "Passwort wählen",
    ),
    first_password: link(
        "Passwort wählen für {name}",
        "Mit diesem Link wählen Sie Ihr Passwort für {name}:",
        "Passwort wählen",
    ),
    without_password: "Oder ohne Passwort anmelden:",
    link_ends: "Der Link gilt {time} und nur einmal. Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese Nachricht.",
    links_end: "Die Links gelten {time} und nur einmal. Wenn Sie sie nicht angefordert haben, ignorieren Sie diese Nachricht.",
    code_ends: "Der Code gilt {time} und nur einmal. Geben Sie ihn nicht weiter. Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese Nachricht.",
    notices: Notices {
        subject: "Die Sicherheit Ihrer Anmeldung hat sich geändert",
        advice: "Wenn das weder Sie noch Ihr Administrator waren, informieren Sie sofort Ihren Administrator.",
        phone_added: "Eine Telefonnummer zum Bestätigen Ihrer Anmeldungen wurde hinzugefügt.",
        phone_removed: "Die Telefonnummer zum Bestätigen Ihrer Anmeldungen wurde entfernt.",
        totp_added: "Eine Authenticator-App zum Bestätigen Ihrer Anmeldungen wurde hinzugefügt.",
        totp_removed: "Die Authenticator-App zum Bestätigen Ihrer Anmeldungen wurde entfernt.",
        password_set: "Für Ihr Konto wurde ein Passwort festgelegt.",
        password_changed: "Ihr Passwort wurde geändert, und Ihre anderen Sitzungen wurden beendet.",
        password_removed: "Ihr Passwort wurde entfernt.",
        codes_replaced: "Ihre Wiederherstellungscodes wurden durch neue ersetzt.",
        codes_read: "Ihre Wiederherstellungscodes wurden von Ihrem Administrator gelesen.",
        code_used: "Ein Wiederherstellungscode wurde zum Bestätigen einer Anmeldung benutzt. Verbleibende Codes: {count}.",
        email_changed: "Die E-Mail-Adresse Ihres Kontos wurde geändert.",
        rules_changed: "Die Regeln zum Bestätigen Ihrer Anmeldungen wurden geändert.",
        locked: "Für Ihr Konto wurden zu viele falsche Codes eingegeben. Das Bestätigen von Anmeldungen ist eine Zeit lang gesperrt.",
        disabled: "Für Ihr Konto wurden zu viele falsche Codes eingegeben. Das Bestätigen von Anmeldungen ist ausgesetzt, bis Ihr Administrator es entsperrt.",
        impersonated: "Jemand, der diesen Dienst betreibt, hat Ihr Konto geöffnet, um Ihnen zu helfen, für höchstens eine Stunde.",
    },
    texts: Texts {
        passcode: "Ihr Bestätigungscode ist {code}. Er gilt 2 Minuten. Geben Sie ihn nicht weiter.",
        passcode_in_short: "Ihr Code ist {code}.",
        number_removed: "Diese Nummer bestätigt Ihre Anmeldungen nicht mehr. Waren Sie das nicht? Dann informieren Sie Ihren Administrator.",
    },
};
