import Kernels
import ModelDefinition

/// A Gaussian process of time as a sum of sines (Riutort-Mayol et al. 2023, "Practical Hilbert space approximate Bayesian
/// Gaussian processes", eq. 7 and 10).
///
/// On [−S, S], half the time that the periods span, f(x) = Σ_j s_j z_j φ_j(x) with φ_j(x) = L^(−½) sin(ω_j (x + L)),
/// ω_j = jπ/(2L), z_j ~ N(0, 1), and s_j² the spectral density of the covariance at ω_j.
struct SmoothTrend: Sendable {
    struct BasisFunction: Sendable {
        /// ω per unit of time.
        let frequency: Double
        /// φ, one value a period.
        let values: [Double]
    }

    let basis: [BasisFunction]

    /// L ÷ S.
    private static let boundary = 2.0
    /// Shortest length in years that the basis can tell; with J ≥ 2.65 c S/ℓ functions (the paper's eq. 16 for Matérn 5/2).
    private static let shortestLength = 0.25
    private static let basisMin = 8

    /// Of time in years.
    /// - Parameter grid: the number of first periods that S is half of; later ones lie beyond it, where the process is
    ///   known less well, and up to as many again it is one still.
    init(dates: [CalendarDate], grid: Int) {
        let years = dates.map { Double($0.dayNumber - dates[0].dayNumber) / 365.25 }
        let half = max(0.5 * (years.prefix(grid).last ?? 0), 0.01)
        let count = max(Self.basisMin, Int((2.65 * Self.boundary * half / Self.shortestLength).rounded(.up)))
        self.init(times: years, half: half, count: count)
    }

    /// PyMC-Marketing's, of time in periods.
    init(peerPeriods periods: Int) {
        self.init(times: (0..<periods).map(Double.init), half: 0.5 * Double(periods - 1), count: 200)
    }

    private init(times: [Double], half: Double, count: Int) {
        let bound = Self.boundary * half
        let height = 1 / bound.squareRoot()
        basis = (1...count).map { index in
            // sin(ω (x + L)), the angle in turns.
            let turns = Double(index) / (4 * bound)
            return BasisFunction(
                frequency: 2 * Double.pi * turns,
                values: times.map { height * Elementary.sinCosTwoPi(turns * ($0 - half + bound)).sin })
        }
    }
}

/// The spectral density of the Matérn 5/2 covariance in one dimension.
enum MaternSpectrum {
    /// √S at standard deviation 1, S(ω) = (16/3) 5^(5/2) ℓ (5 + ω²ℓ²)^(−3), with its derivative in ℓ.
    static func deviation(frequency: Double, length: Double) -> (value: Double, slope: Double) {
        let scaled = frequency * length
        let total = 5 + scaled * scaled
        let value = constant * length.squareRoot() / (total * total.squareRoot())
        return (value, value * (0.5 / length - 3 * frequency * scaled / total))
    }

    /// √(16/3 · 5^(5/2)).
    private static let constant = (16.0 / 3 * 25 * 5.0.squareRoot()).squareRoot()
}
