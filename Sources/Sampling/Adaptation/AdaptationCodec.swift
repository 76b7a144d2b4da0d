// What a chain has learnt, in a checkpoint.

extension DualAveraging {
    func encode(to fields: inout FieldWriter) {
        fields.append(count: count)
        fields.append(shrinkagePoint)
        fields.append(meanShortfall)
        fields.append(meanLogStepSize)
    }

    init(from fields: inout FieldReader) throws(SamplingError) {
        self.init(
            count: try fields.count("stepSizeAdaptation.count", in: CheckpointCodec.iterations),
            shrinkagePoint: try fields.number("shrinkagePoint"),
            meanShortfall: try fields.number("meanShortfall"),
            meanLogStepSize: try fields.number("meanLogStepSize"))
    }
}

extension RegionWatch {
    func encode(to fields: inout FieldWriter) {
        fields.append(record)
        fields.append(mean)
        fields.append(count: count)
        fields.append(count: beginning)
    }

    init(from fields: inout FieldReader) throws(SamplingError) {
        self.init(logDensity: try fields.number("region.record"))
        mean = try fields.number("region.mean")
        count = try fields.count("region.count", in: 0...(Self.window - 1))
        beginning = try fields.count("region.beginning", in: CheckpointCodec.iterations)
    }
}

extension MetricEstimator {
    private enum Tag: UInt64 {
        case finished = 0
        case variance = 1
        case covariance = 2
        case fisherMoments = 3
        case fisherWindow = 4
    }

    /// Whether a chain with a metric of this kind can hold this estimator.
    func serves(_ kind: MetricKind) -> Bool {
        switch self {
        case .finished: true
        case .variance: kind == .diagonal
        case .covariance: kind == .dense
        case .fisherMoments: kind == .fisherDiagonal
        case .fisherWindow: kind == .fisherLowRank
        }
    }

    func encode(to fields: inout FieldWriter) {
        switch self {
        case .finished:
            fields.append(Tag.finished.rawValue)
        case .variance(let estimator):
            fields.append(Tag.variance.rawValue)
            estimator.encode(to: &fields)
        case .covariance(let estimator):
            fields.append(Tag.covariance.rawValue)
            fields.append(count: estimator.count)
            fields.append(estimator.means)
            fields.append(estimator.products)
        case .fisherMoments(let estimator):
            fields.append(Tag.fisherMoments.rawValue)
            for part in [estimator.foreground, estimator.background] {
                part.positions.encode(to: &fields)
                part.gradients.encode(to: &fields)
            }
        case .fisherWindow(let window):
            fields.append(Tag.fisherWindow.rawValue)
            fields.append(count: window.count)
            fields.append(count: window.backgroundCount)
            fields.append(window.numbers)
        }
    }

    init(from fields: inout FieldReader, dimension: Int) throws(SamplingError) {
        guard let tag = Tag(rawValue: try fields.word()) else { throw .invalidCheckpoint(field: "estimator") }
        switch tag {
        case .finished:
            self = .finished
        case .variance:
            self = .variance(try VarianceEstimator(from: &fields, dimension: dimension))
        case .covariance:
            var estimator = CovarianceEstimator(dimension: 0)
            estimator.count = try fields.count("covarianceEstimator.count", in: CheckpointCodec.iterations)
            estimator.means = try fields.vector("covarianceEstimator.means", dimension)
            estimator.products = try fields.vector(
                "covarianceEstimator.products", CovarianceEstimator.productCount(dimension: dimension))
            self = .covariance(estimator)
        case .fisherMoments:
            var moments = FisherMoments(dimension: 0)
            moments.foreground.positions = try VarianceEstimator(from: &fields, dimension: dimension)
            moments.foreground.gradients = try VarianceEstimator(from: &fields, dimension: dimension)
            moments.background.positions = try VarianceEstimator(from: &fields, dimension: dimension)
            moments.background.gradients = try VarianceEstimator(from: &fields, dimension: dimension)
            self = .fisherMoments(moments)
        case .fisherWindow:
            var window = FisherWindow(dimension: dimension)
            // No more draws than bytes, so that nothing overflows.
            window.count = try fields.count("fisherWindow.count", in: 0...fields.bytes.count)
            window.backgroundCount = try fields.count("fisherWindow.backgroundCount", in: 0...window.count)
            window.numbers = try fields.vector("fisherWindow.numbers", window.count * 2 * dimension)
            self = .fisherWindow(window)
        }
    }
}

extension VarianceEstimator {
    fileprivate func encode(to fields: inout FieldWriter) {
        fields.append(count: count)
        fields.append(means)
        fields.append(squares)
    }

    fileprivate init(from fields: inout FieldReader, dimension: Int) throws(SamplingError) {
        self.init(dimension: 0)
        count = try fields.count("varianceEstimator.count", in: CheckpointCodec.iterations)
        means = try fields.vector("varianceEstimator.means", dimension)
        squares = try fields.vector("varianceEstimator.squares", dimension) { $0 >= 0 }
    }
}
