//! Providers of texts and mails, made of what is configured.

use super::raw::{
    BirdSection, DkimSection, Mail, MailProvider, MailReceiptsSection, SmppSection, Sms, SmsProvider,
    SmtpSection, SmtpSecurity, SnsSection, TwilioSection, VonageSection, WebhookSection,
};
use crate::{Failure, key_file};
use delivery::{
    Bird, BirdConfig, Carrier, ConfigurationFault, DkimConfig, MailReceipts, Mailer, Provider, Security,
    SignedWebhook, Smpp, SmppConfig, Smtp, SmtpConfig, SmtpCredentials, Sns, SnsConfig, Texts, Twilio,
    TwilioConfig, Vonage, VonageConfig, WebhookConfig,
};
use domain::{email::EmailAddress, phone::Country};
use secrecy::SecretString;
use std::{fs, path::Path};
use url::Url;

type Built<T> = Result<T, ConfigurationFault>;

/// Each provider as the operator lists it, and the orders of countries.
pub fn texts(sms: &Sms, public_url: &Url, folder: &Path) -> Result<Texts, Failure> {
    let providers = sms.providers.iter().enumerate().map(|(place, section)| {
        let (name, countries) = head(section);
        let key = format!("sms.providers[{place}] ({name:?})");
        let named = |fault: Failure| -> Failure { format!("{key}: {fault}").into() };
        let countries = countries.iter().map(|it| country(it)).collect::<Result<Vec<_>, _>>();
        let carrier = carrier(section, receipts(public_url, name), folder).map_err(named)?;
        Provider::new(name, countries.map_err(named)?, carrier).map_err(|fault| named(fault.into()))
    });
    let providers = providers.collect::<Result<Vec<_>, Failure>>()?;
    let mut texts = Texts::new(providers).map_err(|fault| format!("sms.providers: {fault}"))?;
    for (code, names) in &sms.order {
        let country = country(code).map_err(|fault| format!("sms.order: {fault}"))?;
        texts = texts.ordered(country, names).map_err(|fault| format!("sms.order.{code}: {fault}"))?;
    }
    Ok(texts)
}

pub fn mailer(mail: &Mail, folder: &Path) -> Result<Mailer, Failure> {
    let smtp = match mail.provider {
        MailProvider::None => return Ok(Mailer::Nowhere),
        MailProvider::Smtp => mail.smtp.as_ref().ok_or("mail.smtp: needed with mail.provider = \"smtp\"")?,
    };
    let config = smtp_config(smtp, folder)?;
    let made = Smtp::new(&config).map_err(|fault| format!("mail.smtp: {fault}"))?;
    let made = match &smtp.receipts {
        Some(section) => made.with_receipts(mail_receipts(section, folder)?),
        None => made,
    };
    Ok(Mailer::Smtp(Box::new(made)))
}

fn head(section: &SmsProvider) -> (&str, &[String]) {
    match section {
        SmsProvider::Webhook(it) => (&it.name, &it.countries),
        SmsProvider::Twilio(it) => (&it.name, &it.countries),
        SmsProvider::Vonage(it) => (&it.name, &it.countries),
        SmsProvider::Sns(it) => (&it.name, &it.countries),
        SmsProvider::Bird(it) => (&it.name, &it.countries),
        SmsProvider::Smpp(it) => (&it.name, &it.countries),
    }
}

fn country(code: &str) -> Result<Country, Failure> {
    Country::known(code).ok_or_else(|| format!("{code:?} is no country; two letters such as CH").into())
}

/// Where a provider is told to send its receipts; none while nobody could reach it.
fn receipts(public_url: &Url, name: &str) -> Option<Url> {
    let base = public_url.as_str().trim_end_matches('/');
    let url = Url::parse(&format!("{base}/receipts/{name}")).ok()?;
    (url.scheme() == "https").then_some(url)
}

fn carrier(section: &SmsProvider, receipts: Option<Url>, folder: &Path) -> Result<Carrier, Failure> {
    Ok(match section {
        SmsProvider::Webhook(it) => Carrier::Webhook(webhook(it, folder)?),
        SmsProvider::Twilio(it) => Carrier::Twilio(twilio(it, receipts, folder)?),
        SmsProvider::Vonage(it) => Carrier::Vonage(vonage(it, receipts, folder)?),
        SmsProvider::Sns(it) => Carrier::Sns(sns(it, folder)?),
        SmsProvider::Bird(it) => Carrier::Bird(bird(it, folder)?),
        SmsProvider::Smpp(it) => Carrier::Smpp(smpp(it, folder)?),
    })
}

fn webhook(it: &WebhookSection, folder: &Path) -> Result<SignedWebhook, Failure> {
    let config =
        WebhookConfig { url: it.url.clone(), secret: secret(folder, ("secret_file", &it.secret_file))? };
    Ok(SignedWebhook::new(&config)?)
}

fn twilio(it: &TwilioSection, receipts: Option<Url>, folder: &Path) -> Result<Twilio, Failure> {
    let made = Twilio::new(TwilioConfig {
        account_sid: it.account_sid.clone(),
        auth_token: secret(folder, ("auth_token_file", &it.auth_token_file))?,
        from: it.from.clone(),
        base_url: it.base_url.clone(),
        receipts,
    });
    Ok(made?)
}

