//! Czech. Its text messages are written without diacritics, as is usual there: one segment instead of two.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "cs",
    direction: "ltr",
    your_organization: "vaše organizace",
    times: Times { minutes: "{n} min", hours: "{n} h", days: "{n} d" },
    login: link("Přihlášení: {name}", "Tímto odkazem se přihlásíte ({name}):", "Přihlásit se"),
    signup: link("Registrace: {name}", "Tímto odkazem dokončíte registraci ({name}):", "Zaregistrovat se"),
    invite: link(
        "Pozvánka: {name}",
        "Máte pozvánku do organizace {name}. Tímto odkazem ji přijmete:",
        "Přijmout pozvánku",
    ),
    new_address: link(
        "Potvrďte novou adresu: {name}",
        "Tímto odkazem nastavíte tuto adresu jako svou e-mailovou adresu ({name}):",
        "Potvrdit adresu",
    ),
    login_code: code("Váš kód: {name}", "Tímto kódem se přihlásíte ({name}):"),
    signup_code: code("Váš kód: {name}", "Tímto kódem dokončíte registraci ({name}):"),
    new_address_code: code(
        "Potvrďte novou adresu: {name}",
        "Tímto kódem nastavíte tuto adresu jako svou e-mailovou adresu ({name}):",
    ),
    reset: link("Obnovení hesla: {name}", "Tímto odkazem si zvolíte heslo ({name}):", "Zvolit heslo"),
    first_password: link(
        "Zvolte si heslo: {name}",
        "Tímto odkazem si zvolíte heslo ({name}):",
        "Zvolit heslo",
    ),
    without_password: "Nebo se přihlaste bez hesla:",
    link_ends: "Odkaz platí {time} a jen jednou. Pokud jste o něj nežádali, zprávu ignorujte.",
    links_end: "Odkazy platí {time} a jen jednou. Pokud jste o ně nežádali, zprávu ignorujte.",
    code_ends: "Kód platí {time} a jen jednou. Nikomu ho nesdělujte. Pokud jste o něj nežádali, zprávu ignorujte.",
    notices: Notices {
        subject: "Změnilo se zabezpečení vašeho přihlašování",
        advice: "Pokud jste to nebyli vy ani váš správce, ihned kontaktujte správce.",
        phone_added: "Bylo přidáno telefonní číslo k potvrzování vašich přihlášení.",
        phone_removed: "Telefonní číslo k potvrzování vašich přihlášení bylo odebráno.",
        totp_added: "Byla přidána ověřovací aplikace k potvrzování vašich přihlášení.",
        totp_removed: "Ověřovací aplikace k potvrzování vašich přihlášení byla odebrána.",
        password_set: "K vašemu účtu bylo nastaveno heslo.",
        password_changed: "Vaše heslo bylo změněno a ostatní relace byly ukončeny.",
        password_removed: "Vaše heslo bylo odebráno.",
        codes_replaced: "Vaše záchranné kódy byly nahrazeny novými.",
        codes_read: "Váš správce si zobrazil vaše záchranné kódy.",
        code_used: "K potvrzení přihlášení byl použit záchranný kód. Zbývající kódy: {count}.",
        email_changed: "E-mailová adresa vašeho účtu byla změněna.",
        rules_changed: "Pravidla potvrzování vašich přihlášení byla změněna.",
        locked: "K vašemu účtu bylo zadáno příliš mnoho chybných kódů. Potvrzování přihlášení je na čas uzamčeno.",
        disabled: "K vašemu účtu bylo zadáno příliš mnoho chybných kódů. Potvrzování přihlášení je vypnuto, dokud ho správce neodemkne.",
        impersonated: "Někdo, kdo tuto službu provozuje, otevřel váš účet, aby vám pomohl, nejdéle na hodinu.",
    },
    texts: Texts {
        passcode: "Vas overovaci kod je {code}. Plati 2 minuty. Nikomu ho nesdelujte.",
        passcode_in_short: "Vas kod je {code}.",
        number_removed: "Toto cislo uz nepotvrzuje vase prihlaseni. Pokud jste to nebyli vy, kontaktujte spravce.",
    },
};
