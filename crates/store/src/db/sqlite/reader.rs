//! A connection that reads, and goes home when it is done.

use super::{
    READERS,
    values::{rows, rows_once, run},
};
use crate::db::{Fault, Value};
use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError};

pub(in crate::db) struct Reader {
    pub(super) conn: Option<Connection>,
    pub(super) home: Arc<Mutex<Vec<Connection>>>,
}

impl Reader {
    pub fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, Fault> {
        self.conn.as_ref().map_or(Err(Fault::Busy), |conn| run(conn, text, values))
    }

    pub fn rows(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        self.conn.as_ref().map_or(Err(Fault::Busy), |conn| rows(conn, text, values))
    }

    pub fn rows_once(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Fault> {
        self.conn.as_ref().map_or(Err(Fault::Busy), |conn| rows_once(conn, text, values))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut home = self.home.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(conn), true) = (self.conn.take(), home.len() < READERS) {
            home.push(conn);
        }
    }
}
