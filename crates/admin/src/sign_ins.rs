use footfall_model::{Error, Millis};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, NotSet, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::{Admin, database::OrBroken, entity::sign_in};

/// Somebody signed in, or tried to. No address is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// When.
    pub at: Millis,
    /// The login that was given.
    pub login: String,
    /// How it ended.
    pub outcome: SignInOutcome,
}

/// How signing in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignInOutcome {
    /// They are in.
    Done,
    /// The login or password was wrong.
    WrongPassword,
    /// The second factor was wrong.
    WrongCode,
    /// There had been too many failures.
    Throttled,
}

impl SignInOutcome {
    /// Stable: written to logs.
    pub fn code(self) -> &'static str {
        match self {
            SignInOutcome::Done => "done",
            SignInOutcome::WrongPassword => "wrong-password",
            SignInOutcome::WrongCode => "wrong-code",
            SignInOutcome::Throttled => "throttled",
        }
    }

    fn parse(code: &str) -> Option<SignInOutcome> {
        [SignInOutcome::Done, SignInOutcome::WrongPassword, SignInOutcome::WrongCode, SignInOutcome::Throttled]
            .into_iter()
            .find(|outcome| outcome.code() == code)
    }
}

impl Admin {
    /// Writes down that somebody signed in, or tried to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_sign_in(&self, sign_in: &SignIn) -> Result<(), Error> {
        let login: String = sign_in.login.chars().filter(|letter| !letter.is_control()).take(320).collect();
        let row = sign_in::ActiveModel {
            id: NotSet,
            at: Set(sign_in.at.0),
            login: Set(login),
            outcome: Set(sign_in.outcome.code().to_owned()),
        };
        row.insert(&self.db).await.or_broken()?;
        Ok(())
    }

    /// The last so many, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_ins(&self, most: u64) -> Result<Vec<SignIn>, Error> {
        let rows = sign_in::Entity::find().order_by_desc(sign_in::Column::Id).limit(most).all(&self.db).await.or_broken()?;
        rows.into_iter()
            .map(|row| {
                let outcome = SignInOutcome::parse(&row.outcome)
                    .ok_or_else(|| Error::broken("the administration database holds an unknown outcome"))?;
                Ok(SignIn { at: Millis(row.at), login: row.login, outcome })
            })
            .collect()
    }

    /// Forgets those before a moment, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clean_sign_ins(&self, before: Millis) -> Result<u64, Error> {
        let done = sign_in::Entity::delete_many().filter(sign_in::Column::At.lt(before.0)).exec(&self.db).await.or_broken()?;
        Ok(done.rows_affected)
    }
}
