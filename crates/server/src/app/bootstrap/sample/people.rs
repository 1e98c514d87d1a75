//! The sample's users: 80 with the administrator, 27 of them with single sign-on.

use std::time::Duration;

use rolecall_core::Result;
use rolecall_core::identity::{Credential, Email, GroupName, UserId};
use rolecall_store::BootstrapUser;

use super::DOMAIN;
use super::calendar::Calendar;

/// A user's team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Team {
    Perception,
    MotionPlanning,
    FoundationModels,
    Platform,
    Office,
}

impl Team {
    pub const ALL: [Self; 5] =
        [Self::Perception, Self::MotionPlanning, Self::FoundationModels, Self::Platform, Self::Office];

    /// The group of its members at the identity provider.
    pub const fn group(self) -> &'static str {
        match self {
            Self::Perception => "perception",
            Self::MotionPlanning => "motion-planning",
            Self::FoundationModels => "foundation-models",
            Self::Platform => "platform-operations",
            Self::Office => "office",
        }
    }

    /// Its members, the lead first.
    pub const fn people(self) -> &'static [(&'static str, Login)] {
        match self {
            Self::Perception => PERCEPTION,
            Self::MotionPlanning => MOTION_PLANNING,
            Self::FoundationModels => FOUNDATION_MODELS,
            Self::Platform => PLATFORM,
            Self::Office => OFFICE,
        }
    }
}

/// Groups besides those of the teams.
pub const EVERYBODY: &str = "meridian-robotics";
pub const CONTRACTORS: &str = "contractors";

/// How a user signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// With their own password.
    Own,
    /// With a password, but they never did.
    Never,
    /// With a temporary password, which has expired.
    Temporary,
    /// Disabled.
    Disabled,
    /// With the identity provider.
    Sso,
    /// With the identity provider, but they never did: an administrator created them in advance.
    SsoNever,
    /// With the identity provider, once.
    SsoDisabled,
}

const PERCEPTION: &[(&str, Login)] = &[
    ("ana.lindqvist", Login::Own),
    ("dana.okafor", Login::Own),
    ("tomas.novak", Login::Sso),
    ("yuki.tanaka", Login::Own),
    ("leila.haddad", Login::Sso),
    ("ben.carter", Login::Sso),
    ("ingrid.solberg", Login::Own),
    ("rafael.mendes", Login::Sso),
    ("priya.raman", Login::SsoNever),
    ("oscar.nyberg", Login::Own),
    ("hannah.weiss", Login::Own),
    ("kofi.mensah", Login::Sso),
    ("elena.petrova", Login::Own),
    ("marcus.webb", Login::Own),
    ("aisha.bello", Login::Sso),
    ("jonas.brandt", Login::Own),
    ("mei.chen", Login::Own),
    ("patrick.doyle", Login::Sso),
];

const MOTION_PLANNING: &[(&str, Login)] = &[
    ("mateo.ferrari", Login::Own),
    ("claire.dubois", Login::Own),
    ("sanjay.gupta", Login::Sso),
    ("freya.larsen", Login::Own),
    ("diego.vargas", Login::Temporary),
    ("nadia.rahman", Login::Sso),
    ("victor.ionescu", Login::Own),
    ("emma.hughes", Login::Never),
    ("takeshi.mori", Login::Sso),
    ("lucia.romano", Login::Own),
    ("adam.kowalski", Login::Own),
    ("zainab.yusuf", Login::Sso),
    ("erik.hansen", Login::Disabled),
    ("grace.kim", Login::Own),
    ("pablo.iglesias", Login::Sso),
    ("olga.sidorova", Login::Own),
    ("samuel.okoye", Login::Own),
];

