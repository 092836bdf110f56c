use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::rules::LazyPattern;

/// The questions about a user agent that no rule file asks.
pub(super) struct Fixed {
    /// Processor families with what gives them away, in the order they are asked.
    pub(super) platforms: [(&'static str, LazyPattern); 7],
    /// By engine, what its version follows.
    engine_versions: FxHashMap<Arc<str>, LazyPattern>,
    pub(super) gecko_version: LazyPattern,
    pub(super) blink_like: LazyPattern,
    /// Android's frozen user agent, in which the model has to be put back.
    pub(super) frozen_android: LazyPattern,
    pub(super) desktop: LazyPattern,
    pub(super) no_desktop: LazyPattern,
    pub(super) hbbtv: LazyPattern,
    pub(super) shell_tv: LazyPattern,
    pub(super) facebook_device: LazyPattern,
    pub(super) words: Words,
}

/// Words that tell the kind of a machine.
pub(super) struct Words {
    pub(super) virtual_reality: LazyPattern,
    pub(super) chrome: LazyPattern,
    pub(super) mobile: LazyPattern,
    pub(super) apad: LazyPattern,
    pub(super) tablet: LazyPattern,
    pub(super) phone: LazyPattern,
    pub(super) touch: LazyPattern,
    pub(super) puffin: [(LazyPattern, crate::DeviceKind); 3],
    pub(super) opera_tv: LazyPattern,
    pub(super) tv: LazyPattern,
    pub(super) smart_tv: LazyPattern,
    pub(super) tv_in_brackets: LazyPattern,
    pub(super) desktop: LazyPattern,
}

impl Fixed {
    pub(super) fn new<'a>(engines: impl Iterator<Item = &'a Arc<str>>) -> Fixed {
        let pattern = |source: &str| LazyPattern::new(source);
        let engine_versions = engines.map(|engine| (engine.clone(), engine_version(engine))).collect();
        Fixed {
            platforms: [
                ("ARM", pattern("arm[ _;)ev]|.*arm$|.*arm64|aarch64|apple ?tv|watch ?os|watch1,[12]")),
                ("LoongArch64", pattern("loongarch64")),
                ("MIPS", pattern("mips")),
                ("SuperH", pattern("sh4")),
                ("SPARC64", pattern("sparc64")),
                ("x64", pattern("64-?bit|wow64|(?:intel)?x64|windows_64|win64|irix;?64|.*amd64|.*x86_?64")),
                ("x86", pattern(".*32bit|.*win32|(?:i[0-9]|x)86|i86pc")),
            ],
            engine_versions,
            gecko_version: pattern(r" rv[: ]([0-9.]+).*(?:g|cl)ecko/\d{8,10}"),
            blink_like: pattern(r"chrome/.+ safari/537.36"),
            frozen_android: pattern(r"android (?:1[0-7][.\d]*; k(?: build/|[;)])|1[0-7]\)) applewebkit"),
            desktop: pattern("windows (?:nt|iot)|x11; linux x86_64"),
            no_desktop: pattern(
                "ce-html| mozilla/|andr[o0]id|tablet|mobile|iphone|windows phone|ricoh|oculusbrowser|picobrowser|lenovo\
                 |compatible; msie|trident/|tesla/|xbox|fbmd/|arm; ?([^)]+)",
            ),
            hbbtv: pattern(r"(?:hbbtv|smarttva)/[1-9](?:\.[0-9]){1,2}"),
            shell_tv: pattern(r"[a-z]+[ _]shell[ _]\w{6}|tclwebkit\d+[.\d]*"),
            facebook_device: pattern("fbmd/"),
            words: Words::new(),
        }
    }

    pub(super) fn engine_version(&self, engine: &str) -> Option<&LazyPattern> {
        self.engine_versions.get(engine)
    }
}

impl Words {
    fn new() -> Words {
        use crate::DeviceKind::{Desktop, Smartphone, Tablet};
        let pattern = |source: &str| LazyPattern::new(source);
        Words {
            virtual_reality: pattern("android( [.0-9]+)?; mobile vr;| vr "),
            chrome: pattern("chrome/"),
            mobile: pattern("mobile|elibom"),
            apad: pattern("pad/apad"),
            tablet: pattern(r"android( [.0-9]+)?; tablet;|tablet(?! pc)|.*-tablet$|opera tablet"),
            phone: pattern(r"android( [.0-9]+)?; mobile;|.*-mobile$"),
            touch: pattern("touch"),
            puffin: [
                (pattern(r"puffin/\d+[.\d]+[lmw]d"), Desktop),
                (pattern(r"puffin/\d+[.\d]+[aiflw]p"), Smartphone),
                (pattern(r"puffin/\d+[.\d]+[ailw]t"), Tablet),
            ],
            opera_tv: pattern("opera tv store| omi/"),
            tv: pattern(r"andr0id|(?:android(?: uhd)?|google) tv|\(lite\) tv|bravia|firebolt| tv$"),
            smart_tv: pattern("smarttv|tizen.+ tv .+$"),
            tv_in_brackets: pattern(r"\(tv;"),
            desktop: pattern("(?:desktop|pc)(?: (?:x(?:32|64)|wow64))?;"),
        }
    }
}

fn engine_version(engine: &str) -> LazyPattern {
    let token = match engine {
        "Blink" => "chr[o0]me|chromium|cronet",
        "Arachne" => r"arachne/5\.",
        "LibWeb" => r"libweb\+libjs",
        name => name,
    };
    // A version with a dot is taken whole; a number without one must be short, as longer ones are dates.
    let number = r"((?=\d+\.\d)\d+[.\d]*|(?!\d+\.\d)\d{1,7}(?=\D|$))";
    LazyPattern::new(format!(r"(?:{token})\s*[/_]?\s*{number}"))
}
