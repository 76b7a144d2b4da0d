import Kernels

/// Something that goes wrong with data or a model file, planted at random, and by what it is seen.
struct Slip: Sendable {
    /// How a slip shows that it was understood.
    enum Sign: Sendable {
        /// One of these pieces stands in a message that the clean world does not have.
        case words([String])
        /// The data are read as those that were meant, without a word.
        case readAsMeant
    }

    /// The folder of the kind's example and what is planted.
    var name: String
    var sign: Sign
    /// False where this world has no place for it.
    var plant: @Sendable (inout SlipWorld, inout RandomStream) -> Bool

    init(
        _ name: String, _ words: [String], plant: @escaping @Sendable (inout SlipWorld, inout RandomStream) -> Bool
    ) {
        self.name = name
        sign = .words(words)
        self.plant = plant
    }

    init(readAsMeant name: String, plant: @escaping @Sendable (inout SlipWorld, inout RandomStream) -> Bool) {
        self.name = name
        sign = .readAsMeant
        self.plant = plant
    }

    static let all: [Slip] = kpi + media + columns + tests + files + model
}
