//! Argon2i and argon2id (RFC 9106): native hashes are argon2id.

use crate::{
    Refusal,
    passwords::{
        Cost,
        encoding::{bounded, from_base64, from_hex, parameters, same, sized, to_base64},
        import::Argon2Config,
    },
};
use argon2::{Algorithm, Params, Version};
use std::{fmt, ops::RangeInclusive, str::FromStr};

pub const MEMORY_KIB: RangeInclusive<u32> = 8..=262_144;
pub const ITERATIONS: RangeInclusive<u32> = 1..=20;
pub const THREADS: RangeInclusive<u32> = 1..=16;
const OUTPUT_BYTES: RangeInclusive<usize> = 16..=128;
const SALT_BYTES: RangeInclusive<usize> = 8..=256;
const NATIVE_OUTPUT_BYTES: usize = 32;

/// An argon2 hash whose cost is within bounds.
#[derive(Clone, PartialEq, Eq)]
pub struct Argon2 {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Argon2 {
    pub fn of(password: &[u8], cost: Cost, salt: [u8; 16]) -> Self {
        let unfilled = Self { salt: salt.to_vec(), ..Self::decoy(cost) };
        let output = unfilled.output_for(password).expect("a password has at most 1024 bytes");
        Self { output, ..unfilled }
    }

    /// A hash that says 32 zeros, found by nobody.
    pub fn decoy(cost: Cost) -> Self {
        let output_len = Some(NATIVE_OUTPUT_BYTES);
        let params = Params::new(cost.memory_kib(), cost.iterations(), cost.lanes(), output_len)
            .expect("every Cost is within the limits of argon2");
        let (salt, output) = (vec![0; 16], vec![0; NATIVE_OUTPUT_BYTES]);
        Self { algorithm: Algorithm::Argon2id, version: Version::V0x13, params, salt, output }
    }

    pub fn matches(&self, password: &[u8]) -> bool {
        self.output_for(password).is_some_and(|output| same(&output, &self.output))
    }

    pub fn is_at_least(&self, cost: Cost) -> bool {
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && self.params.m_cost() >= cost.memory_kib()
            && self.params.t_cost() >= cost.iterations()
            && self.params.p_cost() >= cost.lanes()
    }

    /// Reads an imported hash: the encoded form, or hexadecimal digits with
    /// the configuration beside them, which then stands for version 19 and
    /// whose salt is the bytes of the text, as the vendor documents it.
    ///
    /// # Errors
    /// Names the value that is malformed or out of bounds.
    pub fn import(algorithm: Algorithm, hash: &str, config: Option<&Argon2Config>) -> Result<Self, Refusal> {
        if hash.starts_with('$') {
            let encoded: Self = hash.parse()?;
            return (encoded.algorithm == algorithm).then_some(encoded).ok_or(Refusal::InvalidHash);
        }
        let config = config.ok_or(CONFIG_REQUIRED)?;
        let output = from_hex(hash).ok_or(Refusal::InvalidHash)?;
        let key_length = usize::try_from(config.key_length).ok().filter(|it| OUTPUT_BYTES.contains(it));
        if key_length.ok_or(Refusal::InvalidArgon2KeyLength)? != output.len() {
            return Err(Refusal::Argon2KeyLengthMismatch);
        }
        let costs = [config.memory, config.iteration_amount, config.threads];
        Self::new(algorithm, Version::V0x13, costs, config.salt.clone().into_bytes(), output)
    }

    fn new(
        algorithm: Algorithm,
        version: Version,
        [memory, iterations, threads]: [i64; 3],
        salt: Vec<u8>,
        output: Vec<u8>,
    ) -> Result<Self, Refusal> {
        let memory = bounded(memory, &MEMORY_KIB, Refusal::InvalidArgon2Memory)?;
        let iterations = bounded(iterations, &ITERATIONS, Refusal::InvalidArgon2IterationAmount)?;
        let threads = bounded(threads, &THREADS, Refusal::InvalidArgon2Threads)?;
        let salt = sized(salt, &SALT_BYTES, Refusal::InvalidArgon2Salt)?;
        let output = sized(output, &OUTPUT_BYTES, Refusal::InvalidArgon2KeyLength)?;
        // What is left to refuse is less memory than 8 KiB for each thread.
        let params = Params::new(memory, iterations, threads, Some(output.len()))
            .map_err(|_| Refusal::InvalidArgon2Memory)?;
        Ok(Self { algorithm, version, params, salt, output })
    }

    fn output_for(&self, password: &[u8]) -> Option<Vec<u8>> {
        let mut output = vec![0; self.output.len()];
        let hasher = argon2::Argon2::new(self.algorithm, self.version, self.params.clone());
        hasher.hash_password_into(password, &self.salt, &mut output).ok()?;
        Some(output)
    }
}

const CONFIG_REQUIRED: Refusal = Refusal::InvalidArgument {
    field: "argon_2_config",
    reason: "it is required unless the hash is in its encoded form, beginning with $argon2",
};

impl FromStr for Argon2 {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let fields: Vec<&str> = text.split('$').collect();
        // The first version did not write its number.
        let (algorithm, version, costs, salt, output) = match *fields.as_slice() {
            ["", algorithm, version, costs, salt, output] => (algorithm, version, costs, salt, output),
            ["", algorithm, costs, salt, output] => (algorithm, "v=16", costs, salt, output),
            _ => return Err(Refusal::InvalidHash),
        };
        let costs = parameters(costs, ["m", "t", "p"]).ok_or(Refusal::InvalidHash)?;
        let salt = from_base64(salt).ok_or(Refusal::InvalidHash)?;
        let output = from_base64(output).ok_or(Refusal::InvalidHash)?;
        Self::new(algorithm_named(algorithm)?, version_written(version)?, costs, salt, output)
    }
}

// Argon2d is left out: its memory access depends on the password.
fn algorithm_named(name: &str) -> Result<Algorithm, Refusal> {
    match name {
        "argon2i" => Ok(Algorithm::Argon2i),
        "argon2id" => Ok(Algorithm::Argon2id),
        _ => Err(Refusal::InvalidHash),
    }
}

fn version_written(text: &str) -> Result<Version, Refusal> {
    match text {
        "v=16" => Ok(Version::V0x10),
        "v=19" => Ok(Version::V0x13),
        _ => Err(Refusal::InvalidHash),
    }
}

impl fmt::Display for Argon2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (algorithm, version) = (self.algorithm.as_str(), u32::from(self.version));
        let (m, t, p) = (self.params.m_cost(), self.params.t_cost(), self.params.p_cost());
        let (salt, output) = (to_base64(&self.salt), to_base64(&self.output));
        write!(f, "${algorithm}$v={version}$m={m},t={t},p={p}${salt}${output}")
    }
}

#[cfg(test)]
mod tests;
