/// Every setting of coordinator and worker, once, in the order of their page.
package enum Settings {
    package static func all(of program: Program) -> [Setting] {
        switch program {
        case .coordinator: coordinator
        case .worker: worker
        }
    }

    /// A setting that the program has.
    package static func setting(_ key: String, of program: Program) -> Setting {
        guard let setting = all(of: program).first(where: { $0.key == key }) else {
            preconditionFailure("the \(program.rawValue) has no setting '\(key)'")
        }
        return setting
    }

    private static let coordinator = [
        Setting(
            "state", .text("a folder"), .required, "The folder of everything durable, on a local disk.",
            reason: "Nothing else has to be kept: a coordinator that is started with it again goes on."),
        Setting(
            "bind", .text("tcp://HOST:PORT or ipc://PATH"), .value("tcp://127.0.0.1:5570"),
            "Where workers connect, tcp://HOST:PORT.",
            reason: "Loopback, so that nobody else's machine is let in by an oversight."),
        Setting(
            "keys", .text("a folder"), .none("none: no encryption, local addresses only"),
            "The folder of keys: this coordinator's own and those that it allows.",
            reason: "Who may work is said by files that people can list, copy and take back."),
        plaintext,
        Setting(
            "http", .text("HOST:PORT"), .value("127.0.0.1:8080"), "Where the HTTP API answers, HOST:PORT.",
            reason: "Loopback, as for `bind`."),
        Setting(
            "lease", .number(0.5...3600), unit: "s", .value("15"),
            "Seconds of silence after which a worker has lost its tasks.",
            reason: "Several missed heartbeats (one in 2/15 of it), and short against a chain of minutes."),
        Setting(
            "checkpoint_interval", .number(0.01...3600), unit: "s", .value("2"),
            "Seconds between two checkpoints of a running task: the most work that a kill can cost.",
            reason: "A checkpoint costs a few milliseconds; two seconds of a chain are soon computed again."),
    ]

    private static let worker = [
        Setting(
            "connect", .text("tcp://HOST:PORT or ipc://PATH"), .required,
            "The coordinator's address, tcp://HOST:PORT or ipc://PATH.",
            reason: "The worker dials out, so that nothing has to be opened on its host."),
        Setting(
            "slots", .whole(1...1024), .none("one per core"), "Tasks at once.",
            reason: "A task keeps one core busy; fewer leave room for others on the host."),
        Setting(
            "key", .text("a file"), .none("none"), "The file of this worker's secret key.",
            reason: "A path, so that no key stands in a command line, an environment or a log."),
        Setting(
            "coordinator_key", .text("a file"), .none("none"),
            "The file of the coordinator's public key: no other coordinator is talked to.",
            reason: "A worker computes for whom it knows, whatever an address or a name server says."),
        plaintext,
        Setting(
            "exit_when_idle", .flag, .value("false"), "Leave when there has been nothing to do for ten seconds.",
            reason: "For hosts that cost by the hour, and for batch systems."),
        Setting(
            "orphan_limit", .number(0...10_000_000), unit: "s", .value("86400"),
            "Seconds to go on without a coordinator.",
            reason: "A day: whoever must mend a coordinator finds the work of the night still there. 0 leaves at once."),
        Setting(
            "stall_limit", .number(0.001...1_000_000), unit: "s", .value("60"),
            "Seconds without progress before which no slot is taken for one that stands still.",
            reason: "Far beyond an iteration of any model; slow models have 20 of their own iterations.", isShown: false
        ),
    ]

    private static let plaintext = Setting(
        "allow_plaintext_off_loopback", .flag, .value("false"),
        """
        Use an address off loopback without keys. Whoever reaches it can read the data and forge results: for \
        networks that something else protects.
        """,
        reason: "A name that says what it does, so that it stands in no file by an oversight.")
}
