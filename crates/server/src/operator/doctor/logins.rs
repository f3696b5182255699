//! Who could not log in, or not as the policy means. A sample: a big
//! database is not walked through.

use super::Finding;
use domain::{
    members::Member,
    mfa::{self, Methods, Phone},
    organizations::{Organization, settings::MfaPolicy},
    projects::{Project, SmsCountries},
    roles::RoleId,
};
use store::{Db, Fault, operations, projects};

/// Organizations of a project, and members of an organization, that are looked at.
const ORGANIZATIONS: i64 = 200;
const MEMBERS: i64 = 200;

/// What was seen of the members of all organizations that were looked at.
#[derive(Default)]
struct Seen {
    unprotected_admins: u64,
    /// Where none is required of them.
    unrequired_admins: u64,
    stranded: u64,
}

pub async fn look(db: &Db) -> Result<Vec<Finding>, Fault> {
    let projects = projects::all(&mut db.read().await?).await?;
    let mut seen = Seen::default();
    for project in &projects {
        for organization in
            operations::organizations(&mut db.survey().await?, &project.project_id, ORGANIZATIONS).await?
        {
            look_at(db, (project, &organization), &mut seen).await?;
        }
    }
    let mut findings = vec![countries(&projects)];
    findings.push(admins(&seen));
    findings.push(stranded(seen.stranded));
    Ok(findings)
}

async fn look_at(db: &Db, (project, it): (&Project, &Organization), seen: &mut Seen) -> Result<(), Fault> {
    let policy = it.mfa_policy();
    let required = it.settings.mfa_policy == MfaPolicy::RequiredForAll;
    let who = (&project.project_id, &it.organization_id);
    for member in operations::members(&mut db.survey().await?, who, MEMBERS).await? {
        let held = held(&member);
        let usable = held.and(mfa::allowed(policy, member.is_breakglass));
        let is_admin = member.roles.0.contains(&RoleId::admin());
        let is_unprotected = is_admin && usable.is_empty();
        seen.unprotected_admins += u64::from(is_unprotected && required);
        seen.unrequired_admins += u64::from(is_unprotected && !required);
        seen.stranded += u64::from(!held.is_empty() && usable.is_empty());
    }
    Ok(())
}

/// The factors that a member has proved to have.
fn held(member: &Member) -> Methods {
    Methods { sms_otp: member.phone() == Phone::Verified, totp: member.totp_registration_id.is_some() }
}

fn countries(projects: &[Project]) -> Finding {
    const CHECK: &str = "SMS countries";
    let off =
        |it: &&Project| matches!(&it.settings.sms_countries, SmsCountries::Listed(list) if list.is_empty());
    match projects.iter().filter(off).count() {
        0 => Finding::ok(CHECK, "every project sends somewhere"),
        some => Finding::warning(
            CHECK,
            format!("{some} of {} projects send texts nowhere", projects.len()),
            "set sms.countries, unless that is meant",
        ),
    }
}

fn admins(&Seen { unprotected_admins: unprotected, unrequired_admins: others, .. }: &Seen) -> Finding {
    const CHECK: &str = "administrators";
    if unprotected == 0 {
        let found = "all that were looked at have a factor where one is required";
        return Finding::ok(CHECK, format!("{found}; {others} have none where none is"));
    }
    let found = format!("{unprotected} have no second factor where their organization requires one");
    Finding::warning(CHECK, found, "let them log in and enrol: whoever has their first factor could")
}

fn stranded(members: u64) -> Finding {
    const CHECK: &str = "allowed methods";
    if members == 0 {
        return Finding::ok(CHECK, "nobody that was looked at is shut out by them");
    }
    let found = format!("{members} members have only factors that their organization does not allow");
    Finding::warning(CHECK, found, "allow the method again, or remove the factor so that they enrol another")
}
