import Coordination

/// A message under way.
struct Letter {
    var frames: [[UInt8]]
    var connection: UInt64
    var direction: Direction
}

/// The way between one worker's host and the coordinator: at most one connection at a time, which keeps order and
/// loses nothing but what a full queue or its own end takes.
struct Link {
    /// Nil while there is none.
    private(set) var connection: UInt64?
    private var opened: UInt64 = 0
    /// Messages of the last connection that were in the receiver's buffers when it broke are read until then, while
    /// the next connection's may come already: the only way in which order is lost.
    private var earlier: (connection: UInt64, direction: Direction, lateUntil: Nanoseconds)?
    private var last: Letter?
    private var clogs = [0, 0]
    private var held: [[Letter]] = [[], []]
    private var underWay = [0, 0]
    private(set) var lastArrival: [Nanoseconds] = [0, 0]
    private var chance: Chance

    let worker: Int
    let delay: ClosedRange<Nanoseconds>
    let queueMax: Int
    var extraDelay: Nanoseconds = 0
    var lossProbability = 0.0
    var corruptionProbability = 0.0

    init(worker: Int, delay: ClosedRange<Nanoseconds>, queueMax: Int, chance: Chance) {
        self.worker = worker
        self.delay = delay
        self.queueMax = queueMax
        self.chance = chance
    }

    func isClogged(_ direction: Direction) -> Bool { clogs[direction.rawValue] > 0 }

    var isOpenBothWays: Bool { !isClogged(.toCoordinator) && !isClogged(.toWorker) }

    // MARK: Connections

    /// A connection number names its worker and grows.
    mutating func open() -> UInt64 {
        opened += 1
        let number = UInt64(worker) << 32 | opened
        connection = number
        lastArrival = [0, 0]
        return number
    }

    static func worker(of connection: UInt64) -> Int { Int(connection >> 32) }

    /// The last message of a broken connection, which may lie in a queue of the new one once more.
    mutating func letterThatComesTwice() -> Letter? {
        guard var letter = last, let connection, chance.happens(0.1) else { return nil }
        last = nil
        letter.connection = connection
        return letter
    }

    /// - Parameter survivor: the direction whose receiver lives on and may still read what has come.
    mutating func breakConnection(survivor: Direction?, at now: Nanoseconds) {
        // The queue of a process goes with it.
        if survivor == .toCoordinator { last = nil }
        guard let number = connection else { return }
        connection = nil
        earlier = nil
        if let survivor, !isClogged(survivor), chance.happens(0.5) {
            earlier = (number, survivor, now + chance.skewedDuration(.milliseconds(1)...(.seconds(3))))
        }
        held = [[], []]
        underWay = [0, 0]
    }

    // MARK: Messages

    /// When the message arrives; nil when it is lost.
    mutating func send(_ letter: inout Letter, at now: Nanoseconds) -> Nanoseconds? {
        let way = letter.direction.rawValue
        guard letter.connection == connection, underWay[way] < queueMax else { return nil }
        if letter.direction == .toCoordinator { last = letter }
        guard !chance.happens(lossProbability) else { return nil }
        if chance.happens(corruptionProbability) { corrupt(&letter.frames) }
        underWay[way] += 1
        lastArrival[way] = max(now + chance.skewedDuration(delay) + extraDelay, lastArrival[way])
        return lastArrival[way]
    }

    private mutating func corrupt(_ frames: inout [[UInt8]]) {
        let frame = chance.number(0...frames.count - 1)
        guard !frames[frame].isEmpty else { return }
        frames[frame][chance.number(0...frames[frame].count - 1)] ^= 1 << UInt8(chance.number(0...7))
    }

    /// True when the message is delivered now; otherwise it is lost, or held until the way is free.
    mutating func arrive(_ letter: Letter, at now: Nanoseconds) -> Bool {
        guard letter.connection == connection else {
            guard let earlier, earlier.connection == letter.connection else { return false }
            return earlier.direction == letter.direction && now <= earlier.lateUntil
        }
        if isClogged(letter.direction) {
            held[letter.direction.rawValue].append(letter)
            return false
        }
        underWay[letter.direction.rawValue] -= 1
        return true
    }

    // MARK: Clogs

    mutating func clog(_ direction: Direction) {
        clogs[direction.rawValue] += 1
    }

    /// What was held and is delivered now, in order.
    mutating func unclog(_ direction: Direction) -> [Letter] {
        let way = direction.rawValue
        clogs[way] -= 1
        guard clogs[way] == 0 else { return [] }
        defer { held[way] = [] }
        underWay[way] -= held[way].count
        return held[way]
    }
}
