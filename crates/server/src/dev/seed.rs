//! The test data of a development server: fixed credentials, one organization, two members.

use crate::{Failure, clock};
use api::Api;
use domain::{
    Timestamp,
    email::EmailAddress,
    id::{MemberId, OrganizationId},
    members::Status,
    metadata::Metadata,
    organizations::settings::{MfaPolicy, Settings},
    phone::PhoneNumber,
    projects::{Environment, Project, ProjectSettings, SdkSettings, SmsCountries},
    redirect_url::RedirectUrl,
    roles::RoleId,
    token::Token,
};
use flows::{
    Call, Caller,
    members::create::{self, Newcomer},
    organizations::{self, NewOrganization},
    primary::passwords::migrate::{self, Migrate},
    projects,
};

/// For development only; `serve` refuses a database that knows them.
pub const PROJECT_ID: &str = "project-test-11111111-1111-4111-8111-111111111111";
pub const SECRET: &str = "secret-test-vestibule-development-only";
pub const PUBLIC_TOKEN: &str = "public-token-test-11111111-1111-4111-8111-111111111111";
pub const ADMIN_EMAIL: &str = "admin@acme.example";
pub const ADMIN_PASSWORD: &str = "correct-horse-battery-staple-1";
/// Argon2id of the password, made once: hashing would triple the time of the first start.
const ADMIN_PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$SBK+4NXe90Q7K9t9UWb+Ig$zSCYOUIhNnwRycvoJ3rcrziJdamXNUEPMpkUqOAvTw0";
pub const ADMIN_PHONE: &str = "+12025550100";
pub const MEMBER_EMAIL: &str = "member@acme.example";
const SLUG: &str = "acme";

/// What the welcome and the environment file tell.
pub struct Seeded {
    pub organization_id: OrganizationId,
    pub admin_member_id: MemberId,
}

/// Finds the test data, or makes it.
///
/// # Errors
/// When the database fails.
pub async fn ensure(api: &Api) -> Result<Seeded, Failure> {
    let (project, now) = (project((api.clock)())?, (api.clock)());
    let known = store::projects::find(&mut api.app.db.read().await?, &project.project_id).await?;
    if known.is_none() {
        let secret = Token::received(SECRET.to_owned());
        projects::create_as(&api.app, &project, &secret, (now, &mut clock::luck())).await?;
    }
    let mut call = Call { app: api.app.clone(), project, caller: Caller::Project, now, rng: clock::luck() };
    if let Some(seeded) = find(&call).await? {
        return Ok(seeded);
    }
    make(&mut call).await
}

async fn find(call: &Call) -> Result<Option<Seeded>, Failure> {
    let mut conn = call.app.db.read().await?;
    let Some(tenant) = store::tenant::resolve(&mut conn, &call.project.project_id, SLUG).await? else {
        return Ok(None);
    };
    let admin = store::members::by_email(&mut conn, &tenant, &EmailAddress::parse(ADMIN_EMAIL)?).await?;
    let organization_id = tenant.organization_id().clone();
    Ok(admin.map(|it| Seeded { organization_id, admin_member_id: it.member_id }))
}

async fn make(call: &mut Call) -> Result<Seeded, Failure> {
    let acme = NewOrganization {
        name: "Acme".to_owned(),
        slug: Some(SLUG.parse()?),
        external_id: None,
        logo_url: String::new(),
        settings: Settings { mfa_policy: MfaPolicy::RequiredForAll, ..Settings::default() },
        trusted_metadata: Metadata::default(),
    };
    let tenant = match organizations::create(call, acme).await {
        Ok(tenant) => tenant,
        // An Acme without its admin: the data was changed by hand.
        Err(_) => organizations::get(call, SLUG).await?,
    };
    let organization = tenant.organization_id().to_string();
    let admin = Migrate {
        organization: organization.clone(),
        email: EmailAddress::parse(ADMIN_EMAIL)?,
        hash: ADMIN_PASSWORD_HASH.parse()?,
        name: Some("Ada Admin".to_owned()),
        trusted_metadata: None,
        untrusted_metadata: None,
        roles: Some(vec![RoleId::admin()]),
        phone_number: Some(PhoneNumber::parse(ADMIN_PHONE)?),
        set_phone_number_verified: true,
        external_id: None,
    };
    let admin = migrate::migrate(call, admin).await?.member;
    let mut member = Newcomer::of(EmailAddress::parse(MEMBER_EMAIL)?, Status::Active);
    "Max Member".clone_into(&mut member.name);
    create::create(call, &organization, member).await?;
    Ok(Seeded { organization_id: tenant.organization_id().clone(), admin_member_id: admin.member_id })
}

fn project(now: Timestamp) -> Result<Project, Failure> {
    let url = |text| RedirectUrl::parse(text, Environment::Test);
    let settings = ProjectSettings {
        login_redirect_urls: vec![url("http://localhost:3000/authenticate")?],
        signup_redirect_urls: vec![url("http://localhost:3000/authenticate")?],
        reset_password_redirect_urls: vec![url("http://localhost:3000/authenticate")?],
        invite_redirect_urls: vec![url("http://localhost:3000/authenticate")?],
        discovery_redirect_urls: vec![url("http://localhost:3000/authenticate")?],
        sms_countries: SmsCountries::Everywhere,
        sdk: SdkSettings {
            enabled: true,
            origins: vec![url("http://localhost:3000")?],
            creates_organizations: true,
            manages: true,
            ..SdkSettings::default()
        },
        ..ProjectSettings::default()
    };
    Ok(Project {
        project_id: PROJECT_ID.parse()?,
        name: "Vestibule development".to_owned(),
        environment: Environment::Test,
        public_token: PUBLIC_TOKEN.parse()?,
        settings,
        has_webhooks: false,
        created_at: now,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::passwords::{Password, PasswordHash};

    #[test]
    fn the_hash_is_of_the_password_that_dev_prints() {
        let hash: PasswordHash = ADMIN_PASSWORD_HASH.parse().unwrap();
        assert!(hash.matches(&Password::parse(ADMIN_PASSWORD.to_owned()).unwrap()));
    }
}
