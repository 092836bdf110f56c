//! Where Matomo's clients look for pictures of browsers, systems and brands.

use super::pictures;

/// The picture of a browser, by its two letters; programs that have a name only have none.
pub fn browser(code: &str) -> String {
    path("browsers", pictures::of_browser(code).unwrap_or("UNK"))
}

/// The picture of an operating system, by its three letters; robots have none.
pub fn os(code: &str) -> String {
    path("os", pictures::of_os(code).unwrap_or("UNK"))
}

/// The picture of a family of operating systems: that of its best known member.
pub fn os_family(family: &str) -> String {
    os(FAMILIES.iter().find(|(known, _)| *known == family).map_or("UNK", |(_, code)| code))
}

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

/// Families of operating systems, with the code of the one whose picture stands for all.
const FAMILIES: &[(&str, &str)] = &[
    ("Android", "AND"),
    ("AmigaOS", "AMG"),
    ("BlackBerry", "BLB"),
    ("Brew", "BMP"),
    ("BeOS", "BEO"),
    ("Chrome OS", "COS"),
    ("Firefox OS", "FOS"),
    ("Gaming Console", "WII"),
    ("Console", "WII"),
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
