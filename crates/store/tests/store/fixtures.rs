//! Who the tests are about: the organization acme of one project, and ada in it.

use domain::{
    Timestamp,
    digest::Digest,
    email::EmailAddress,
    id::{
        EmailId, MemberId, MemberSessionId, OrganizationId, PhoneId, ProjectId, PublicToken,
        TotpRegistrationId,
    },
    members::{Member, PhoneState, RetiredEmails, Roles, Status},
    metadata::Metadata,
    organizations::{Organization, settings::Settings},
    phone::PhoneNumber,
    projects::{Environment, Project, ProjectSettings},
    rbac::CustomRoles,
    sealing::Sealed,
    sessions::{Session, TokenSeed},
    time::Span,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use std::sync::Arc;
use store::{Db, Tenant, Tx, email_claims, members, organizations, projects};
use tokio::task::JoinSet;

pub const NOON: Timestamp = Timestamp::from_milliseconds(1_700_049_600_000);

pub fn minutes_later(count: i64) -> Timestamp {
    NOON.plus(Span::minutes(count))
}

/// Luck of its own for every name, the same in every run.
pub fn luck(name: &str) -> ChaCha20Rng {
    let mut seed = [0; 32];
    seed.copy_from_slice(&Digest::of(name.as_bytes()).as_str().as_bytes()[..32]);
    ChaCha20Rng::from_seed(seed)
}

macro_rules! random {
    ($kind:ident, $name:expr) => {
        $kind::random(Environment::Test, &mut luck($name))
    };
}

pub fn digest(secret: &str) -> Digest {
    Digest::of(secret.as_bytes())
}

/// Sealed under no key: the store only keeps it.
pub fn sealed(secret: &str) -> Sealed {
    format!("v1.{}", &digest(secret).as_str()[..32]).parse().unwrap()
}

pub fn email(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

pub fn phone(e164: &str) -> PhoneNumber {
    PhoneNumber::parse(e164).unwrap()
}

pub fn phone_id(name: &str) -> PhoneId {
    random!(PhoneId, name)
}

pub fn registration(name: &str) -> TotpRegistrationId {
    random!(TotpRegistrationId, name)
}

pub fn a_project(name: &str) -> Project {
    Project {
        project_id: random!(ProjectId, name),
        name: name.to_owned(),
        environment: Environment::Test,
        public_token: random!(PublicToken, name),
        settings: ProjectSettings::default(),
        has_webhooks: false,
        created_at: NOON,
    }
}

pub fn an_organization(project: &Project, slug: &str) -> Organization {
    Organization {
        organization_id: random!(OrganizationId, &format!("{} {slug}", project.name)),
        project_id: project.project_id.clone(),
        name: slug.to_owned(),
        slug: slug.parse().unwrap(),
        external_id: None,
        logo_url: String::new(),
        settings: Settings::default(),
        trusted_metadata: Metadata::default(),
        custom_roles: CustomRoles::default(),
        created_at: NOON,
        updated_at: NOON,
    }
}

pub fn a_member(tenant: &Tenant, name: &str) -> Member {
    let unique = format!("{} {name}", tenant.organization_id());
    Member {
        member_id: random!(MemberId, &unique),
        organization_id: tenant.organization_id().clone(),
        project_id: tenant.project_id().clone(),
        status: Status::Active,
        email_id: random!(EmailId, &unique),
        email_address: email(&format!("{name}@acme.example")),
        email_address_verified: false,
        retired_emails: RetiredEmails::default(),
        name: name.to_owned(),
        external_id: None,
        is_breakglass: false,
        roles: Roles::default(),
        trusted_metadata: Metadata::default(),
        untrusted_metadata: Metadata::default(),
        mfa_enrolled: false,
        default_mfa_method: None,
        phone_id: None,
        phone_number: None,
        phone_state: PhoneState::NamedAtLogin,
        phone_held_until: None,
        had_second_factor: false,
        totp_registration_id: None,
        password_id: None,
        second_factor_failures: 0,
        second_factor_failures_total: 0,
        second_factor_locked_at: None,
        second_factor_locked_until: None,
        password_failures: 0,
        password_locked_at: None,
        password_locked_until: None,
        created_at: NOON,
        updated_at: NOON,
    }
}

/// The database with acme and ada in it.
#[derive(Clone)]
pub struct Acme {
    pub db: Db,
    pub project: Arc<Project>,
    pub tenant: Arc<Tenant>,
    pub ada: MemberId,
}

pub async fn acme(db: &Db) -> Acme {
    let project = a_project("vestibule");
    let mut tx = db.write().await.unwrap();
    assert!(projects::create(&mut tx, &project).await.unwrap());
    let tenant = organizations::create(&mut tx, &an_organization(&project, "acme")).await.unwrap().unwrap();
    let ada = join(&mut tx, &tenant, &a_member(&tenant, "ada")).await;
    tx.commit().await.unwrap();
    Acme { db: db.clone(), project: Arc::new(project), tenant: Arc::new(tenant), ada }
}

/// Takes a member in, with the address.
pub async fn join(tx: &mut Tx, tenant: &Tenant, member: &Member) -> MemberId {
    members::create(tx, member).await.unwrap().unwrap();
    assert!(email_claims::take(tx, tenant, &member.email_address, &member.member_id).await.unwrap());
    member.member_id.clone()
}

impl Acme {
    /// Ada as her row shows her.
    pub async fn ada_now(&self) -> Member {
        self.member_now(&self.ada).await
    }

    pub async fn member_now(&self, id: &MemberId) -> Member {
        let mut conn = self.db.read().await.unwrap();
        members::by_id(&mut conn, &self.tenant, id).await.unwrap().unwrap()
    }

    /// Another member of acme.
    pub async fn joined_by(&self, name: &str) -> MemberId {
        self.writes(async |tx| join(tx, &self.tenant, &a_member(&self.tenant, name)).await).await
    }

    /// Another organization of the project.
    pub async fn neighbour(&self, slug: &str) -> Tenant {
        let neighbour = an_organization(&self.project, slug);
        self.writes(async |tx| organizations::create(tx, &neighbour).await.unwrap().unwrap()).await
    }

    /// A transaction, committed.
    pub async fn writes<T>(&self, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
        let mut tx = self.db.write().await.unwrap();
        let done = work(&mut tx).await;
        tx.commit().await.unwrap();
        done
    }

    pub fn session(&self, token: &str, expires_at: Timestamp) -> Session {
        Session {
            member_session_id: random!(MemberSessionId, token),
            project_id: self.tenant.project_id().clone(),
            organization_id: self.tenant.organization_id().clone(),
            member_id: self.ada.clone(),
            token_digest: digest(token),
            token_seed: digest(token).as_str().parse::<TokenSeed>().unwrap(),
            bag: domain::factors::Bag::default(),
            custom_claims: domain::custom_claims::CustomClaims::default(),
            started_at: NOON,
            last_accessed_at: NOON,
            expires_at,
        }
    }
}

/// How many of 64 callers at a time are told yes.
pub async fn winners_of_64<F>(acme: &Acme, call: impl Fn(Acme) -> F) -> usize
where
    F: Future<Output = bool> + Send + 'static,
{
    let mut callers = JoinSet::new();
    for _ in 0..64 {
        callers.spawn(call(acme.clone()));
    }
    callers.join_all().await.into_iter().filter(|won| *won).count()
}
