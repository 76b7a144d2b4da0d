import Densities

/// What lift tests say of a channel's return, beside the prior that it has without them.
package struct MeasuredReturn: Sendable, Hashable {
    /// What one test says, and the last day on which it ran: nobody knew it before.
    package struct Test: Sendable, Hashable {
        package var lastDay: CalendarDate
        package var estimate: ReturnEstimate

        package init(lastDay: CalendarDate, estimate: ReturnEstimate) {
            self.lastDay = lastDay
            self.estimate = estimate
        }
    }

    /// Index of the channel.
    package var channel: Int
    package var priorWithoutTests: Prior
    package var tests: [Test]

    package init(channel: Int, priorWithoutTests: Prior, tests: [Test]) {
        self.channel = channel
        self.priorWithoutTests = priorWithoutTests
        self.tests = tests
    }

    /// The prior of the return by these tests.
    package var prior: Prior {
        tests.isEmpty ? priorWithoutTests : ReturnEstimate(combining: tests.map(\.estimate)).prior
    }

    /// The same as it was known when `day` began.
    package func known(before day: CalendarDate) -> MeasuredReturn {
        var result = self
        result.tests = tests.filter { $0.lastDay < day }
        return result
    }
}
