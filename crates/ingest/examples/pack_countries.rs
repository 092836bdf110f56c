//! Packs a country database of the MaxMind format into the form that is compiled in; see `data/README.md`.
//!
//! `cargo run -p footfall-ingest --example pack_countries -- iptoasn-country.mmdb crates/ingest/data/countries.bin`

use std::{collections::BTreeMap, env, fs, net::IpAddr, process::ExitCode};

use serde::Deserialize;

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    country_code: Option<&'a str>,
}

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let (Some(from), Some(to)) = (args.next(), args.next()) else {
        eprintln!("usage: pack_countries DATABASE.mmdb OUTPUT");
        return ExitCode::from(2);
    };
    match pack(&from) {
        Ok(packed) => match fs::write(&to, &packed) {
            Ok(()) => {
                println!("{to}: {} bytes", packed.len());
                ExitCode::SUCCESS
            }
            Err(error) => fail(&format!("cannot write `{to}`: {error}")),
        },
        Err(error) => fail(&error),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::FAILURE
}

fn pack(from: &str) -> Result<Vec<u8>, String> {
    let reader = maxminddb::Reader::open_readfile(from).map_err(|error| format!("cannot read `{from}`: {error}"))?;
    let mut four: BTreeMap<u32, (u32, [u8; 2])> = BTreeMap::new();
    let mut six: BTreeMap<u64, (u64, [u8; 2])> = BTreeMap::new();
    let networks = reader.networks(maxminddb::WithinOptions::default()).map_err(|error| error.to_string())?;
    for network in networks {
        let network = network.map_err(|error| error.to_string())?;
        let record: Option<Record<'_>> = network.decode().map_err(|error| error.to_string())?;
        let Some(code) = record.and_then(|record| record.country_code?.as_bytes().try_into().ok()) else {
            continue;
        };
        let at = network.network().map_err(|error| error.to_string())?;
        match at.network() {
            IpAddr::V4(start) => {
                let start = u32::from(start);
                let last = start + (u32::MAX.checked_shr(u32::from(at.prefix())).unwrap_or(0));
                four.insert(start, (last, code));
            }
            IpAddr::V6(start) => {
                let start = (u128::from(start) >> 64) as u64;
                let last = start | u64::MAX.checked_shr(u32::from(at.prefix())).unwrap_or(0);
                six.entry(start).or_insert((last, code));
            }
        }
    }
    let mut codes: Vec<[u8; 2]> = four.values().map(|(_, code)| *code).chain(six.values().map(|(_, code)| *code)).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut packed = b"FFC1".to_vec();
    packed.push(u8::try_from(codes.len()).map_err(|_| "more than 255 country codes".to_owned())?);
    packed.extend(codes.iter().flatten());
    let index = |code: [u8; 2]| codes.binary_search(&code).map_or(0, |at| at as u8 + 1);
    put(&mut packed, four.into_iter().map(|(start, (last, code))| (u64::from(start), u64::from(last), index(code))));
    put(&mut packed, six.into_iter().map(|(start, (last, code))| (start, last, index(code))));
    Ok(packed)
}

/// Runs of one country: the distance from the run before, and the country's number; 0 is no country.
fn put(packed: &mut Vec<u8>, ranges: impl Iterator<Item = (u64, u64, u8)>) {
    let mut runs: Vec<(u64, u8)> = Vec::new();
    let mut next = 0;
    let mut begin = |start: u64, country: u8| {
        if runs.last().map_or(0, |(_, last)| *last) != country {
            runs.push((start, country));
        }
    };
    for (start, last, country) in ranges {
        if start > next {
            begin(next, 0);
        }
        begin(start, country);
        next = last.saturating_add(1);
    }
    begin(next, 0);
    packed.extend((runs.len() as u32).to_le_bytes());
    let mut before = 0;
    for (start, country) in runs {
        let mut distance = start - before;
        before = start;
        while distance >= 0x80 {
            packed.push(distance as u8 | 0x80);
            distance >>= 7;
        }
        packed.extend([distance as u8, country]);
    }
}
