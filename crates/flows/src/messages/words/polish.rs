//! Polish. Its text messages use words without ą, ę, ł, ó, ś and ż, which would halve the segment.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "pl",
    direction: "ltr",
    your_organization: "Twoja organizacja",
    times: Times { minutes: "{n} min", hours: "{n} godz.", days: "{n} dni" },
    login: link("Logowanie: {name}", "Użyj tego linku, aby się zalogować ({name}):", "Zaloguj się"),
    signup: link(
        "Rejestracja: {name}",
        "Użyj tego linku, aby dokończyć rejestrację ({name}):",
        "Zarejestruj się",
    ),
    invite: link(
        "Zaproszenie: {name}",
        "Masz zaproszenie do organizacji {name}. Użyj tego linku, aby je przyjąć:",
        "Przyjmij zaproszenie",
    ),
    new_address: link(
        "Potwierdź nowy adres: {name}",
        "Użyj tego linku, aby ustawić ten adres jako swój adres e-mail ({name}):",
        "Potwierdź adres",
    ),
    login_code: code("Twój kod: {name}", "Użyj tego kodu, aby się zalogować ({name}):"),
    signup_code: code("Twój kod: {name}", "Użyj tego kodu, aby dokończyć rejestrację ({name}):"),
    new_address_code: code(
        "Potwierdź nowy adres: {name}",
        "Użyj tego kodu, aby ustawić ten adres jako swój adres e-mail ({name}):",
    ),
    reset: link("Zmiana hasła: {name}", "Użyj tego linku, aby wybrać hasło ({name}):", "Wybierz hasło"),
    first_password: link(
        "Ustaw hasło: {name}",
        "Użyj tego linku, aby wybrać hasło ({name}):",
        "Wybierz hasło",
    ),
    without_password: "Albo zaloguj się bez hasła:",
    link_ends: "Link wygasa za {time} i działa tylko raz. Jeśli o niego nie prosisz, zignoruj tę wiadomość.",
    links_end: "Linki wygasają za {time} i działają tylko raz. Jeśli o nie nie prosisz, zignoruj tę wiadomość.",
    code_ends: "Kod wygasa za {time} i działa tylko raz. Nikomu go nie podawaj. Jeśli o niego nie prosisz, zignoruj tę wiadomość.",
    notices: Notices {
        subject: "Zmieniły się zabezpieczenia Twojego logowania",
        advice: "Jeśli to nie Ty ani Twój administrator, natychmiast powiadom administratora.",
        phone_added: "Dodano numer telefonu do potwierdzania Twoich logowań.",
        phone_removed: "Usunięto numer telefonu, który potwierdzał Twoje logowania.",
        totp_added: "Dodano aplikację uwierzytelniającą do potwierdzania Twoich logowań.",
        totp_removed: "Usunięto aplikację uwierzytelniającą, która potwierdzała Twoje logowania.",
        password_set: "Ustawiono hasło do Twojego konta.",
        password_changed: "Zmieniono Twoje hasło i zakończono pozostałe sesje.",
        password_removed: "Usunięto Twoje hasło.",
        codes_replaced: "Twoje kody odzyskiwania zastąpiono nowymi.",
        codes_read: "Twój administrator odczytał Twoje kody odzyskiwania.",
        code_used: "Użyto kodu odzyskiwania do potwierdzenia logowania. Pozostałe kody: {count}.",
        email_changed: "Zmieniono adres e-mail Twojego konta.",
        rules_changed: "Zmieniono zasady potwierdzania Twoich logowań.",
        locked: "Na Twoim koncie wpisano zbyt wiele błędnych kodów. Potwierdzanie logowań jest przez pewien czas zablokowane.",
        disabled: "Na Twoim koncie wpisano zbyt wiele błędnych kodów. Potwierdzanie logowań jest wyłączone, dopóki administrator go nie odblokuje.",
        impersonated: "Osoba prowadząca tę usługę otworzyła Twoje konto, aby Ci pomóc, najwyżej na godzinę.",
    },
    texts: Texts {
        passcode: "Kod: {code}. Wygasa za 2 minuty. Nie podawaj go nikomu.",
        passcode_in_short: "Kod: {code}.",
        number_removed: "Ten numer nie potwierdza teraz logowania do konta. To nie ty? Powiadom administratora.",
    },
};
