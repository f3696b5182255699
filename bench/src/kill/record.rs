//! What the server has answered for, kept where its end cannot reach it.

use crate::Outcome;
use serde::{Deserialize, Serialize};
use std::{fs, path::Path};

/// Only what was acknowledged: what was on its way when the server went may have happened or not.
#[derive(Default, Serialize, Deserialize)]
pub struct Record {
    /// Tokens of mailed links that were redeemed.
    pub links: Vec<String>,
    pub completions: Vec<Completion>,
    pub sessions: Vec<Session>,
}

/// An intermediate session and a code that became a session.
#[derive(Clone, Serialize, Deserialize)]
pub struct Completion {
    pub organization_id: String,
    pub member_id: String,
    pub email: String,
    /// Of the member's authenticator.
    pub number: usize,
    pub half: String,
    pub step: u64,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    pub token: String,
    pub member_id: String,
}

impl Record {
    pub fn write(&self, path: &Path) -> Outcome {
        Ok(fs::write(path, serde_json::to_vec(self)?)?)
    }

    pub fn read(path: &Path) -> Outcome<Self> {
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }
}
