//! Turkish. The text with a code uses words without ç, ğ, ı and ş, which would halve the segment.

use super::{Notices, Texts, Times, Words, code, link};

pub const WORDS: Words = Words {
    tag: "tr",
    direction: "ltr",
    your_organization: "kuruluşunuz",
    times: Times { minutes: "{n} dakika", hours: "{n} saat", days: "{n} gün" },
    login: link("Giriş: {name}", "{name} hesabınıza girmek için bu bağlantıyı kullanın:", "Giriş yap"),
    signup: link(
        "Kayıt: {name}",
        "{name} kaydınızı tamamlamak için bu bağlantıyı kullanın:",
        "Kaydı tamamla",
    ),
    invite: link(
        "Davet: {name}",
        "{name} sizi davet ediyor. Kabul etmek için bu bağlantıyı kullanın:",
        "Daveti kabul et",
    ),
    new_address: link(
        "Yeni adresinizi onaylayın: {name}",
        "Bu adresi {name} e-posta adresiniz yapmak için bu bağlantıyı kullanın:",
        "Adresi onayla",
    ),
    login_code: code("Kodunuz: {name}", "{name} hesabınıza girmek için bu kodu kullanın:"),
    signup_code: code("Kodunuz: {name}", "{name} kaydınızı tamamlamak için bu kodu kullanın:"),
    new_address_code: code(
        "Yeni adresinizi onaylayın: {name}",
        "Bu adresi {name} e-posta adresiniz yapmak için bu kodu kullanın:",
    ),
    reset: link(
        "Parolanızı sıfırlayın: {name}",
        "{name} parolanızı seçmek için bu bağlantıyı kullanın:",
        "Parola seç",
    ),
    first_password: link(
        "Parolanızı belirleyin: {name}",
        "{name} parolanızı seçmek için bu bağlantıyı kullanın:",
        "Parola seç",
    ),
    without_password: "Ya da parolasız giriş yapın:",
    link_ends: "Bağlantı {time} geçerlidir ve bir kez kullanılabilir. Siz istemediyseniz bu iletiyi dikkate almayın.",
    links_end: "Bağlantılar {time} geçerlidir ve bir kez kullanılabilir. Siz istemediyseniz bu iletiyi dikkate almayın.",
    code_ends: "Kod {time} geçerlidir ve bir kez kullanılabilir. Kimseyle paylaşmayın. Siz istemediyseniz bu iletiyi dikkate almayın.",
    notices: Notices {
        subject: "Giriş güvenliğiniz değişti",
        advice: "Bunu siz veya yöneticiniz yapmadıysa hemen yöneticinize haber verin.",
        phone_added: "Girişlerinizi onaylamak için bir telefon numarası eklendi.",
        phone_removed: "Girişlerinizi onaylayan telefon numarası kaldırıldı.",
        totp_added: "Girişlerinizi onaylamak için bir kimlik doğrulama uygulaması eklendi.",
        totp_removed: "Girişlerinizi onaylayan kimlik doğrulama uygulaması kaldırıldı.",
        password_set: "Hesabınız için bir parola belirlendi.",
        password_changed: "Parolanız değiştirildi ve diğer oturumlarınız kapatıldı.",
        password_removed: "Parolanız kaldırıldı.",
        codes_replaced: "Kurtarma kodlarınız yenileriyle değiştirildi.",
        codes_read: "Kurtarma kodlarınız yöneticiniz tarafından okundu.",
        code_used: "Bir girişi onaylamak için bir kurtarma kodu kullanıldı. Kalan kod sayısı: {count}.",
        email_changed: "Hesabınızın e-posta adresi değiştirildi.",
        rules_changed: "Girişlerinizi onaylama kuralları değiştirildi.",
        locked: "Hesabınız için çok fazla yanlış kod girildi. Giriş onaylama bir süreliğine kilitlendi.",
        disabled: "Hesabınız için çok fazla yanlış kod girildi. Giriş onaylama, yöneticiniz kilidi açana kadar kapalı.",
        impersonated: "Bu hizmeti işleten biri, size yardım etmek için hesabınızı en fazla bir saatliğine açtı.",
    },
    texts: Texts {
        passcode: "Kodunuz: {code}. 2 dakika sonra sona erer. Kimseye vermeyin.",
        passcode_in_short: "Kodunuz: {code}.",
        number_removed: "Bu numara girişlerinizi artık onaylamıyor. Bilginiz yoksa bildirin.",
    },
};
