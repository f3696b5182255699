mod mfa;
mod races;
