// A metric in a checkpoint: its form, then the variances (diagonal); the lower triangle of the covariance, row after
// row (dense); or S, the number of eigenvalues, the eigenvalues and the columns of S^½ U (low rank).

extension Metric {
    func encode(to fields: inout FieldWriter) {
        fields.append(form.rawValue)
        if form == .dense {
            for i in 0..<dimension {
                for j in 0...i { fields.append(matrix(i, j)) }
            }
            return
        }
        for i in 0..<dimension { fields.append(scale(i)) }
        guard form == .lowRank else { return }
        fields.append(count: eigenvalues.count)
        fields.append(eigenvalues)
        for j in 0..<eigenvalues.count {
            for i in 0..<dimension { fields.append(matrix(j, i)) }
        }
    }

    init(from fields: inout FieldReader, dimension: Int) throws(SamplingError) {
        guard let form = Form(rawValue: try fields.word()) else { throw .invalidCheckpoint(field: "metric") }
        switch form {
        case .diagonal:
            self.init(variances: try fields.vector("variances", dimension) { $0 > 0 })
        case .dense:
            let triangle = try fields.vector("covariance", CovarianceEstimator.productCount(dimension: dimension))
            var covariance = [Double](repeating: 0, count: dimension * dimension)
            var k = 0
            for i in 0..<dimension {
                for j in 0...i {
                    covariance[i * dimension + j] = triangle[k]
                    k += 1
                }
            }
            guard let metric = Metric(covariance: covariance, dimension: dimension) else {
                throw .invalidCheckpoint(field: "covariance")
            }
            self = metric
        case .lowRank:
            let variances = try fields.vector("variances", dimension) { $0 > 0 }
            let count = try fields.count("eigenvalues.count", in: 0...dimension)
            self.init(
                variances: variances,
                eigenvalues: try fields.vector("eigenvalues", count) { $0 > 0 },
                scaledVectors: try fields.vector("scaledVectors", count * dimension))
        }
    }
}
