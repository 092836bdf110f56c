//! Tells which device, operating system and program sent a request, in the words Matomo and Plausible use.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod built_in;
mod cache;
mod detect;
mod detector;
mod device;
mod hints;
pub mod matomo;
pub mod names;
mod pattern;
pub mod plausible;
mod rules;

pub use detector::{Detector, Error};
pub use device::{Bot, Device, DeviceKind};
pub use hints::Hints;
