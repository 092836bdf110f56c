//! Where Matomo's clients look for pictures of browsers, systems and brands.

/// The picture of a browser, by its two letters; programs that have a name only have none.
pub fn browser(code: &str) -> String {
    path("browsers", if code.chars().count() == 2 { code } else { "UNK" })
}

/// The picture of an operating system, by its three letters: its own, or that of its family. Robots have none.
pub fn os(code: &str, family: &str) -> String {
    if SYSTEMS.binary_search(&code).is_ok() { path("os", code) } else { os_family(family) }
}

/// The picture of a family of operating systems: that of its best known member.
pub fn os_family(family: &str) -> String {
    let code = FAMILIES.iter().find(|(known, _)| *known == family).map_or("UNK", |(_, code)| code);
    path("os", if SYSTEMS.binary_search(&code).is_ok() { code } else { "UNK" })
}

/// The operating systems that have pictures.
const SYSTEMS: &[&str] = &[
    "AIX", "AMG", "AND", "ARL", "ATV", "BEO", "BLB", "BSD", "BTR", "CES", "COS", "CYN", "DEB", "DFB", "FED", "FIR", "FOS", "GNT",
    "GTV", "HAI", "HAR", "HPX", "IOS", "IPA", "IRI", "KBT", "KNO", "KOS", "LBT", "LIN", "MAC", "MAE", "MDR", "MIN", "MOR", "NBS",
    "NDS", "OBS", "ORD", "OS2", "OWR", "POS", "PS3", "PSP", "QNX", "REM", "RHT", "ROS", "SAB", "SAF", "SBA", "SLW", "SMG", "SOS",
    "SSE", "SYL", "SYM", "T64", "TDX", "TIZ", "TOS", "UBT", "UNK", "VLN", "WAS", "WCE", "WII", "WIN", "WIO", "WMO", "WOS", "WPH",
    "WRT", "XBT", "XBX", "YNS",
];

/// The picture of a brand of devices.
pub fn brand(name: &str) -> String {
    if name == "Unknown" {
        return path("brand", "unk");
    }
    let mut file = String::with_capacity(name.len());
    let mut in_gap = false;
    for sign in name.chars() {
        if sign.is_ascii_alphanumeric() || sign == '_' || sign == '-' {
            file.push(sign);
            in_gap = false;
        } else if !in_gap {
            file.push('_');
            in_gap = true;
        }
    }
    path("brand", &file)
}

fn path(kind: &str, file: &str) -> String {
    format!("plugins/Morpheus/icons/dist/{kind}/{file}.png")
}

/// Families of operating systems, with the code of the one whose picture stands for all. Consoles are called otherwise in reports
/// than they are known by, and have none.
const FAMILIES: &[(&str, &str)] = &[
    ("Android", "AND"),
    ("AmigaOS", "AMG"),
    ("BlackBerry", "BLB"),
    ("Brew", "BMP"),
    ("BeOS", "BEO"),
    ("Chrome OS", "COS"),
    ("Firefox OS", "FOS"),
    ("Google TV", "GTV"),
    ("IBM", "OS2"),
    ("iOS", "IOS"),
    ("RISC OS", "ROS"),
    ("GNU/Linux", "LIN"),
    ("Mac", "MAC"),
    ("Mobile Gaming Console", "PSP"),
    ("OpenVMS", "OVS"),
    ("Real-time OS", "MTK"),
    ("Other Mobile", "WOS"),
    ("Symbian", "SYM"),
    ("Unix", "SOS"),
    ("WebTV", "WTV"),
    ("Windows", "WIN"),
    ("Windows Mobile", "WPH"),
    ("Other Smart TV", "WHS"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_without_a_picture_has_its_family_s() {
        assert!(SYSTEMS.is_sorted());
        let named = [("UBT", "GNU/Linux"), ("MLD", "Android"), ("JME", "Java ME"), ("BOT", ""), ("PS3", "Gaming Console")];
        let files = named.map(|(code, family)| os(code, family).rsplit('/').next().unwrap_or_default().to_owned());
        assert_eq!(files, ["UBT.png", "AND.png", "UNK.png", "UNK.png", "PS3.png"]);
        assert_eq!(os_family("Windows"), "plugins/Morpheus/icons/dist/os/WIN.png");
    }
}
