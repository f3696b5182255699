use crate::fixtures::{
    Acme, NOON, a_member, acme, email, luck, minutes_later, phone, phone_id, registration,
};
use domain::{
    Timestamp,
    id::{EmailId, MemberId, MemberPasswordId},
    members::{Member, PhoneState, RetiredEmail, RetiredEmails, Roles, Status},
    metadata::Metadata,
    mfa::Method,
    projects::Environment::Test,
    roles::RoleId,
};
use serde_json::json;
use store::{
    Db,
    db::Conflict,
    members::{self, Completed},
};

const NUMBER: &str = "+12025550123";

async fn create(acme: &Acme, member: &Member) -> Result<(), Conflict> {
    acme.writes(async |tx| members::create(tx, member).await).await.unwrap()
}

async fn name_number(acme: &Acme, id: &MemberId, state: PhoneState) -> Result<u64, Conflict> {
    let (phone_id, number) = (phone_id(id.as_str()), phone(NUMBER));
    let it = (&phone_id, &number, state);
    acme.writes(async |tx| members::set_phone(tx, &acme.tenant, id, it).await).await.unwrap()
}

async fn confirm_number(acme: &Acme, id: &MemberId) -> Result<u64, Conflict> {
    let phone_id = phone_id(id.as_str());
    acme.writes(async |tx| members::confirm_phone(tx, &acme.tenant, id, (&phone_id, None)).await)
        .await
        .unwrap()
}

async fn delete(acme: &Acme, id: &MemberId) -> bool {
    acme.writes(async |tx| members::delete(tx, &acme.tenant, id).await).await.unwrap()
}

async fn reactivate(acme: &Acme, id: &MemberId) -> Result<u64, Conflict> {
    acme.writes(async |tx| members::reactivate(tx, &acme.tenant, id).await).await.unwrap()
}

async fn found(acme: &Acme, reference: &str) -> Option<MemberId> {
    let mut conn = acme.db.read().await.unwrap();
    members::find(&mut conn, &acme.tenant, reference).await.unwrap().map(|it| it.member_id)
}

/// Nothing about her is as it is by default.
fn somebody(acme: &Acme) -> Member {
    let old = RetiredEmail {
        email_id: EmailId::random(Test, &mut luck("old")),
        email_address: email("Old@acme.example"),
        retired_at: Some(Timestamp::from_milliseconds(7)),
    };
    let like = a_member(&acme.tenant, "grace");
    Member {
        status: Status::Invited,
        email_address: email("Grace.Hopper@Acme.example"),
        email_address_verified: true,
        retired_emails: RetiredEmails(vec![old]),
        name: "Grace 'the Amazing' Höpper 🎉".to_owned(),
        external_id: Some("hr-7".parse().unwrap()),
        is_breakglass: true,
        roles: Roles(vec![RoleId::admin()]),
        trusted_metadata: Metadata::default().merged(json!({"z": [1, null], "a": "\u{1}\"\\"})).unwrap(),
        untrusted_metadata: Metadata::default().merged(json!({"theme": "dark"})).unwrap(),
        mfa_enrolled: true,
        default_mfa_method: Some(Method::Totp),
        phone_id: Some(phone_id("grace")),
        phone_number: Some(phone(NUMBER)),
        phone_state: PhoneState::Verified,
        phone_held_until: Some(minutes_later(7)),
        had_second_factor: true,
        totp_registration_id: Some(registration("grace")),
        password_id: Some(MemberPasswordId::random(Test, &mut luck("grace"))),
        second_factor_failures: 1,
        second_factor_failures_total: 2,
        second_factor_locked_at: Some(minutes_later(1)),
        second_factor_locked_until: Some(minutes_later(2)),
        password_failures: 3,
        password_locked_at: Some(minutes_later(3)),
        password_locked_until: Some(minutes_later(4)),
        created_at: minutes_later(5),
        updated_at: minutes_later(6),
        ..like
    }
}

