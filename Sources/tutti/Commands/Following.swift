import Cluster

/// Asks a coordinator how something is, until it is over, and shows its progress. A coordinator that restarts meanwhile
/// is waited for.
struct Following {
    private var display = ProgressDisplay(at: Monotonic.now())
    private let json: Bool

    /// Seconds of silence after which a coordinator is given up: one with a long ledger takes a while to start.
    static let silenceMax: Double = 600
    /// Seconds between two questions.
    static let interval: Double = 1

    /// - Parameter json: whether standard output is for a program, and nobody looks.
    init(json: Bool) {
        self.json = json
    }

    /// It is asked for every second: an open stream would be watched by a busy loop of Foundation's on Linux, which takes
    /// a whole core.
    ///
    /// - Returns: how it is when it is over.
    @discardableResult
    mutating func untilOver<State>(
        _ ask: () async throws -> State, isOver: (State) -> Bool, progress: (State) -> JobProgress
    ) async throws -> State {
        defer { display.clear() }
        var heard = Monotonic.now()
        var isSilent = false
        while true {
            do {
                let state = try await ask()
                heard = Monotonic.now()
                if isSilent { Output.complain("The coordinator answers again.") }
                isSilent = false
                if isOver(state) { return state }
                if !json { display.show(progress(state), at: heard) }
            } catch let error as UserError where error.isPassing && Monotonic.now() - heard < Self.silenceMax {
                if !isSilent {
                    display.clear()
                    Output.complain("\(error.text) Asking again for up to ten minutes.")
                }
                isSilent = true
            }
            try await Task.sleep(for: .seconds(Self.interval))
        }
    }
}
