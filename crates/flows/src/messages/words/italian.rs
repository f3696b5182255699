//! Italian.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "it",
    direction: "ltr",
    your_organization: "la tua organizzazione",
    times: Times { minutes: "{n} minuti", hours: "{n} ore", days: "{n} giorni" },
    login: link("Accedi a {name}", "Usa questo link per accedere a {name}:", "Accedi"),
    signup: link(
        "Registrati a {name}",
        "Usa questo link per completare la registrazione a {name}:",
        "Registrati",
    ),
    invite: link(
        "Hai ricevuto un invito per {name}",
        "Hai ricevuto un invito per {name}. Usa questo link per accettarlo:",
        "Accetta l'invito",
    ),
    new_address: link(
        "Conferma il tuo nuovo indirizzo per {name}",
        "Usa questo link per fare di questo il tuo indirizzo e-mail per {name}:",
        "Conferma l'indirizzo",
    ),
    login_code: code("Il tuo codice per {name}", "Usa questo codice per accedere a {name}:"),
    signup_code: code(
        "Il tuo codice per {name}",
        "Usa questo codice per completare la registrazione a {name}:",
    ),
    new_address_code: code(
        "Conferma il tuo nuovo indirizzo per {name}",
        "Usa questo codice per fare di questo il tuo indirizzo e-mail per {name}:",
    ),
    reset: link(
        "Reimposta la password per {name}",
        "Usa questo link per scegliere la password per {name}:",
        "Scegli la password",
    ),
    first_password: link(
        "Scegli una password per {name}",
        "Usa questo link per scegliere la password per {name}:",
        "Scegli la password",
    ),
    without_password: "Oppure accedi senza password:",
    link_ends: "Il link scade tra {time} e funziona una sola volta. Se non l'hai richiesto, ignora questo messaggio.",
    links_end: "I link scadono tra {time} e funzionano una sola volta. Se non li hai richiesti, ignora questo messaggio.",
    code_ends: "Il codice scade tra {time} e funziona una sola volta. Non condividerlo. Se non l'hai richiesto, ignora questo messaggio.",
    notices: Notices {
        subject: "La sicurezza del tuo accesso è cambiata",
        advice: "Se non siete stati tu o il tuo amministratore, avvisa subito il tuo amministratore.",
        phone_added: "È stato aggiunto un numero di telefono per confermare i tuoi accessi.",
        phone_removed: "È stato rimosso il numero di telefono che confermava i tuoi accessi.",
        totp_added: "È stata aggiunta un'app di autenticazione per confermare i tuoi accessi.",
        totp_removed: "È stata rimossa l'app di autenticazione che confermava i tuoi accessi.",
        password_set: "È stata impostata una password per il tuo account.",
        password_changed: "La tua password è stata cambiata e le altre sessioni sono state chiuse.",
        password_removed: "La tua password è stata rimossa.",
        codes_replaced: "I tuoi codici di recupero sono stati sostituiti con nuovi.",
        codes_read: "Il tuo amministratore ha consultato i tuoi codici di recupero.",
        code_used: "È stato usato un codice di recupero per confermare un accesso. Codici rimasti: {count}.",
        email_changed: "L'indirizzo e-mail del tuo account è stato cambiato.",
        rules_changed: "Le regole per confermare i tuoi accessi sono cambiate.",
        locked: "Sono stati inseriti troppi codici errati per il tuo account. La conferma degli accessi è bloccata per un po'.",
        disabled: "Sono stati inseriti troppi codici errati per il tuo account. La conferma degli accessi è disattivata finché il tuo amministratore non la sblocca.",
        impersonated: "Una persona che gestisce questo servizio ha aperto il tuo account per aiutarti, per un'ora al massimo.",
    },
    texts: Texts {
        passcode: "Il tuo codice di verifica è {code}. Scade tra 2 minuti. Non condividerlo.",
        passcode_in_short: "Il tuo codice è {code}.",
        number_removed: "Questo numero non conferma più i tuoi accessi. Se non l'hai chiesto tu, avvisa il tuo amministratore.",
    },
};
