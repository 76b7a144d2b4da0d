import Analysis
import Posterior

/// The CSV files of a results folder.
enum Tables {
    /// All geos of a panel, or the one of a single series.
    private static let geo = "national"

    static func summary(_ rows: [(name: String, summary: Summary)]) -> String {
        var table = CSVText(header: "parameter,mean,sd,mcse_mean,q05,q50,q95,ess_bulk,ess_tail,r_hat")
        for (name, summary) in rows {
            table.append([
                .text(name), .number(summary.mean), .number(summary.sd), .number(summary.mcseMean),
                .number(summary.q05), .number(summary.q50), .number(summary.q95), .number(summary.essBulk),
                .number(summary.essTail), .number(summary.rHat),
            ])
        }
        return table.text
    }

    static func leaveOneOut(_ rows: [LeaveOneOutRow]) -> String {
        var table = CSVText(header: LeaveOneOutRow.columns.joined(separator: ","))
        for row in rows {
            table.append([
                .text(row.date), .text(row.geo ?? geo), .number(row.expectedLogDensity), .number(row.shape),
                .number(row.kpi),
            ])
        }
        return table.text
    }

    static func sensitivity(_ rows: [SensitivityRow]) -> String {
        var table = CSVText(header: "quantity,prior,likelihood")
        for row in rows {
            table.append([.text(row.name), .number(row.prior), .number(row.likelihood)])
        }
        return table.text
    }

    static func contributions(_ rows: [ContributionRow]) -> String {
        var table = CSVText(header: "date,geo,component,mean,sd,q05,q50,q95")
        for row in rows {
            let estimate = row.estimate
            table.append([
                .text(row.date.description), .text(geo), .text(row.component), .number(estimate.mean),
                .number(estimate.sd), .number(estimate.q05), .number(estimate.q50), .number(estimate.q95),
            ])
        }
        return table.text
    }

    static func geoContributions(_ rows: [GeoContributionRow]) -> String {
        var table = CSVText(header: "geo,component,mean,sd,q05,q50,q95")
        for row in rows {
            let estimate = row.estimate
            table.append([
                .text(row.geo), .text(row.component), .number(estimate.mean), .number(estimate.sd),
                .number(estimate.q05), .number(estimate.q50), .number(estimate.q95),
            ])
        }
        return table.text
    }

    static func channels(_ rows: [ChannelRow]) -> String {
        var table = CSVText(
            header: "channel,spend,contribution_mean,contribution_q05,contribution_q50,contribution_q95,"
                + "share_mean,share_q05,share_q95,roi_mean,roi_q05,roi_q50,roi_q95,"
                + "mroi_mean,mroi_q05,mroi_q50,mroi_q95,carryover_mean,"
                + "margin_roi_mean,margin_roi_q05,margin_roi_q50,margin_roi_q95,profit_mean,payback_weeks_q50")
        func four(_ estimate: Estimate?) -> [CSVText.Field] {
            [.number(estimate?.mean), .number(estimate?.q05), .number(estimate?.q50), .number(estimate?.q95)]
        }
        for row in rows {
            var fields: [CSVText.Field] = [.text(row.channel), .number(row.spend)]
            fields += four(row.contribution)
            fields += [.number(row.share?.mean), .number(row.share?.q05), .number(row.share?.q95)]
            fields += four(row.roi) + four(row.marginalROI)
            fields.append(.number(row.carryoverMean))
            fields += four(row.marginROI)
            fields += [.number(row.profitMean), .number(row.paybackWeeksQ50)]
            table.append(fields)
        }
        return table.text
    }

    static func responseCurves(_ rows: [ResponseCurvePoint]) -> String {
        var table = CSVText(
            header: "channel,spend,contribution_mean,contribution_q05,contribution_q50,contribution_q95")
        for row in rows {
            table.append([
                .text(row.channel), .number(row.spend), .number(row.contribution.mean),
                .number(row.contribution.q05), .number(row.contribution.q50), .number(row.contribution.q95),
            ])
        }
        return table.text
    }

    static func bootstrap(_ rows: [BootstrapRow]) -> String {
        var table = CSVText(
            header: "quantity,posterior_mean,posterior_sd,bagged_mean,bagged_sd,bagged_q05,bagged_q50,bagged_q95,"
                + "within_sd,between_sd,robust_sd,mismatch_index,resamples")
        for row in rows {
            table.append([
                .text(row.quantity), .number(row.posteriorMean), .number(row.posteriorSD), .number(row.baggedMean),
                .number(row.baggedSD), .number(row.baggedQ05), .number(row.baggedQ50), .number(row.baggedQ95),
                .number(row.withinSD), .number(row.betweenSD), .number(row.robustSD), .number(row.mismatchIndex),
                .integer(row.resamples),
            ])
        }
        return table.text
    }
}
