import Allocation
import Kernels

func stream(_ index: UInt32, iteration: UInt64 = 0) -> RandomStream {
    RandomStream(key: StreamKey(seed: 20_261_130, kind: 81, index: index), iteration: iteration, site: 0)
}

/// Profits that are a sum over variables of a function of its amount, by draw, with derivatives by formula.
protocol SeparableProfit: ProfitFunction {
    /// Value, first and second derivative of one variable's part at one draw.
    func part(_ variable: Int, _ draw: Int, at amount: Double) -> (value: Double, slope: Double, bend: Double)
}

extension SeparableProfit {
    func profits(at amounts: [Double], draws: Range<Int>) -> [Double] {
        draws.map { draw in amounts.indices.reduce(0) { $0 + part($1, draw, at: amounts[$1]).value } }
    }

    func derivatives(at amounts: [Double], draws: Range<Int>, weights: [Double]) -> ProfitDerivatives {
        func sum(_ value: (Int, Int) -> Double) -> [Double] {
            amounts.indices.map { variable in
                zip(draws, weights).reduce(0) { $0 + $1.1 * value(variable, $1.0) }
            }
        }
        return ProfitDerivatives(
            profits: profits(at: amounts, draws: draws), slopes: sum { part($0, $1, at: amounts[$0]).slope },
            curvatures: sum { abs(part($0, $1, at: amounts[$0]).bend) })
    }
}

/// a √u, whose best split is known: u_c = B a_c² ÷ Σ a².
struct RootProfit: SeparableProfit {
    /// a by draw, then variable.
    var scales: [[Double]]

    var count: Int { scales[0].count }
    var drawCount: Int { scales.count }
    var isConcave: Bool { true }

    func part(_ variable: Int, _ draw: Int, at amount: Double) -> (value: Double, slope: Double, bend: Double) {
        let (a, u) = (scales[draw][variable], max(amount, 1e-12))
        let root = u.squareRoot()
        return (a * root, 0.5 * a / root, -0.25 * a / (u * root))
    }

    /// The best split of a budget at mean scales.
    static func best(_ scales: [Double], budget: Double) -> [Double] {
        let squares = scales.reduce(0) { $0 + $1 * $1 }
        return scales.map { budget * $0 * $0 / squares }
    }

    var meanScales: [Double] {
        (0..<count).map { variable in scales.reduce(0) { $0 + $1[variable] } / Double(drawCount) }
    }
}

/// a √u − cost · u, of one draw.
struct PaidRoots: SeparableProfit {
    var scales: [Double]
    var cost: Double

    var count: Int { scales.count }
    var drawCount: Int { 1 }
    var isConcave: Bool { true }

    func part(_ variable: Int, _ draw: Int, at amount: Double) -> (value: Double, slope: Double, bend: Double) {
        let root = RootProfit(scales: [scales]).part(variable, 0, at: amount)
        return (root.value - cost * amount, root.slope - cost, root.bend)
    }
}

/// height u^3 ÷ (u^3 + half^3), which bends upwards first.
struct SigmoidProfit: SeparableProfit {
    var heights: [Double]
    var halves: [Double]

    var count: Int { heights.count }
    var drawCount: Int { 1 }
    var isConcave: Bool { false }

    func part(_ variable: Int, _ draw: Int, at u: Double) -> (value: Double, slope: Double, bend: Double) {
        let (h, cube) = (heights[variable], halves[variable] * halves[variable] * halves[variable])
        let below = u * u * u + cube
        return (
            h * u * u * u / below, 3 * h * cube * u * u / (below * below),
            6 * h * cube * u * (cube - 2 * u * u * u) / (below * below * below)
        )
    }
}

/// r_d · u with returns by draw: what portfolios are made of.
struct LinearProfit: SeparableProfit {
    var returns: [[Double]]

    var count: Int { returns[0].count }
    var drawCount: Int { returns.count }
    var isConcave: Bool { true }

    func part(_ variable: Int, _ draw: Int, at amount: Double) -> (value: Double, slope: Double, bend: Double) {
        (returns[draw][variable] * amount, returns[draw][variable], 0)
    }
}

/// b u − ½ uᵀ Q u with variables that act together.
struct QuadraticProfit: ProfitFunction {
    var linear: [Double]
    /// Row-major.
    var matrix: [Double]

    var count: Int { linear.count }
    var drawCount: Int { 1 }
    var isConcave: Bool { true }

    func slopes(_ u: [Double]) -> [Double] {
        linear.indices.map { i in linear[i] - u.indices.reduce(0) { $0 + matrix[i * count + $1] * u[$1] } }
    }

    func profits(at u: [Double], draws: Range<Int>) -> [Double] {
        [zip(u, zip(linear, slopes(u))).reduce(0) { $0 + 0.5 * $1.0 * ($1.1.0 + $1.1.1) }]
    }

    func derivatives(at u: [Double], draws: Range<Int>, weights: [Double]) -> ProfitDerivatives {
        ProfitDerivatives(
            profits: profits(at: u, draws: draws), slopes: slopes(u),
            curvatures: linear.indices.map { i in
                (0..<count).reduce(0) { $0 + abs(matrix[i * count + $1]) }
            })
    }
}
