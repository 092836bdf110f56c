use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::index::{IndexBuilder, Watched};
use crate::device::DeviceKind;

/// The questions about a user agent that no rule file asks.
#[derive(Debug)]
pub(crate) struct Fixed {
    /// Processor families with what gives them away, in the order they are asked.
    pub(crate) platforms: [(&'static str, Watched); 7],
    /// By engine, what its version follows.
    engine_versions: FxHashMap<Arc<str>, Watched>,
    pub(crate) gecko_version: Watched,
    pub(crate) blink_like: Watched,
    /// Android's frozen user agent, in which the model has to be put back.
    pub(crate) frozen_android: Watched,
    pub(crate) telegram: Watched,
    pub(crate) desktop: Watched,
    pub(crate) no_desktop: Watched,
    pub(crate) hbbtv: Watched,
    pub(crate) shell_tv: Watched,
    pub(crate) facebook_device: Watched,
    pub(crate) words: Words,
}

/// Words that tell the kind of a machine.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) virtual_reality: Watched,
    pub(crate) chrome: Watched,
    pub(crate) mobile: Watched,
    pub(crate) apad: Watched,
    pub(crate) tablet: Watched,
    pub(crate) phone: Watched,
    pub(crate) touch: Watched,
    pub(crate) puffin: [(Watched, DeviceKind); 3],
    pub(crate) opera_tv: Watched,
    pub(crate) tv: Watched,
    pub(crate) smart_tv: Watched,
    pub(crate) tv_in_brackets: Watched,
    pub(crate) desktop: Watched,
}

impl Fixed {
    pub(super) fn new(index: &mut IndexBuilder, engines: Vec<Arc<str>>) -> Fixed {
        let words = Words::new(index);
        let mut engine_versions = FxHashMap::default();
        for engine in engines {
            let pattern = || index.watch(&engine_version(&engine));
            engine_versions.entry(engine.clone()).or_insert_with(pattern);
        }
        let mut pattern = |source: &str| index.watch(source);
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
            telegram: pattern("telegram-android/"),
            desktop: pattern("windows (?:nt|iot)|x11; linux x86_64"),
            no_desktop: pattern(
                "ce-html| mozilla/|andr[o0]id|tablet|mobile|iphone|windows phone|ricoh|oculusbrowser|picobrowser|lenovo\
                 |compatible; msie|trident/|tesla/|xbox|fbmd/|arm; ?([^)]+)",
            ),
            hbbtv: pattern(r"(?:hbbtv|smarttva)/[1-9](?:\.[0-9]){1,2}"),
            shell_tv: pattern(r"[a-z]+[ _]shell[ _]\w{6}|tclwebkit\d+[.\d]*"),
            facebook_device: pattern("fbmd/"),
            words,
        }
    }

    pub(crate) fn engine_version(&self, engine: &str) -> Option<&Watched> {
        self.engine_versions.get(engine)
    }
}

impl Words {
    fn new(index: &mut IndexBuilder) -> Words {
        use DeviceKind::{Desktop, Smartphone, Tablet};
        let mut pattern = |source: &str| index.watch(source);
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

fn engine_version(engine: &str) -> String {
    let token = match engine {
        "Blink" => "chr[o0]me|chromium|cronet",
        "Arachne" => r"arachne/5\.",
        "LibWeb" => r"libweb\+libjs",
        name => name,
    };
    // A version with a dot is taken whole; a number without one must be short, as longer ones are dates.
    let number = r"((?=\d+\.\d)\d+[.\d]*|(?!\d+\.\d)\d{1,7}(?=\D|$))";
    format!(r"(?:{token})\s*[/_]?\s*{number}")
}
