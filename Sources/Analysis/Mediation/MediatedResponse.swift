import Kernels
import MarketingMix
import ModelDefinition

/// What one channel that drives others brings at one draw, within the periods of the data.
package struct MediatedResponse: Sendable, Hashable {
    /// What comes by way of one other channel.
    package struct Path: Sendable, Hashable {
        /// Index of the channel through which it comes.
        package var mediator: Int
        /// KPI units that this channel would lose without what the first one drives.
        package var kpi: Double
        package var revenue: Double
        /// Share of its exposure in the periods of the data that it would lose.
        package var exposureShare: Double
    }

    /// Index of the channel.
    package var channel: Int
    /// What its own coefficient gives: the figure of `mediaResponse`.
    package var kpi: Double
    package var revenue: Double
    /// Those of all channels that it drives, at first or second hand, each after those that drive it.
    package var paths: [Path]

    /// By itself and through others.
    package var totalKPI: Double { paths.reduce(kpi) { $0 + $1.kpi } }
    package var totalRevenue: Double { paths.reduce(revenue) { $0 + $1.revenue } }
}

extension MarketingMixModel {
    /// One for each channel that others drive, after those of its drivers.
    package var mediatorEquations: [MediatorEquation] {
        specification.mediators.map { mediator in
            let drivers = specification.channels.indices.filter {
                specification.channels[$0].drives.contains(mediator)
            }
            return MediatorEquation(self, mediator: mediator, drivers: drivers)
        }
    }
}

extension MediatedResponse {
    /// What every channel that drives others brings at one draw, in the order of channels.
    ///
    /// Through a mediator it brings what the mediator would lose in KPI if it lacked the exposure that the channel's media
    /// of these periods drive: its carry-over and saturation act on what is left, which is never below 0.
    ///
    /// - Parameter strengths: γ by equation, then driver.
    package static func all(
        at draw: ModelDraw, equations: [MediatorEquation], strengths: [[Double]]
    ) -> [MediatedResponse] {
        let channels = draw.model.specification.channels
        return channels.indices.filter { !channels[$0].drives.isEmpty }.map { channel in
            let direct = draw.mediaResponses(channel: channel, multipliers: [1])[0]
            var response = MediatedResponse(
                channel: channel, kpi: direct.kpiInWindow, revenue: direct.revenueInWindow, paths: [])
            // The response that each channel would lose, by geo.
            var lost = [
                channel: (0..<draw.model.dataset.geoCount).map { geo in
                    draw.responses(channel, geo: geo, multipliers: [1], trailing: 0)[0]
                }
            ]
            for (equation, strengths) in zip(equations, strengths) {
                let causes = zip(equation.drivers, strengths).compactMap { driver, strength in
                    lost[driver].map { (strength: strength, responses: $0) }
                }
                guard !causes.isEmpty else { continue }
                let mediated = draw.path(through: equation, causes: causes)
                response.paths.append(mediated.path)
                lost[equation.mediator] = mediated.losses
            }
            return response
        }
    }
}

extension ModelDraw {
    /// What a mediator loses without the exposure that these losses of response would have driven, and its own loss of
    /// response by geo.
    fileprivate func path(
        through equation: MediatorEquation, causes: [(strength: Double, responses: [[Double]])]
    ) -> (path: MediatedResponse.Path, losses: [[Double]]) {
        let mediator = equation.mediator
        let (dataset, window) = (model.dataset, model.windowPeriodCount)
        var path = MediatedResponse.Path(mediator: mediator, kpi: 0, revenue: 0, exposureShare: 0)
        var exposures = (all: 0.0, lost: 0.0)
        let losses = (0..<dataset.geoCount).map { geo in
            var driven = [Double](repeating: 0, count: window)
            for cause in causes {
                let part = equation.drivenExposure(geo: geo, strength: cause.strength, response: cause.responses[geo])
                for period in driven.indices { driven[period] += part[period] }
            }
            let actual = model.media[mediator][geo]
            let left = actual.changed { $0 < window ? max(0, $1 - driven[$0]) : $1 }
            for (before, after) in zip(actual.exposures, left.exposures).dropFirst(actual.historyCount).prefix(window) {
                exposures.all += model.scaling.population[geo] * before
                exposures.lost += model.scaling.population[geo] * (before - after)
            }
            let without = channels[mediator].media[geo].response(to: left, trailing: 0)
            let loss = zip(channels[mediator].response(geo: geo), without).prefix(window).map { $0 - $1 }
            let beta = model.scale(of: geo) * channels[mediator].coefficients[geo]
            path.kpi += beta * Reductions.sum(loss)
            path.revenue +=
                beta * Reductions.dot(loss, Array(dataset.revenuePerKPI[dataset.cells(of: geo).prefix(window)]))
            return loss
        }
        path.exposureShare = exposures.all > 0 ? exposures.lost / exposures.all : 0
        return (path, losses)
    }
}
