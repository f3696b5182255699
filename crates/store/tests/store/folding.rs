//! What was stored before there was anything to fold is made up for.

use crate::fixtures::{a_member, acme, an_organization, join};
use domain::{
    roles::RoleId,
    search::{Operator, Query, members::MemberFilter, organizations::OrganizationFilter},
};
use store::{Db, member_search, organization_search, organizations};

/// As rows of an older version are.
const FORGET: [&str; 4] = [
    "UPDATE members SET email_canonical = NULL, email_domain = NULL",
    "UPDATE organizations SET name_folded = NULL",
    "DELETE FROM member_roles",
    "DELETE FROM allowed_domains",
];

on_both_databases! {
    async fn older_rows_are_found_once_the_schema_is_up_to_date(db: Db) {
        let acme = acme(&db).await;
        acme.writes(async |tx| {
            let mut bob = a_member(&acme.tenant, "Bob");
            bob.roles.0.push(RoleId::admin());
            join(tx, &acme.tenant, &bob).await;
            let mut praxis = an_organization(&acme.project, "praxis");
            "ÄRZTE".clone_into(&mut praxis.name);
            praxis.settings.email_allowed_domains = vec!["praxis.example".to_owned()];
            organizations::create(tx, &praxis).await.unwrap().unwrap();
            for text in FORGET {
                tx.sql(text).execute().await.unwrap();
            }
        })
        .await;
        assert_eq!(found(&db, &acme).await, [0, 0, 0, 0]);
        db.migrate().await.unwrap();
        assert_eq!(found(&db, &acme).await, [1, 1, 1, 1]);
    }

    async fn many_older_rows_are_made_up_for_in_turns(db: Db) {
        let acme = acme(&db).await;
        acme.writes(async |tx| {
            for number in 0..450 {
                join(tx, &acme.tenant, &a_member(&acme.tenant, &format!("m{number}"))).await;
            }
            tx.sql(FORGET[0]).execute().await.unwrap();
        })
        .await;
        db.migrate().await.unwrap();
        let everybody = Query { operator: Operator::And, filters: vec![MemberFilter::EmailPart("acme".to_owned())] };
        let mut conn = db.survey().await.unwrap();
        assert_eq!(member_search::total(&mut conn, &acme.tenant, &everybody).await.unwrap(), 451);
    }
}

/// By address, role, name and domain.
async fn found(db: &Db, acme: &crate::fixtures::Acme) -> [i64; 4] {
    let mut conn = db.survey().await.unwrap();
    let member = |filter| Query { operator: Operator::And, filters: vec![filter] };
    let organization = |filter| Query { operator: Operator::And, filters: vec![filter] };
    let project = acme.tenant.project_id();
    let address = member(MemberFilter::Emails(vec!["bob@acme.example".to_owned()]));
    let role = member(MemberFilter::Roles(vec!["stytch_admin".to_owned()]));
    let name = organization(OrganizationFilter::NamePart("ärzte".to_owned()));
    let domain = organization(OrganizationFilter::AllowedDomains(vec!["praxis.example".to_owned()]));
    [
        member_search::total(&mut conn, &acme.tenant, &address).await.unwrap(),
        member_search::total(&mut conn, &acme.tenant, &role).await.unwrap(),
        organization_search::total(&mut conn, project, &name).await.unwrap(),
        organization_search::total(&mut conn, project, &domain).await.unwrap(),
    ]
}
