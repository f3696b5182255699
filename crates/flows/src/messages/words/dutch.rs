//! Dutch.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "nl",
    direction: "ltr",
    your_organization: "je organisatie",
    times: Times { minutes: "{n} minuten", hours: "{n} uur", days: "{n} dagen" },
    login: link("Inloggen bij {name}", "Gebruik deze link om in te loggen bij {name}:", "Inloggen"),
    signup: link(
        "Registreren bij {name}",
        "Gebruik deze link om je registratie bij {name} af te ronden:",
        "Registreren",
    ),
    invite: link(
        "Je bent uitgenodigd voor {name}",
        "Je bent uitgenodigd voor {name}. Gebruik deze link om te accepteren:",
        "Uitnodiging accepteren",
    ),
    new_address: link(
        "Bevestig je nieuwe adres voor {name}",
        "Gebruik deze link om dit je e-mailadres voor {name} te maken:",
        "Adres bevestigen",
    ),
    login_code: code("Je code voor {name}", "Gebruik deze code om in te loggen bij {name}:"),
    signup_code: code("Je code voor {name}", "Gebruik deze code om je registratie bij {name} af te ronden:"),
    new_address_code: code(
        "Bevestig je nieuwe adres voor {name}",
        "Gebruik deze code om dit je e-mailadres voor {name} te maken:",
    ),
    reset: link(
        "Stel je wachtwoord voor {name} opnieuw in",
        "Gebruik deze link om je wachtwoord voor {name} te kiezen:",
        "Wachtwoord kiezen",
    ),
    first_password: link(
        "Kies een wachtwoord voor {name}",
        "Gebruik deze link om je wachtwoord voor {name} te kiezen:",
        "Wachtwoord kiezen",
    ),
    without_password: "Of log in zonder wachtwoord:",
    link_ends: "De link verloopt over {time} en werkt één keer. Heb je er niet om gevraagd? Negeer dan dit bericht.",
    links_end: "De links verlopen over {time} en werken één keer. Heb je er niet om gevraagd? Negeer dan dit bericht.",
    code_ends: "De code verloopt over {time} en werkt één keer. Deel hem niet. Heb je er niet om gevraagd? Negeer dan dit bericht.",
    notices: Notices {
        subject: "De beveiliging van je login is gewijzigd",
        advice: "Was jij dit niet, en je beheerder ook niet? Neem dan meteen contact op met je beheerder.",
        phone_added: "Er is een telefoonnummer toegevoegd om je logins te bevestigen.",
        phone_removed: "Het telefoonnummer waarmee je logins werden bevestigd, is verwijderd.",
        totp_added: "Er is een authenticator-app toegevoegd om je logins te bevestigen.",
        totp_removed: "De authenticator-app waarmee je logins werden bevestigd, is verwijderd.",
        password_set: "Er is een wachtwoord voor je account ingesteld.",
        password_changed: "Je wachtwoord is gewijzigd en je andere sessies zijn beëindigd.",
        password_removed: "Je wachtwoord is verwijderd.",
        codes_replaced: "Je herstelcodes zijn vervangen door nieuwe.",
        codes_read: "Je herstelcodes zijn gelezen door je beheerder.",
        code_used: "Er is een herstelcode gebruikt om een login te bevestigen. Resterende codes: {count}.",
        email_changed: "Het e-mailadres van je account is gewijzigd.",
        rules_changed: "De regels voor het bevestigen van je logins zijn gewijzigd.",
        locked: "Er zijn te veel verkeerde codes ingevoerd voor je account. Logins bevestigen is een tijdje geblokkeerd.",
        disabled: "Er zijn te veel verkeerde codes ingevoerd voor je account. Logins bevestigen staat uit tot je beheerder het deblokkeert.",
        impersonated: "Iemand die deze dienst beheert, heeft je account geopend om je te helpen, hooguit een uur.",
    },
    texts: Texts {
        passcode: "Je verificatiecode is {code}. Deze verloopt over 2 minuten. Deel hem niet.",
        passcode_in_short: "Je code is {code}.",
        number_removed: "Dit nummer bevestigt je logins niet meer. Was jij dit niet? Neem contact op met je beheerder.",
    },
};
