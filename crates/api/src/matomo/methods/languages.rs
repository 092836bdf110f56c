//! `LanguagesManager.*`: the languages that answers can be in, and which of them people prefer.

use footfall_model::Cell;

use crate::{
    access::Need,
    matomo::{
        Answer, Context, Failure, Language,
        cells::{cells, texts},
        dispatch::{Call, Method},
        methods::users,
        scope,
    },
};

const MODULE: &str = "LanguagesManager";
/// What users' choices are kept as.
const PREFERENCE: &str = "language";
const CLOCK: &str = "use12HourClock";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "isLanguageAvailable", Need::Nobody, &["languageCode"], |call| {
        Box::pin(async move { Ok(Answer::value(is_known(call, scope::required(call.request, "languageCode")?))) })
    }),
    Method::new(MODULE, "getAvailableLanguages", Need::Nobody, &[], |call| {
        Box::pin(async move { Ok(Answer::Data(texts(all(call).iter().map(|language| &language.code)))) })
    }),
    Method::new(MODULE, "getAvailableLanguageNames", Need::Nobody, &[], |call| {
        Box::pin(async move { Ok(Answer::list(all(call).iter().map(named).collect())) })
    }),
    Method::new(MODULE, "getAvailableLanguagesInfo", Need::Nobody, &[], |call| Box::pin(info(call))),
    Method::new(MODULE, "getTranslationsForLanguage", Need::Nobody, &["languageCode"], |call| Box::pin(translations(call, None))),
    Method::new(MODULE, "getPluginTranslationsForLanguage", Need::Nobody, &["pluginName", "languageCode"], |call| {
        Box::pin(async move { translations(call, Some(scope::required(call.request, "pluginName")?)).await })
    }),
    Method::new(MODULE, "getLanguageForUser", Need::Nobody, &["login"], |call| Box::pin(language(call))),
    Method::new(MODULE, "setLanguageForUser", Need::Nobody, &["login", "languageCode"], |call| Box::pin(set_language(call))),
    Method::new(MODULE, "uses12HourClockForUser", Need::Nobody, &["login"], |call| Box::pin(clock(call))),
    Method::new(MODULE, "set12HourClockForUser", Need::Nobody, &["login", "use12HourClock"], |call| Box::pin(set_clock(call))),
];

/// The language somebody prefers, where answers can be in others than English.
pub(in crate::matomo) async fn preferred(ctx: &Context, caller: &footfall_admin::Principal) -> Option<String> {
    if ctx.settings.texts.languages().is_empty() || caller.is_anonymous() {
        return None;
    }
    // Whoever is no user, such as the server's own token, prefers nothing.
    ctx.admin.preference(&caller.login, PREFERENCE).await.ok().flatten()
}

/// Every language; English alone where no language files were given.
fn all(call: Call<'_>) -> Vec<Language> {
    let given = call.ctx.settings.texts.languages();
    if given.is_empty() {
        let english = "English".to_owned();
        return vec![Language { code: "en".to_owned(), name: english.clone(), english_name: english }];
    }
    given.to_vec()
}

fn is_known(call: Call<'_>, code: &str) -> bool {
    all(call).iter().any(|language| language.code == code)
}

fn named(language: &Language) -> Cell {
    cells! {
        "code" => language.code.as_str(),
        "name" => language.name.as_str(),
        "english_name" => language.english_name.as_str(),
    }
}

async fn info(call: Call<'_>) -> Result<Answer, Failure> {
    let rows = all(call).into_iter().map(|language| {
        let share = call.ctx.settings.texts.share_of(&language.code);
        cells! {
            "code" => language.code.as_str(),
            "name" => language.name.as_str(),
            "english_name" => language.english_name.as_str(),
            "translators" => "-",
            "percentage_complete" => format!("{share}%").as_str(),
        }
    });
    Ok(Answer::list(rows.collect()))
}

async fn translations(call: Call<'_>, plugin: Option<&str>) -> Result<Answer, Failure> {
    let code = scope::required(call.request, "languageCode")?;
    if !is_known(call, code) {
        return Ok(Answer::value(false));
    }
    let mut texts = call.ctx.settings.texts.texts_of(code);
    if let Some(plugin) = plugin {
        texts.retain(|(key, _)| key.split_once('_').is_some_and(|(of, _)| of == plugin));
        if texts.is_empty() {
            return Ok(Answer::value(false));
        }
    }
    let rows = texts.iter().map(|(key, text)| cells! {"label" => key.as_str(), "value" => text.as_str()});
    Ok(Answer::list(rows.collect()))
}

/// The user named, who is the caller unless that is a superuser; `None` for nobody in particular.
fn login<'a>(call: Call<'a>) -> Result<Option<&'a str>, Failure> {
    let login = scope::required(call.request, "login")?;
    if login == "anonymous" {
        return Ok(None);
    }
    users::check_own(call, login)?;
    Ok(Some(login))
}

async fn language(call: Call<'_>) -> Result<Answer, Failure> {
    let Some(login) = login(call)? else {
        return Ok(Answer::value(false));
    };
    let kept = call.ctx.admin.preference(login, PREFERENCE).await?;
    Ok(kept.map_or_else(|| Answer::value(false), |code| Answer::value(code.as_str())))
}

async fn set_language(call: Call<'_>) -> Result<Answer, Failure> {
    let code = scope::required(call.request, "languageCode")?;
    let login = login(call)?;
    let (Some(login), true) = (login, is_known(call, code)) else {
        return Ok(Answer::value(false));
    };
    call.ctx.admin.set_preference(login, PREFERENCE, Some(code)).await?;
    Ok(Answer::value(true))
}

/// Whether who asks prefers hours that are counted to twelve.
///
/// # Errors
/// When preferences cannot be read.
pub(super) async fn counts_to_twelve(call: Call<'_>) -> Result<bool, Failure> {
    if call.caller.is_anonymous() {
        return Ok(false);
    }
    Ok(call.ctx.admin.preference(&call.caller.login, CLOCK).await?.is_some_and(|kept| kept == "1"))
}

async fn clock(call: Call<'_>) -> Result<Answer, Failure> {
    let Some(login) = login(call)? else {
        return Ok(Answer::value(false));
    };
    Ok(Answer::value(call.ctx.admin.preference(login, CLOCK).await?.is_some_and(|kept| kept == "1")))
}

async fn set_clock(call: Call<'_>) -> Result<Answer, Failure> {
    let Some(login) = login(call)? else {
        return Ok(Answer::value(false));
    };
    let kept = if call.request.flag("use12HourClock") { "1" } else { "0" };
    call.ctx.admin.set_preference(login, CLOCK, Some(kept)).await?;
    Ok(Answer::value(true))
}
