import ModelDefinition

/// What one component brought in one period in all geos, in KPI units.
package struct ContributionRow: Sendable, Hashable {
    package var date: CalendarDate
    package var component: String
    package var estimate: Estimate

    package init(date: CalendarDate, component: String, estimate: Estimate) {
        self.date = date
        self.component = component
        self.estimate = estimate
    }
}

/// What one component brought in one geo over the window of the data, in KPI units.
package struct GeoContributionRow: Sendable, Hashable {
    package var geo: String
    package var component: String
    package var estimate: Estimate

    package init(geo: String, component: String, estimate: Estimate) {
        self.geo = geo
        self.component = component
        self.estimate = estimate
    }
}

/// What one channel cost and brought over the window of the data.
///
/// Money figures are nil for a channel without spend, and those about margin also where no margin is known.
package struct ChannelRow: Sendable, Hashable, Codable {
    package var channel: String
    /// Money, over the window.
    package var spend: Double
    /// KPI units within the window.
    package var contribution: Estimate
    /// Contribution ÷ total fitted KPI of the same draw; nil where the total is none of which there are shares.
    package var share: Estimate?
    /// Revenue within the window ÷ spend.
    package var roi: Estimate?
    /// [revenue(1.01 × exposure) − revenue] ÷ (0.01 × spend), within the window.
    package var marginalROI: Estimate?
    /// margin × revenue within the window ÷ spend.
    package var marginROI: Estimate?
    /// Mean revenue that falls after the window.
    package var carryoverMean: Double
    /// Mean of margin × revenue within the window − spend.
    package var profitMean: Double?
    /// Median week in which the spend is earned back, 1 being the week of spending; nil also for "never".
    package var paybackWeeksQ50: Double?

    package init(
        channel: String, spend: Double, contribution: Estimate, share: Estimate?, roi: Estimate?,
        marginalROI: Estimate?, marginROI: Estimate?, carryoverMean: Double, profitMean: Double?,
        paybackWeeksQ50: Double?
    ) {
        self.channel = channel
        self.spend = spend
        self.contribution = contribution
        self.share = share
        self.roi = roi
        self.marginalROI = marginalROI
        self.marginROI = marginROI
        self.carryoverMean = carryoverMean
        self.profitMean = profitMean
        self.paybackWeeksQ50 = paybackWeeksQ50
    }
}

/// What a channel would have brought within the window had all its periods been scaled to another spend.
package struct ResponseCurvePoint: Sendable, Hashable, Codable {
    package var channel: String
    /// Money, over the window.
    package var spend: Double
    /// KPI units within the window.
    package var contribution: Estimate

    package init(channel: String, spend: Double, contribution: Estimate) {
        self.channel = channel
        self.spend = spend
        self.contribution = contribution
    }
}

/// The sums over the window that a headline speaks of.
package struct Totals: Sendable, Hashable, Codable {
    /// Fitted KPI: all components.
    package var fitted: Estimate
    /// All components that are no channel.
    package var baseline: Estimate
    /// All channels.
    package var media: Estimate
    /// Media ÷ fitted of the same draw; nil where the total is none of which there are shares.
    package var mediaShare: Estimate?
    /// Money, over all channels.
    package var spend: Double
    /// Revenue of the channels with spend ÷ their spend; nil without any.
    package var roi: Estimate?
    /// margin × that; nil without a margin.
    package var marginROI: Estimate?

    package init(
        fitted: Estimate, baseline: Estimate, media: Estimate, mediaShare: Estimate?, spend: Double, roi: Estimate?,
        marginROI: Estimate?
    ) {
        self.fitted = fitted
        self.baseline = baseline
        self.media = media
        self.mediaShare = mediaShare
        self.spend = spend
        self.roi = roi
        self.marginROI = marginROI
    }
}
