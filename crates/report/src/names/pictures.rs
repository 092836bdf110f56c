//! Which browsers and operating systems have a picture of their own where Matomo's clients look for them, and whose picture
//! stands for those that have none: that of the best known of their family.

/// The code whose picture shows this browser, where there is any.
pub(super) fn of_browser(code: &str) -> Option<&'static str> {
    find(BROWSERS, BROWSER_FAMILIES, code)
}

/// The code whose picture shows this operating system, where there is any.
pub(super) fn of_os(code: &str) -> Option<&'static str> {
    find(SYSTEMS, SYSTEM_FAMILIES, code)
}

fn find(drawn: &'static str, families: &[(&'static str, &str)], code: &str) -> Option<&'static str> {
    let holds = |known: &&str| *known == code;
    let of_family =
        || families.iter().find(|(_, members)| members.split(' ').any(|known| known == code)).map(|(first, _)| *first);
    drawn.split(' ').find(holds).or_else(of_family)
}

/// Browsers with a picture.
const BROWSERS: &str = "1B 2B 36 3B A0 AA AB AD AE AG AH AL AM AN AO AR AS AT AV AW AX BA BB BD BE BH BI BJ BK BL BM BR BS BU BX C1 C2 \
     CA CB CC CD CE CF CH CI CK CL CM CN CO CP CR CT CU CV CY DD DE DF DI DL DT EC EE EI EL EP ES EZ F1 FA FB FD FE \
     FF FK FL FM FN FR FU FW FY GA GB GE GP HA HC HH HJ HO HU I1 I2 I3 I4 IA IB IC ID IE IM IR IV IW JI JO JP JS KI \
     KM KN KO KP KW KY KZ LB LG LH LI LN LS LX M1 MB MC ME MF MI MO MS MT MU MX MZ NB NE NF NL NO NP NS NT NV NX O0 \
     O1 OB OC OE OF OG OH OI OM ON OO OP OR OS OT OV OW OX PA PL PM PO PP PR PS PT PU PW PX PY Q1 QM QQ QT QU QW QZ \
     RE RK RM S0 S2 S3 S4 S5 SA SB SE SF SH SI SK SL SM SO SP SS ST SW SX SY SZ TB TF TG TO TS TU TZ UC UM UT UZ VG \
     VI VM WE WF WH WI WO WP XV YA YJ YL YN";

/// Browsers without one, by the code of the one whose picture they share.
const BROWSER_FAMILIES: &[(&str, &str)] = &[
    ("BD", "H6"),
    (
        "CH",
        "00 0A 0C 0I 0P 0S 18 1M 1N 1T 1W 2F 2M 2N 2P 2S 2X 37 3F 3I 3M 3P 4S 5B 5O 6I 7I 7S 8A 8B 8C 8S 9C 9P A4 A5 A6 \
     A7 A8 A9 AC AI AK AP AY AZ B0 B1 B5 B6 B8 B9 BC BG BO BP BQ BT BV BW C3 C4 C5 C6 C8 CG CJ CW D0 D3 D4 D6 D8 DA \
     DC DG DM DR DU E1 EU EV EW F0 F3 F4 F5 F6 F7 F9 FH FI FS FT G0 G2 G8 GD GI GN H0 H2 H3 H4 H5 H7 H8 HB HE HI HN \
     HP HQ HR HS HT I0 I9 IL IO JB JR K1 K2 K3 K4 K5 K6 K7 KA KS L1 LA LC LF LJ LL LM LO LR LT M5 M9 MA MD MM MR N0 \
     N2 N3 N9 NA NM NQ NR O2 O3 O4 O5 O6 O7 O9 OL P0 P1 P2 P3 P5 P7 P8 PB PC PD PG PN PQ PZ Q3 Q4 Q6 Q7 QI R0 R1 R2 \
     R6 RB RC RF RI S6 S8 S9 SD SG SJ SQ SU SV T0 T1 T3 T4 T5 T6 TA TC TE TK TP TR TV U0 UB UI UR V0 V3 V4 V7 VA VE \
     VN VQ VR VS W1 W2 W4 WA WB WD WK WR WX X0 X1 X2 X3 X4 X5 X6 XB XC XN XO XP XT YG YO YS Z1 ZB ZC ZR",
    ),
    ("FF", "2I 4M 7C 8P BF BN C0 FP IF KJ LY MN MY N7 OA P9 PI QA VK W5 W7 WY ZV"),
    ("IE", "2E 3A 4A BZ CZ RN"),
    ("NF", "3N"),
    ("NB", "DO"),
    ("OP", "6O Y1"),
    ("SF", "PV S7"),
];

/// Operating systems with a picture.
const SYSTEMS: &str = "AIX AMG AND ARL ATV BEO BLB BSD BTR CES COS CYN DEB DFB FED FIR FOS GNT GTV HAI HAR HPX IOS IPA IRI KBT KNO \
     KOS LBT LIN MAC MAE MDR MIN MOR NBS NDS OBS ORD OS2 OWR POS PS3 PSP QNX REM RHT ROS SAB SAF SBA SLW SMG SOS \
     SSE SYL SYM T64 TDX TIZ TOS UBT UNK VLN WAS WCE WII WIN WIO WMO WOS WPH WRT XBT XBX YNS";

/// Operating systems without one, by the code of the one whose picture they share.
const SYSTEM_FAMILIES: &[(&str, &str)] = &[
    ("AND", "ADR AGO ARM BOS BYI CLR GRI HEL HYP LEA LEN MCD MET MLD MYO PIC PUF REV RIS RRS RZD SIR SMA WER"),
    ("AMG", "ARO"),
    ("COS", "CRS FYD SEE"),
    ("OS2", "ARC"),
    (
        "LIN",
        "ALP AMZ AOS ASP AZU BSN CAI CHN CLO COL CST DEE DVK ELM EUL EZX FEN FOR FRE FRI FRT FUC GNS HAS JOL KAL KAN \
     KOB KTV LIR LND LNS LOO LOS LPU MAG MON NOV ORA OSS OTV OVZ PAN PAR PCL PIO PLA PUR PVE QTP RAS RED ROC ROK \
     ROU RSO RST SCI SER TEN TIV TUR UOS VID VIZ WEB WPO ZEN ZOR",
    ),
    ("WOS", "CON GEO LUN"),
    ("SYM", "S40 S60 SY3 SYS"),
    ("SOS", "BS1 ELE GHO GNX INF MNX NWS NXT PLN SBL THN ULT"),
    ("WPH", "KIN"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_picture_is_shown_by_its_family() {
        for (code, wanted) in [("WIN", Some("WIN")), ("MLD", Some("AND")), ("KAL", Some("LIN")), ("JME", None), ("", None)] {
            assert_eq!(of_os(code), wanted, "{code}");
        }
        for (code, wanted) in [("FF", Some("FF")), ("7S", Some("CH")), ("??", None), ("UNK", None)] {
            assert_eq!(of_browser(code), wanted, "{code}");
        }
    }
}
