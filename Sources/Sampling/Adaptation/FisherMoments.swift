/// Running variances of positions and gradients, whose ratio makes a diagonal metric.
///
/// Of the draws that minimise the sample Fisher divergence between the scaled posterior and N(0, I) the scales are
/// σ_i² = √(Var(x_i) / Var(a_i)), with a the gradient of the log density (Seyboldt, Carlson & Carpenter 2026). It is
/// exact for a normal density with independent coordinates from two draws on, and follows any change of units.
///
/// The metric is that of the foreground. The background holds the newest draws only; with `advance` it becomes the
/// foreground, so that old draws are forgotten and never all at once.
package struct FisherMoments: Sendable, Hashable {
    /// Variances of the draws of one estimator.
    package struct Estimator: Sendable, Hashable {
        package var positions: VarianceEstimator
        package var gradients: VarianceEstimator

        init(dimension: Int) {
            positions = VarianceEstimator(dimension: dimension)
            gradients = VarianceEstimator(dimension: dimension)
        }

        mutating func add(position: Span<Double>, gradient: Span<Double>) {
            positions.add(position)
            gradients.add(gradient)
        }
    }

    package var foreground: Estimator
    package var background: Estimator

    package init(dimension: Int) {
        foreground = Estimator(dimension: dimension)
        background = foreground
    }

    package mutating func add(position: Span<Double>, gradient: Span<Double>) {
        foreground.add(position: position, gradient: gradient)
        background.add(position: position, gradient: gradient)
    }

    /// Draws in the foreground.
    package var count: Int { foreground.positions.count }

    /// Forgets the draws that came before those of the background.
    package mutating func advance() {
        swap(&foreground, &background)
        background.positions.restart()
        background.gradients.restart()
    }

    /// Element `i` of the diagonal of M⁻¹. Nil where the draws do not tell it: the coordinate or its slope did not
    /// change.
    package func variance(_ i: Int) -> Double? {
        fisherVariance(positions: foreground.positions.squares[i], gradients: foreground.gradients.squares[i])
    }
}

/// √(Var(x) / Var(a)) from the two sums of squares, if it is a usable variance.
func fisherVariance(positions: Double, gradients: Double) -> Double? {
    // Two roots, since the ratio of the squares may leave the range of a number.
    let variance = positions.squareRoot() / gradients.squareRoot()
    return variance > 0 && variance < .infinity ? variance : nil
}
