import Analysis
import Kernels
import MarketingMix
import ModelDefinition

/// The windows of a time-slice cross-validation: the last one ends where the data ends, each earlier one `horizon`
/// periods before the next.
package struct TimeSlices: Sendable {
    /// Fewest periods that a window may be fitted to.
    package static let trainingPeriodsMin = 20

    private let model: MarketingMixModel
    private let count: Int
    private let horizon: Int

    package init(model: MarketingMixModel, count: Int, horizon: Int) {
        self.model = model
        self.count = count
        self.horizon = horizon
    }

    /// Periods that slice `index`, counted from 0, is fitted to.
    package func trainingPeriods(_ index: Int) -> Int { model.dataset.periodCount - (count - index) * horizon }

    func slice(_ index: Int) -> MarketingMixModel {
        model.slice(trainingPeriods: trainingPeriods(index), horizon: horizon)
    }
}

/// One window's prediction of the periods that follow it.
package struct TimeSliceRow: Sendable, Hashable {
    /// Counted from 1.
    package var slice: Int
    package var trainingPeriods: Int
    /// First and last period that were predicted.
    package var dates: ClosedRange<CalendarDate>
    package var divergences: Int
    /// Nil where no KPI is known in the predicted periods.
    package var score: HoldoutScore?
}

/// Puts a time-slice cross-validation together from the draws of its tasks.
package enum TimeSliceAssembly {
    /// - Parameter records: the bytes of one task's draws by its place in `FitPlan.tasks`; asked for once each, in order.
    package static func assemble(
        model: MarketingMixModel, settings: FitSettings, records: (Int) throws -> [UInt8]
    ) throws -> [TimeSliceRow] {
        guard case .timeSlices(let count, let horizon) = settings.study else {
            preconditionFailure("these are the settings of something else")
        }
        let slices = TimeSlices(model: model, count: count, horizon: horizon)
        return try (0..<count).map { index in
            let slice = slices.slice(index)
            let posterior = slice.posterior(weights: nil)
            let draws = try StudyDraws(
                ofFit: index, posterior: posterior, settings: settings, recovery: .sliceRecovery,
                label: { FitTask.slice(index, chain: $0).label }, records: records)
            let first = slices.trainingPeriods(index)
            return TimeSliceRow(
                slice: index + 1, trainingPeriods: first,
                dates: slice.dataset.dates[first]...slice.dataset.dates[first + horizon - 1],
                divergences: draws.divergences,
                score: HoldoutScore(
                    model: slice, constrained: draws.constrained,
                    key: StreamKey(settings, .slicePrediction, index: index)))
        }
    }
}
