/// A task with the settings of its fit, as the bytes that travel to a worker.
///
/// Eleven little-endian 64-bit words: layout version, kind, index, seed, chains, warm-up, draws, target acceptance
/// (bit pattern), resamples, block length, and what is unusual about the schedule, a bit each: chains end by their
/// effective sample size, and scouts go first; of a study two more, replications and zero, slices and
/// horizon, or alternatives and zero. The model travels by digest beside it.
package struct TaskPayload: Sendable, Hashable {
    package var task: FitTask
    package var settings: FitSettings

    private static let version: UInt64 = 1
    private static let wordCount = 11
    private static let studyWordCount = 13
    private static let endsByESS: UInt64 = 1
    private static let isPooled: UInt64 = 2

    package init(task: FitTask, settings: FitSettings) {
        self.task = task
        self.settings = settings
        self.settings.start = settings.isPooled ? .pooled : .independent
    }

    package var encoded: [UInt8] {
        let (kind, index): (UInt64, Int) =
            switch task {
            case .chain(let index): (1, index)
            case .resample(let index): (2, index)
            case .replication(let index): (3, index)
            case .slice(let index, let chain): (4, index * settings.chains + chain)
            case .alternative(let index, let chain): (5, index * settings.chains + chain)
            case .scout(let index): (6, index)
            }
        let words: [UInt64] = [
            Self.version, kind, UInt64(index), settings.seed, UInt64(settings.chains), UInt64(settings.warmup),
            UInt64(settings.draws), settings.targetAcceptance.bitPattern, UInt64(settings.resamples),
            UInt64(settings.blockLength),
            (settings.until == .ess ? Self.endsByESS : 0) | (settings.isPooled ? Self.isPooled : 0),
        ]
        return LittleEndianWords.encode(words + studyWords)
    }

    private var studyWords: [UInt64] {
        switch settings.study {
        case nil: []
        case .calibration(let replications): [UInt64(replications), 0]
        case .timeSlices(let count, let horizon): [UInt64(count), UInt64(horizon)]
        case .alternatives(let count): [UInt64(count), 0]
        }
    }

    /// Nil where `bytes` are not a payload of this version, or state numbers that no plan contains.
    package init?(decoding bytes: [UInt8], base: FitSettings) {
        guard let words = LittleEndianWords.decode(bytes),
            words.count == (Self.isStudy(words) ? Self.studyWordCount : Self.wordCount),
            words[0] == Self.version, words[10] <= Self.endsByESS | Self.isPooled
        else { return nil }
        let limit: UInt64 = 1 << 31
        guard ([2, 4, 5, 6, 8, 9] + words.indices.dropFirst(Self.wordCount)).allSatisfy({ words[$0] < limit }) else {
            return nil
        }
        settings = base
        settings.study = nil
        settings.seed = words[3]
        settings.chains = Int(words[4])
        settings.warmup = Int(words[5])
        settings.draws = Int(words[6])
        settings.targetAcceptance = Double(bitPattern: words[7])
        settings.resamples = Int(words[8])
        settings.blockLength = Int(words[9])
        settings.until = words[10] & Self.endsByESS != 0 ? .ess : .draws
        settings.start = words[10] & Self.isPooled != 0 ? .pooled : .independent
        switch (words[1], Int(words[2])) {
        case (1, let index) where index < settings.chains: task = .chain(index)
        case (2, let index) where index < settings.resamples: task = .resample(index)
        case (3, let index) where index < words[11] && words[12] == 0:
            task = .replication(index)
            settings.study = .calibration(replications: Int(words[11]))
        case (4, let index) where words[12] > 0 && settings.chains > 0 && index / settings.chains < words[11]:
            task = .slice(index / settings.chains, chain: index % settings.chains)
            settings.study = .timeSlices(count: Int(words[11]), horizon: Int(words[12]))
        case (5, let index) where words[12] == 0 && settings.chains > 0 && index / settings.chains < words[11]:
            task = .alternative(index / settings.chains, chain: index % settings.chains)
            settings.study = .alternatives(count: Int(words[11]))
        case (6, let index) where settings.isPooled && index < ScoutRun.scouts: task = .scout(index)
        default: return nil
        }
        guard settings.targetAcceptance > 0, settings.targetAcceptance < 1, settings.blockLength >= 1,
            settings.draws >= 1
        else { return nil }
    }

    private static func isStudy(_ words: [UInt64]) -> Bool { words.count > 1 && (3...5).contains(words[1]) }
}

/// 64-bit words as little-endian bytes.
enum LittleEndianWords {
    static func encode(_ words: [UInt64]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.count * 8)
        for word in words { append(word, to: &bytes) }
        return bytes
    }

    static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
    }

    /// Nil when `bytes` do not hold whole words.
    static func decode(_ bytes: [UInt8]) -> [UInt64]? {
        guard bytes.count % 8 == 0 else { return nil }
        return (0..<bytes.count / 8).map { word(of: bytes, at: $0 * 8) }
    }

    /// The word whose first byte is `bytes[offset]`.
    static func word(of bytes: [UInt8], at offset: Int) -> UInt64 {
        var word: UInt64 = 0
        for byte in 0..<8 { word |= UInt64(bytes[offset + byte]) << UInt64(8 * byte) }
        return word
    }
}
