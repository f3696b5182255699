//! French. Its text messages avoid â, ç, ê and î, which would halve the segment.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "fr",
    direction: "ltr",
    your_organization: "votre organisation",
    times: Times { minutes: "{n} minutes", hours: "{n} heures", days: "{n} jours" },
    login: link("Connexion à {name}", "Utilisez ce lien pour vous connecter à {name} :", "Se connecter"),
    signup: link(
        "Inscription à {name}",
        "Utilisez ce lien pour terminer votre inscription à {name} :",
        "S'inscrire",
    ),
    invite: link(
        "Vous êtes invité à rejoindre {name}",
        "Vous êtes invité à rejoindre {name}. Utilisez ce lien pour accepter :",
        "Accepter l'invitation",
    ),
    new_address: link(
        "Confirmez votre nouvelle adresse pour {name}",
        "Utilisez ce lien pour faire de cette adresse la vôtre chez {name} :",
        "Confirmer l'adresse",
    ),
    login_code: code("Votre code pour {name}", "Utilisez ce code pour vous connecter à {name} :"),
    signup_code: code(
        "Votre code pour {name}",
        "Utilisez ce code pour terminer votre inscription à {name} :",
    ),
    new_address_code: code(
        "Confirmez votre nouvelle adresse pour {name}",
        "Utilisez ce code pour faire de cette adresse la vôtre chez {name} :",
    ),
    reset: link(
        "Réinitialisez votre mot de passe pour {name}",
        "Utilisez ce lien pour choisir votre mot de passe pour {name} :",
        "Choisir un mot de passe",
    ),
    first_password: link(
        "Choisissez un mot de passe pour {name}",
        "Utilisez ce lien pour choisir votre mot de passe pour {name} :",
        "Choisir un mot de passe",
    ),
    without_password: "Ou connectez-vous sans mot de passe :",
    link_ends: "Le lien expire dans {time} et ne sert qu'une fois. Si vous ne l'avez pas demandé, ignorez ce message.",
    links_end: "Les liens expirent dans {time} et ne servent qu'une fois. Si vous ne les avez pas demandés, ignorez ce message.",
    code_ends: "Le code expire dans {time} et ne sert qu'une fois. Ne le partagez pas. Si vous ne l'avez pas demandé, ignorez ce message.",
    notices: Notices {
        subject: "La sécurité de votre connexion a changé",
        advice: "Si ce n'était ni vous ni votre administrateur, prévenez immédiatement votre administrateur.",
        phone_added: "Un numéro de téléphone pour confirmer vos connexions a été ajouté.",
        phone_removed: "Le numéro de téléphone qui confirmait vos connexions a été supprimé.",
        totp_added: "Une application d'authentification pour confirmer vos connexions a été ajoutée.",
        totp_removed: "L'application d'authentification qui confirmait vos connexions a été supprimée.",
        password_set: "Un mot de passe a été défini pour votre compte.",
        password_changed: "Votre mot de passe a été modifié et vos autres sessions ont été fermées.",
        password_removed: "Votre mot de passe a été supprimé.",
        codes_replaced: "Vos codes de récupération ont été remplacés par de nouveaux.",
        codes_read: "Vos codes de récupération ont été consultés par votre administrateur.",
        code_used: "Un code de récupération a servi à confirmer une connexion. Codes restants : {count}.",
        email_changed: "L'adresse e-mail de votre compte a été modifiée.",
        rules_changed: "Les règles de confirmation de vos connexions ont été modifiées.",
        locked: "Trop de codes erronés ont été saisis pour votre compte. La confirmation des connexions est bloquée pour un moment.",
        disabled: "Trop de codes erronés ont été saisis pour votre compte. La confirmation des connexions est désactivée jusqu'à ce que votre administrateur la débloque.",
        impersonated: "Une personne qui gère ce service a ouvert votre compte pour vous aider, pendant une heure au plus.",
    },
    texts: Texts {
        passcode: "Votre code est {code}. Il expire dans 2 minutes. Ne le partagez pas.",
        passcode_in_short: "Votre code est {code}.",
        number_removed: "Ce numéro ne confirme plus vos connexions. Si ce n'est pas vous, contactez votre administrateur.",
    },
};
