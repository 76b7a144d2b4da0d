/// When, during warm-up, a metric that is learnt from gradients changes (Seyboldt, Carlson & Carpenter 2026): it is
/// renewed all along, and forgets old draws every 10 iterations in the first 30 % of warm-up and after windows of 80
/// iterations, each 1.5 times as long as the one before it, from then on. The last 15 % are for the step size alone.
package struct FisherSchedule: Sendable, Hashable {
    /// Iterations, counted from 1, after which the background becomes the foreground, ascending.
    package let switches: [Int]
    /// The last iteration that changes the metric; 0 where warm-up is too short to learn one.
    package let metricEnd: Int

    static let earlyShare = 0.3
    static let stepSizeShare = 0.15
    static let earlyWindow = 10
    static let firstWindow = 80
    /// Longer windows would be kept in memory, and gain nothing.
    static let longestWindow = 400
    /// Up to here a low-rank metric is renewed after each draw, since the first one is a guess.
    static let firstRenewals = 10
    /// Iterations after a new beginning in which old draws are forgotten as early in warm-up.
    static let relearning = 50
    /// Iterations between two renewals of a low-rank metric, and between those of one of many coordinates, each of which
    /// takes up to a second.
    static let renewalInterval = 20
    /// The same of many coordinates, for which it takes seconds.
    static let largeRenewalInterval = 100
    static let largeDimension = 300

    package init(warmup: Int) {
        guard warmup >= WarmUpSchedule.shortestForMetric else {
            switches = []
            metricEnd = 0
            return
        }
        metricEnd = warmup - Int(Self.stepSizeShare * Double(warmup))
        let earlyEnd = Int(Self.earlyShare * Double(warmup))
        var switches = Array(stride(from: Self.earlyWindow, through: earlyEnd, by: Self.earlyWindow))
        var end = earlyEnd
        var window = Self.firstWindow
        // A window that the next one would not follow is left open: its draws join those before it.
        while end + window + Self.next(window) <= metricEnd {
            end += window
            switches.append(end)
            window = Self.next(window)
        }
        self.switches = switches
    }

    private static func next(_ window: Int) -> Int {
        min(window + window / 2, longestWindow)
    }

    /// Whether old draws are forgotten after this iteration, of which `beginning` is that before learning began: every 10
    /// draws for a while, and at the ends of windows.
    func advances(_ iteration: Int, beginning: Int) -> Bool {
        let age = iteration - beginning
        return switches.contains(iteration)
            || beginning > 0 && age <= Self.relearning && age % Self.earlyWindow == 0
    }

    /// Whether a low-rank metric is made anew after this iteration.
    func renewsLowRank(_ iteration: Int, beginning: Int, dimension: Int) -> Bool {
        let interval = dimension > Self.largeDimension ? Self.largeRenewalInterval : Self.renewalInterval
        return iteration - beginning <= Self.firstRenewals || iteration == metricEnd || iteration % interval == 0
            || advances(iteration, beginning: beginning)
    }
}