const FOUNDATION_MODELS: &[(&str, Login)] = &[
    ("sofia.keller", Login::Own),
    ("arjun.mehta", Login::Own),
    ("lena.fischer", Login::Sso),
    ("daniel.cohen", Login::Own),
    ("wei.zhang", Login::Own),
    ("maria.santos", Login::Sso),
    ("henrik.dahl", Login::Own),
    ("noor.ali", Login::Own),
    ("thomas.baumann", Login::SsoNever),
    ("chloe.martin", Login::Own),
    ("ivan.horvat", Login::Own),
    ("rosa.delgado", Login::Sso),
    ("felix.meier", Login::Own),
    ("anya.volkov", Login::Temporary),
    ("george.adams", Login::Sso),
    ("hiro.sato", Login::Own),
    ("beatriz.costa", Login::Own),
    ("simon.roth", Login::Sso),
    ("fatima.zahra", Login::Own),
    ("paul.richter", Login::Own),
];

const PLATFORM: &[(&str, Login)] = &[
    ("julia.hartmann", Login::Own),
    ("nikhil.desai", Login::Own),
    ("laura.bianchi", Login::Sso),
    ("peter.svoboda", Login::Disabled),
    ("carmen.ortiz", Login::Own),
    ("liam.walsh", Login::SsoDisabled),
    ("miriam.levy", Login::Own),
    ("anders.holm", Login::Own),
    ("ruth.abebe", Login::Sso),
    ("stefan.gruber", Login::Own),
    ("tara.nolan", Login::Own),
    ("omar.farouk", Login::Sso),
];

const OFFICE: &[(&str, Login)] = &[
    ("katrin.vogel", Login::Own),
    ("james.porter", Login::Disabled),
    ("susan.lee", Login::Sso),
    ("andre.silva", Login::Own),
    ("monika.jansen", Login::Own),
    ("david.thompson", Login::Sso),
    ("nina.kraus", Login::Own),
    ("robert.ellis", Login::Own),
    ("alice.moreau", Login::Sso),
    ("kenji.watanabe", Login::Own),
    ("eva.lund", Login::Own),
    ("martin.schaefer", Login::Sso),
];

/// A user's email.
pub fn email(name: &str) -> Result<Email> {
    Email::parse("email", &format!("{name}@{DOMAIN}"))
}

/// All users but the administrator, who created the local ones.
pub fn users(
    calendar: &mut Calendar,
    administrator: &BootstrapUser,
    unknown_password: &str,
) -> Result<Vec<BootstrapUser>> {
    let mut users = Vec::new();
    let count = Team::ALL.iter().map(|team| team.people().len()).sum();
    for team in Team::ALL {
        for (name, login) in team.people() {
            // Not team by team: 31 and 79 have no common divisor, so each gets a different time in the year.
            let place = (users.len() * 31) % count;
            let at = calendar.moment(place, count)?;
            let updated_at = if users.len() % 3 == 0 { calendar.after(at)? } else { at };
            let local = !matches!(login, Login::Sso | Login::SsoNever | Login::SsoDisabled);
            let temporary = *login == Login::Temporary;
            users.push(BootstrapUser {
                id: UserId::new(calendar.uuid()?),
                email: email(name)?,
                credential: match (local, temporary) {
                    (false, _) => Credential::External,
                    (true, true) => Credential::Temporary,
                    (true, false) => Credential::Own,
                },
                password_hash: local.then(|| unknown_password.to_owned()),
                password_expires_at: temporary.then(|| at.plus(Duration::from_secs(7 * 24 * 60 * 60))),
                enabled: !matches!(login, Login::Disabled | Login::SsoDisabled),
                groups: if local { Vec::new() } else { groups(team, users.len())? },
                created_by: if local { administrator.email.to_string() } else { "oidc".to_owned() },
                created_at: at,
                updated_at,
                last_login: match login {
                    Login::Own | Login::Sso => Some(calendar.lately(at)?),
                    Login::Disabled | Login::SsoDisabled => Some(calendar.after(at)?),
                    Login::Never | Login::SsoNever | Login::Temporary => None,
                },
            });
        }
    }
    Ok(users)
}

fn groups(team: Team, place: usize) -> Result<Vec<GroupName>> {
    let mut groups = vec![team.group(), EVERYBODY];
    if place % 4 == 1 {
        groups.push(CONTRACTORS);
    }
    groups.into_iter().map(|name| GroupName::parse("groups", name)).collect()
}
