//! Everything of one organization: exported, or erased.

use super::{backup::new_file, meant, open};
use crate::{Failure, clock, command::backup::OrganizationCommand};
use flows::{
    organizations::{
        erasure::{self, SIGNED_AS},
        export::{self, Wanted},
    },
    projects::document::Administrator,
};

/// # Errors
/// When there is no such organization, or the database or the file fails.
pub async fn run(command: OrganizationCommand) -> Result<(), Failure> {
    match command {
        OrganizationCommand::Export { of, out, with_secrets } => {
            let app = open(&of.configured).await?;
            let project = meant(&app, of.project.as_deref()).await?.project_id;
            let wanted = Wanted { project: &project, organization: &of.organization, with_secrets };
            let mut file = new_file(&out)?;
            let luck = (clock::machine(), &mut clock::luck());
            let rows = export::export(&app, wanted, &mut file, Administrator::Operator, luck).await?;
            file.keep()?;
            for (table, rows) in rows.iter().filter(|(_, rows)| **rows > 0) {
                println!("{rows:>9}  {table}");
            }
            println!("Wrote {}.", out.display());
            Ok(())
        }
        OrganizationCommand::Erase { of, confirm } => {
            let app = open(&of.configured).await?;
            let project = meant(&app, of.project.as_deref()).await?.project_id;
            let wanted = (&project, of.organization.as_str(), confirm.as_str());
            let luck = (clock::machine(), &mut clock::luck());
            let certificate = erasure::erase(&app, wanted, Administrator::Operator, luck).await?;
            println!("{}", certificate.document);
            println!("signature  v{} {}", certificate.key_version, certificate.signature);
            eprintln!(
                "Erased. The signature is Ed25519, by the key of the audit log, over {SIGNED_AS:?} and the line before it."
            );
            eprintln!(
                "Take the organization's key out of copies of the keys, too: backups are forgetful with it alone."
            );
            Ok(())
        }
    }
}
