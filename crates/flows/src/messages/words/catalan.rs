//! Catalan. Its text messages avoid í, ó and ú, which would halve the segment.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "ca-ES",
    direction: "ltr",
    your_organization: "la teva organització",
    times: Times { minutes: "{n} minuts", hours: "{n} hores", days: "{n} dies" },
    login: link(
        "Inicia la sessió a {name}",
        "Fes servir aquest enllaç per entrar a {name}:",
        "Inicia la sessió",
    ),
    signup: link(
        "Registra't a {name}",
        "Fes servir aquest enllaç per acabar el registre a {name}:",
        "Registra't",
    ),
    invite: link(
        "T'han convidat a {name}",
        "T'han convidat a {name}. Fes servir aquest enllaç per acceptar-ho:",
        "Accepta la invitació",
    ),
    new_address: link(
        "Confirma la teva adreça nova per a {name}",
        "Fes servir aquest enllaç perquè aquesta sigui la teva adreça de correu a {name}:",
        "Confirma l'adreça",
    ),
    login_code: code("El teu codi per a {name}", "Fes servir aquest codi per entrar a {name}:"),
    signup_code: code("El teu codi per a {name}", "Fes servir aquest codi per acabar el registre a {name}:"),
    new_address_code: code(
        "Confirma la teva adreça nova per a {name}",
        "Fes servir aquest codi perquè aquesta sigui la teva adreça de correu a {name}:",
    ),
    reset: link(
        "Restableix la contrasenya de {name}",
        "Fes servir aquest enllaç per triar la contrasenya de {name}:",
        "Tria la contrasenya",
    ),
    first_password: link(
        "Tria una contrasenya per a {name}",
        "Fes servir aquest enllaç per triar la contrasenya de {name}:",
        "Tria la contrasenya",
    ),
    without_password: "O entra sense contrasenya:",
    link_ends: "L'enllaç caduca d'aquí a {time} i només serveix una vegada. Si no l'has demanat, ignora aquest missatge.",
    links_end: "Els enllaços caduquen d'aquí a {time} i només serveixen una vegada. Si no els has demanat, ignora aquest missatge.",
    code_ends: "El codi caduca d'aquí a {time} i només serveix una vegada. No el comparteixis. Si no l'has demanat, ignora aquest missatge.",
    notices: Notices {
        subject: "La seguretat del teu accés ha canviat",
        advice: "Si no has estat tu ni el teu administrador, avisa de seguida el teu administrador.",
        phone_added: "S'ha afegit un número de telèfon per confirmar els teus accessos.",
        phone_removed: "S'ha eliminat el número de telèfon que confirmava els teus accessos.",
        totp_added: "S'ha afegit una aplicació d'autenticació per confirmar els teus accessos.",
        totp_removed: "S'ha eliminat l'aplicació d'autenticació que confirmava els teus accessos.",
        password_set: "S'ha definit una contrasenya per al teu compte.",
        password_changed: "S'ha canviat la teva contrasenya i s'han tancat les altres sessions.",
        password_removed: "S'ha eliminat la teva contrasenya.",
        codes_replaced: "Els teus codis de recuperació s'han substituït per uns de nous.",
        codes_read: "El teu administrador ha consultat els teus codis de recuperació.",
        code_used: "S'ha fet servir un codi de recuperació per confirmar un accés. Codis restants: {count}.",
        email_changed: "S'ha canviat l'adreça de correu del teu compte.",
        rules_changed: "S'han canviat les regles per confirmar els teus accessos.",
        locked: "S'han introduït massa codis erronis al teu compte. La confirmació d'accessos queda bloquejada una estona.",
        disabled: "S'han introduït massa codis erronis al teu compte. La confirmació d'accessos queda desactivada fins que el teu administrador la desbloquegi.",
        impersonated: "Algú que gestiona aquest servei ha obert el teu compte per ajudar-te, durant una hora com a màxim.",
    },
    texts: Texts {
        passcode: "El teu codi és {code}. Caduca en 2 minuts. No el comparteixis.",
        passcode_in_short: "El teu codi és {code}.",
        number_removed: "Aquest telèfon ja no confirma els teus accessos. Si no has estat tu, avisa el teu administrador.",
    },
};
