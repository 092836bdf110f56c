//! Tells which device, operating system and program sent a request, in the words Matomo and Plausible use.
//!
//! One detector, two sets of rules in one form: the built-in ones know the programs, systems and makers of today;
//! Matomo's own database, where it is installed, knows tens of thousands of models. What the rules mean and in which
//! order they are asked is the same for both.
//!
//! ```
//! use footfall_devices::{Detector, DeviceKind, plausible};
//!
//! let detector = Detector::built_in();
//! let device = detector.detect("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", None);
//! assert_eq!((device.kind, &*device.os_code), (DeviceKind::Desktop, "UBT"));
//! assert_eq!((plausible::browser(&device), plausible::browser_version(&device)), ("Firefox", "144.0"));
//! ```

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
