//! `baraza workspace`, `member`, `device` and `sync`.

use crate::args::{Common, Device as DeviceCommand, Member, Sync, Workspace};
use crate::print::{Failure, show};
use crate::{read, secret, unlock, world, write};
use baraza_app::{Device, Received, found_workspace};
use serde_json::json;

pub(crate) fn workspace(common: &Common, command: Workspace) -> Result<(), Failure> {
    match command {
        Workspace::New { dir, name } => {
            let (device, founded) =
                found_workspace(&dir, &name, &secret::passphrase(common)?, world(common)?)?;
            device.lock()?;
            let said = json!({ "workspace": founded.workspace, "authority": founded.authority });
            show(common.json, &said, |_| {
                format!(
                    "workspace {}\nMove {} to a safe place offline: it is needed only to appoint another officer.",
                    founded.workspace,
                    founded.authority.display()
                )
            })
        }
        Workspace::Public { dir, out } => write(&out, &unlock(common, &dir)?.workspace_file()?),
        Workspace::AddHub { dir, key } => Ok(unlock(common, &dir)?.add_hub(&key)?),
    }
}

pub(crate) fn member(common: &Common, command: Member) -> Result<(), Failure> {
    match command {
        Member::Invite { dir, role, team, out } => {
            let invitation = unlock(common, &dir)?.invite(role, team.as_deref(), None)?;
            write(&out, &invitation)
        }
        Member::Approve { dir, request, out } => {
            let approved = unlock(common, &dir)?.approve(&read(&request)?)?;
            write(&out, &approved.approval)?;
            let said = json!({ "alias": approved.alias, "words": approved.words });
            show(common.json, &said, |_| {
                format!(
                    "{} joins. Both of you must see these words:\n{}",
                    approved.alias,
                    approved.words.join(" ")
                )
            })
        }
        Member::Revoke { dir, name } => Ok(unlock(common, &dir)?.revoke(&name)?),
        Member::List { dir } => show(common.json, &unlock(common, &dir)?.members()?, |members| {
            let line = |m: &baraza_app::Member| {
                let role = m.role.map_or_else(|| "unknown role".to_owned(), |role| role.to_string());
                let revoked = if m.revoked { "  REVOKED" } else { "" };
                format!("{}  {role}  {}{revoked}", m.alias, m.groups.join(", "))
            };
            members.iter().map(line).collect::<Vec<_>>().join("\n")
        }),
    }
}

pub(crate) fn device(common: &Common, command: DeviceCommand) -> Result<(), Failure> {
    match command {
        DeviceCommand::Join { dir, invitation, request_out, alias } => {
            let passphrase = secret::passphrase(common)?;
            let (device, join) =
                Device::join(&dir, &read(&invitation)?, &alias, &passphrase, world(common)?)?;
            device.lock()?;
            write(&request_out, &join.request)?;
            show(common.json, &json!({ "words": join.words }), |_| {
                format!(
                    "Take the request to the officer. Both of you must see these words:\n{}",
                    join.words.join(" ")
                )
            })
        }
        DeviceCommand::Finish { dir, approval } => Ok(unlock(common, &dir)?.finish(&read(&approval)?)?),
        DeviceCommand::Status { dir } => {
            let device = unlock(common, &dir)?;
            let (about, outbox) = (device.about()?, device.outbox()?);
            show(common.json, &json!({ "device": about, "outbox": outbox }), |_| {
                let role = about.role.map_or_else(|| "not joined yet".to_owned(), |role| role.to_string());
                let left = match outbox {
                    0 => "headquarters has confirmed everything".to_owned(),
                    n => format!("{n} sealed segments are not confirmed by headquarters"),
                };
                format!("{} ({role}), {} records; {left}", about.alias, about.records)
            })
        }
        DeviceCommand::Prune { dir } => {
            let pruned = unlock(common, &dir)?.prune()?;
            show(common.json, &pruned, |p| {
                format!(
                    "{} records forgotten, {} received ones kept until their days pass",
                    p.records.len(),
                    p.kept
                )
            })
        }
        DeviceCommand::Words => {
            let words = baraza_app::new_passphrase()?;
            show(common.json, &json!({ "passphrase": words.as_str() }), |_| words.to_string())
        }
    }
}

pub(crate) fn sync(common: &Common, command: &Sync) -> Result<(), Failure> {
    let mut device = unlock(common, &command.dir)?;
    if let Some(url) = &command.by.hub {
        let hub = device.hub_address(url, command.hub_key.as_deref())?;
        let report = device.sync_with_hub(&hub)?;
        return show(common.json, &report, |r| {
            let took = format!(
                "{} requests, {} B up, {} B down: {} segments handed over, {} refused",
                r.requests, r.bytes_up, r.bytes_down, r.handed_over, r.refused
            );
            format!("{took}\n{}", received(&r.received))
        });
    }
    if let Some(path) = &command.by.bundle_out {
        let written = device.bundle_out(path, &command.to)?;
        return show(common.json, &written, |w| {
            format!(
                "{}: {} sealed segments, {} receipts, {} bytes",
                path.display(),
                w.segments,
                w.receipts,
                w.bytes
            )
        });
    }
    if let Some(path) = &command.by.bundle_in {
        let read = device.bundle_in(path)?;
        return show(common.json, &read, bundle);
    }
    Ok(())
}

/// What a bundle brought, in words.
pub(crate) fn bundle(read: &baraza_app::BundleRead) -> String {
    let state = match (read.damaged_frames, read.truncated) {
        (0, false) => "whole".to_owned(),
        (damaged, cut) => {
            let end = if cut { ", its end is missing" } else { "" };
            format!("{damaged} of {} frames damaged{end}; everything else was used", read.frames)
        }
    };
    format!("{state}\n{}", received(&read.received))
}

fn received(r: &Received) -> String {
    let mut lines = vec![format!(
        "{} segments taken, {} known already, {} for others; {} payloads applied, {} receipts",
        r.segments, r.duplicates, r.not_for_us, r.applied, r.receipts
    )];
    for held in &r.held {
        lines.push(format!("  {}: {}", if held.quarantined { "quarantined" } else { "waiting" }, held.code));
    }
    for report in &r.office {
        lines.push(format!(
            "office: {} payloads applied, {} new records, {} changed, {} duplicates",
            report.applied, report.new_records, report.changed_records, report.duplicates
        ));
        lines.extend(report.held.iter().map(|(code, count)| format!("  held: {code} ({count})")));
    }
    lines.join("\n")
}
