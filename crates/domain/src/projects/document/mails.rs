//! The section of the document about mail templates: the project's own. Those of organizations come and go
//! with their organizations, and are no setting of the project.

use crate::{
    projects::setting::SettingError,
    templates::{Content, MOST, Template},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The looks and the words of mails; the project's own, not those of its organizations.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Templates {
    pub mails: Vec<MailTemplate>,
}

/// One template. An id stands once for each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailTemplate {
    /// 1 to 128 letters, digits, hyphens, underscores and dots.
    pub template_id: String,
    /// Whether it is used where a mail is asked for without naming a template.
    #[serde(default)]
    pub is_default: bool,
    pub content: Content,
}

impl Templates {
    const KEY: &'static str = "templates.mails";

    pub(super) fn of(all: &[Template]) -> Self {
        let written = |it: &Template| MailTemplate {
            template_id: it.template_id.to_string(),
            is_default: it.is_default,
            content: it.content.clone(),
        };
        Self { mails: all.iter().map(written).collect() }
    }

    /// The templates that there shall be, each of which can be taken, beside the others.
    ///
    /// # Errors
    /// Names the template that cannot be taken, and says why.
    pub fn wanted(&self) -> Result<Vec<Template>, SettingError> {
        if self.mails.len() > MOST {
            return Err(refused(format!("at most {MOST}")));
        }
        let mut wanted: Vec<Template> = Vec::new();
        for mail in &self.mails {
            let template = mail.read()?;
            if let Some(reason) = wanted.iter().find_map(|it| it.rivals(&template)) {
                return Err(refused(format!("{}: {reason}", mail.name())));
            }
            wanted.push(template);
        }
        Ok(wanted)
    }
}

impl MailTemplate {
    fn read(&self) -> Result<Template, SettingError> {
        let named = |reason: String| refused(format!("{}: {reason}", self.name()));
        self.content.check().map_err(named)?;
        let template_id = self.template_id.parse().map_err(|it: &str| named(it.to_owned()))?;
        Ok(Template { template_id, is_default: self.is_default, content: self.content.clone() })
    }

    /// What tells it from the others: brackets are in no id.
    fn name(&self) -> String {
        let id: String = self.template_id.chars().filter(|c| !c.is_control()).take(128).collect();
        self.content.locale().map_or_else(|| id.clone(), |locale| format!("{id}[{locale}]"))
    }
}

fn refused(reason: String) -> SettingError {
    SettingError::Value { key: Templates::KEY, reason }
}