fn vonage(it: &VonageSection, receipts: Option<Url>, folder: &Path) -> Result<Vonage, Failure> {
    let signature_secret = it
        .signature_secret_file
        .as_ref()
        .map(|it| secret(folder, ("signature_secret_file", it)))
        .transpose()?;
    let made = Vonage::new(VonageConfig {
        application_id: it.application_id.clone(),
        private_key: secret(folder, ("private_key_file", &it.private_key_file))?,
        from: it.from.clone(),
        receipts: receipts.filter(|_| signature_secret.is_some()),
        signature_secret,
        base_url: it.base_url.clone(),
    });
    Ok(made?)
}

fn sns(it: &SnsSection, folder: &Path) -> Result<Sns, Failure> {
    let made = Sns::new(SnsConfig {
        region: it.region.clone(),
        access_key_id: it.access_key_id.clone(),
        secret_access_key: secret(folder, ("secret_access_key_file", &it.secret_access_key_file))?,
        sender_id: it.sender_id.clone(),
        receipts_topic: it.receipts_topic.clone(),
        base_url: it.base_url.clone(),
    });
    Ok(made?)
}

fn bird(it: &BirdSection, folder: &Path) -> Result<Bird, Failure> {
    let signing_key =
        it.signing_key_file.as_ref().map(|it| secret(folder, ("signing_key_file", it))).transpose()?;
    let made = Bird::new(BirdConfig {
        access_key: secret(folder, ("access_key_file", &it.access_key_file))?,
        workspace: it.workspace.clone(),
        channel: it.channel.clone(),
        signing_key,
        base_url: it.base_url.clone(),
    });
    Ok(made?)
}

fn smpp(it: &SmppSection, folder: &Path) -> Result<Smpp, Failure> {
    let made = Smpp::new(SmppConfig {
        host: it.host.clone(),
        port: it.port,
        tls: it.tls,
        trusted: it.ca_file.as_ref().map(|it| certificates(&folder.join(it))).transpose()?,
        system_id: it.system_id.clone(),
        password: secret(folder, ("password_file", &it.password_file))?,
        system_type: it.system_type.clone(),
        from: it.sender.clone(),
    });
    Ok(made?)
}

fn smtp_config(smtp: &SmtpSection, folder: &Path) -> Result<SmtpConfig, Failure> {
    let credentials = match (&smtp.username, &smtp.password_file) {
        (Some(username), Some(file)) => Some(SmtpCredentials {
            username: username.clone(),
            password: secret(folder, ("mail.smtp.password_file", file))?,
        }),
        (None, None) => None,
        _ => return Err("mail.smtp: username and password_file belong together".into()),
    };
    Ok(SmtpConfig {
        host: smtp.host.clone(),
        port: smtp.port,
        security: match smtp.security {
            SmtpSecurity::Tls => Security::Tls,
            SmtpSecurity::Starttls => Security::StartTls,
            SmtpSecurity::None => Security::None,
        },
        credentials,
        from_name: smtp.from_name.clone(),
        from_address: EmailAddress::parse(&smtp.from_address)
            .map_err(|_| "mail.smtp.from_address: one address")?,
        trusted: smtp_authority(smtp, folder)?,
        dkim: smtp.dkim.iter().map(|it| dkim(it, folder)).collect::<Result<_, _>>()?,
    })
}

fn smtp_authority(smtp: &SmtpSection, folder: &Path) -> Result<Option<String>, Failure> {
    let read = smtp.ca_file.as_ref().map(|it| certificates(&folder.join(it))).transpose();
    read.map_err(|fault| format!("mail.smtp.{fault}").into())
}

fn dkim(it: &DkimSection, folder: &Path) -> Result<DkimConfig, Failure> {
    let private_key = secret(folder, ("mail.smtp.dkim.private_key_file", &it.private_key_file))?;
    Ok(DkimConfig { domain: it.domain.clone(), selector: it.selector.clone(), private_key })
}

fn mail_receipts(section: &MailReceiptsSection, folder: &Path) -> Result<MailReceipts, Failure> {
    let made: Built<MailReceipts> = match (&section.secret_file, &section.ses_topic) {
        (Some(file), None) => {
            MailReceipts::webhook(&secret(folder, ("mail.smtp.receipts.secret_file", file))?)
        }
        (None, Some(topic)) => MailReceipts::ses(topic),
        _ => return Err("mail.smtp.receipts: secret_file or ses_topic, one of them".into()),
    };
    made.map_err(|fault| format!("mail.smtp.receipts: {fault}").into())
}

fn certificates(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| format!("ca_file: {}: {error}", file.display()).into())
}

/// A secret from a file that only its owner may read.
///
/// # Errors
/// Names the key of the configuration, and the file.
pub fn secret(folder: &Path, (key, file): (&str, &Path)) -> Result<SecretString, Failure> {
    let text = key_file::read_private(&folder.join(file)).map_err(|error| format!("{key}: {error}"))?;
    Ok(SecretString::from(text.trim().to_owned()))
}