on_both_databases! {
    async fn a_member_is_read_as_it_was_written(db: Db) {
        let acme = acme(&db).await;
        let grace = somebody(&acme);
        assert_eq!(create(&acme, &grace).await, Ok(()));
        assert_eq!(acme.member_now(&grace.member_id).await, grace);
    }

    async fn a_profile_and_an_address_are_saved_whole(db: Db) {
        let acme = acme(&db).await;
        let (ada, grace) = (acme.ada_now().await, somebody(&acme));
        let changed = Member { member_id: ada.member_id.clone(), ..grace };
        acme.writes(async |tx| members::save_profile(tx, &acme.tenant, &changed).await).await.unwrap().unwrap();
        acme.writes(async |tx| members::save_email(tx, &acme.tenant, &changed).await).await.unwrap();
        let expected = Member {
            status: ada.status,
            phone_id: None, phone_number: None, phone_state: ada.phone_state, totp_registration_id: None,
            phone_held_until: None, had_second_factor: false,
            second_factor_failures: 0, second_factor_failures_total: 0,
            second_factor_locked_at: None, second_factor_locked_until: None,
            password_failures: 0, password_locked_at: None, password_locked_until: None,
            created_at: NOON, updated_at: NOON,
            ..changed
        };
        assert_eq!(acme.ada_now().await, expected);
    }

    async fn an_external_id_is_one_members(db: Db) {
        let acme = acme(&db).await;
        let named = |name| Member { external_id: Some("hr-7".parse().unwrap()), ..a_member(&acme.tenant, name) };
        let (grace, eve) = (named("grace"), named("eve"));
        assert_eq!(create(&acme, &grace).await, Ok(()));
        assert_eq!(create(&acme, &eve).await, Err(Conflict));
        let ada = Member { external_id: eve.external_id, ..acme.ada_now().await };
        let saved = acme.writes(async |tx| members::save_profile(tx, &acme.tenant, &ada).await).await;
        assert_eq!(saved.unwrap(), Err(Conflict));
    }

    async fn an_external_id_names_a_member_only_while_she_is_there(db: Db) {
        let acme = acme(&db).await;
        let named = Member { external_id: Some("hr-7".parse().unwrap()), ..a_member(&acme.tenant, "grace") };
        create(&acme, &named).await.unwrap();
        assert_eq!(found(&acme, "hr-7").await, Some(named.member_id.clone()));
        delete(&acme, &named.member_id).await;
        assert_eq!(found(&acme, "hr-7").await, None);
        assert_eq!(found(&acme, named.member_id.as_str()).await, Some(named.member_id));
    }

    async fn what_a_deleted_member_left_can_be_taken_and_is_not_given_back(db: Db) {
        let acme = acme(&db).await;
        let named = |name| Member { external_id: Some("hr-7".parse().unwrap()), ..a_member(&acme.tenant, name) };
        let (grace, eve) = (named("grace"), named("eve"));
        create(&acme, &grace).await.unwrap();
        assert!(delete(&acme, &grace.member_id).await);
        assert_eq!(create(&acme, &eve).await, Ok(()));
        assert_eq!(reactivate(&acme, &grace.member_id).await, Err(Conflict));
        delete(&acme, &eve.member_id).await;
        assert_eq!(reactivate(&acme, &grace.member_id).await, Ok(1));
    }

    async fn a_confirmed_number_is_one_members(db: Db) {
        let acme = acme(&db).await;
        let eve = acme.joined_by("eve").await;
        assert_eq!(name_number(&acme, &acme.ada, PhoneState::SetByAdmin).await, Ok(1));
        assert_eq!(name_number(&acme, &eve, PhoneState::SetByAdmin).await, Err(Conflict));
        assert_eq!(acme.member_now(&eve).await.phone_number, None);
    }

    async fn a_number_named_at_login_blocks_nobody(db: Db) {
        let acme = acme(&db).await;
        let eve = acme.joined_by("eve").await;
        assert_eq!(name_number(&acme, &eve, PhoneState::NamedAtLogin).await, Ok(1));
        assert_eq!(name_number(&acme, &acme.ada, PhoneState::NamedAtLogin).await, Ok(1));
        assert_eq!(confirm_number(&acme, &acme.ada).await, Ok(1));
        assert_eq!(confirm_number(&acme, &eve).await, Err(Conflict));
        assert_eq!(acme.member_now(&eve).await.phone_state, PhoneState::NamedAtLogin);
    }

    async fn a_confirmed_number_is_never_overwritten(db: Db) {
        let acme = acme(&db).await;
        name_number(&acme, &acme.ada, PhoneState::NamedAtLogin).await.unwrap();
        confirm_number(&acme, &acme.ada).await.unwrap();
        assert_eq!(name_number(&acme, &acme.ada, PhoneState::NamedAtLogin).await, Ok(0));
        assert_eq!(acme.ada_now().await.phone_state, PhoneState::Verified);
        acme.writes(async |tx| members::clear_phone(tx, &acme.tenant, &acme.ada).await).await.unwrap();
        assert_eq!(name_number(&acme, &acme.ada, PhoneState::NamedAtLogin).await, Ok(1));
    }

    async fn a_confirmation_is_for_the_number_it_was_sent_to(db: Db) {
        let acme = acme(&db).await;
        name_number(&acme, &acme.ada, PhoneState::NamedAtLogin).await.unwrap();
        let other = phone_id("an earlier number");
        let confirmed = acme.writes(async |tx| members::confirm_phone(tx, &acme.tenant, &acme.ada, (&other, None)).await).await;
        assert_eq!(confirmed.unwrap(), Ok(0));
    }

    async fn admitting_makes_active_and_never_revives_a_deleted_member(db: Db) {
        let acme = acme(&db).await;
        let invited = Member { status: Status::Invited, ..a_member(&acme.tenant, "grace") };
        create(&acme, &invited).await.unwrap();
        let admit = async |proves| {
            acme.writes(async |tx| members::admit(tx, &acme.tenant, &invited.member_id, proves).await).await.unwrap()
        };
        assert_eq!(admit(false).await.map(|it| (it.status, it.email_address_verified)), Some((Status::Active, false)));
        assert_eq!(admit(true).await.map(|it| it.email_address_verified), Some(true));
        assert_eq!(admit(false).await.map(|it| it.email_address_verified), Some(true));
        delete(&acme, &invited.member_id).await;
        assert_eq!(admit(true).await, None);
        assert_eq!(acme.member_now(&invited.member_id).await.status, Status::Deleted);
    }

    async fn a_member_is_found_in_the_project_with_her_organization(db: Db) {
        let acme = acme(&db).await;
        let mut conn = db.read().await.unwrap();
        let (tenant, ada) = members::in_project(&mut conn, acme.tenant.project_id(), &acme.ada).await.unwrap().unwrap();
        assert_eq!((&tenant, &ada), (&*acme.tenant, &acme.ada_now().await));
    }

    async fn a_number_is_taken_when_another_live_member_confirmed_it(db: Db) {
        let acme = acme(&db).await;
        let eve = acme.joined_by("eve").await;
        let is_taken = async || {
            members::phone_is_taken(&mut db.read().await.unwrap(), &acme.tenant, &eve, &phone(NUMBER)).await.unwrap()
        };
        name_number(&acme, &acme.ada, PhoneState::NamedAtLogin).await.unwrap();
        assert!(!is_taken().await);
        confirm_number(&acme, &acme.ada).await.unwrap();
        assert!(is_taken().await);
        delete(&acme, &acme.ada).await;
        assert!(!is_taken().await);
    }

    async fn completing_a_second_factor_opens_the_lock_and_no_door_for_the_deleted(db: Db) {
        let acme = acme(&db).await;
        let grace = Member { status: Status::Active, ..somebody(&acme) };
        create(&acme, &grace).await.unwrap();
        let done = Completed { mfa_enrolled: true, default_mfa_method: Some(Method::SmsOtp), totp_registration_id: None };
        let complete = async || {
            acme.writes(async |tx| members::complete_second_factor(tx, &acme.tenant, &grace.member_id, &done).await).await
        };
        let after = complete().await.unwrap().unwrap();
        assert_eq!((after.second_factor_failures_total, after.second_factor_locked_at), (0, None));
        assert_eq!((after.default_mfa_method, after.totp_registration_id), (Some(Method::SmsOtp), None));
        delete(&acme, &grace.member_id).await;
        assert_eq!(complete().await.unwrap(), None);
    }
}
