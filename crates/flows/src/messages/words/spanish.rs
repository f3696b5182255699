//! Spanish. Its text messages avoid á, í, ó and ú, which would halve the segment.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "es",
    direction: "ltr",
    your_organization: "tu organización",
    times: Times { minutes: "{n} minutos", hours: "{n} horas", days: "{n} días" },
    login: link("Inicia sesión en {name}", "Usa este enlace para entrar en {name}:", "Iniciar sesión"),
    signup: link(
        "Regístrate en {name}",
        "Usa este enlace para terminar tu registro en {name}:",
        "Registrarse",
    ),
    invite: link(
        "Te han invitado a {name}",
        "Te han invitado a {name}. Usa este enlace para aceptar:",
        "Aceptar la invitación",
    ),
    new_address: link(
        "Confirma tu nueva dirección para {name}",
        "Usa este enlace para que esta sea tu dirección de correo en {name}:",
        "Confirmar la dirección",
    ),
    login_code: code("Tu código para {name}", "Usa este código para entrar en {name}:"),
    signup_code: code("Tu código para {name}", "Usa este código para terminar tu registro en {name}:"),
    new_address_code: code(
        "Confirma tu nueva dirección para {name}",
        "Usa este código para que esta sea tu dirección de correo en {name}:",
    ),
    reset: link(
        "Restablece tu contraseña de {name}",
        "Usa este enlace para elegir tu contraseña de {name}:",
        "Elegir contraseña",
    ),
    first_password: link(
        "Elige una contraseña para {name}",
        "Usa este enlace para elegir tu contraseña de {name}:",
        "Elegir contraseña",
    ),
    without_password: "O entra sin contraseña:",
    link_ends: "El enlace caduca en {time} y sirve una sola vez. Si no lo pediste, ignora este mensaje.",
    links_end: "Los enlaces caducan en {time} y sirven una sola vez. Si no los pediste, ignora este mensaje.",
    code_ends: "El código caduca en {time} y sirve una sola vez. No lo compartas. Si no lo pediste, ignora este mensaje.",
    notices: Notices {
        subject: "Ha cambiado la seguridad de tu acceso",
        advice: "Si no has sido tú ni tu administrador, avisa enseguida a tu administrador.",
        phone_added: "Se ha añadido un número de teléfono para confirmar tus accesos.",
        phone_removed: "Se ha eliminado el número de teléfono que confirmaba tus accesos.",
        totp_added: "Se ha añadido una aplicación de autenticación para confirmar tus accesos.",
        totp_removed: "Se ha eliminado la aplicación de autenticación que confirmaba tus accesos.",
        password_set: "Se ha establecido una contraseña para tu cuenta.",
        password_changed: "Se ha cambiado tu contraseña y se han cerrado tus demás sesiones.",
        password_removed: "Se ha eliminado tu contraseña.",
        codes_replaced: "Tus códigos de recuperación se han sustituido por otros nuevos.",
        codes_read: "Tu administrador ha consultado tus códigos de recuperación.",
        code_used: "Se ha usado un código de recuperación para confirmar un acceso. Códigos restantes: {count}.",
        email_changed: "Se ha cambiado la dirección de correo de tu cuenta.",
        rules_changed: "Han cambiado las reglas para confirmar tus accesos.",
        locked: "Se han introducido demasiados códigos erróneos en tu cuenta. La confirmación de accesos queda bloqueada un tiempo.",
        disabled: "Se han introducido demasiados códigos erróneos en tu cuenta. La confirmación de accesos queda desactivada hasta que tu administrador la desbloquee.",
        impersonated: "Alguien que gestiona este servicio ha abierto tu cuenta para ayudarte, durante una hora como máximo.",
    },
    texts: Texts {
        passcode: "Tu clave es {code}. Caduca en 2 minutos. No la compartas.",
        passcode_in_short: "Tu clave es {code}.",
        number_removed: "Este teléfono ya no confirma tus accesos. Si no es cosa tuya, avisa a tu administrador.",
    },
};
