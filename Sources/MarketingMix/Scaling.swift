import Kernels
import ModelDefinition

/// Constants that bring the data to the scale on which priors are stated; computed once from the data, held-out periods
/// left out.
package struct Scaling: Sendable, Hashable {
    /// y = (KPI - `kpiShift`)/`kpiScale`, in KPI units.
    package var kpiShift: Double
    package var kpiScale: Double
    /// Whether the model is one of log y.
    package var hasLogLink: Bool
    /// x = exposure/scale, one a channel in the user's order.
    package var channelScales: [Double]
    /// z = (control - mean)/scale, one a control.
    package var controlMeans: [Double]
    package var controlScales: [Double]
    /// The same for treatments.
    package var treatmentMeans: [Double]
    package var treatmentScales: [Double]
    /// By geo: KPI and exposures are divided by it first. Ones in a single series.
    package var population: [Double]
    /// Number of first periods whose data gave these constants, as `Dataset.windowPeriodCount` has it.
    package var periodCount: Int

    /// The constants of a preset for this data set; media before its first period count as well.
    ///
    /// `pymc-marketing` divides the KPI and every channel by its signed maximum and leaves controls alone. `tutti`
    /// standardises the KPI and the controls by mean and population standard deviation and divides a channel by the
    /// median of its non-zero exposures; a channel without any has scale 1, and so has a constant column. `meridian`
    /// does the same per head of the population, held-out periods counted as in the package. With a log link `tutti` divides the
    /// KPI by its geometric mean.
    ///
    /// - Parameter unscaled: channels whose exposure `pymc-marketing` takes as it is.
    package init(preset: Preset, dataset: Dataset, hasLogLink: Bool = false, unscaled: Set<Int> = []) {
        self.hasLogLink = hasLogLink
        population = [Double](repeating: 1, count: dataset.geoCount)
        let periods = dataset.windowPeriodCount(preset)
        periodCount = periods
        func seen(_ values: [Double]) -> [Double] { dataset.first(periods, of: values) }
        switch preset {
        case .pymcMarketing:
            kpiShift = 0
            kpiScale = Self.maximum(dataset.kpi.filter { !$0.isNaN })
            channelScales = dataset.exposure.indices.map { channel in
                unscaled.contains(channel)
                    ? 1 : Self.maximum((dataset.history?.exposure[channel] ?? []) + seen(dataset.exposure[channel]))
            }
            controlMeans = dataset.controls.map { _ in 0 }
            controlScales = dataset.controls.map { _ in 1 }
            treatmentMeans = dataset.treatments.map { _ in 0 }
            treatmentScales = dataset.treatments.map { _ in 1 }
        case .tutti, .meridian:
            let population =
                preset == .tutti
                ? Self.population(dataset)
                : dataset.population ?? [Double](repeating: 1, count: dataset.geoCount)
            self.population = population
            func perCapita(_ values: [Double]) -> [Double] {
                let periods = values.count / dataset.geoCount
                return values.enumerated().map { $1 / population[$0 / periods] }
            }
            let known = preset == .tutti ? dataset.kpi : dataset.actualKPI
            let kpis = perCapita(known).filter { !$0.isNaN }
            let kpi = Moments(hasLogLink ? kpis.map { Elementary.log($0) } : kpis)
            kpiShift = hasLogLink ? 0 : kpi.mean
            kpiScale = hasLogLink ? Elementary.exp(kpi.mean) : kpi.scale
            channelScales = dataset.exposure.indices.map { channel in
                Self.medianOfNonZero(
                    perCapita(dataset.history?.exposure[channel] ?? []) + perCapita(seen(dataset.exposure[channel])))
            }
            let controls = dataset.controls.map { Moments(seen($0.values)) }
            controlMeans = controls.map(\.mean)
            controlScales = controls.map(\.scale)
            let treatments = dataset.treatments.map { Moments(seen($0.values)) }
            treatmentMeans = treatments.map(\.mean)
            treatmentScales = treatments.map(\.scale)
        }
    }

    /// The constants of the accepted fit where it has them; of what is new since, those of the data.
    func following(_ accepted: AcceptedFit?, specification: ModelSpecification, dataset: Dataset) -> Scaling {
        guard let accepted else { return self }
        var scaling = self
        scaling.kpiShift = accepted.kpi.mean
        scaling.kpiScale = accepted.kpi.scale
        for (index, channel) in specification.channels.enumerated() {
            scaling.channelScales[index] = accepted.channels[channel.name] ?? channelScales[index]
        }
        for (index, name) in specification.controls.enumerated() {
            guard let standard = accepted.controls[name] else { continue }
            (scaling.controlMeans[index], scaling.controlScales[index]) = (standard.mean, standard.scale)
        }
        for (index, treatment) in specification.treatments.enumerated() {
            guard let standard = accepted.treatments[treatment.name] else { continue }
            (scaling.treatmentMeans[index], scaling.treatmentScales[index]) = (standard.mean, standard.scale)
        }
        for (index, geo) in dataset.geos.enumerated() {
            scaling.population[index] = accepted.population[geo] ?? population[index]
        }
        return scaling
    }

    /// The geos' population over its mean; without one, their mean absolute KPI where it is known.
    private static func population(_ dataset: Dataset) -> [Double] {
        guard dataset.geoCount > 1 else { return [1] }
        let sizes = dataset.geoSizes
        let mean = Moments(sizes).mean
        return sizes.map { $0 > 0 ? $0 / mean : 1 }
    }

    /// A treatment on the model's scale, one value a cell.
    func scaledTreatment(_ dataset: Dataset, index: Int) -> [Double] {
        dataset.treatments[index].values.map { ($0 - treatmentMeans[index]) / treatmentScales[index] }
    }

    /// The level of a treatment at which it contributes nothing, on the model's scale.
    func treatmentBaseline(_ treatment: Treatment, index: Int, _ dataset: Dataset) -> Double {
        let values = dataset.first(periodCount, of: dataset.treatments[index].values)
        let level =
            switch treatment.baseline {
            case .minimum: values.min() ?? 0
            case .maximum: values.max() ?? 0
            case .value(let value): value
            }
        return (level - treatmentMeans[index]) / treatmentScales[index]
    }

    /// The scaled value of KPI 0.
    var zeroKPI: Double { Self.quotient(0 - kpiShift, kpiScale) }

    /// The population of each cell's geo.
    func populations(_ dataset: Dataset) -> [Double] {
        (0..<dataset.cellCount).map { population[$0 / dataset.periodCount] }
    }

    /// A KPI of a dataset's cells on the model's scale.
    func scaledKPI(_ kpi: [Double], of dataset: Dataset) -> [Double] {
        zip(kpi, populations(dataset)).map { kpi, population in
            let scaled = Self.quotient(kpi / population - kpiShift, kpiScale)
            return hasLogLink ? Elementary.log(scaled) : scaled
        }
    }

    /// The KPI of a cell of a geo from its value on the model's scale.
    func kpi(_ target: Double, geo: Int) -> Double {
        population[geo] * (kpiShift + kpiScale * (hasLogLink ? Elementary.exp(target) : target))
    }

    /// A channel's exposure in a geo on the model's scale.
    func scaledExposure(_ exposure: Double, channel: Int, geo: Int) -> Double {
        Self.quotient(exposure / population[geo], channelScales[channel])
    }

    /// A quotient that is not finite, as 0/0 of an empty channel, counts as 0.
    private static func quotient(_ value: Double, _ scale: Double) -> Double {
        let result = value / scale
        return result.isFinite ? result : 0
    }

    private static func maximum(_ values: [Double]) -> Double {
        values.max() ?? 0
    }

    private static func medianOfNonZero(_ values: [Double]) -> Double {
        let sorted = values.filter { $0 != 0 }.sorted()
        guard !sorted.isEmpty else { return 1 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
    }
}

extension Dataset {
    /// The geos' population; without one, their mean absolute KPI where it is known.
    fileprivate var geoSizes: [Double] {
        population
            ?? (0..<geoCount).map { geo in Moments(kpi[cells(of: geo)].map(abs).filter { !$0.isNaN }).mean }
    }

    /// Index of the first geo of largest population, or of KPI where populations are not given.
    var largestGeo: Int {
        let sizes = geoSizes
        return sizes.indices.reduce(0) { sizes[$1] > sizes[$0] ? $1 : $0 }
    }
}

/// Mean and population standard deviation of a column, summed in ascending order.
struct Moments: Sendable, Hashable {
    let mean: Double
    /// The standard deviation, or 1 for a constant column.
    let scale: Double

    init(_ values: [Double]) {
        let count = Double(max(1, values.count))
        var sum = 0.0
        for value in values { sum += value }
        let mean = sum / count
        var squares = 0.0
        for value in values { squares += (value - mean) * (value - mean) }
        let deviation = (squares / count).squareRoot()
        self.mean = mean
        // A constant column may leave rounding residues of its mean behind; they are no variation.
        self.scale = deviation > 1e-13 * abs(mean) ? deviation : 1
    }
}
