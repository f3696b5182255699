//! Brazilian Portuguese. Its text messages avoid ã, ç, ê and ó, which would halve the segment.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "pt-BR",
    direction: "ltr",
    your_organization: "sua organização",
    times: Times { minutes: "{n} minutos", hours: "{n} horas", days: "{n} dias" },
    login: link("Entre em {name}", "Use este link para entrar em {name}:", "Entrar"),
    signup: link(
        "Cadastre-se em {name}",
        "Use este link para concluir seu cadastro em {name}:",
        "Cadastrar-se",
    ),
    invite: link(
        "Você foi convidado para {name}",
        "Você foi convidado para {name}. Use este link para aceitar:",
        "Aceitar o convite",
    ),
    new_address: link(
        "Confirme seu novo endereço para {name}",
        "Use este link para que este seja seu endereço de e-mail em {name}:",
        "Confirmar o endereço",
    ),
    login_code: code("Seu código para {name}", "Use este código para entrar em {name}:"),
    signup_code: code("Seu código para {name}", "Use este código para concluir seu cadastro em {name}:"),
    new_address_code: code(
        "Confirme seu novo endereço para {name}",
        "Use este código para que este seja seu endereço de e-mail em {name}:",
    ),
    reset: link(
        "Redefina sua senha de {name}",
        "Use este link para escolher sua senha de {name}:",
        "Escolher senha",
    ),
    first_password: link(
        "Escolha uma senha para {name}",
        "Use este link para escolher sua senha de {name}:",
        "Escolher senha",
    ),
    without_password: "Ou entre sem senha:",
    link_ends: "O link expira em {time} e só funciona uma vez. Se você não o pediu, ignore esta mensagem.",
    links_end: "Os links expiram em {time} e só funcionam uma vez. Se você não os pediu, ignore esta mensagem.",
    code_ends: "O código expira em {time} e só funciona uma vez. Não o compartilhe. Se você não o pediu, ignore esta mensagem.",
    notices: Notices {
        subject: "A segurança do seu acesso mudou",
        advice: "Se não foi você nem seu administrador, avise seu administrador imediatamente.",
        phone_added: "Um número de telefone para confirmar seus acessos foi adicionado.",
        phone_removed: "O número de telefone que confirmava seus acessos foi removido.",
        totp_added: "Um aplicativo autenticador para confirmar seus acessos foi adicionado.",
        totp_removed: "O aplicativo autenticador que confirmava seus acessos foi removido.",
        password_set: "Uma senha foi definida para sua conta.",
        password_changed: "Sua senha foi alterada e suas outras sessões foram encerradas.",
        password_removed: "Sua senha foi removida.",
        codes_replaced: "Seus códigos de recuperação foram substituídos por novos.",
        codes_read: "Seu administrador consultou seus códigos de recuperação.",
        code_used: "Um código de recuperação foi usado para confirmar um acesso. Códigos restantes: {count}.",
        email_changed: "O endereço de e-mail da sua conta foi alterado.",
        rules_changed: "As regras para confirmar seus acessos foram alteradas.",
        locked: "Muitos códigos errados foram digitados na sua conta. A confirmação de acessos está bloqueada por um tempo.",
        disabled: "Muitos códigos errados foram digitados na sua conta. A confirmação de acessos está desativada até que seu administrador a desbloqueie.",
        impersonated: "Alguém que opera este serviço abriu sua conta para ajudar você, por uma hora no máximo.",
    },
    texts: Texts {
        passcode: "Use {code} para confirmar seu acesso. Expira em 2 minutos. Nunca compartilhe.",
        passcode_in_short: "Use {code} para confirmar.",
        number_removed: "Este telefone deixou de confirmar seus acessos. Se isso foi sem seu pedido, avise seu administrador.",
    },
};
