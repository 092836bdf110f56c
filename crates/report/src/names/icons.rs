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
    let code = FAMILIES.iter().find(|(known, _)| *known == family).map_or("UNK", |(_, code)| *code);
    path("os", pictures::of_os(code).filter(|drawn| drawn == &code).unwrap_or("UNK"))
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
        let files = ["UBT", "MLD", "JME", "BOT", "PS3"].map(|code| os(code).rsplit('/').next().unwrap_or_default().to_owned());
        assert_eq!(files, ["UBT.png", "AND.png", "UNK.png", "UNK.png", "PS3.png"]);
        let families = ["Windows", "Brew"].map(|family| os_family(family).rsplit('/').next().unwrap_or_default().to_owned());
        assert_eq!(families, ["WIN.png", "UNK.png"]);
    }
}
