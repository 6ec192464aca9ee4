//! `baraza office`: headquarters.

use crate::args::{Common, Office};
use crate::print::{Failure, show};
use crate::unlock;
use baraza_app::ExportOptions;
use serde_json::json;

pub(crate) fn run(common: &Common, command: Office) -> Result<(), Failure> {
    match command {
        Office::Import { dir, files } => {
            let mut device = unlock(common, &dir)?;
            let (mut imports, mut refused) = (Vec::new(), Vec::new());
            for file in &files {
                // One bad card blocks nothing.
                match device.import(file) {
                    Ok(import) => imports.push(import),
                    Err(error) => refused.push(format!("{}: {error} [{}]", file.display(), error.code())),
                }
            }
            show(common.json, &imports, |imports| {
                let line =
                    |i: &baraza_app::ImportView| format!("{}: {}", i.file, crate::device::bundle(&i.read));
                imports.iter().map(line).collect::<Vec<_>>().join("\n")
            })?;
            match refused.is_empty() {
                true => Ok(()),
                false => Err(Failure::refused(refused.join("\n"))),
            }
        }
        Office::Quarantine { dir, replay } => {
            let mut device = unlock(common, &dir)?;
            if replay {
                device.replay()?;
            }
            let held = device.held()?;
            let (gaps, alarms) = device.gaps_and_alarms()?;
            show(common.json, &json!({ "held": held, "gaps": gaps, "alarms": alarms }), |_| {
                let mut lines: Vec<String> =
                    held.iter().map(|h| format!("{}  {}  {}", h.state.as_str(), h.code, h.detail)).collect();
                lines.extend(
                    gaps.iter().map(|g| format!("gap  log {} misses {} to {}", g.log, g.first, g.last)),
                );
                lines.extend(
                    alarms.iter().map(|a| format!("ALARM  log {} continues in two ways at {}", a.log, a.seq)),
                );
                if lines.is_empty() { "nothing is held".into() } else { lines.join("\n") }
            })
        }
        Office::Records { dir } => show(common.json, &unlock(common, &dir)?.office_records()?, |records| {
            let line = |r: &baraza_app::RecordSummary| {
                format!("{}  {}  {} conflicts  {} to review", r.id.short(), r.form_id, r.conflicts, r.reviews)
            };
            records.iter().map(line).collect::<Vec<_>>().join("\n")
        }),
        Office::Review { dir } => show(common.json, &unlock(common, &dir)?.reviews(None)?, |reviews| {
            let line = |r: &baraza_app::Review| format!("{}  {}  {}", r.record.short(), r.code, r.path);
            reviews.iter().map(line).collect::<Vec<_>>().join("\n")
        }),
        Office::Export { dir, form, out, include_severe, include_drafts, hxl } => {
            let options = ExportOptions {
                form,
                include_severe,
                include_drafts,
                hxl_row: hxl,
                ..ExportOptions::default()
            };
            let report = unlock(common, &dir)?.export_csv(&out, &options)?;
            show(common.json, &report, |report| {
                let files =
                    report.files.iter().map(|f| format!("{}: {} rows", out.join(&f.name).display(), f.rows));
                files.collect::<Vec<_>>().join("\n")
            })
        }
    }
}
